"""What is said while a command works: how far it is, and what is wrong with records."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final, Self

from rdfexport.errors import SourceError
from rdfexport.printing import say, visible_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdfexport.diagnostics import Finding
    from rdfexport.errors import RecordError

_LINES_SHOWN: Final = 20
_SECONDS_BETWEEN_LINES: Final = 10.0


class Losses:
    """Counts the findings that mean a loss, by topic and source.

    Args:
        sources: What the user named as sources.
    """

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = sources
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, finding: Finding) -> None:
        """Count a finding, if it has a topic."""
        if finding.topic is not None:
            self._counts[self._source_of(finding.location.file), finding.topic] += 1

    def lines(self) -> list[str]:
        """A line a source and topic."""
        return [
            f"warning: {source}: {topic}: {number:,}"
            for (source, topic), number in self._counts.items()
        ]

    def _source_of(self, file: str) -> str:
        """The source that a file is of; its collection, where that cannot be told by its name."""
        if len(self._sources) == 1 and "://" not in self._sources[0]:
            return self._sources[0]
        within = [
            source
            for source in self._sources
            if "://" not in source and f"{os.path.normpath(file)}/".startswith(_beginning(source))
        ]
        folder = file.rpartition("/")[0]
        return max(within, key=len, default=folder.removesuffix("/_figures").removesuffix("/_data"))


def _beginning(source: str) -> str:
    """How the normal path of a file in a source begins, or of a member of an archive."""
    path = os.path.normpath(source)
    return "" if path == "." else path


class Messages:
    """Prints faults, the first ones each and then their number; counts the ``rejections``.

    Args:
        progress: Prints them.
        quiet: Print nothing but rejections.
        verbose: Print each of them.
        sources: What the user named as sources.
    """

    def __init__(
        self, progress: Progress, *, quiet: bool, verbose: bool, sources: Sequence[str]
    ) -> None:
        self._losses = Losses(sources)
        self._progress = progress
        self._quiet = quiet
        self._verbose = verbose
        self.rejections = self.incomplete = 0
        self._findings = 0

    def rejected(self, error: RecordError) -> None:
        self.rejections += 1
        self.incomplete += isinstance(error, SourceError)
        if self._verbose or self.rejections <= _LINES_SHOWN:
            self._progress.say(f"rejected: {error}")

    def rejected_again(self, error: RecordError) -> None:
        """Take what may have been said already, of sources that are read once more."""
        self.incomplete += isinstance(error, SourceError)

    def finding(self, finding: Finding) -> None:
        self._findings += 1
        self._losses.add(finding)
        if self._verbose:
            self._progress.say(f"warning: {finding}")

    def close(self, out: Path | str | None) -> None:
        """Tell how many there were, and in which folder all are, if they were written down."""
        if self.rejections > _LINES_SHOWN and not self._verbose:
            more = self.rejections - _LINES_SHOWN
            where = f"all in {out}/rejected.jsonl" if out else "-v prints them"
            say(f"rejected: {more} more, {where}")
        if not self._quiet:
            for line in self._losses.lines():
                say(line)
        if self._findings and not (self._verbose or self._quiet):
            where = f", all in {out}/warnings.jsonl" if out else ""
            say(f"warnings: {self._findings}{where} (-v prints them)")


class Progress(AbstractContextManager["Progress"]):
    """Progress as plain lines, for logs; ``unit`` is what is counted."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._total: int | None = None
        self._said = self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        pass

    def start(self, total: int) -> None:
        self._total = total

    def update(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            rate = done / (now - self._began)
            of_all = "" if self._total is None else f" of {self._total:,}"
            self.say(f"{done:,}{of_all} {self._unit}, {rate:,.0f} a second")

    def say(self, line: str) -> None:
        say(line)


class _Silent(Progress):
    def update(self, done: int) -> None:
        pass


class _Bar(Progress):
    """Progress as a bar, on a terminal."""

    def __init__(self, unit: str) -> None:
        from rich.console import Console  # noqa: PLC0415 - slow to import, only for terminals
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as RichProgress  # noqa: PLC0415

        super().__init__(unit)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task(self._unit, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, total: int) -> None:
        self._bar.update(self._task, total=total)

    def update(self, done: int) -> None:
        self._bar.update(self._task, completed=done)

    def say(self, line: str) -> None:
        self._bar.console.print(visible_lines(line), markup=False, highlight=False, soft_wrap=True)


def progress(unit: str, *, quiet: bool) -> AbstractContextManager[Progress]:
    """Progress in the form that suits where it goes; ``unit`` is what is counted."""
    if quiet:
        return nullcontext(_Silent(unit))
    return _Bar(unit) if sys.stderr.isatty() else nullcontext(Progress(unit))
