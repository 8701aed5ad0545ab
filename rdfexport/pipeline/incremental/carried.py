"""Figures of an earlier export that are kept, since not all of the sources could be read.

What is missing in a source that was not read whole may still be there. So such an export removes
nothing: the figures that are missing from it stay what they were, in their files or shards, in the
index, and in the linkset.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from rdfexport.diagnostics import Location
from rdfexport.errors import SourceError, UnreadableError
from rdfexport.pipeline.incremental.shard_records import decompress_records
from rdfexport.pipeline.reports import INDEX
from rdfexport.pipeline.target.earlier import kept_file
from rdfexport.sources import Entry, Held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdfexport.errors import RecordError
    from rdfexport.pipeline.incremental.cache import Cache
    from rdfexport.pipeline.target.folder import OutFolder


class CannotKeepError(UnreadableError):
    """The figures of an earlier export cannot be kept beside those that could be read.

    Args:
        folder: Where that export is.
        unread: The part of a source that could not be read.
        consequence: What happened to the earlier export.
    """

    def __init__(
        self,
        folder: object,
        unread: SourceError,
        consequence: str = "that export was kept as it was",
    ) -> None:
        super().__init__(folder, unread, consequence)
        self.folder = folder
        self.unread = unread
        self.consequence = consequence

    def __str__(self) -> str:
        return (
            f"{self.unread}; the figures of an earlier export in {self.folder} cannot be kept"
            " beside what could be read: it is at a URL, or options, program or files have changed:"
            f" {self.consequence}; export again when the source can be read, or to a new folder"
        )


class UnknownFigureError(SourceError):
    """A figure of the last export is not in what could be read of the sources."""


def earlier_figures(cache: Cache, folder: OutFolder, error: SourceError, *, many: bool) -> set[str]:
    """The figures of an earlier export, all of which can be kept as they are.

    Args:
        cache: What is known of that export.
        folder: Where it is.
        error: Why they are to be kept.
        many: Whether a unit is a shard, not a record.

    Raises:
        CannotKeepError: One cannot be kept: its file was changed, or nothing is known of it.
    """
    figures, known = set[str](), set[str]()
    for name in cache.names():
        row = cache.row(name)
        if row is None or not row.is_as_written(folder.path):
            continue
        if not many:
            figures |= {name} if row.tally().index else set()
        elif (data := cache.records(name)) is not None:
            records = decompress_records(data)
            figures |= {stem for stem, one in records.items() if one.tally().index}
        else:
            continue
        known |= row.stamps().keys()
    if any(name not in known for name in folder.figure_files()):
        raise CannotKeepError(folder.path, error)
    return figures


class EarlierIndex:
    """Which figures an earlier export has, which is asked for only if a record cannot be read.

    Args:
        kept: The folder in which its replaced files are kept; None if there is no earlier export.
    """

    def __init__(self, kept: Path | None) -> None:
        self._kept = kept
        self._figures: frozenset[str] | None = None

    def __contains__(self, figid: str) -> bool:
        if self._figures is None:
            lines: list[str] = []
            if self._kept is not None:
                with suppress(FileNotFoundError):
                    lines = kept_file(self._kept, INDEX).read_text("utf-8").splitlines()[1:]
            self._figures = frozenset(line.partition("\t")[0] for line in lines)
        return figid in self._figures


def with_earlier(
    entries: Iterable[Entry | RecordError], figures: Iterable[str]
) -> Iterator[Entry | RecordError]:
    """Put figures of an earlier export among the records, each in its place.

    Args:
        entries: The records, in order of their names.
        figures: The names of records that are not among them, in their order.
    """
    waiting = deque(figures)
    for entry in entries:
        if isinstance(entry, Entry) and entry.stem is not None:
            while waiting and waiting[0] < entry.stem:
                yield _unread(waiting.popleft())
        yield entry
    yield from map(_unread, waiting)


def _unread(stem: str) -> Entry:
    problem = "not in what could be read of the sources"
    error = UnknownFigureError(Location(stem), problem, "repair the source")
    return Entry(stem, Held(stem, error), {})


def is_unread(entry: Entry | RecordError) -> bool:
    """Whether an entry stands for a figure of an earlier export alone."""
    return (
        isinstance(entry, Entry)
        and isinstance(entry.record, Held)
        and isinstance(entry.record.content, UnknownFigureError)
    )
