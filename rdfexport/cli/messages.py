"""Prints the faults that are found in records."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Final

from rdfexport.errors import SourceError
from rdfexport.pipeline import Observer
from rdfexport.printing import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdfexport.cli.progress import Progress
    from rdfexport.diagnostics import Finding
    from rdfexport.errors import RecordError

_LINES_SHOWN: Final = 20


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
        """The source of a file; its collection, where its name does not show the source."""
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
    """The beginning of the normalised paths of a source's files, or of an archive's members."""
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

    def observer(self) -> Observer:
        """Prints what happens while records are read."""
        return Observer(
            on_start=self._progress.start,
            on_progress=self._progress.update,
            on_rejected=self.rejected,
            on_finding=self.finding,
            on_note=self._progress.say,
        )

    def rejected_again(self, error: RecordError) -> None:
        """Count an error that may have been printed already, of sources that are read again."""
        self.incomplete += isinstance(error, SourceError)

    def finding(self, finding: Finding) -> None:
        self._findings += 1
        self._losses.add(finding)
        if self._verbose:
            self._progress.say(f"warning: {finding}")

    def close(self, out: Path | str | None) -> None:
        """Print how many there were, and in which folder all are listed, if they are."""
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
