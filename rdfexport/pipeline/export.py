"""The export: sources in, an export folder out."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from rdfexport.errors import InvalidGraphError
from rdfexport.graph import Mapper, Node, count, description
from rdfexport.mapping import Dataset
from rdfexport.model import Finding, LocatedResult, Location, Severity
from rdfexport.pipeline.distinct import DistinctItems
from rdfexport.pipeline.options import MAX_FILES, SHARD_FIGURES, Observer, Summary
from rdfexport.pipeline.outfolder import OutFolder
from rdfexport.pipeline.processes import run_tasks
from rdfexport.pipeline.records import ReferenceDatabase
from rdfexport.pipeline.reports import INDEX, NAMES, Reports
from rdfexport.pipeline.worker import Exporter, Task, shard_name
from rdfexport.read import Catalogue, Entry
from rdfexport.references import References
from rdfexport.validate import default_shapes, load_shapes, make_engine
from rdfexport.validate.report import term
from rdfexport.write import COMPRESSIONS, FORMATS, FigureFile, NTriples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdfexport.pipeline.options import ExportOptions
    from rdfexport.pipeline.worker import Result
    from rdfexport.validate import Engine

_FILES_TASK: Final = 25
_PARTS: Final = (
    ("core", "", "Pathway figures of PFOCR with their genes, chemicals and diseases"),
    ("linkset", " linkset", "Equivalent identifiers of the entities in PFOCR's figures"),
    ("wp", " for WikiPathways queries", "Pathway figures of PFOCR in WikiPathways' shape"),
)
_NODES_AT_ONCE: Final = 1000


def export(
    sources: Iterable[str], options: ExportOptions, observer: Observer | None = None
) -> Summary:
    """Export the records of some sources into ``options.out``.

    ``index.tsv`` there names each figure and its file or shard; it is written last, so an export
    that was stopped has none. ``rejected.jsonl`` and ``warnings.jsonl`` hold the faults.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: What to write, and how.
        observer: Is told what happens meanwhile.

    Raises:
        CallError: A source is not there, or the folder cannot be written to.
        RecordError: With ``options.strict``, the first fault.
    """
    return _Export(options, observer or Observer()).run(sources)


class _Export:
    def __init__(self, options: ExportOptions, observer: Observer) -> None:
        self._options = options
        self._observer = observer
        self._summary = Summary()
        self._engine: Engine | None = None

    def run(self, sources: Iterable[str]) -> Summary:
        began = time.monotonic()
        options, summary = self._options, self._summary
        shapes = None
        if options.validation is not None:
            files = (default_shapes(), *options.validation.shapes)
            shapes = load_shapes(files, options.vocabulary_base)
            self._engine = make_engine(options.validation.engine, shapes)
        reports = Reports(options, self._observer)
        with ExitStack() as stack:
            database = None
            if options.linking is not None:
                database = ReferenceDatabase.of(stack.enter_context(References.open()))
            catalogue = stack.enter_context(Catalogue(sources))
            folder = stack.enter_context(closing(OutFolder(options.out)))
            links = stack.enter_context(closing(DistinctItems()))
            many = options.layout == "shards" or (
                options.layout == "auto" and len(catalogue) > MAX_FILES
            )
            self._observer.on_start(len(catalogue))
            folder.plan(NAMES)
            (options.out / INDEX).unlink(missing_ok=True)
            tasks = self._tasks(catalogue, folder, many=many)
            # The processes end before what they read from and write to is closed.
            worker = partial(Exporter, options, many=many, shapes=shapes, references=database)
            results = closing(run_tasks(tasks, worker, options.jobs))
            with reports, results as done:
                for result in done:
                    self._take(result, reports)
                    links.add(result.links)
                    folder.written(name for name, _ in result.files)
                    self._observer.on_progress(summary.read)
                for finding in catalogue.findings:
                    reports.warn(finding)
                summary.warnings += len(catalogue.findings)
                self._write_linkset(links, folder, reports)
                if options.wikipathways:
                    self._write_description(folder, reports)
            folder.written(NAMES)
            summary.removed = folder.finish()
        summary.seconds = time.monotonic() - began
        return summary

    def _take(self, result: Result, reports: Reports) -> None:
        """Report and count what became of a task."""
        summary = self._summary
        for error in result.rejected:
            reports.reject(error)
        findings = [*result.findings, *map(_as_finding, result.violations)]
        for finding in findings:
            reports.warn(finding)
        reports.index(result.index)
        reports.validation(result.located)
        summary.exported += len(result.index)
        summary.rejected += len(result.rejected)
        summary.read = summary.exported + summary.rejected
        summary.warnings += len(findings)
        summary.files += len(result.files)
        summary.bytes += sum(size for _, size in result.files)
        summary.results += result.results
        for part, number in result.triples.items():
            summary.triples[part] = summary.triples.get(part, 0) + number

    def _tasks(self, catalogue: Catalogue, folder: OutFolder, *, many: bool) -> Iterator[Task]:
        entries = catalogue.entries()
        compression = COMPRESSIONS[self._options.compress]
        endings = [FORMATS[name].extension + compression for name in self._options.formats]
        number = 0
        while chunk := list(islice(entries, SHARD_FIGURES if many else _FILES_TASK)):
            number += 1
            stems = (
                [shard_name(number)]
                if many
                else [entry.stem for entry in chunk if isinstance(entry, Entry)]
            )
            folder.plan(
                f"{part}/{stem}{ending}"
                for part in ("core", "wp")
                for ending in endings
                for stem in stems
            )
            yield Task(chunk, number if many else None)

    def _write_linkset(self, links: DistinctItems, folder: OutFolder, reports: Reports) -> None:
        stem, graph = "linkset/linkset", self._options.graph_base + "linkset"
        batches = _batches(Mapper(self._options.vocabulary).linkset(links))
        # A link is true or not whatever the others say, so those that are sound stay.
        sound = (self._sound(stem, nodes, reports) for nodes in batches)
        self._write_part(stem, graph, filter(None, sound), folder, "linkset")

    def _write_description(self, folder: OutFolder, reports: Reports) -> None:
        options, triples = self._options, self._summary.triples
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
        stem, nodes = "wp/void", description(datasets, options.vocabulary)
        if len(self._sound(stem, nodes, reports)) == len(nodes):
            graph = options.graph_base + "void"
            self._write_part(stem, graph, [nodes], folder, "description")

    def _sound(self, stem: str, nodes: list[Node], reports: Reports) -> list[Node]:
        """Report what violates a shape, and give the nodes that may be written.

        Raises:
            InvalidGraphError: There is a violation, and the first one shall end the export.
        """
        options, summary = self._options, self._summary
        if self._engine is None or options.validation is None:
            return nodes
        writer = NTriples(options.vocabulary.prefixes, many=True)
        results = self._engine.validate(writer.figure(stem, nodes))
        located = [LocatedResult(r, Location(stem, field=r.focus)) for r in results]
        reports.validation(located)
        summary.results.update((r.severity, r.shape) for r in results)
        violations = [one for one in located if one.result.severity is Severity.VIOLATION]
        if options.validation.on_violation == "warn":
            for finding in map(_as_finding, violations):
                reports.warn(finding)
            summary.warnings += len(violations)
            return nodes
        wrong = set()
        # Results come in the order of their focus nodes.
        for focus, some in groupby(violations, attrgetter("result.focus")):
            error = InvalidGraphError(tuple(some))
            if options.strict:
                raise error
            reports.reject(error)
            wrong.add(term(focus).value)
        sound = [node for node in nodes if wrong.isdisjoint(_terms(node))]
        if wrong and len(sound) == len(nodes):
            sound = []  # What is said of none of them is of them all.
        summary.left_out += len(nodes) - len(sound)
        return sound

    def _write_part(
        self,
        stem: str,
        graph: str,
        batches: Iterable[Sequence[Node]],
        folder: OutFolder,
        part: str,
    ) -> None:
        """Write nodes that are not a figure's into one file a format."""
        options = self._options
        ending = COMPRESSIONS[options.compress]
        forms = [FORMATS[name] for name in options.formats if not FORMATS[name].schema_only]
        names = [f"{stem}{form.extension}{ending}" for form in forms]
        folder.plan(names)
        triples = 0
        with ExitStack() as stack:
            files = [
                stack.enter_context(
                    FigureFile(
                        options.out / name,
                        form.serializer(options.vocabulary.prefixes, many=True),
                        options.compress,
                    )
                )
                for name, form in zip(names, forms, strict=True)
            ]
            for nodes in batches:
                triples += count(nodes)
                for file in files:
                    file.add(graph, nodes)
        folder.written(names)
        self._summary.triples[part] = triples
        self._summary.files += len(files)
        self._summary.bytes += sum(file.bytes_written for file in files)


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
    return Finding(violation.location, violation.text, "mend the record")
