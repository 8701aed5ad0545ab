"""What the files of a release hold: parsed, counted, validated by the shapes, piece by piece.

A triple counts by the hash of its N-Triples form, and a graph by the sum of these hashes, so that
files which say the same in another order and format have the same sums. Nothing is trusted: names
of members, sizes and syntax are checked before anything is made of them.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.diagnostics import Finding, LocatedResult, Location, Severity
from rdfexport.errors import UnreadableError, is_exhausted
from rdfexport.guard import unpacked
from rdfexport.limits import FREE_MEMBER_BYTES, MAX_RDF_FILE_BYTES, MAX_RDF_RATIO, MAX_TRIPLES
from rdfexport.mapping.view import table_base
from rdfexport.parsing import parse
from rdfexport.release import genesets
from rdfexport.release.content import Content, Piece, count
from rdfexport.release.differences import CHANGES, UPDATE_NAME, read_patch, read_update
from rdfexport.release.figurefiles import (
    page_of,
    read_mentions,
    read_sets,
    take_core,
    take_document,
)
from rdfexport.release.quadlog import QuadLog
from rdfexport.release.sums import printable
from rdfexport.terms import FIGURE_FILE, GRAPH_BASE, PREFIXES, SPACES, file_suffix
from rdfexport.validate import make_engine
from rdfexport.validate.files import ntriples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rdfexport.release.figuregraph import Loose

TURTLES: Final = ("core", "wp", "linkset")
"""Archives of Turtle files, which together have all triples."""

_FORMATS: Final = {"ntriples": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS}
# Kind of an archive → folder and ending of its members.
_MEMBERS: Final = {"core": ("core", ".ttl"), "wp": ("wp", ".ttl"), "jsonld": ("core", ".jsonld")}
_LINKSET: Final = "linkset/linkset.ttl"
# As many members make a piece of work.
_MEMBERS_AT_ONCE: Final = 100
_TRIPLES_AT_ONCE: Final = 20_000
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# A graph takes many more bytes of a file.
_GRAPH_BYTES: Final = 16
_MOST_GRAPHS: Final = 1_000
_LOOSE: Final = tuple(f"{PREFIXES['skos']}{name}Match" for name in ("narrow", "broad"))
_OF_TABLES: Final = frozenset(
    ox.NamedNode(PREFIXES["dcterms"] + name) for name in ("identifier", "date", "source", "rights")
)
_TABLE_BASE: Final = table_base(GRAPH_BASE)
_MOST_LOOSE: Final = 200_000
_MOST_DESCRIBED: Final = 1_000
# What readers of archives and of RDF raise where they are given something else.
_UNREADABLE: Final = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    OverflowError,
    struct.error,
    ValueError,
    SyntaxError,
)


def pieces(path: Path, name: str, kind: str, content: Content) -> Iterator[Piece]:
    """Cut the work on a file into pieces.

    Args:
        path: The file.
        name: Its path in the release.
        kind: That of ``ReleaseFile``.
        content: Takes what is wrong with the list of an archive's members.
    """
    if kind not in (*_MEMBERS, "linkset", "update"):
        yield Piece(path, name, kind, path.stat().st_size)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except _UNREADABLE as error:
        content.unreadable(name, error)
        return
    members = list(_sound_members(infos, name, kind, content))
    if kind == "linkset":
        if len(infos) != 1:
            content.fault(name, f"has {len(infos)} members, not {_LINKSET} alone")
    elif kind != "update":
        content.counts["figures"] += len(infos)
    for start in range(0, len(members), _MEMBERS_AT_ONCE):
        some = members[start : start + _MEMBERS_AT_ONCE]
        size = sum(info.compress_size for info in some)
        yield Piece(path, name, kind, size, tuple(info.filename for info in some))


def _sound_members(
    infos: Iterable[zipfile.ZipInfo], name: str, kind: str, content: Content
) -> Iterator[zipfile.ZipInfo]:
    """The members that a release may have; what is wrong with others goes to the content."""
    before = ""
    for info in infos:
        stem = _stem(info, kind)
        shown = printable(info.filename)
        problem = None
        if stem is None:
            problem = f"has a member {shown!r}, which no release writes"
        elif (packing := _packing_problem(info, kind)) is not None:
            problem = f"member {shown} {packing}"
        elif stem in content.figures or (kind == "update" and stem == before):
            problem = f"member {shown} stands in it twice"
        elif stem < before:
            problem = f"member {shown} is not in the order of figids"
        if problem is not None:
            content.fault(name, problem)
            content.broken = True
        if stem is not None:
            before = stem
            if kind in _MEMBERS:
                content.figures.add(stem)
        if problem is None:
            yield info


def _packing_problem(info: zipfile.ZipInfo, kind: str) -> str | None:
    """What keeps a member from being read."""
    if info.flag_bits & 1 or info.compress_type not in _METHODS:
        return "is encrypted, or not packed as zip files are"
    if kind != "linkset" and info.file_size > MAX_RDF_FILE_BYTES:
        return f"is larger than {MAX_RDF_FILE_BYTES >> 20} MiB"
    if info.file_size > info.compress_size * MAX_RDF_RATIO + FREE_MEMBER_BYTES:
        return f"grows more than {MAX_RDF_RATIO} times on unpacking"
    return None


def _stem(info: zipfile.ZipInfo, kind: str) -> str | None:
    """The figid that a member is named after; None for one that no release has."""
    if not stat.S_ISREG(info.external_attr >> 16):
        return None
    if kind == "linkset":
        return "linkset" if info.filename == _LINKSET else None
    if kind == "update":
        return info.filename if UPDATE_NAME.fullmatch(info.filename) is not None else None
    folder, ending = _MEMBERS[kind]
    stem = info.filename.removeprefix(f"{folder}/").removesuffix(ending)
    named = FIGURE_FILE.fullmatch(stem)
    if info.filename != f"{folder}/{stem}{ending}" or named is None:
        return None
    return named[1] if stem in {named[1], named[1] + file_suffix(named[1])} else None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the files of a release are read.

    Args:
        shapes: The shapes as N-Triples, if graphs shall be validated against them.
        sets: Which gene sets the release has.
        loose: What the linkset relates otherwise than as the same.
        log: A folder for the hashes of quads, if there is a patch to compare them with.
    """

    shapes: str | None
    sets: genesets.SetOptions
    loose: Loose
    log: Path | None


