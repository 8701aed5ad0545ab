"""Reading the files of a release: each is parsed, counted and validated, task by task."""

from __future__ import annotations

import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.diagnostics import Finding, LocatedResult, Location, Severity
from rdfexport.errors import UnreadableError, is_exhausted
from rdfexport.limits import MAX_TRIPLES
from rdfexport.mapping.view import table_base
from rdfexport.printing import printable
from rdfexport.release.diff.compare import page_of
from rdfexport.release.tables import gene_sets
from rdfexport.release.verify.content import Content, add_quads, graph_name, max_graphs
from rdfexport.release.verify.quad_hashes import QuadLog
from rdfexport.release.verify.read_changes import CHANGES, read_patch, read_update
from rdfexport.release.verify.read_figures import (
    read_core,
    read_document,
    read_mentions,
    read_sets,
)
from rdfexport.release.verify.tasks import LINKSET, UNREADABLE
from rdfexport.terms import GRAPH_BASE, PREFIXES, SPACES
from rdfexport.untrusted.files import unpacked
from rdfexport.untrusted.parsing import parse
from rdfexport.validate import make_engine
from rdfexport.validate.files import ntriples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rdfexport.release.verify.figure_graph import Loose
    from rdfexport.release.verify.tasks import ReadTask

TURTLES: Final = ("core", "wp", "linkset")
"""Archives of Turtle files, which together have all triples."""

_FORMATS: Final = {"ntriples": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS}
_BATCH_TRIPLES: Final = 20_000
_LOOSE: Final = tuple(f"{PREFIXES['skos']}{name}Match" for name in ("narrow", "broad"))
_OF_TABLES: Final = frozenset(
    ox.NamedNode(PREFIXES["dcterms"] + name) for name in ("identifier", "date", "source", "rights")
)
_TABLE_BASE: Final = table_base(GRAPH_BASE)
_MOST_LOOSE: Final = 200_000
_MOST_DESCRIBED: Final = 1_000


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How the files of a release are read.

    Args:
        shapes: The shapes as N-Triples; None to validate nothing.
        sets: Options of the gene sets.
        loose: Narrower and broader matches of the linkset.
        log: A folder for the hashes of quads; None if there is no patch to compare them with.
    """

    shapes: str | None
    sets: gene_sets.SetOptions
    loose: Loose
    log: Path | None


class Reader:
    """Runs tasks, in a process of its own or in this one."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        shapes = options.shapes
        self._engine = None if shapes is None else make_engine("shacl", shapes)
        self._archive: zipfile.ZipFile | None = None

    def run(self, task: ReadTask, _should_stop: Callable[[], bool]) -> tuple[ReadTask, Content]:
        """Read the file or members of a task; faults are in the content."""
        content = Content()
        try:
            if task.members:
                for member in task.members:
                    self._read_member(task, member, content)
            elif task.kind in _FORMATS:
                _read_lines(task, content, self._options.log)
            elif task.kind == "mentions":
                read_mentions(task, content)
            elif task.kind in gene_sets.KINDS:
                read_sets(task, content)
            elif task.kind == "patch" and self._options.log is not None:
                read_patch(task.path, content, self._options.log)
            elif task.kind in CHANGES:
                CHANGES[task.kind](task.path, task.name, content)
        except UNREADABLE as error:
            content.unreadable(task.name, error)
        return task, content

    def close(self) -> None:
        if self._archive is not None:
            self._archive.close()

    def _read_member(self, task: ReadTask, member: str, content: Content) -> None:
        # Opening an archive reads the list of all its members.
        if self._archive is None or self._archive.filename != str(task.path):
            self.close()
            self._archive = zipfile.ZipFile(task.path)
        place = f"{task.name}: {member}"
        try:
            if task.kind == "linkset":
                with self._archive.open(member) as file:
                    self._read_linkset(file, place, content)
            elif task.kind == "jsonld":
                read_document(self._archive.read(member), _figid(member), place, content)
            elif task.kind == "update":
                read_update(self._archive.read(member), member, content)
            else:
                self._read_turtle(self._archive.read(member), task.kind, member, place, content)
        except UNREADABLE as error:
            content.unreadable(place, error)

    def _read_turtle(
        self, data: bytes, kind: str, member: str, place: str, content: Content
    ) -> None:
        graph = page_of(_figid(member)) if kind == "core" else GRAPH_BASE + kind
        quads = list(islice(parse(data, ox.RdfFormat.TURTLE), MAX_TRIPLES + 1))
        if len(quads) > MAX_TRIPLES:
            raise ValueError(f"it has more than {MAX_TRIPLES:,} triples")
        content.counts["triples"] += add_quads(((graph, quad) for quad in quads), content)
        if kind == "core":
            read_core(_figid(member), quads, self._options.sets, self._options.loose, content)
        if self._engine is not None:
            content.validated += 1
            self._validate(data.decode(), "turtle", place, content)

    def _read_linkset(self, file: IO[bytes], place: str, content: Content) -> None:
        """Read the linkset; it may be large, so it is validated some nodes at a time."""
        batch: list[ox.Triple] = []

        def quads() -> Iterator[tuple[str, ox.Quad]]:
            subject: object = None
            for quad in parse(file, ox.RdfFormat.TURTLE):
                if quad.predicate in _OF_TABLES and len(content.described) < _MOST_DESCRIBED:
                    fact = _value(quad.subject), quad.predicate.value, _value(quad.object)
                    # Orthologies have sources, too: thousands of them.
                    if fact[0].startswith(_TABLE_BASE):
                        content.described.add(fact)
                yield GRAPH_BASE + "linkset", quad
                if self._engine is None:
                    continue
                is_next = quad.subject != subject or len(batch) >= MAX_TRIPLES
                if len(batch) >= _BATCH_TRIPLES and is_next:
                    self._validate(ntriples(batch), "nt", place, content)
                    batch.clear()
                subject = quad.subject
                batch.append(quad.triple)

        content.counts["triples"] += add_quads(quads(), content)
        if self._engine is not None:
            self._validate(ntriples(batch), "nt", place, content)
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


def _read_lines(task: ReadTask, content: Content, log: Path | None) -> None:
    with ExitStack() as stack:
        file = stack.enter_context(unpacked(task.path, ".gz"))
        on_quad = None
        if log is not None and task.kind == "nquads":
            on_quad = stack.enter_context(QuadLog(log, "release")).add
        quads = parse(file, _FORMATS[task.kind])
        named = _named(quads, content, max_graphs(task.path))
        content.counts["triples"] += add_quads(named, content, on_quad)


def _named(quads: Iterable[ox.Quad], content: Content, most: int) -> Iterator[tuple[str, ox.Quad]]:
    for quad in quads:
        if len(content.graphs) > most:
            raise ValueError(f"it has more than {most:,} graphs")
        yield graph_name(quad), quad


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI or text of a term."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def loose_matches(path: Path) -> Loose:
    """Narrower and broader matches of a linkset; empty if it cannot be read, which is reported."""
    found: set[tuple[str, str]] = set()
    mesh, chebi = SPACES["mesh"].base, SPACES["chebi"].base
    try:
        with zipfile.ZipFile(path) as archive, archive.open(LINKSET) as file:
            for quad in parse(file, ox.RdfFormat.TURTLE):
                if quad.predicate.value in _LOOSE and len(found) < _MOST_LOOSE:
                    subject, other = _value(quad.subject), _value(quad.object)
                    found.add((subject.removeprefix(mesh), other.removeprefix(chebi)))
    except (*UNREADABLE, KeyError, AttributeError) as error:
        if is_exhausted(error):
            raise
    return frozenset(found)
