"""From sources to graphs, whether these go to files or elsewhere."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager, ExitStack, closing
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self, TypeVar

from rdfexport.diagnostics import Finding, LocatedResult, Location, Severity
from rdfexport.errors import InvalidGraphError, SourceError, TooManyRejectedError
from rdfexport.graph import Mapper, Node, count, description
from rdfexport.mapping import Dataset
from rdfexport.pipeline.arguments import source_names
from rdfexport.pipeline.executor.processes import Finished, run_tasks
from rdfexport.pipeline.incremental.fingerprint import rules_digest
from rdfexport.pipeline.options import Summary
from rdfexport.pipeline.records import ReferenceDatabase
from rdfexport.pipeline.reports import RepeatedFindings
from rdfexport.pipeline.spill import DistinctItems
from rdfexport.pipeline.tally import Tally
from rdfexport.references import References
from rdfexport.sources import Catalogue
from rdfexport.validate import default_shapes, load_shapes, make_engine
from rdfexport.validate.report import term
from rdfexport.write import NTriples

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from types import TracebackType

    from rdfexport.model import ReferenceTable
    from rdfexport.pipeline.arguments import Sources
    from rdfexport.pipeline.executor.processes import Worker
    from rdfexport.pipeline.executor.tasks import Task
    from rdfexport.pipeline.options import GraphOptions, Observer, RejectionLimit
    from rdfexport.pipeline.reports import Reports
    from rdfexport.validate import Engine

_PARTS: Final = (
    ("core", "", "Pathway figures of PFOCR with their genes, chemicals and diseases"),
    ("linkset", " linkset", "Equivalent identifiers of the entities in PFOCR's figures"),
    ("wp", " for WikiPathways queries", "Pathway figures of PFOCR in WikiPathways' shape"),
)
_NODES_AT_ONCE: Final = 1000
_TaskT = TypeVar("_TaskT")
_ResultT = TypeVar("_ResultT")
_TaskT_contra = TypeVar("_TaskT_contra", contravariant=True)
_ResultT_co = TypeVar("_ResultT_co", covariant=True)


class MakeWorker(Protocol[_TaskT_contra, _ResultT_co]):
    """Makes the worker of a process."""

    def __call__(
        self, *, shapes: str | None, references: ReferenceDatabase | None
    ) -> Worker[_TaskT_contra, _ResultT_co]: ...


class RunTasks(Protocol):
    """Runs tasks on one machine or several, and gives their results in order."""

    def __call__(
        self,
        tasks: Iterable[_TaskT | Finished[_ResultT]],
        make_worker: Callable[[], Worker[_TaskT, _ResultT]],
    ) -> Generator[_ResultT]: ...


class SharedGraph(NamedTuple):
    """A graph that is not a figure's.

    ``stem`` is the name of its file without ending, ``digest`` that of what it is built from.
    ``tally`` is its result, once its batches were read.
    """

    part: str
    stem: str
    graph: str
    digest: bytes
    batches: Iterable[Sequence[Node]]
    tally: Tally


class Run(AbstractContextManager["Run"]):
    """Sources that become graphs.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: Which graphs.
        observer: Receives the progress.
        reports: Take what is wrong.
        engine: Does the work; by default ``options.jobs`` processes of this machine.

    Raises:
        DiskError: A source is not there, or shapes cannot be read.
        UnreadableError: Shapes are not well-formed.
    """

    def __init__(
        self,
        sources: Sources,
        options: GraphOptions,
        observer: Observer,
        reports: Reports,
        engine: RunTasks | None = None,
    ) -> None:
        self.summary = Summary()
        self.unread: SourceError | None = None
        """The first part of a source that could not be read."""
        self._sources = source_names(sources)
        self._options = options
        self._observer = observer
        self._reports = reports
        self._run_tasks = engine or partial(run_tasks, jobs=options.jobs)
        self.is_elsewhere = engine is not None
        """Whether other machines do the work, which do not have the files of this one."""
        self._stack = ExitStack()
        self._stops_when_rejected: int | None = None
        self._repeated = RepeatedFindings()
        self._shapes: str | None = None
        self._engine: Engine | None = None
        self._database: ReferenceDatabase | None = None
        if options.validation is not None:
            files = (default_shapes(), *options.validation.shapes)
            self._shapes = load_shapes(files, options.vocabulary_base)
            self._engine = make_engine(options.validation.engine, self._shapes)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if self._options.linking is not None:
                self._database = ReferenceDatabase.of(stack.enter_context(References.open()))
            self.catalogue = stack.enter_context(Catalogue(self._sources))
            if self._database is not None:
                self._database = self._database.with_organisms(self.catalogue)
            self._links = stack.enter_context(closing(DistinctItems()))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def limit_rejections(self, limit: RejectionLimit, *, stops: bool) -> None:
        """Set how many records may be rejected.

        Args:
            limit: That many.
            stops: Whether the work stops as soon as there are more.
        """
        self.summary.may_be_rejected = limit.of(len(self.catalogue))
        self._stops_when_rejected = self.summary.may_be_rejected if stops else None

    @property
    def tables(self) -> tuple[ReferenceTable, ...]:
        """The reference tables that identifiers are resolved by."""
        return () if self._database is None else self._database.tables.tables

    def rules(self, options: str) -> bytes:
        """A digest of what decides how a record is exported; ``options`` stands for those."""
        tables = None if self._database is None else self._database.content
        return rules_digest(options, self._shapes, tables)

    @property
    def database(self) -> ReferenceDatabase | None:
        """The reference tables that identifiers are resolved by, and where they are."""
        return self._database

    def tallies(
        self, tasks: Iterable[Task], make_worker: MakeWorker[Task, Tally]
    ) -> Generator[Tally]:
        """Run tasks, and report and count the tally of each, in their order.

        Raises:
            RecordError: With ``options.strict``, the first fault.
            TooManyRejectedError: More are rejected than may be.
        """
        return self.reported(self.work(tasks, make_worker))

    def work(
        self,
        tasks: Iterable[_TaskT | Finished[_ResultT]],
        make_worker: MakeWorker[_TaskT, _ResultT],
    ) -> Generator[_ResultT]:
        """Run tasks of any kind, and report nothing yet."""
        worker = partial(make_worker, shapes=self._shapes, references=self._database)
        return self._run_tasks(tasks, worker)

    def reported(self, tallies: Generator[Tally]) -> Generator[Tally]:
        """Report and count tallies, the order of whose records is that of the catalogue."""
        self._observer.on_start(len(self.catalogue))
        # The processes end before what they read from is closed.
        with closing(tallies):
            for tally in tallies:
                self._report_records(tally)
                self._links.add(tally.links)
                self._observer.on_progress(self.summary.read)
                yield tally
        findings = [*self._repeated.counted(), *self.catalogue.findings]
        for finding in findings:
            self._reports.warn(finding)
        self.summary.warnings += len(findings)

    def shared(self) -> Iterator[SharedGraph]:
        """The graphs that all figures have together, once the figures are done.

        The batches of each are read before the next is asked for, and reported then; or ``report``
        is called with the tally that the last export had of them.
        """
        stem, tally = "linkset/linkset", Tally()
        batches = _batches(Mapper(self._options.vocabulary).linkset(self._links))
        # A link is true or not whatever the others say, so those that are sound stay.
        sound = (self._sound(stem, nodes, tally) for nodes in batches)
        digest = hashlib.sha256()
        for item in self._links:
            digest.update(repr(item).encode())
        yield self._shared("linkset", stem, digest.digest(), filter(None, sound), tally)
        if self._options.wikipathways:
            stem, nodes, tally = "wp/void", self._description(), Tally()
            built_from = hashlib.sha256(repr(nodes).encode()).digest()
            if len(self._sound(stem, nodes, tally)) == len(nodes):
                yield self._shared("description", stem, built_from, [nodes], tally)
            else:
                self.report(tally)

    def _shared(
        self,
        part: str,
        stem: str,
        digest: bytes,
        batches: Iterable[Sequence[Node]],
        tally: Tally,
    ) -> SharedGraph:
        def counted() -> Iterator[Sequence[Node]]:
            tally.triples[part] = 0
            for nodes in batches:
                tally.triples[part] += count(nodes)
                yield nodes
            self.report(tally)

        graph = self._options.graph_base + stem.rpartition("/")[2]
        return SharedGraph(part, stem, graph, digest, counted(), tally)

    def _report_records(self, tally: Tally) -> None:
        """Report and count some records."""
        summary = self.summary
        self.report(tally)
        self._reports.index(tally.index)
        summary.kept += tally.kept
        summary.exported += len(tally.index) - tally.kept
        summary.rejected += len(tally.rejected)
        summary.read = summary.exported + summary.rejected
        limit = self._stops_when_rejected
        # What could not be read is no fault of a record, and removes nothing.
        faulty = summary.rejected - summary.incomplete
        if limit is not None and faulty > limit:
            raise TooManyRejectedError(faulty, len(self.catalogue), limit)

    def report(self, tally: Tally) -> None:
        """Report faults and warnings, and count all but records.

        Raises:
            RecordError: With ``options.strict``, the first fault.
        """
        summary, reports = self.summary, self._reports
        if self._options.strict and tally.rejected:
            raise tally.rejected[0]
        for error in tally.rejected:
            reports.reject(error)
        findings = self._repeated.others(tally.findings)
        findings += map(_as_finding, tally.violations)
        for finding in findings:
            reports.warn(finding)
        reports.validation(tally.located)
        unread = [error for error in tally.rejected if isinstance(error, SourceError)]
        self.unread = self.unread or next(iter(unread), None)
        summary.incomplete += len(unread)
        summary.warnings += len(findings)
        summary.files += len(tally.files)
        summary.bytes += sum(size for _, size in tally.files)
        summary.results += tally.results
        summary.left_out += tally.left_out
        for part, number in tally.triples.items():
            summary.triples[part] = summary.triples.get(part, 0) + number

    def _description(self) -> list[Node]:
        options, triples = self._options, self.summary.triples
        assert options.date is not None
        day = options.date.replace("-", "")
        datasets = [
            Dataset(
                options.graph_base + part,
                f"PFOCR RDF {day}{title}",
                text,
                options.date,
                str(triples[part]),
                part == "linkset",
            )
            for part, title, text in _PARTS
            # An empty part is not published, so there is nothing to describe.
            if triples.get(part)
        ]
        return description(datasets, options.vocabulary)

    def _sound(self, stem: str, nodes: list[Node], tally: Tally) -> list[Node]:
        """Put what violates a shape into the tally, and give the nodes that may be written.

        Raises:
            InvalidGraphError: There is a violation, and the first one shall end the work.
        """
        options = self._options
        if self._engine is None or options.validation is None:
            return nodes
        writer = NTriples(options.vocabulary.prefixes, many=True)
        results = self._engine.validate(writer.figure(stem, nodes))
        located = [LocatedResult(r, Location(stem, field=r.focus)) for r in results]
        # Without a report nobody asks for what is no violation.
        tally.located += [] if options.validation.report is None else located
        tally.results.update((r.severity, r.shape) for r in results)
        violations = [one for one in located if one.result.severity is Severity.VIOLATION]
        if options.validation.on_violation == "warn":
            tally.violations += violations
            return nodes
        wrong = set()
        # Results come in the order of their focus nodes.
        for focus, some in groupby(violations, attrgetter("result.focus")):
            error = InvalidGraphError(tuple(some))
            if options.strict:
                raise error
            tally.rejected.append(error)
            wrong.add(term(focus).value)
        sound = [node for node in nodes if wrong.isdisjoint(_terms(node))]
        if wrong and len(sound) == len(nodes):
            sound = []  # What is said of none of them is of them all.
        tally.left_out += len(nodes) - len(sound)
        return sound


def _batches(nodes: Iterable[Node]) -> Iterator[list[Node]]:
    iterator = iter(nodes)
    while batch := list(islice(iterator, _NODES_AT_ONCE)):
        yield batch


def _terms(node: Node) -> Iterator[str]:
    """The node, and what it leads to: shapes may be of that."""
    yield node.iri
    for _, values in node.rows:
        yield from values


def _as_finding(violation: LocatedResult) -> Finding:
    return Finding(violation.location, violation.text, "fix the record")
