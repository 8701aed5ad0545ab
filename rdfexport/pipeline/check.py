"""Validates graphs that already exist."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import LocatedResult, Location, Result, Severity
from rdfexport.errors import UsageError
from rdfexport.pipeline.arguments import check_choice
from rdfexport.pipeline.reports import INDEX, ReportFile
from rdfexport.pipeline.target.folder import JOURNAL, PARTS
from rdfexport.printing import named
from rdfexport.terms import VOCABULARY_BASE
from rdfexport.validate import ENGINES, default_shapes, load_shapes, make_engine, shapes_folder
from rdfexport.validate.files import file_graph, rdf_files
from rdfexport.validate.report import REPORTS
from rdfexport.validate.report import summary as results_summary
from rdfexport.validate.stores import LocalStore, endpoint, store_graphs
from rdfexport.validate.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rdfexport.validate.files import DataGraph

UNIQUE_RECORD: Final = "<https://pfocr.wikipathways.org/shapes#UniqueRecord>"
# What a file's name says of its format, without compression; figids hold dots too.
_ENDING: Final = re.compile(r"((?:\.graph)?\.[^./]+?)(?:\.gz|\.zst)?$")
_NOTHING_IN_FILES: Final = "no figure, and no node that a shape is about"
_NOTHING_IN_STORE: Final = "no figure in it, as nothing has the class schema:Dataset"
_UNIQUE_COMPONENT: Final = "https://pfocr.wikipathways.org/shapes#UniqueConstraintComponent"


@dataclass(frozen=True, slots=True)
class Check:
    """The data to validate, and the form of the report.

    Args:
        files: RDF files and folders of them.
        store: The folder of an Oxigraph store.
        endpoint: The URL of a SPARQL endpoint.
        shapes: Shapes files beside this package's own.
        engine: A key of ``ENGINES``.
        vocabulary_base: The namespace of the project's own terms in what is validated.
        report: A file for all results (``.ttl``, ``.json`` or ``.sarif``).
        print_format: A key of ``REPORTS``.
        print_least: The least severity to print.
        allow_empty: Whether a file, store or endpoint may hold nothing that a shape is about.
    """

    files: tuple[Path, ...] = ()
    store: Path | None = None
    endpoint: str | None = None
    shapes: tuple[Path, ...] = ()
    engine: str = "shacl"
    vocabulary_base: str = VOCABULARY_BASE
    report: Path | None = None
    print_format: str = "table"
    print_least: str = "Warning"
    allow_empty: bool = False

    def __post_init__(self) -> None:
        if sum((bool(self.files), self.store is not None, self.endpoint is not None)) != 1:
            raise UsageError("name either files, or --store, or --endpoint")
        check_choice("engine", self.engine, ENGINES)
        check_choice("print_format", self.print_format, REPORTS)
        check_choice("print_least", self.print_least, [one.value for one in Severity])


@dataclass(slots=True)
class Outcome:
    """The outcome of a validation: how many figures, and results by severity and shape."""

    figures: int = 0
    pieces: int = 0
    counts: Counter[tuple[Severity, str]] = field(default_factory=Counter)

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and infos do not count."""
        return not any(severity is Severity.VIOLATION for severity, _ in self.counts)

    @property
    def summary(self) -> str:
        head = f"{self.figures:,} figures in {self.pieces:,} pieces: " + (
            "no violation" if self.conforms else "violations"
        )
        return f"{head}\n{results_summary(self.counts)}".rstrip()


def check(
    what: Check,
    write: Callable[[str], object],
    on_start: Callable[[int], None] = lambda _total: None,
    on_progress: Callable[[int], None] = lambda _done: None,
) -> Outcome:
    """Validate files, a store or an endpoint.

    Args:
        what: What, and how.
        write: Takes the results in the form that was asked for.
        on_start: Told how many pieces there are, where that is known.
        on_progress: Told how many are done.

    Raises:
        DiskError: A file is not there or cannot be read, or the report cannot be written.
        UnreadableError: Shapes or data are not well-formed. The report file does not appear then.
        UsageError: A file that was named, or all that was given, holds nothing to validate.
        RemoteError: The endpoint does not answer.
    """
    shapes = load_shapes((default_shapes(), *what.shapes), what.vocabulary_base)
    engine = make_engine(what.engine, shapes)
    # A page's document has schema.org terms alone, so only their shapes can be asked of it.
    page_files = (shapes_folder() / "bioschemas.ttl", *what.shapes)
    page_shapes = load_shapes(page_files, what.vocabulary_base)
    page_engine = make_engine(what.engine, page_shapes)
    printed = REPORTS[what.print_format]()
    least = list(Severity).index(Severity(what.print_least))
    outcome = Outcome()
    with ExitStack() as stack:
        report = None
        if what.report is not None:
            report = stack.enter_context(ReportFile(what.report))
        seen = stack.enter_context(closing(_Records()))
        contents = _Contents(what, shapes)
        for piece in _pieces(what, on_start):
            contents.add(piece)
            if not outcome.pieces:
                write(printed.begin())
            results = (page_engine if piece.schema_only else engine).validate(
                piece.text, piece.syntax
            )
            located = [LocatedResult(r, Location(piece.name)) for r in results]
            located += seen.repeated(piece)
            outcome.counts.update((x.result.severity, x.result.shape) for x in located)
            outcome.pieces += 1
            outcome.figures += len(piece.records)
            for one in located:
                if list(Severity).index(one.result.severity) <= least:
                    write(printed.result(one))
            if report is not None:
                report.add(located)
            on_progress(outcome.pieces)
        contents.end()
        if not outcome.pieces:
            write(printed.begin())
        write(printed.end())
    return outcome


