"""A record as the mapping sees it: with its IRIs, and with its entities once each."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from rdfexport.model import (
    Concept,
    ConceptMention,
    FigureRecord,
    Gene,
    GeneMention,
    Match,
    MatchType,
    ReferenceTable,
    Taxon,
)
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.terms import Vocabulary


CompatRule = Literal["strict", "all"]
"""Which genes the WikiPathways part shows: the official gene sets' rule, or every row."""

_IMAGE_FORMATS = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
_SAME = frozenset({"skos:exactMatch", "dcterms:replaces"})
# How identifiers are related that a row puts side by side, and that no table says so.
_BESIDE = ("skos:closeMatch", "semapv:UnspecifiedMatching", None)
# PFOCR's gene sets hold figures with at least this many genes matched by their own symbol.
_STRICT_MIN_GENES = 3


class CrossReference(NamedTuple):
    """A concept's other identifier; ``replacement`` is what MeSH has put in its place."""

    space: str
    id: str
    label: str | None
    replacement: str | None


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
        self.curie = vocabulary.curie
        self.identifier = vocabulary.identifier
        self.address = vocabulary.page
        self.graph_base = vocabulary.graph_base
        self.matches = vocabulary.matches
        self.data_version = data_version
        self.compat_rule = compat_rule
        self.page = f"{vocabulary.figure_base}{record.figid}.html"
        self.image = self.page + "#figure"
        self.pathway = self.page + "#pathway"
        self.article = vocabulary.iri("pmc", record.pmcid)
        self.activity = f"{vocabulary.graph_base}export/rdfexport-{__version__}"
        if record.references is not None:
            self.activity += f"/{record.references.digest}"
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
    def tables(self) -> list[str]:
        """IRIs of the reference tables that the record was linked with."""
        references = self.record.references
        return (
            [] if references is None else [table_iri(self.graph_base, t) for t in references.tables]
        )

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
        """Each chemical once, under its first identifier (MeSH's present one, if it has one)."""
        return _concepts(self.record.chemicals)

    @cached_property
    def diseases(self) -> tuple[Concept, ...]:
        """Each disease once, likewise."""
        return _concepts(self.record.diseases)

    @cached_property
    def cross_references(self) -> tuple[CrossReference, ...]:
        """Each other identifier of a concept that is not itself a concept of this figure."""
        concepts = (*self.chemicals, *self.diseases)
        first = {(concept.space, concept.id) for concept in concepts}
        second: dict[tuple[str, str], CrossReference] = {}
        for concept in concepts:
            for match in concept.matches:
                key = (match.space, match.id)
                known = second.get(key)
                if key not in first and (known is None or known.label is None):
                    replacement = concept.id if match.predicate == "dcterms:replaces" else None
                    second[key] = CrossReference(*key, match.label, replacement)
        return tuple(second.values())

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
    def _taxa_by_id(self) -> dict[str | None, Taxon]:
        return {taxon.id: taxon for taxon in self.taxa}

    @cached_property
    def _genes_by_number(self) -> dict[str, Gene]:
        return {gene.entrez: gene._replace(taxon=self.as_shown(gene.taxon)) for gene in self.genes}

    def gene(self, entrez: str) -> Gene:
        """A gene of the figure as the graph has it: what its first row says, if rows differ."""
        return self._genes_by_number[entrez]

    def as_shown(self, taxon: Taxon | None) -> Taxon | None:
        """An organism under the name that it has in the graph; without number, under its own."""
        return None if taxon is None else self._taxa_by_id.get(taxon.id, taxon)

    @cached_property
    def concept_labels(self) -> dict[tuple[str, str], str | None]:
        """Space and identifier of the concepts and cross-references → their names in the graph."""
        named = [(c.space, c.id, c.label) for c in (*self.chemicals, *self.diseases)]
        named += [(c.space, c.id, c.label) for c in self.cross_references]
        labels: dict[tuple[str, str], str | None] = {}
        for space, local, label in named:
            labels[space, local] = labels.get((space, local)) or label
        return labels

    def recorded_name(self, mention: ConceptMention) -> str | None:
        """What the row of a chemical or disease calls it, unless the graph calls it so anyway."""
        name = mention.name
        if name is None or name == mention.match:
            return None
        labels = (self.concept_labels.get((c.space, c.id)) for c in mention.concepts)
        return None if name in labels else name

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """The record's keywords; without any, the names of its entities and organisms."""
        if self.record.keywords:
            return self.record.keywords
        names = (
            *(gene.symbol for gene in self.genes),
            *(concept.label for concept in (*self.chemicals, *self.diseases)),
            *(taxon.name for taxon in self.record.organisms),
            *(taxon.name for taxon in self.record.recognised_organisms),
        )
        return tuple(dict.fromkeys(name for name in names if name is not None))

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


def table_iri(graph_base: str, table: ReferenceTable) -> str:
    """IRI of a reference table: the same content has the same."""
    return f"{graph_base}references/{table.name}/{table.date}/{table.content[:12]}"


def same_matches(concept: Concept) -> list[Match]:
    """The other identifiers of a concept that stand for just the same."""
    return [match for match in concept.matches if match.predicate in _SAME]


def _concepts(mentions: Iterable[ConceptMention]) -> tuple[Concept, ...]:
    found: dict[tuple[str, str], Concept] = {}
    for mention in mentions:
        if not mention.concepts:
            continue
        concept = _merged(*mention.concepts)
        key = (concept.space, concept.id)
        old = found.get(key)
        found[key] = (
            concept
            if old is None
            else Concept(
                *key, old.label or concept.label, _distinct((*old.matches, *concept.matches))
            )
        )
    return tuple(found.values())


def _merged(first: Concept, *others: Concept) -> Concept:
    """A row's concepts as one: the first under its present identifier, with all others it has."""
    space, local, label = first.space, first.id, first.label
    matches: list[Match] = []
    for match in first.matches:
        if match.predicate == "dcterms:isReplacedBy":
            matches.append(match._replace(id=local, label=label, predicate="dcterms:replaces"))
            local, label = match.id, match.label
        else:
            matches.append(match)
    matches += (Match(o.space, o.id, o.label, *_BESIDE) for o in others)
    return Concept(space, local, label, _distinct(matches))


def _distinct(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Each identifier once, a reference table's word before that of a row."""
    found: dict[tuple[str, str], Match] = {}
    for match in matches:
        key = (match.space, match.id)
        if key not in found or found[key].table is None:
            found[key] = match
    return tuple(found.values())
