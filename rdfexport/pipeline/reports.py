"""What an export says beside its graphs: index, faults, and the validation report."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

from rdfexport.errors import InvalidGraphError, RecordError, UsageError
from rdfexport.printing import visible_json
from rdfexport.validate.report import REPORTS, as_dict
from rdfexport.write import OutputFile, tsv_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from rdfexport.diagnostics import Finding, LocatedResult, Location
    from rdfexport.errors import RecordError
    from rdfexport.pipeline.options import GraphOptions, Observer

INDEX: Final = "index.tsv"
REJECTED: Final = "rejected.jsonl"
WARNINGS: Final = "warnings.jsonl"
NAMES: Final = (INDEX, REJECTED, WARNINGS)

_REPORT_KINDS: Final = {".ttl": "turtle", ".json": "json", ".sarif": "sarif"}


def report_kind(path: Path) -> str:
    """The kind of report that a file's name asks for.

    Raises:
        UsageError: Its ending is not known.
    """
    kind = _REPORT_KINDS.get(path.suffix)
    if kind is None:
        raise UsageError(f"{path}: a report ends in {', '.join(_REPORT_KINDS)}")
    return kind


class ReportFile:
    """A validation report that appears whole when it is done.

    Args:
        path: Its name, whose ending says its kind.

    Raises:
        UsageError: The ending is not known.
        DiskError: The file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._report = REPORTS[report_kind(path)]()
        self._file = OutputFile(path)

    def __enter__(self) -> Self:
        self._file.__enter__()
        self._file.write(self._report.begin())
        return self

    def add(self, results: Iterable[LocatedResult]) -> None:
        for located in results:
            self._file.write(self._report.result(located))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._file.write(self._report.end())
        self._file.__exit__(kind, error, trace)


class Reports:
    """Tells the observer of faults."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def index(self, rows: Iterable[tuple[str, str]]) -> None:
        """Take the figures that were exported, each with the name of its file."""

    def reject(self, error: RecordError) -> None:
        """Report a record that was left out."""
        self._observer.on_rejected(error)

    def warn(self, finding: Finding) -> None:
        """Report something about a record that is exported anyway."""
        self._observer.on_finding(finding)

    def validation(self, results: Iterable[LocatedResult]) -> None:
        """Take the results of validation."""


class FaultFiles(Reports):
    """``rejected.jsonl`` and ``warnings.jsonl``; they appear when the work is complete.

    Args:
        folder: Where they shall be.
        observer: Is called as well.
    """

    def __init__(self, folder: Path, observer: Observer) -> None:
        super().__init__(observer)
        self._stack = ExitStack()
        self._rejected, self._warnings = (OutputFile(folder / n) for n in (REJECTED, WARNINGS))

    def __enter__(self) -> Self:
        self._stack.enter_context(self._rejected)
        self._stack.enter_context(self._warnings)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def reject(self, error: RecordError) -> None:
        super().reject(error)
        line = _line(error.location, error.problem, error.remedy)
        if isinstance(error, InvalidGraphError):
            line["violations"] = [as_dict(located) for located in error.violations]
        self._rejected.write(_json(line))

    def warn(self, finding: Finding) -> None:
        super().warn(finding)
        self._warnings.write(_json(_line(finding.location, finding.problem, finding.remedy)))


class ReportFiles(FaultFiles):
    """The files beside an export's graphs; they appear together when it is complete.

    Args:
        folder: Where they shall be.
        options: Say whether there is a validation report.
        observer: Is called as well.
    """

    def __init__(self, folder: Path, options: GraphOptions, observer: Observer) -> None:
        super().__init__(folder, observer)
        self._index = OutputFile(folder / INDEX)
        self._validation = None
        if options.validation is not None and options.validation.report is not None:
            self._validation = ReportFile(options.validation.report)

    def __enter__(self) -> Self:
        # What was entered last is closed first: the index is to appear after all others.
        self._stack.enter_context(self._index)
        super().__enter__()
        if self._validation is not None:
            self._stack.enter_context(self._validation)
        self._index.write(tsv_line(("figid", "file")))
        return self

    def index(self, rows: Iterable[tuple[str, str]]) -> None:
        self._index.write("".join(map(tsv_line, rows)))

    def validation(self, results: Iterable[LocatedResult]) -> None:
        if self._validation is not None:
            self._validation.add(results)


def _line(location: Location, problem: str, remedy: str) -> dict[str, Any]:
    return {
        "file": location.file,
        "line": location.line,
        "field": location.field,
        "problem": problem,
        "remedy": remedy,
    }


def _json(line: dict[str, Any]) -> str:
    return visible_json(orjson.dumps(line).decode()) + "\n"
