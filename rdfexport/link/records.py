"""A record → the same record with its identifiers resolved by the reference tables.

Nothing is guessed: what a table does not know stays as the record has it. The record's identifiers
win over its names, and what does not fit together becomes a finding. The rules, and where they come
from, are told in ``docs/linking.md``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from rdfexport.diagnostics import Finding
from rdfexport.link.genes import GeneLinker
from rdfexport.link.withdrawn import Withdrawals
from rdfexport.model import (
    Concept,
    ConceptMention,
    FigureRecord,
    Gene,
    GeneMention,
    Kind,
    Match,
    MatchType,
    ReferenceTable,
    ReferenceTables,
    Taxon,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdfexport.link.genes import Note
    from rdfexport.references import References
    from rdfexport.terms import Vocabulary

LABEL_SOURCE: Final = "DOID"
"""The lexicon of a disease mention that was linked by the label of a disease."""

_ARTICLES: Final = "pmc-ids"
_YEAR: Final = re.compile(r"(?:1[89]|20)[0-9][0-9]")
_NO_ORGANISMS: Final[Mapping[str, str]] = MappingProxyType({})
# Figures name some 20,000 genes.
_REMEMBERED: Final = 20_000
# The Disease Ontology's cross-references do not say how near they are.
_CROSS_REFERENCE: Final = ("skos:closeMatch", "semapv:UnspecifiedMatching")
# A MeSH record has replaced one whose name it has taken over (docs/references.md).
_REPLACED: Final = ("dcterms:isReplacedBy", "semapv:LexicalMatching")


class Linker:
    """Resolves the identifiers of records.

    Args:
        references: The reference tables, open.
        vocabulary: The identifier spaces that identifiers of the tables are checked by too.
        diseases_by_label: Whether a disease without identifier gets the one disease of the
            Disease Ontology that bears its name.
        organisms: Names of organisms to their numbers, as the source has them; they come before
            the reference table.
    """

    def __init__(
        self,
        references: References,
        vocabulary: Vocabulary,
        *,
        diseases_by_label: bool = False,
        organisms: Mapping[str, str] = _NO_ORGANISMS,
    ) -> None:
        self.tables = reference_tables(references)
        self._references = references
        self._matches = vocabulary.matches
        self._diseases_by_label = diseases_by_label
        self._organisms = organisms
        self._gene = GeneLinker(references, vocabulary).link
        # Figures name the same entities again and again.
        self._genes = lru_cache(_REMEMBERED)(self._linked_genes)
        self._mesh = lru_cache(_REMEMBERED)(self._linked_mesh)
        self._withdrawn = lru_cache(_REMEMBERED)(Withdrawals(references, vocabulary).note)

    def link(self, record: FigureRecord) -> FigureRecord:
        """Give a record with what the tables know of its genes, chemicals, diseases and organisms.

        Its identifiers stay. Genes get the symbol, name and identifiers of their numbers, concepts
        their labels and matches; what does not agree with the tables is added to the findings.
        """
        findings = list(record.findings)

        def note(row: str, notes: Iterable[Note | None], unit: str | None = None) -> None:
            for field, problem, remedy in filter(None, notes):
                place = record.origin.locate(f"{row}.{field}")
                findings.append(Finding(place, problem, remedy, unit=unit))

        genes: list[GeneMention] = []
        for mention in record.genes:
            linked, notes = self._genes(mention.genes)
            genes.append(mention._replace(genes=linked))
            note(f"genes[{mention.row}]", notes)
        chemicals: list[ConceptMention] = []
        for chemical in record.chemicals:
            concepts = self._concepts(chemical, Kind.CHEMICAL)
            chemicals.append(chemical._replace(concepts=concepts))
            row = f"chemicals[{chemical.row}]"
            # Tables contradict each other wherever the two stand: thousands of rows.
            note(row, _other_matches(concepts), "rows")
            note(row, map(self._withdrawn, concepts))
        for disease in record.diseases:
            note(f"diseases[{disease.row}]", map(self._withdrawn, disease.concepts))
        return replace(
            record,
            **self._article(record, findings),
            genes=tuple(genes),
            chemicals=tuple(chemicals),
            diseases=tuple(map(self._disease, record.diseases)),
            organisms=tuple(map(self._taxon, record.organisms)),
            recognised_organisms=tuple(map(self._taxon, record.recognised_organisms)),
            findings=tuple(findings),
            references=self.tables,
        )

    def _linked_genes(self, genes: tuple[Gene, ...]) -> tuple[tuple[Gene, ...], tuple[Note, ...]]:
        """The genes of a row, linked, and what is to be said of them."""
        linked = [self._gene(gene) for gene in genes]
        return tuple(gene for gene, _ in linked), tuple(
            note for _, notes in linked for note in notes
        )

    def _concepts(self, mention: ConceptMention, kind: Kind) -> tuple[Concept, ...]:
        """The concepts of a mention, linked; those of a space without table as they are."""
        return tuple(
            self._mesh(concept, kind)
            if concept.space == "mesh"
            else self._chebi(concept)
            if concept.space == "chebi"
            else self._doid(concept)
            if concept.space == "doid"
            else concept
            for concept in mention.concepts
        )

    def _linked_mesh(self, concept: Concept, kind: Kind) -> Concept:
        """A MeSH concept with its label, what has replaced it, and its matches as that kind."""
        references = self._references
        matches: list[Match] = []
        replacement = references.mesh_replacement(concept.id)
        if replacement is not None and self._matches("mesh", replacement):
            label = references.mesh_label(replacement)
            matches.append(Match("mesh", replacement, label, *_REPLACED, "mesh"))
        for mesh_id in filter(None, (concept.id, replacement)):
            matches += self._chebi_of(mesh_id) if kind is Kind.CHEMICAL else self._doid_of(mesh_id)
        return Concept(
            "mesh",
            concept.id,
            references.mesh_label(concept.id) or concept.label,
            tuple({(match.space, match.id): match for match in reversed(matches)}.values())[::-1],
        )

    def _chebi_of(self, mesh_id: str) -> Iterator[Match]:
        for chebi, predicate, justification in self._references.chebi_of_mesh(mesh_id):
            if self._matches("chebi", chebi):
                label = self._references.chebi_label(chebi)
                yield Match("chebi", chebi, label, predicate, justification, "mesh-chebi")

    def _doid_of(self, mesh_id: str) -> Iterator[Match]:
        for doid in self._references.doid_of_mesh(mesh_id):
            if self._matches("doid", doid):
                label = self._references.doid(doid)
                yield Match("doid", doid, label, *_CROSS_REFERENCE, "doid")

    def _chebi(self, concept: Concept) -> Concept:
        label = self._references.chebi_label(concept.id)
        return concept if label is None else concept._replace(label=label)

    def _disease(self, mention: ConceptMention) -> ConceptMention:
        if not mention.concepts:
            return self._disease_by_label(mention) if self._diseases_by_label else mention
        return mention._replace(concepts=self._concepts(mention, Kind.DISEASE))

    def _disease_by_label(self, mention: ConceptMention) -> ConceptMention:
        name = mention.match or mention.word
        doid = None if name is None else self._references.doid_by_label(name)
        if doid is None or not self._matches("doid", doid):
            return mention
        return mention._replace(
            concepts=(self._doid(Concept("doid", doid)),),
            source=mention.source or LABEL_SOURCE,
            match_type=MatchType.BY_NAME,
        )

    def _doid(self, concept: Concept) -> Concept:
        matches = (
            Match("mesh", mesh, self._references.mesh_label(mesh), *_CROSS_REFERENCE, "doid")
            for mesh in self._references.mesh_of_doid(concept.id)
            if self._matches("mesh", mesh)
        )
        label = self._references.doid(concept.id) or concept.label
        return Concept("doid", concept.id, label, tuple(matches))

    def _article(self, record: FigureRecord, findings: list[Finding]) -> dict[str, Any]:
        """Fields that the table of articles adds: PubMed number, and year and DOI where missing."""
        entry = self._references.article(record.pmcid)
        if entry is None:
            return {}
        added: dict[str, Any] = {}
        if entry.pubmed is not None and self._matches("pubmed", entry.pubmed):
            added["pubmed"] = entry.pubmed
        if record.year is None and entry.year is not None and _YEAR.fullmatch(entry.year):
            added |= {"year": entry.year, "year_source": _ARTICLES}
        if entry.doi is None or not self._matches("doi", entry.doi):
            return added
        if record.doi is None or (record.doi_field == "reftext" and record.doi != entry.doi):
            # One that was picked out of a citation may be cut, or that of a cited article.
            added |= {"doi": entry.doi, "doi_field": _ARTICLES}
        elif record.doi != entry.doi:
            problem = f"{record.doi!r} is not the DOI that PubMed Central has: {entry.doi!r}"
            remedy = "correct the one that is wrong; until then the record's counts"
            findings.append(Finding(record.origin.locate("doi"), problem, remedy))
        return added

    def _taxon(self, taxon: Taxon) -> Taxon:
        if taxon.id is not None or taxon.name is None:
            return taxon
        found = self._organisms.get(taxon.name) or self._references.taxon_by_name(taxon.name)
        return (
            taxon
            if found is None or not self._matches("taxon", found)
            else Taxon(taxon.name, found)
        )


def reference_tables(references: References) -> ReferenceTables:
    """Describe these tables, for the provenance of what is linked with them."""
    return ReferenceTables(
        references.digest(),
        tuple(
            ReferenceTable(state.name, state.date, state.source, state.licence, state.content)
            for state in references.provenance()
        ),
    )


def contradicted(concepts: Iterable[Concept]) -> list[Match]:
    """The ChEBI entities that the table maps a row's MeSH concept to, if the row has another."""
    by_space = {concept.space: concept for concept in concepts}
    mesh, chebi = by_space.get("mesh"), by_space.get("chebi")
    if mesh is None or chebi is None:
        return []
    exact = [m for m in mesh.matches if m.space == "chebi" and m.predicate == "skos:exactMatch"]
    return [] if any(match.id == chebi.id for match in exact) else exact


def _other_matches(concepts: tuple[Concept, ...]) -> tuple[Note, ...]:
    """A note where row and table put different ChEBI entities beside a MeSH concept."""
    if not (others := contradicted(concepts)):
        return ()
    ids = {concept.space: concept.id for concept in concepts}
    named = " or ".join(f"CHEBI:{match.id} ({match.label})" for match in others)
    problem = f"CHEBI:{ids['chebi']} stands beside {ids['mesh']}, which the table maps to {named}"
    return (("chebi", problem, "see which is right; the graph has both"),)
