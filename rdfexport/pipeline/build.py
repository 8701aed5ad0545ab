"""One record → its graphs, validated: read, normalise, link, map, validate."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.diagnostics import LocatedResult, Severity
from rdfexport.errors import RecordError
from rdfexport.graph import Mapper
from rdfexport.pipeline.records import RecordReader
from rdfexport.validate import make_engine
from rdfexport.validate.report import term
from rdfexport.write import NTriples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdfexport.diagnostics import Finding, Result
    from rdfexport.graph import Node
    from rdfexport.mapping import View
    from rdfexport.pipeline.options import GraphOptions, Validation
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.sources import Entry


class Graph(NamedTuple):
    """The nodes of one figure in one part of the export; ``iri`` is that of the named graph."""

    part: str
    iri: str
    nodes: Sequence[Node]


class Checked(NamedTuple):
    """The validation results of a figure's graphs.

    Args:
        results: How many results, by severity and shape.
        violations: Those that are violations, with their places in the record.
        located: All of them, where a report was asked for.
        is_refused: Whether the violations keep the figure out of the export.
    """

    results: Counter[tuple[Severity, str]] = Counter()  # noqa: RUF012 - never changed
    violations: tuple[LocatedResult, ...] = ()
    located: tuple[LocatedResult, ...] = ()
    is_refused: bool = False


class Built(NamedTuple):
    """The graphs of one record, and all that was found on the way.

    Args:
        name: The name of the figure's own files, without ending.
        view: The record as the mapping sees it.
        graphs: The figure's graphs, one a part.
        links: Its items of the linkset.
        checked: What validation found.
    """

    name: str
    view: View
    graphs: tuple[Graph, ...]
    links: Iterable[tuple[str, ...]]
    checked: Checked

    @property
    def figid(self) -> str:
        return self.view.record.figid

    @property
    def findings(self) -> Sequence[Finding]:
        """Warnings about the record."""
        return self.view.record.findings


class RecordBuilder:
    """Builds the graphs of records, in one process.

    Args:
        options: Which graphs.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        BusyError: The reference tables were replaced since the work began.
    """

    def __init__(
        self, options: GraphOptions, shapes: str | None, references: ReferenceDatabase | None
    ) -> None:
        self.options = options
        self._mapper = Mapper(options.vocabulary, options.data_version, options.compat_rule)
        self.prefixes = self._mapper.vocabulary.prefixes
        self._reader = RecordReader(self._mapper.vocabulary, options.linking, references)
        self._validator = None
        if options.validation is not None and shapes is not None:
            self._validator = Validator(options.validation, shapes, self._mapper)

    def build(self, entry: Entry | RecordError) -> Built:
        """Build the graphs of one record.

        Raises:
            RecordError: It cannot be read, or has a fault that leaves no record.
        """
        if isinstance(entry, RecordError):
            raise entry
        record = self._reader.read(entry)
        view = self._mapper.view(record)
        graphs = [Graph("core", view.page, self._mapper.core(view))]
        if self.options.wikipathways:
            graph = self.options.graph_base + "wp"
            graphs.append(Graph("wp", graph, self._mapper.wikipathways(view)))
        checked = Checked() if self._validator is None else self._validator.check(view, graphs)
        links = self._mapper.link_items(view)
        return Built(record.figid + entry.suffix, view, tuple(graphs), links, checked)

    def close(self) -> None:
        self._reader.close()


class Validator:
    """Validates the graphs of figures.

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

    def check(self, view: View, graphs: Iterable[Graph]) -> Checked:
        """Validate each graph of a figure on its own."""
        found = [
            result
            for graph in graphs
            if graph.nodes
            for result in self._engine.validate(self._serializer.figure(view.page, graph.nodes))
        ]
        if not found:
            return Checked()
        violations = tuple(
            locate(self._mapper, view, r) for r in found if r.severity is Severity.VIOLATION
        )
        located: tuple[LocatedResult, ...] = ()
        if self._validation.report is not None:
            located = tuple(locate(self._mapper, view, r) for r in found)
        is_refused = bool(violations) and self._validation.on_violation == "reject"
        results = Counter((r.severity, r.shape) for r in found)
        return Checked(results, violations, located, is_refused)


def locate(mapper: Mapper, view: View, result: Result) -> LocatedResult:
    """Find the place in the record where the value of a validation result was written."""
    first = _FIRST_IRI.search(result.path or "")
    value = None if result.value is None else term(result.value).value
    field_path = mapper.field_of(view, result.focus.strip("<>"), first and first[1], value)
    return LocatedResult(result, view.record.origin.locate(field_path, value))


_FIRST_IRI: Final = re.compile(r"<([^>]*)>")