def _pieces(what: Check, on_start: Callable[[int], None]) -> Iterator[DataGraph]:
    if what.files:
        paths = rdf_files(part for path in what.files for part in _parts(path))
        if not paths and not what.allow_empty:
            raise UsageError("no RDF file: name files or folders, --store or --endpoint")
        on_start(len(paths))
        for path in paths:
            yield file_graph(path)
    elif what.store is not None:
        yield from store_graphs(LocalStore(what.store), what.vocabulary_base)
    elif what.endpoint is not None:
        yield from store_graphs(endpoint(what.endpoint), what.vocabulary_base)


def _parts(path: Path) -> list[Path]:
    """The folders of an export's own files; what else is in its folder is not part of it.

    A release or a site beside them, as by default, holds each figure once more.
    """
    if not ((path / JOURNAL).is_file() or (path / INDEX).is_file()):
        return [path]
    return [path / part for part in PARTS if (path / part).is_dir()]


class _Contents:
    """Sees that there is something to validate: no figure would mean no violation."""

    def __init__(self, what: Check, shapes: str) -> None:
        self._targets = Targets(shapes)
        self._named = {str(path) for path in what.files if not path.is_dir()}
        self._allow_empty = what.allow_empty
        self._place = ", ".join(map(str, what.files)) or str(what.store or what.endpoint)
        self._has_any = what.allow_empty
        self._no_figure = _NOTHING_IN_FILES if what.files else _NOTHING_IN_STORE

    def add(self, piece: DataGraph) -> None:
        """Take a piece before it is validated.

        Raises:
            UsageError: It is a file that was named, and there is nothing in it.
        """
        is_needed = not self._has_any or piece.name in self._named
        if self._allow_empty or not is_needed:
            return
        if piece.records or self._targets.are_in(piece.text, piece.syntax):
            self._has_any = True
        elif piece.name in self._named:
            raise _nothing(piece.name)

    def end(self) -> None:
        """Say that there was nothing, if so.

        Raises:
            UsageError: There was nothing in any piece.
        """
        if not self._has_any:
            raise _nothing(self._place, self._no_figure)


def _nothing(place: str, problem: str = _NOTHING_IN_FILES) -> UsageError:
    return UsageError(f"{named(place)}: nothing to validate: {problem}; --allow-empty accepts that")


class _Records:
    """Finds records that stand in more than one file, whatever their number.

    One figure in several formats is no repetition: what is compared are files of one ending.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute(
            "CREATE TABLE record (iri TEXT, ending TEXT, place TEXT, PRIMARY KEY (iri, ending))"
        )

    def repeated(self, piece: DataGraph) -> Iterator[LocatedResult]:
        found = _ENDING.search(piece.name)
        ending = found[1] if found is not None else ""
        for iri, times in Counter(piece.records).items():
            row = self._database.execute(
                "SELECT place FROM record WHERE iri = ? AND ending = ?", (iri, ending)
            ).fetchone()
            if row is None:
                self._database.execute(
                    "INSERT INTO record VALUES (?,?,?)", (iri, ending, piece.name)
                )
                if times == 1:
                    continue
            place = row[0] if row is not None else piece.name
            yield LocatedResult(
                Result(
                    f"<{iri}>",
                    None,
                    None,
                    _UNIQUE_COMPONENT,
                    Severity.VIOLATION,
                    UNIQUE_RECORD,
                    f"This record stands in {place} as well.",
                ),
                Location(piece.name),
            )

    def close(self) -> None:
        self._database.close()
