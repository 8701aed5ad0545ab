"""What a worker process does: the records of one task, from their bytes to their files."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from rdfexport.diagnostics import LocatedResult, Severity
from rdfexport.diagnostics import Result as ShaclResult
from rdfexport.errors import InvalidGraphError, RecordError, without_trace
from rdfexport.graph import Mapper, count
from rdfexport.pipeline.earlier import kept_file
from rdfexport.pipeline.processes import StoppedError
from rdfexport.pipeline.records import RecordReader
from rdfexport.sources import fetched
from rdfexport.validate import make_engine
from rdfexport.validate.report import term
from rdfexport.write import COMPRESSIONS, FORMATS, FigureFile, NTriples, Serializer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from rdfexport.diagnostics import Finding
    from rdfexport.graph import Node
    from rdfexport.mapping import View
    from rdfexport.model import FigureRecord
    from rdfexport.pipeline.options import FileOptions, GraphOptions, Validation
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.sources import Entry


class Task(NamedTuple):
    """Some records; ``shard`` is the name of the shard they make, None for a file a figure."""

    entries: list[Entry | RecordError]
    shard: str | None


class Target(NamedTuple):
    """The folder of the files, and where those that are replaced are kept, if at all."""

    folder: Path
    keep_in: Path | None = None


class GraphText(NamedTuple):
    """N-Quads of one graph; ``name`` is what the files of the figure or of the part are called."""

    part: str
    name: str
    graph: str
    nquads: str


@dataclass(slots=True)
class Result:
    """The result of a task.

    ``index`` pairs each figid with the name of its file or shard. ``results`` counts those of the
    validation, ``violations`` are those of figures exported anyway, and ``located`` is
    all of them, where a report was asked for. ``left_out`` counts nodes of a graph that is not a
    figure's. ``texts`` are the figures' graphs where they go into no files. ``kept`` counts the
    figures of an earlier export that are kept, since their source could not be read.
    """

    rejected: list[RecordError] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    links: set[tuple[str, ...]] = field(default_factory=set)
    index: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, int]] = field(default_factory=list)
    triples: dict[str, int] = field(default_factory=dict)
    results: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    violations: list[LocatedResult] = field(default_factory=list)
    located: list[LocatedResult] = field(default_factory=list)
    left_out: int = 0
    texts: list[GraphText] = field(default_factory=list)
    kept: int = 0

    def add(self, other: Result) -> None:
        """Take the results of some more records, but for their files and texts."""
        self.rejected += other.rejected
        self.findings += other.findings
        self.links |= other.links
        self.index += other.index
        for part, number in other.triples.items():
            self.triples[part] = self.triples.get(part, 0) + number
        self.results += other.results
        self.violations += other.violations
        self.located += other.located
        self.kept += other.kept


class RecordWorker(ABC):
    """Makes the graphs of records, which its kinds put somewhere.

    Args:
        options: Which graphs.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        BusyError: The reference tables were replaced meanwhile.
    """

    def __init__(
        self, options: GraphOptions, shapes: str | None, references: ReferenceDatabase | None
    ) -> None:
        self._options = options
        self._mapper = Mapper(options.vocabulary, options.data_version, options.compat_rule)
        self._reader = RecordReader(self._mapper.vocabulary, options.linking, references)
        self._validator = None
        if options.validation is not None and shapes is not None:
            self._validator = Validator(options.validation, shapes, self._mapper)

    @abstractmethod
    def output(self, task: Task, result: Result) -> Output:
        """What takes the nodes of a task's figures."""

    def record(self, entry: Entry | RecordError, output: Output, result: Result) -> None:
        """Do one record.

        Raises:
            RecordError: It is left out.
        """
        if isinstance(entry, RecordError):
            raise entry
        self._export(self._reader.read(entry), entry.suffix, output, result)

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Result:
        """Do a task.

        Raises:
            RecordError: In strict mode, the first fault.
            StoppedError: The work was asked to stop; no file of the task appears half.
        """
        result = Result()
        with self.output(task, result) as output:
            for entry in fetched(task.entries):
                if should_stop():
                    raise StoppedError
                try:
                    self.record(entry, output, result)
                except RecordError as error:
                    if self._options.strict:
                        raise
                    result.rejected.append(without_trace(error))
        return result

    def close(self) -> None:
        self._reader.close()

    def _export(self, record: FigureRecord, suffix: str, output: Output, result: Result) -> None:
        name = record.figid + suffix
        view = self._mapper.view(record)
        parts = {"core": self._mapper.core(view)}
        if self._options.wikipathways:
            parts["wp"] = self._mapper.wikipathways(view)
        if self._validator is not None:
            self._validator.check(view, parts.values(), result)
        for part, nodes in parts.items():
            graph = view.page if part == "core" else self._options.graph_base + part
            output.add(part, name, graph, nodes)
            result.triples[part] = result.triples.get(part, 0) + count(nodes)
        output.exported(view)
        result.links.update(self._mapper.link_items(view))
        result.index.append((record.figid, output.shard or name))
        result.findings += record.findings


