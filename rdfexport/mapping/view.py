"""A record as the mapping sees it: with its IRIs, and with its entities once each."""

from __future__ import annotations

import hashlib
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
    Ortholog,
    ReferenceTable,
    Taxon,
)
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.terms import Vocabulary


CompatRule = Literal["strict", "all"]
"""Which genes the WikiPathways part shows: the official gene sets' rule, or every row."""

HUMAN = "9606"
MOUSE = "10090"
_IMAGE_FORMATS = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
_SAME = frozenset({"skos:exactMatch", "dcterms:replaces"})
# How identifiers are related that a row puts side by side, and that no table says so.
_BESIDE = ("skos:closeMatch", "semapv:UnspecifiedMatching", None)
# PFOCR's gene sets have at least this many genes of one organism, matched by their own symbol.
_STRICT_MIN_GENES = 3
_HASH_DIGITS = 8


class CrossReference(NamedTuple):
    """A concept's other identifier; ``replacement`` is what MeSH has put in its place."""

    space: str
    id: str
    label: str | None
    replacement: str | None


class Pathway(NamedTuple):
    """The part of a figure that depicts one organism's pathway.

    Args:
        iri: Its IRI, made of the record's and the organism's number.
        organism: As the graph names it; None where it is not known.
        genes: Its genes in the order of the record; none where only chemicals are known.
    """

    iri: str
    organism: Taxon | None
    genes: tuple[Gene, ...]


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
        """The name of the figure: its title; without one, its number and the paper's title."""
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
    def human_orthologs(self) -> tuple[Ortholog, ...]:
        """The human genes that genes of the figure are orthologous to, but for those it names."""
        own = {gene.entrez for gene in self.genes}
        found = {
            one.entrez: one._replace(provider="")
            for gene in self.genes
            for one in gene.orthologs
            if one.taxon == HUMAN and one.entrez not in own
        }
        return tuple(found.values())

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
        """The name of a chemical or disease in its row, unless it is the label in the graph."""
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

    def genes_by_organism(self, rule: CompatRule) -> dict[Taxon | None, tuple[Gene, ...]]:
        """The genes of each organism, once each and in the order of the record.

        Args:
            rule: ``strict``: only genes matched by their own symbol.

        Returns:
            Organism, as the graph names it, to its genes; None stands for an unknown organism.
        """
        found: dict[Taxon | None, dict[str, Gene]] = {}
        for mention in self.record.genes:
            if rule == "strict" and mention.match_type is not MatchType.EXACT:
                continue
            for entrez in (gene.entrez for gene in mention.genes):
                gene = self.gene(entrez)
                found.setdefault(gene.taxon, {})[entrez] = gene
        return {organism: tuple(genes.values()) for organism, genes in found.items()}

    @cached_property
    def pathways(self) -> tuple[Pathway, ...]:
        """The pathways that the figure depicts, one an organism, by the chosen rule.

        By ``strict`` they are PFOCR's gene sets. By ``all`` any gene suffices; a figure with
        chemicals alone depicts one pathway, of the record's organism if it names just one.
        """
        groups = self.genes_by_organism(self.compat_rule)
        if self.compat_rule == "strict":
            groups.pop(None, None)
            groups = {o: genes for o, genes in groups.items() if len(genes) >= _STRICT_MIN_GENES}
        elif not groups and self.chemicals:
            organisms = set(map(self.as_shown, self.record.organisms))
            groups = {organisms.pop() if len(organisms) == 1 else None: ()}
        return tuple(
            Pathway(self.part("pathway" + _organism_suffix(organism)), organism, genes)
            for organism, genes in groups.items()
        )

    @cached_property
    def pathway_genes(self) -> tuple[Gene, ...]:
        """The genes of all depicted pathways."""
        return tuple(gene for pathway in self.pathways for gene in pathway.genes)

    @cached_property
    def pathway_of(self) -> dict[str, str]:
        """Number of a gene to the IRI of its pathway; a gene is of one organism."""
        return {gene.entrez: pathway.iri for pathway in self.pathways for gene in pathway.genes}

    @cached_property
    def expansions(self) -> tuple[GeneMention, ...]:
        """The first row of each expansion of a word into the genes of a family."""
        groups: dict[str, GeneMention] = {}
        for mention in self.record.genes:
            if mention.group is not None:
                groups.setdefault(mention.group, mention)
        return tuple(groups.values())


def _organism_suffix(organism: Taxon | None) -> str:
    """The suffix of ``#pathway``: ``-9606``; without a number a hash of the name; or nothing."""
    if organism is None:
        return ""
    if organism.id is not None:
        return f"-{organism.id}"
    digest = hashlib.sha256((organism.name or "").encode()).hexdigest()
    return f"-name-{digest[:_HASH_DIGITS]}"


def table_iri(graph_base: str, table: ReferenceTable) -> str:
    """IRI of a reference table: the same content has the same."""
    return f"{table_base(graph_base)}{table.name}/{table.date}/{table.content[:12]}"


def table_base(graph_base: str) -> str:
    """The base of the IRIs of reference tables."""
    return f"{graph_base}references/"


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