class Reader:
    """Reads pieces, in a process of its own or in this one."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        shapes = reading.shapes
        self._engine = None if shapes is None else make_engine("shacl", shapes)
        self._archive: zipfile.ZipFile | None = None

    def run(self, piece: Piece, _should_stop: Callable[[], bool]) -> tuple[Piece, Content]:
        """Read a piece; what is wrong with it is in what it gives."""
        content = Content()
        try:
            if piece.members:
                for member in piece.members:
                    self._read_member(piece, member, content)
            elif piece.kind in _FORMATS:
                _read_lines(piece, content, self._reading.log)
            elif piece.kind == "mentions":
                read_mentions(piece, content)
            elif piece.kind in genesets.KINDS:
                read_sets(piece, content)
            elif piece.kind == "patch" and self._reading.log is not None:
                read_patch(piece.path, content, self._reading.log)
            elif piece.kind in CHANGES:
                CHANGES[piece.kind](piece.path, piece.name, content)
        except _UNREADABLE as error:
            content.unreadable(piece.name, error)
        return piece, content

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()

    def _read_member(self, piece: Piece, member: str, content: Content) -> None:
        # Opening an archive reads the list of all its members.
        if self._archive is None or self._archive.filename != str(piece.path):
            self.close()
            self._archive = zipfile.ZipFile(piece.path)
        place = f"{piece.name}: {member}"
        try:
            if piece.kind == "linkset":
                with self._archive.open(member) as file:
                    self._read_linkset(file, place, content)
            elif piece.kind == "jsonld":
                take_document(self._archive.read(member), _figid(member), place, content)
            elif piece.kind == "update":
                read_update(self._archive.read(member), member, content)
            else:
                self._read_turtle(self._archive.read(member), piece.kind, member, place, content)
        except _UNREADABLE as error:
            content.unreadable(place, error)

    def _read_turtle(
        self, data: bytes, kind: str, member: str, place: str, content: Content
    ) -> None:
        graph = page_of(_figid(member)) if kind == "core" else GRAPH_BASE + kind
        quads = list(islice(parse(data, ox.RdfFormat.TURTLE), MAX_TRIPLES + 1))
        if len(quads) > MAX_TRIPLES:
            raise ValueError(f"it has more than {MAX_TRIPLES:,} triples")
        content.counts["triples"] += count(((graph, quad) for quad in quads), content)
        if kind == "core":
            take_core(_figid(member), quads, self._reading.sets, self._reading.loose, content)
        if self._engine is not None:
            content.validated += 1
            self._validate(data.decode(), "turtle", place, content)

    def _read_linkset(self, file: IO[bytes], place: str, content: Content) -> None:
        """It may be large, so it is validated some nodes at a time, as when it was made."""
        waiting: list[ox.Triple] = []

        def quads() -> Iterator[tuple[str, ox.Quad]]:
            subject: object = None
            for quad in parse(file, ox.RdfFormat.TURTLE):
                if quad.predicate in _OF_TABLES and len(content.described) < _MOST_DESCRIBED:
                    said = _value(quad.subject), quad.predicate.value, _value(quad.object)
                    # Orthologies have sources too, thousands of them.
                    if said[0].startswith(_TABLE_BASE):
                        content.described.add(said)
                yield GRAPH_BASE + "linkset", quad
                if self._engine is None:
                    continue
                is_next = quad.subject != subject or len(waiting) >= MAX_TRIPLES
                if len(waiting) >= _TRIPLES_AT_ONCE and is_next:
                    self._validate(ntriples(waiting), "nt", place, content)
                    waiting.clear()
                subject = quad.subject
                waiting.append(quad.triple)

        content.counts["triples"] += count(quads(), content)
        if self._engine is not None:
            self._validate(ntriples(waiting), "nt", place, content)
            content.validated += 1

    def _validate(self, text: str, syntax: str, place: str, content: Content) -> None:
        assert self._engine is not None
        try:
            results = self._engine.validate(text, syntax)
        except UnreadableError as error:
            content.fault(place, printable(str(error)))
            return
        violations = [r for r in results if r.severity is Severity.VIOLATION]
        if violations:
            first = LocatedResult(violations[0], Location(place, field=violations[0].focus))
            more = f", and {len(violations) - 1} more" if len(violations) > 1 else ""
            content.violations.append(
                Finding(
                    first.location, first.text + more, "fix the record and make the release again"
                )
            )


def _figid(member: str) -> str:
    """The figid of the figure that a member is named after."""
    return member.rpartition("/")[2].rpartition(".")[0].partition("~")[0]


def _read_lines(piece: Piece, content: Content, log: Path | None) -> None:
    with ExitStack() as stack:
        file = stack.enter_context(unpacked(piece.path, ".gz"))
        on_quad = None
        if log is not None and piece.kind == "nquads":
            on_quad = stack.enter_context(QuadLog(log, "release")).add
        quads = parse(file, _FORMATS[piece.kind])
        named = _named(quads, content, _most_graphs(piece.path))
        content.counts["triples"] += count(named, content, on_quad)


def _most_graphs(path: Path) -> int:
    """How many graphs a file may have, since the sum of each is in memory."""
    return path.stat().st_size // _GRAPH_BYTES + _MOST_GRAPHS


def _named(quads: Iterable[ox.Quad], content: Content, most: int) -> Iterator[tuple[str, ox.Quad]]:
    for quad in quads:
        if len(content.graphs) > most:
            raise ValueError(f"it has more than {most:,} graphs")
        yield _graph(quad), quad


def _graph(quad: ox.Quad) -> str:
    name = quad.graph_name
    return "" if isinstance(name, ox.DefaultGraph) else name.value


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI or text of a term."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def loose_matches(path: Path) -> Loose:
    """What a linkset relates as narrower or broader; empty where it cannot be read, as is said."""
    found: set[tuple[str, str]] = set()
    mesh, chebi = SPACES["mesh"].base, SPACES["chebi"].base
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_LINKSET) as file:
            for quad in parse(file, ox.RdfFormat.TURTLE):
                if quad.predicate.value in _LOOSE and len(found) < _MOST_LOOSE:
                    subject, other = _value(quad.subject), _value(quad.object)
                    found.add((subject.removeprefix(mesh), other.removeprefix(chebi)))
    except (*_UNREADABLE, KeyError, AttributeError) as error:
        if is_exhausted(error):
            raise
    return frozenset(found)
