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

import hashlib
import re
import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

import msgspec

from rdfexport.diagnostics import Finding, Location
from rdfexport.mapping import HUMAN, MOUSE
from rdfexport.model import MatchType
from rdfexport.pipeline.arguments import check_choice
from rdfexport.terms import FIGID
from rdfexport.write import OutputFile, gmt_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rdfexport.mapping import View
    from rdfexport.model import FigureRecord, Gene, Taxon

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
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_MAX_NAME: Final = 80
_HASH_DIGITS: Final = 8
# The last part of a link to a figure, as publishers name them: F2, fig-0003, pone-0123-g001.
_AT_END = re.compile(
    r"(?:\A|[^A-Za-z])(f|fig|figure|g|sch|scheme)[-_]?0*([1-9]\d{0,3})\Z", re.IGNORECASE
)
_AT_START = re.compile(r"\A(f|fig)0*([1-9]\d{0,3})-", re.IGNORECASE)
_SCHEME: Final = ("sch", "scheme")
_NUMBER = re.compile(r"(.+?)(?: ([1-9]\d{0,3}[A-Za-z]?(?:_[1-9]\d{0,3}[A-Za-z]?)?))?")
_LETTERS: Final = {
    "Figure": "F",
    "Scheme": "S",
    "Supplemental figure": "SF",
    "Graphical abstract": "GA",
    "Appendix figure": "AF",
    "Expanded view figure": "EV",
}


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


class Alias(NamedTuple):
    """A figure's short name, the field it comes from, and a problem with it if there is one."""

    name: str | None
    field: str
    problem: str | None

    @property
    def own(self) -> bool:
        """Whether the record states it."""
        return self.field == "figid_alias"


def figure_alias(record: FigureRecord) -> Alias:
    """The short name of a figure: the record's, else from its number or its link.

    Where number and link differ the number counts: of 20 records that state all three it is the
    alias in all, the link in 18.
    """
    stated = None if record.alias == record.figid else record.alias
    if stated is not None and FIGID.fullmatch(stated) is not None:
        return Alias(stated, "figid_alias", None)
    problem = (
        "the record has no figid_alias"
        if record.alias is None
        else "figid_alias is the figid itself"
        if stated is None
        else f"figid_alias {record.alias!r} is no short name of a figure"
    )
    number = _from_number(record.number)
    link = _from_link(record.figlink)
    local = number or link
    if local is None:
        return Alias(None, "figlink", f"{problem}, and neither figlink nor number gives one")
    name = f"{record.pmcid}__{local}"
    if number is None or number == link:
        return Alias(name, "figlink", f"{problem}: after its figlink it is {name}")
    instead = "" if link is None else f", not {link} as in its figlink"
    return Alias(name, "number", f"{problem}: after its number it is {name}{instead}")


def _from_link(link: str | None) -> str | None:
    tail = (link or "").rstrip("/").rpartition("/")[2]
    match = _AT_END.search(tail) or _AT_START.search(tail)
    if match is None:
        return None
    return ("S" if match[1].lower() in _SCHEME else "F") + match[2]


def _from_number(number: str | None) -> str | None:
    match = _NUMBER.fullmatch(number or "")
    if match is None or match[1] not in _LETTERS:
        return None
    return _LETTERS[match[1]] + (match[2] or "")


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


class SetFile(NamedTuple):
    """A GMT file: its name, its kind, its organism (None if it is of no known one), its sets."""

    name: str
    kind: str
    organism: str | None
    sets: int


