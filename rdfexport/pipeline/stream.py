"""The export without files: sources in, the text of one graph after the other out."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from rdfexport.pipeline.options import Observer
from rdfexport.pipeline.reports import Reports
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.tasks import batches
from rdfexport.pipeline.worker import GraphText, Output, RecordWorker, Result, Task
from rdfexport.write import NQuads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdfexport.graph import Node
    from rdfexport.pipeline.arguments import Sources
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
        with closing(run.figures(tasks, partial(_TextWorker, options))) as done:
            for result in done:
                yield from result.texts
        serializer = NQuads(options.vocabulary.prefixes, many=True)
        for shared in run.shared():
            for nodes in shared.batches:
                text = serializer.figure(shared.graph, nodes)
                yield GraphText(shared.part, shared.stem, shared.graph, text)


class _TextWorker(RecordWorker):
    """Keeps the graphs of a task's figures as text."""

    def __init__(
        self, options: GraphOptions, *, shapes: str | None, references: ReferenceDatabase | None
    ) -> None:
        super().__init__(options, shapes, references)
        self._serializer = NQuads(options.vocabulary.prefixes, many=True)

    def output(self, _task: Task, result: Result) -> Output:
        return _Texts(self._serializer, result)


class _Texts(Output):
    shard = None

    def __init__(self, serializer: NQuads, result: Result) -> None:
        self._serializer = serializer
        self._texts = result.texts

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, part: str, name: str, graph: str, nodes: Sequence[Node]) -> None:
        if nodes:
            text = self._serializer.figure(graph, nodes)
            self._texts.append(GraphText(part, name, graph, text))
