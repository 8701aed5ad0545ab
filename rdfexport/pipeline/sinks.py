"""Where the graphs of built records go: a sink takes one figure after the other."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from rdfexport.errors import InvalidGraphError, RecordError, without_trace
from rdfexport.graph import count
from rdfexport.pipeline.build import RecordBuilder
from rdfexport.pipeline.executor.processes import StoppedError
from rdfexport.pipeline.tally import Tally
from rdfexport.pipeline.target.earlier import kept_file
from rdfexport.sources import read_urls
from rdfexport.write import COMPRESSIONS, FORMATS, FigureFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from rdfexport.pipeline.build import Built, Graph
    from rdfexport.pipeline.executor.tasks import Task
    from rdfexport.pipeline.options import FileOptions
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.sources import Entry
    from rdfexport.write import Serializer


class Sink(Protocol):
    """Takes the figures of a task."""

    @property
    def shard(self) -> str | None:
        """The name of the shard that they make; None if each has files of its own, or none."""

    def add(self, built: Built) -> None:
        """Take one figure."""


def export_records(
    builder: RecordBuilder,
    entries: Iterable[Entry | RecordError],
    sink: Sink,
    should_stop: Callable[[], bool],
    tally: Tally,
) -> None:
    """Build records and put them into a sink.

    Args:
        builder: Builds them.
        entries: The records.
        sink: Takes their graphs.
        should_stop: Tells whether the work is to end.
        tally: Takes the result, faults included.

    Raises:
        RecordError: In strict mode, the first fault.
        StoppedError: The work was asked to stop.
    """
    for entry in entries:
        if should_stop():
            raise StoppedError
        try:
            export_record(builder, entry, sink, tally)
        except RecordError as error:
            if builder.options.strict:
                raise
            tally.rejected.append(without_trace(error))


def export_record(
    builder: RecordBuilder, entry: Entry | RecordError, sink: Sink, tally: Tally
) -> None:
    """Build one record and put it into a sink.

    Raises:
        RecordError: It is left out.
    """
    built = builder.build(entry)
    checked = built.checked
    tally.results.update(checked.results)
    tally.located += checked.located
    if checked.is_refused:
        raise InvalidGraphError(checked.violations)
    tally.violations += checked.violations
    sink.add(built)
    for graph in built.graphs:
        tally.triples[graph.part] = tally.triples.get(graph.part, 0) + count(graph.nodes)
    tally.links.update(built.links)
    tally.index.append((built.figid, sink.shard or built.name))
    tally.findings += built.findings


class Target(NamedTuple):
    """The folder of the files, and where those that are replaced are kept, if at all."""

    folder: Path
    keep_in: Path | None = None


class FileWriter:
    """Writes the files of tasks, in one process.

    Args:
        options: What to write.
        target: Where the files go.
        many: Whether a file holds more than one figure.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        BusyError: The reference tables were replaced since the work began.
    """

    def __init__(
        self,
        options: FileOptions,
        target: Target,
        *,
        many: bool,
        shapes: str | None,
        references: ReferenceDatabase | None,
    ) -> None:
        self.builder = RecordBuilder(options, shapes, references)
        self.target = target
        self._compression = options.compress
        self._serializers = {
            name: FORMATS[name].serializer(self.builder.prefixes, many=many)
            for name in options.formats
        }

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Tally:
        """Write the files of a task.

        Raises:
            RecordError: In strict mode, the first fault.
            StoppedError: The work was asked to stop; no file of the task appears half.
        """
        tally = Tally()
        with self.files(task.shard, tally) as files:
            export_records(self.builder, read_urls(task.entries), files, should_stop, tally)
        return tally

    def files(self, shard: str | None, tally: Tally) -> FigureFiles:
        """The files of a task; ``tally`` takes their names and sizes when they are whole."""
        return FigureFiles(self.target, self._serializers, self._compression, shard, tally)

    def close(self) -> None:
        self.builder.close()


class FigureFiles:
    """The files of a task: one a part and format where it makes a shard, else one a figure too."""

    def __init__(
        self,
        target: Target,
        serializers: dict[str, Serializer],
        compression: str,
        shard: str | None,
        tally: Tally,
    ) -> None:
        self._target = target
        self._serializers = serializers
        self._compression = compression
        self.shard = shard
        self._tally = tally
        self._stack = ExitStack()
        self._open: dict[str, FigureFile] = {}
        self.places: dict[str, tuple[int, int]] = {}
        """Where the text of the last figure lies in the files of the shard."""

    def __enter__(self) -> Self:
        self._stack.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        self._tally.files += [(name, file.bytes_written) for name, file in self._open.items()]

    def add(self, built: Built) -> None:
        self.places = {}
        for graph in built.graphs:
            if graph.nodes:
                self._add(graph, built.name)

    def _add(self, graph: Graph, name: str) -> None:
        for format_name, serializer in self._serializers.items():
            form = FORMATS[format_name]
            if form.schema_only and graph.part != "core":
                continue
            ending = form.extension + COMPRESSIONS[self._compression]
            path = f"{graph.part}/{self.shard or name}{ending}"
            if self.shard is not None:
                file = self._shard_file(path, serializer)
                self.places[path] = file.add(graph.iri, graph.nodes)
            else:
                with self._file(path, serializer) as file:
                    file.add(graph.iri, graph.nodes)
                self._tally.files.append((path, file.bytes_written))

    def add_texts(self, texts: Iterable[tuple[str, bytes]]) -> None:
        """Add a figure as it was in the shard's files of these names."""
        self.places = {}
        for name, text in texts:
            ending = name.partition(f"/{self.shard}")[2]
            serializer = next(
                serializer
                for form, serializer in self._serializers.items()
                if FORMATS[form].extension + COMPRESSIONS[self._compression] == ending
            )
            self.places[name] = self._shard_file(name, serializer).add_text(text)

    def _shard_file(self, name: str, serializer: Serializer) -> FigureFile:
        file = self._open.get(name)
        if file is None:
            file = self._stack.enter_context(self._file(name, serializer))
            self._open[name] = file
        return file

    def _file(self, name: str, serializer: Serializer) -> FigureFile:
        folder, keep_in = self._target
        kept = None if keep_in is None else kept_file(keep_in, name)
        return FigureFile(folder / name, serializer, self._compression, keep_old=kept)
