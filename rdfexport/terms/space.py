"""A row of the table of identifier spaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

OBO: Final = "http://purl.obolibrary.org/obo/"

GENES: Final = "genes"
CHEMICALS: Final = "chemicals"
DISEASES: Final = "diseases"
ORGANISMS: Final = "organisms"
ARTICLES: Final = "articles"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Space:
    """A row of the table.

    Args:
        name: What the program calls the space; a table's column of its identifiers has this name.
        title: Its full name.
        label: Its short name, for messages and as WikiPathways names the data source.
        base: What stands before an identifier in the IRIs that are published.
        example: An identifier.
        prefix: Of its CURIEs, and of its record in the prefix map; None where it has no record.
        pattern: A narrower pattern than the registry's: bounded, and one spelling for one
            identifier. It is the only pattern of a space without ``prefix``.
        forms: Other IRIs of an identifier that the program writes: a form's name to its base.
            ``page`` is a page for readers; the others but ``rdf`` are equal to the published IRI.
        same_as: Names of the forms that stand in the core part as ``schema:sameAs``.
        also: Bases of further forms, which only the prefix map has.
        unlisted: Those of ``forms`` and ``also`` that Bioregistry does not list.
        registry: Its name in the registry of identifiers.org; links into it are counted by it.
        provider: The site of whoever gives the identifiers.
        kinds: What the graph identifies by it, as an entity's IRI or as one that is equal to it.
            Those of chemicals and diseases are columns of their tables.
        exported: Whether exports have its IRIs; else it is there for readers of the prefix map.
        template: Of images: the address with the parts of the identifier in braces. It begins with
            ``base``.
    """

    name: str
    title: str
    label: str
    base: str
    example: str
    prefix: str | None = None
    pattern: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    same_as: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    registry: str | None = None
    provider: str | None = None
    kinds: tuple[str, ...] = ()
    exported: bool = True
    template: str | None = None

    @property
    def is_obo(self) -> bool:
        """Whether it is an ontology of the OBO Foundry: a term is a class, written as a CURIE."""
        return self.base.startswith(OBO)

    @property
    def equal(self) -> tuple[str, ...]:
        """Names of the forms whose IRIs are equal to the published one, as ``iri`` takes them."""
        return tuple(f"{self.name}-{form}" for form in self.forms if form not in {"page", "rdf"})