class Exporter(RecordWorker):
    """Writes the graphs of a task's figures into files.

    Args:
        options: What to write.
        target: Where the files go.
        many: Whether a file holds more than one figure.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        BusyError: The reference tables were replaced meanwhile.
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
        super().__init__(options, shapes, references)
        self._file_options = options
        self._target = target
        prefixes = self._mapper.vocabulary.prefixes
        self._serializers = {
            name: FORMATS[name].serializer(prefixes, many=many) for name in options.formats
        }

    def output(self, task: Task, result: Result) -> FigureFiles:
        return FigureFiles(self._file_options, self._target, self._serializers, task.shard, result)


class Validator:
    """Holds the graph of each figure against the shapes.

    Args:
        validation: How.
        shapes: The shapes as N-Triples.
        mapper: Knows which field a statement comes from.
    """

    def __init__(self, validation: Validation, shapes: str, mapper: Mapper) -> None:
        self._validation = validation
        self._engine = make_engine(validation.engine, shapes)
        self._mapper = mapper
        self._serializer = NTriples(mapper.vocabulary.prefixes, many=True)

    def check(self, view: View, parts: Iterable[Sequence[Node]], result: Result) -> None:
        """Validate the parts of a figure, each for itself.

        Raises:
            InvalidGraphError: There are violations, and such a figure shall be rejected.
        """
        found = [
            r
            for nodes in parts
            if nodes
            for r in self._engine.validate(self._serializer.figure(view.page, nodes))
        ]
        if not found:
            return
        result.results.update((r.severity, r.shape) for r in found)
        if self._validation.report is not None:
            result.located += [locate(self._mapper, view, r) for r in found]
        violations = [
            locate(self._mapper, view, r) for r in found if r.severity is Severity.VIOLATION
        ]
        if violations:
            if self._validation.on_violation == "reject":
                raise InvalidGraphError(tuple(violations))
            result.violations += violations


def locate(mapper: Mapper, view: View, result: ShaclResult) -> LocatedResult:
    """Find where in its record the value was written that a result is about."""
    first = _FIRST_IRI.search(result.path or "")
    value = None if result.value is None else term(result.value).value
    field_path = mapper.field_of(view, result.focus.strip("<>"), first and first[1], value)
    return LocatedResult(result, view.record.origin.locate(field_path, value))


_FIRST_IRI: Final = re.compile(r"<([^>]*)>")


class Output(AbstractContextManager["Output"], ABC):
    """Takes the nodes of a task's figures; ``shard`` is the name of the shard, if they make one."""

    shard: str | None

    @abstractmethod
    def add(self, part: str, name: str, graph: str, nodes: Sequence[Node]) -> None:
        """Take the nodes of one figure in one part.

        Args:
            part: The part of the export.
            name: What the figure's own files are called.
            graph: Its named graph.
            nodes: The nodes.
        """

    def exported(self, view: View) -> None:
        """Take the record of a figure, once the nodes of all its parts were taken."""


class FigureFiles(Output):
    """The files of a task: one a part and format where it makes a shard, else one a figure too."""

    def __init__(
        self,
        options: FileOptions,
        target: Target,
        serializers: dict[str, Serializer],
        shard: str | None,
        result: Result,
    ) -> None:
        self._options = options
        self._target = target
        self._serializers = serializers
        self.shard = shard
        self._result = result
        self._stack = ExitStack()
        self._open: dict[str, FigureFile] = {}
        self.places: dict[str, tuple[int, int]] = {}
        """Where the texts of the last figures lie in the files of the shard."""

    def __enter__(self) -> Self:
        self._stack.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]
        self._result.files += [(name, file.bytes_written) for name, file in self._open.items()]

    def add(self, part: str, name: str, graph: str, nodes: Sequence[Node]) -> None:
        if not nodes:
            return
        for format_name, serializer in self._serializers.items():
            form = FORMATS[format_name]
            if form.schema_only and part != "core":
                continue
            ending = form.extension + COMPRESSIONS[self._options.compress]
            path = f"{part}/{self.shard or name}{ending}"
            if self.shard is not None:
                self.places[path] = self._shard_file(path, serializer).add(graph, nodes)
            else:
                with self._file(path, serializer) as file:
                    file.add(graph, nodes)
                self._result.files.append((path, file.bytes_written))

    def add_text(self, name: str, text: bytes) -> None:
        """Take the text that a figure had in the shard's file of that name."""
        ending = name.partition(f"/{self.shard}")[2]
        serializer = next(
            serializer
            for form, serializer in self._serializers.items()
            if FORMATS[form].extension + COMPRESSIONS[self._options.compress] == ending
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
        return FigureFile(folder / name, serializer, self._options.compress, keep_old=kept)
