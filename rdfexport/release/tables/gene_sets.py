"""Gene sets and chemical sets of figures as GMT files, as PFOCR publishes them.

A line is a figure: its short name (``figid_alias``), its title (and in brackets the pathway of
WikiPathways that curators made of it), then NCBI Gene numbers or ChEBI identifiers
(``chebi:23981``), with tabs between. The rule is that of PFOCR's own gene sets
(wikipathways/pfocr-postprocessing, ``pfocr_gmt.R``): genes matched by their own symbol, each once a
figure, figures with three or more; chemical sets have one or more. A file holds the sets of one
organism: that of the genes, and for chemicals those that the record names.

Sets by homology are for human and mouse. The same rule chooses the genes, whatever their organism;
those of other organisms count as the genes they are orthologous to. Sets in which no gene was
mapped are left out, as the recorded sets have them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import msgspec

from rdfexport.diagnostics import Finding
from rdfexport.mapping import HUMAN, MOUSE
from rdfexport.model import MatchType
from rdfexport.pipeline.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.mapping import View
    from rdfexport.model import Gene, Taxon
    from rdfexport.release.tables.aliases import Alias

SetRule = Literal["strict", "all"]
"""Which genes a set holds: those matched by their own symbol, or all that the record lists."""

GENES: Final = "gmt"
CHEMICALS: Final = "chemical-gmt"
HOMOLOGY: Final = "by-homology-gmt"
KINDS: Final = (GENES, CHEMICALS, HOMOLOGY)
_TARGETS: Final = {HUMAN: "Homo sapiens", MOUSE: "Mus musculus"}
# In place of an organism: chemical sets of figures that name none whose number is known.
_OTHER: Final = ("", "other")

_SAME: Final = frozenset({"skos:exactMatch", "skos:closeMatch"})
_SPACE = re.compile(r"\s+")


class SetOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Options of gene sets.

    Args:
        rule: Which genes a set holds.
        min_genes: With fewer of one organism a figure has no gene set for it.
        min_chemicals: With fewer a figure has no chemical set.
    """

    rule: SetRule = "strict"
    min_genes: int = 3
    min_chemicals: int = 1

    def __post_init__(self) -> None:
        check_choice("rule", self.rule, get_args(SetRule))


class FigureSet(NamedTuple):
    """A set of a figure: its ``members``, and the organism by number (else by name) and name."""

    kind: str
    organism: str
    organism_name: str
    members: list[str]


class FigureSets(NamedTuple):
    """The sets of a figure, and its names.

    ``own`` is whether the record states the ``alias``; ``file`` and ``line`` are the place of the
    alias, or of the field it is derived from.
    """

    figid: str
    alias: str | None
    own: bool
    title: str
    file: str
    line: int | None
    sets: list[FigureSet]


def figure_sets(view: View, alias: Alias, options: SetOptions) -> tuple[FigureSets, list[Finding]]:
    """The sets of a figure, and findings about its short name if it has sets."""
    record = view.record
    sets = [
        *_gene_sets(view, options),
        *_homology_sets(view, options),
        *_chemical_sets(view, options),
    ]
    place = record.origin.locate(alias.field)
    findings = []
    if sets and alias.problem is not None:
        findings.append(Finding(place, alias.problem, "add figid_alias, by which sets are named"))
    title = " ".join((_SPACE.sub(" ", view.name).strip(), *map(_as_pathway, record.wpids)))
    return FigureSets(
        record.figid, alias.name, alias.own, title, place.file, place.line, sets
    ), findings


def _as_pathway(wpid: str) -> str:
    """The mention, in a title, of the pathway that curators made of the figure."""
    return f"(wikipathways:{wpid})"


def _gene_sets(view: View, options: SetOptions) -> Iterator[FigureSet]:
    for organism, genes in view.genes_by_organism(options.rule).items():
        if organism is not None and len(genes) >= options.min_genes:
            key, name = _organism(organism)
            yield FigureSet(GENES, key, name, [gene.entrez for gene in genes])


def _chosen(view: View, options: SetOptions) -> Iterator[Gene]:
    """The genes that count, as the graph has them."""
    for mention in view.record.genes:
        if options.rule == "all" or mention.match_type is MatchType.EXACT:
            for gene in mention.genes:
                yield view.gene(gene.entrez)


def _homology_sets(view: View, options: SetOptions) -> Iterator[FigureSet]:
    for target, name in _TARGETS.items():
        members: dict[str, None] = {}
        is_mapped = False
        for gene in _chosen(view, options):
            if gene.taxon is not None and gene.taxon.id == target:
                members[gene.entrez] = None
            for one in gene.orthologs:
                if one.taxon == target:
                    members[one.entrez] = None
                    is_mapped = True
        if is_mapped and len(members) >= options.min_genes:
            yield FigureSet(HOMOLOGY, target, name, list(members))


def _chemical_sets(view: View, options: SetOptions) -> Iterator[FigureSet]:
    found: dict[str, None] = {}
    for concept in view.chemicals:
        if concept.space == "chebi":
            found[concept.id] = None
        for match in concept.matches:
            if match.space == "chebi" and match.predicate in _SAME:
                found[match.id] = None
    members = [f"chebi:{number}" for number in found]
    if len(members) < options.min_chemicals or not members:
        return
    taxa = map(view.as_shown, view.record.organisms)
    organisms = dict(_organism(t) for t in taxa if t is not None and t.id is not None)
    for organism, name in (organisms or dict([_OTHER])).items():
        yield FigureSet(CHEMICALS, organism, name, members)


def _organism(taxon: Taxon) -> tuple[str, str]:
    """Number and name of an organism, one in place of the other where that is not known."""
    return taxon.id or taxon.name or "", taxon.name or f"taxon {taxon.id}"


def encode_sets(figures: list[FigureSets]) -> bytes:
    """Encode figures, for a shard."""
    return msgspec.json.encode(figures)


def decode_sets(data: bytes) -> list[FigureSets]:
    """Decode the figures of a shard."""
    return msgspec.json.decode(data, type=list[FigureSets])
