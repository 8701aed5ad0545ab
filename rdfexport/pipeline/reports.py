"""The reports of an export: index, rejected records, warnings, and the validation report."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

from rdfexport.errors import InvalidGraphError, RecordError, UsageError
from rdfexport.printing import visible_json
from rdfexport.validate.report import REPORTS, as_dict
from rdfexport.write import OutputFile, tsv_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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


class ReportFiles:
    """The files beside an export's graphs; they appear together when the work is complete.

    Args:
        folder: Where they shall be.
        has_index: Whether there is an ``index.tsv``; it appears after all others.
        validation: A file for all validation results, if one is wanted.
    """

    def __init__(
        self, folder: Path, *, has_index: bool = True, validation: Path | None = None
    ) -> None:
        self._stack = ExitStack()
        self._index = OutputFile(folder / INDEX) if has_index else None
        self._rejected, self._warnings = (OutputFile(folder / n) for n in (REJECTED, WARNINGS))
        self._validation = None if validation is None else ReportFile(validation)

    def __enter__(self) -> Self:
        # What was entered last is closed first.
        if self._index is not None:
            self._stack.enter_context(self._index)
            self._index.write(tsv_line(("figid", "file")))
        self._stack.enter_context(self._rejected)
        self._stack.enter_context(self._warnings)
        if self._validation is not None:
            self._stack.enter_context(self._validation)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def index(self, rows: Iterable[tuple[str, str]]) -> None:
        if self._index is not None:
            self._index.write("".join(map(tsv_line, rows)))

    def reject(self, error: RecordError) -> None:
        line = _line(error.location, error.problem, error.remedy)
        if isinstance(error, InvalidGraphError):
            line["violations"] = [as_dict(located) for located in error.violations]
        self._rejected.write(_json(line))

    def warn(self, finding: Finding) -> None:
        self._warnings.write(_json(_line(finding.location, finding.problem, finding.remedy)))

    def validation(self, results: Iterable[LocatedResult]) -> None:
        if self._validation is not None:
            self._validation.add(results)


class Reports:
    """Reports what is found to the observer, and to the files beside the graphs if there are any.

    Args:
        observer: Is called for each fault and warning.
        files: Take them too.
    """

    def __init__(self, observer: Observer, files: ReportFiles | None = None) -> None:
        self._observer = observer
        self._files = files

    def index(self, rows: Iterable[tuple[str, str]]) -> None:
        """Report figures that were exported, each with the name of its file."""
        if self._files is not None:
            self._files.index(rows)

    def reject(self, error: RecordError) -> None:
        """Report a record that was left out."""
        self._observer.on_rejected(error)
        if self._files is not None:
            self._files.reject(error)

    def warn(self, finding: Finding) -> None:
        """Report a warning about a record that is exported."""
        self._observer.on_finding(finding)
        if self._files is not None:
            self._files.warn(finding)

    def validation(self, results: Iterable[LocatedResult]) -> None:
        """Report results of validation."""
        if self._files is not None:
            self._files.validation(results)


def report_files(folder: Path, options: GraphOptions) -> ReportFiles:
    """The files beside an export's graphs, as its options want them."""
    validation = None if options.validation is None else options.validation.report
    return ReportFiles(folder, validation=validation)


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


class RepeatedFindings:
    """Keeps back findings that are reported once for all rows that have them."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Finding, int]] = {}

    def others(self, findings: Iterable[Finding]) -> list[Finding]:
        """Keep back those that are reported once, and give the others."""
        others = []
        for finding in findings:
            if finding.unit is None:
                others.append(finding)
                continue
            key = (finding.problem, finding.unit)
            first, number = self._found.get(key, (finding, 0))
            self._found[key] = (first, number + 1)
        return others

    def counted(self) -> Iterator[Finding]:
        """One finding a problem, where it was found first, with the number of its units."""
        for first, number in self._found.values():
            problem = first.problem
            if number > 1:
                problem += f" (here and in {number - 1:,} more {first.unit})"
            yield replace(first, problem=problem, unit=None)
        self._found.clear()