class SetFiles:
    """Collects the sets of all figures, on disk, and writes them.

    Names are unique among figures: where two have one short name, it goes to a record that
    states it, else to the first; the other figure is named by its figid.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.executescript(
            "CREATE TABLE figure (figid TEXT PRIMARY KEY, alias TEXT, own INTEGER, title TEXT,"
            " file TEXT, line INTEGER) WITHOUT ROWID;"
            "CREATE TABLE member (kind TEXT, organism TEXT, figid TEXT, name TEXT, ids TEXT,"
            " PRIMARY KEY (kind, organism, figid)) WITHOUT ROWID"
        )

    def add(self, figure: FigureSets) -> None:
        *head, sets = figure
        if figure.own or sets:
            self._database.execute("INSERT INTO figure VALUES (?,?,?,?,?,?)", head)
        self._database.executemany(
            "INSERT INTO member VALUES (?,?,?,?,?)",
            ((kind, key, figure.figid, name, "\t".join(ids)) for kind, key, name, ids in sets),
        )

    def make_names_unique(self, on_finding: Callable[[Finding], None]) -> None:
        """Give each name to one figure, and report the others; call it after the last ``add``."""
        self._database.execute("CREATE INDEX by_name ON figure (coalesce(alias, figid))")
        # A figid may be the short name of another figure, so it may take more than one round.
        while twice := self._database.execute(
            "SELECT coalesce(alias, figid) AS name, figid, file, line FROM figure WHERE name IN"
            " (SELECT coalesce(alias, figid) FROM figure GROUP BY 1 HAVING count(*) > 1)"
            " ORDER BY name, alias IS NOT NULL, own DESC, figid"
        ).fetchall():
            for name, same in groupby(twice, key=itemgetter(0)):
                (_, first, *_), *others = same
                for _, figid, file, line in others:
                    problem = f"{name} is the short name of {first} too"
                    remedy = f"give one of them another; until then sets are named {figid}"
                    on_finding(Finding(Location(file, line, "figid_alias"), problem, remedy))
                    self._database.execute(
                        "UPDATE figure SET alias = NULL WHERE figid = ?", (figid,)
                    )

    def write(self, folder: Path, stem: str) -> Iterator[SetFile]:
        """Write a file for each kind and organism as ``{stem}-{kind}-{organism}.gmt``."""
        files = self._database.execute(
            "SELECT kind, organism, min(name), count(*) FROM member GROUP BY kind, organism"
        ).fetchall()
        parts = {
            kind: _file_parts((organism, name) for _, organism, name, _ in some)
            for kind, some in groupby(files, key=itemgetter(0))
        }
        for kind, organism, organism_name, number in files:
            path = f"{stem}-{kind}-{parts[kind][organism]}"
            with OutputFile(folder / f"{path}.gmt") as file:
                for name, title, ids in self._database.execute(
                    "SELECT coalesce(alias, figid), title, ids FROM member JOIN figure USING"
                    " (figid) WHERE kind = ? AND organism = ? ORDER BY figid",
                    (kind, organism),
                ):
                    file.write(gmt_line((name, title, *ids.split("\t"))))
            known = organism_name if organism else None
            yield SetFile(f"{path}.gmt", kind, known, number)

    def close(self) -> None:
        self._database.close()


def _file_parts(organisms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name the file of each organism: no two alike, on systems that ignore case either.

    Of organisms whose names fall together, the one with the smallest taxon number (or else the
    first name) keeps the plain name; the others add their number, or a hash of their name. A plain
    name has no hyphen, so it is never the name of another with an addition.

    Args:
        organisms: Number (or name, where that is not known) and name of each.

    Returns:
        Number (or name) → what stands for the organism in the file's name.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for organism, name in organisms:
        part = _UNSAFE.sub("_", name).strip("_")[:_MAX_NAME] or "unnamed"
        groups.setdefault(part.lower(), []).append((organism, part))
    parts: dict[str, str] = {}
    for same in groups.values():
        (first, plain), *others = sorted(same, key=_by_number)
        parts[first] = plain
        for organism, part in others:
            parts[organism] = f"{part}-{_distinction(organism)}"
    return parts


def _by_number(item: tuple[str, str]) -> tuple[bool, int, str]:
    organism = item[0]
    known = organism.isdecimal()
    return not known, int(organism) if known else 0, organism


def _distinction(organism: str) -> str:
    if organism.isdecimal():
        return organism
    return hashlib.sha256(organism.encode()).hexdigest()[:_HASH_DIGITS]


def encode_sets(figures: list[FigureSets]) -> bytes:
    """Encode figures, for a shard."""
    return msgspec.json.encode(figures)


def decode_sets(data: bytes) -> list[FigureSets]:
    """Decode the figures of a shard."""
    return msgspec.json.decode(data, type=list[FigureSets])
