"""Notes on identifiers of chemicals and diseases that are withdrawn or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.terms import SPACES

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.link.genes import Note
    from rdfexport.model import Concept
    from rdfexport.references import References, Withdrawn
    from rdfexport.terms import Vocabulary

_UNKNOWN = "correct it, or update the reference tables if it is newer than they are"


class Withdrawals:
    """Finds withdrawn identifiers of MeSH, ChEBI and the Disease Ontology.

    Args:
        references: The reference tables, open.
        vocabulary: Writes identifiers.
    """

    def __init__(self, references: References, vocabulary: Vocabulary) -> None:
        self._references = references
        self._identifier = vocabulary.identifier
        self._dates = {state.name: state.date for state in references.provenance()}

    def note(self, concept: Concept) -> Note | None:
        """A note on an identifier; None if it is in use, or its space has no table."""
        references, local = self._references, concept.id
        if concept.space == "mesh":
            replacement = references.mesh_replacement(local)
            if replacement is not None:
                label = references.mesh_label(replacement) or ""
                return self._withdrawn(concept, "withdrawn", replacement, label)
            known = references.mesh_label(local) is not None
        elif concept.space == "chebi":
            if (former := references.withdrawn_chebi(local)) is not None:
                return self._former(concept, former, references.chebi_label)
            known = references.has_chebi(local)
        elif concept.space == "doid":
            if (former := references.withdrawn_doid(local)) is not None:
                return self._former(concept, former, references.doid)
            known = references.doid(local) is not None
        else:
            return None
        return None if known else self._unknown(concept)

    def _former(
        self, concept: Concept, former: Withdrawn, label: Callable[[str], str | None]
    ) -> Note:
        named = "" if former.replaced_by is None else label(former.replaced_by) or ""
        return self._withdrawn(concept, former.status, former.replaced_by, named)

    def _withdrawn(
        self, concept: Concept, status: str, replacement: str | None, label: str
    ) -> Note:
        field, name = self._named(concept)
        if replacement is None:
            return field, f"{name} is {status}", "give the identifier of the intended entity"
        present = self._identifier(concept.space, replacement)
        problem = f"{name} is {status}: it is now {present}" + (f" ({label})" if label else "")
        return field, problem, f"write {present}"

    def _unknown(self, concept: Concept) -> Note:
        field, name = self._named(concept)
        title = SPACES[concept.space].title
        return field, f"{name} is not in {title} of {self._dates[concept.space]}", _UNKNOWN

    def _named(self, concept: Concept) -> tuple[str, str]:
        return f"{concept.space}|identifier", self._identifier(concept.space, concept.id)
