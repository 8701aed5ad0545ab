"""The export without files: sources in, the text of one graph after the other out."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from rdfexport.pipeline.build import RecordBuilder
from rdfexport.pipeline.executor.tasks import batches
from rdfexport.pipeline.options import Observer
from rdfexport.pipeline.reports import Reports
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.sinks import export_records
from rdfexport.pipeline.tally import GraphText, Tally
from rdfexport.sources import read_urls
from rdfexport.write import NQuads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdfexport.pipeline.arguments import Sources
    from rdfexport.pipeline.build import Built
    from rdfexport.pipeline.executor.tasks import Task
    from rdfexport.pipeline.options import GraphOptions
    from rdfexport.pipeline.records import ReferenceDatabase


def stream(
    sources: Sources, options: GraphOptions, observer: Observer | None = None
) -> Iterator[GraphText]:
    """Export the records of some sources, graph by graph, as N-Quads.

    First come the figures, in the order of their figids, then linkset and description, in pieces.
    What comes is the same as in the N-Quads files of an export with the same options.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: Which graphs.
        observer: Receives what happens meanwhile.

    Raises:
        DiskError: A source is not there.
        RecordError: With ``options.strict``, the first fault.
    """
    observer = observer or Observer()
    with Run(sources, options, observer, Reports(observer)) as run:
        tasks = batches(run.catalogue.entries())
        with closing(run.tallies(tasks, partial(_TextWorker, options))) as tallies:
            for tally in tallies:
                yield from tally.texts
        serializer = NQuads(options.vocabulary.prefixes, many=True)
        for shared in run.shared():
            for nodes in shared.batches:
                text = serializer.figure(shared.graph, nodes)
                yield GraphText(shared.part, shared.stem, shared.graph, text)


class _TextWorker:
    """Gives the graphs of a task's figures as text."""

    def __init__(
        self, options: GraphOptions, *, shapes: str | None, references: ReferenceDatabase | None
    ) -> None:
        self._builder = RecordBuilder(options, shapes, references)
        self._serializer = NQuads(self._builder.prefixes, many=True)

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Tally:
        tally = Tally()
        sink = _Texts(self._serializer, tally)
        export_records(self._builder, read_urls(task.entries), sink, should_stop, tally)
        return tally

    def close(self) -> None:
        self._builder.close()


class _Texts:
    """Puts graphs into a tally."""

    shard = None

    def __init__(self, serializer: NQuads, tally: Tally) -> None:
        self._serializer = serializer
        self._texts = tally.texts

    def add(self, built: Built) -> None:
        for part, graph, nodes in built.graphs:
            if nodes:
                text = self._serializer.figure(graph, nodes)
                self._texts.append(GraphText(part, built.name, graph, text))
