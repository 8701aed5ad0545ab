"""A record as the mapping sees it: with its IRIs, and with its entities once each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from rdfexport.model import FigureRecord, Gene, GeneMention, MatchType, Taxon
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport import model
    from rdfexport.vocab import Vocabulary


CompatRule = Literal["strict", "all"]
"""Which genes the WikiPathways part shows: the official gene sets' rule, or every row."""

_IMAGE_FORMATS = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
# PFOCR's gene sets hold figures with at least this many genes matched by their own symbol.
_STRICT_MIN_GENES = 3


class Concept(NamedTuple):
    """A chemical or disease of a figure under the identifier its rows name first.

    ``also`` holds the local identifiers of its rows in the second space (ChEBI, DO).
    """

    space: str
    id: str
    label: str | None
    also: tuple[str, ...]


class View:
    """A record as the mapping sees it: with its IRIs, and with its entities once each."""

    def __init__(
        self,
        record: FigureRecord,
        vocabulary: Vocabulary,
        data_version: str | None = None,
        compat_rule: CompatRule = "strict",
    ) -> None:
        self.record = record
        self.iri = vocabulary.iri
        self.matches = vocabulary.matches
        self.data_version = data_version
        self.compat_rule = compat_rule
        self.page = f"{vocabulary.figure_base}{record.figid}.html"
        self.image = self.page + "#figure"
        self.pathway = self.page + "#pathway"
        self.article = vocabulary.iri("pmc", record.pmcid)
        self.activity = f"{vocabulary.graph_base}export/rdfexport-{__version__}"
        self.agent = f"{vocabulary.graph_base}software/rdfexport-{__version__}"
        self._own = vocabulary.prefixes["pfocr"]

    def part(self, identity: str) -> str:
        """IRI of a part of the record that has no identity outside it."""
        return f"{self.page}#{identity}"

    def term(self, local: str) -> str:
        """IRI of a term of the project's own vocabulary."""
        return self._own + local

    @cached_property
    def name(self) -> str:
        """What the figure is called: its title; without one, its number and the paper's title."""
        record = self.record
        if record.title is not None:
            return record.title
        return ", ".join(filter(None, (record.number, record.paper_title))) or record.figid

    @property
    def image_format(self) -> str | None:
        """The image's media type, by the ending of its file name."""
        ending = (self.record.filename or "").rpartition(".")[2].lower()
        return _IMAGE_FORMATS.get(ending)

    @cached_property
    def genes(self) -> tuple[Gene, ...]:
        genes: dict[str, Gene] = {}
        for mention in self.record.genes:
            for gene in mention.genes:
                genes.setdefault(gene.entrez, gene)
        return tuple(genes.values())

    @cached_property
    def chemicals(self) -> tuple[Concept, ...]:
        return _concepts("chebi", ((m.mesh, m.chebi) for m in self.record.chemicals))

    @cached_property
    def diseases(self) -> tuple[Concept, ...]:
        return _concepts("doid", ((m.mesh, m.doid) for m in self.record.diseases))

    @cached_property
    def cross_references(self) -> tuple[tuple[str, str, str | None], ...]:
        """Space, identifier and label of each second identifier that is not a first one."""
        first = {(c.space, c.id) for c in (*self.chemicals, *self.diseases)}
        second: dict[tuple[str, str], str | None] = {}
        for space, pairs in (
            ("chebi", [(m.mesh, m.chebi) for m in self.record.chemicals]),
            ("doid", [(m.mesh, m.doid) for m in self.record.diseases]),
        ):
            for mesh, other in pairs:
                if mesh is not None and other is not None and (space, other.id) not in first:
                    key = (space, other.id)
                    second[key] = second.get(key) or other.label
        return tuple((space, local, label) for (space, local), label in second.items())

    @cached_property
    def taxa(self) -> tuple[Taxon, ...]:
        taxa: dict[str, Taxon] = {}
        for taxon in (
            *self.record.organisms,
            *self.record.recognised_organisms,
            *(gene.taxon for gene in self.genes if gene.taxon is not None),
        ):
            if taxon.id is not None and taxa.setdefault(taxon.id, taxon).name is None:
                taxa[taxon.id] = taxon
        return tuple(taxa.values())

    @cached_property
    def pathway_genes(self) -> tuple[Gene, ...]:
        """The genes of the depicted pathway, by the rule chosen (empty: no pathway)."""
        if self.compat_rule == "all":
            return self.genes
        exact: dict[str, Gene] = {}
        for mention in self.record.genes:
            if mention.match_type is MatchType.EXACT:
                for gene in mention.genes:
                    exact.setdefault(gene.entrez, gene)
        return tuple(exact.values()) if len(exact) >= _STRICT_MIN_GENES else ()

    @cached_property
    def has_pathway(self) -> bool:
        """Whether the WikiPathways part holds this figure."""
        return bool(self.pathway_genes) or (self.compat_rule == "all" and bool(self.chemicals))

    @cached_property
    def expansions(self) -> tuple[GeneMention, ...]:
        """The first row of each expansion of a word into the genes of a family."""
        groups: dict[str, GeneMention] = {}
        for mention in self.record.genes:
            if mention.group is not None:
                groups.setdefault(mention.group, mention)
        return tuple(groups.values())


def _concepts(
    second: str, pairs: Iterable[tuple[model.Concept | None, model.Concept | None]]
) -> tuple[Concept, ...]:
    found: dict[tuple[str, str], Concept] = {}
    for mesh, other in pairs:
        if mesh is not None:
            space, first, also = "mesh", mesh, () if other is None else (other.id,)
        elif other is not None:
            space, first, also = second, other, ()
        else:
            continue
        key = (space, first.id)
        old = found.get(key)
        if old is None:
            found[key] = Concept(space, first.id, first.label, also)
        elif (also and also[0] not in old.also) or (old.label is None and first.label is not None):
            merged = tuple(dict.fromkeys((*old.also, *also)))
            found[key] = Concept(space, first.id, old.label or first.label, merged)
    return tuple(found.values())
