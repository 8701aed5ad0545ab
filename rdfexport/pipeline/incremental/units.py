"""Units of an export, records or shards, each built only if the last export's is out of date.

A unit's sources are known to be the same by their stamps; where these do not say enough, by their
digest, which a worker process computes. The tally of an unchanged unit comes from the cache, in its
place among the others, so the files about the whole collection are those of a full export.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import closing
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import RecordError, SourceError
from rdfexport.pipeline.executor.processes import Finished
from rdfexport.pipeline.executor.tasks import RECORDS_AT_ONCE, Task, shards
from rdfexport.pipeline.incremental.cache import Row, Stamp
from rdfexport.pipeline.incremental.carried import CannotKeepError, EarlierIndex, is_unread
from rdfexport.pipeline.tally import Tally
from rdfexport.sources import Entry, Member

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from rdfexport.pipeline.incremental.cache import Cache
    from rdfexport.pipeline.target.folder import OutFolder

_RACY: Final = 3_000_000_000
"""Nanoseconds for which a file's times may stand still while its content changes (FAT: 2 s)."""
_STEPS_AT_ONCE: Final = 500


class Unit(NamedTuple):
    """A task, and what is known of it and of each of its records, if its files are there."""

    task: Task
    row: Row | None
    records: bytes | None


class Done(NamedTuple):
    """The result of a unit; ``row`` is None where what is known of it is still right.

    ``unchanged`` counts the records of a shard that were copied from the last one.
    """

    row: Row | None = None
    records: bytes | None = None
    unchanged: int = 0
    tally: Tally | None = None


class Step(NamedTuple):
    """A unit in its place among the others.

    Args:
        name: The cache knows it by that; None for one that is not remembered.
        signature: Stands for the stamps of its sources, where these can be trusted.
        unit: What a worker is to build; None if nothing, or no longer.
        done: What the worker built.
        tally: The result, where neither worker nor cache has it.
        is_unread: Whether it stands for a figure whose source could not be read.
    """

    name: str | None
    signature: bytes | None = None
    unit: Unit | None = None
    done: Done | None = None
    tally: Tally | None = None
    is_unread: bool = False


class Units:
    """The units of an export, in the order of their records.

    Args:
        entries: The records.
        cache: What is known of the last export.
        folder: Where the files are.
        endings: Those of the files of a part.
        many: Whether a unit is a shard, not a record.
    """

    def __init__(
        self,
        entries: Iterator[Entry | RecordError],
        cache: Cache,
        folder: OutFolder,
        endings: Sequence[str],
        *,
        many: bool,
    ) -> None:
        self._entries = entries
        self._cache = cache
        self._folder = folder
        self._endings = endings
        self._many = many
        self._earlier = EarlierIndex(folder.keeps_in)
        self.unchanged = 0

    def tasks(self) -> Iterator[list[Step] | Finished[list[Step]]]:
        """All steps in order; those without work for a worker are finished."""
        for has_work, run in groupby(self._steps(), key=lambda step: step.unit is not None):
            at_once = _STEPS_AT_ONCE
            if has_work:
                at_once = 1 if self._many else RECORDS_AT_ONCE
            while steps := list(islice(run, at_once)):
                yield steps if has_work else Finished(steps)

    def tallies(self, done: Generator[list[Step]]) -> Generator[Tally]:
        """The tally of each unit, in order; what was built goes into the cache.

        Args:
            done: The ``tasks``, each done.
        """
        with closing(done):
            for steps in done:
                for step in steps:
                    yield self._tally(step)

    def _steps(self) -> Iterator[Step]:
        tasks = shards(self._entries) if self._many else (Task([e], None) for e in self._entries)
        for task in tasks:
            entry = task.entries[0]
            if task.shard is None and isinstance(entry, RecordError):
                yield Step(None, tally=Tally(rejected=[entry]))
                continue
            stem = task.shard or (entry.stem if isinstance(entry, Entry) else None)
            if task.shard is None and is_unread(entry):
                assert stem is not None
                self._cache.seen(stem)
                yield Step(stem, is_unread=True)
                continue
            yield self._step(task, stem)

    def _step(self, task: Task, stem: str | None) -> Step:
        """The step of a unit that has records to read."""
        # Of two units with one name, the second is not remembered.
        name = stem if stem is not None and self._cache.seen(stem) else None
        signature = _signature(task.entries)
        row = None if name is None else self._cache.row(name)
        if row is not None and not row.is_as_written(self._folder.path):
            row = None
        if row is not None and signature is not None and row.signature == signature.value:
            return Step(name)
        trusted = signature.value if signature is not None and signature.is_settled else None
        if stem is not None:
            entry = task.entries[0]
            file = stem
            if task.shard is None and isinstance(entry, Entry):
                file += entry.suffix
            self._folder.plan(
                f"{part}/{file}{ending}" for part in ("core", "wp") for ending in self._endings
            )
        records = None if row is None or name is None else self._cache.records(name)
        return Step(name, trusted, Unit(task, row and row._replace(result=b""), records))

    def _tally(self, step: Step) -> Tally:
        if step.tally is not None:
            return step.tally
        if step.done is not None and step.done.row is not None:
            return self._built(step, step.done, step.done.row)
        assert step.name is not None
        if step.is_unread:
            carried = self._carried(step.name)
            assert carried is not None
            return carried
        return self._unchanged(step.name, step.signature)

    def _unchanged(self, name: str, signature: bytes | None) -> Tally:
        row = self._cache.row(name)
        assert row is not None
        if signature is not None:
            self._cache.put(name, row._replace(signature=signature))
        tally = row.tally()
        self.unchanged += len(tally.index) + len(tally.rejected) - tally.kept
        return tally

    def _carried(self, name: str) -> Tally | None:
        """The tally of a record in the last export; None if its files are not as they were."""
        row = self._cache.row(name)
        if row is None or not row.is_as_written(self._folder.path):
            return None
        tally = row.tally()
        tally.kept = len(tally.index)
        return tally

    def _built(self, step: Step, done: Done, row: Row) -> Tally:
        tally = done.tally
        assert tally is not None
        signature = step.signature
        unread = [error for error in tally.rejected if isinstance(error, SourceError)]
        if unread:
            # The stamps of files do not tell when they can be read again.
            signature = None
            earlier = None if self._many or step.name is None else self._carried(step.name)
            if earlier is not None and earlier.kept:
                earlier.rejected += tally.rejected
                return earlier
            if not self._many and step.name is not None and step.name in self._earlier:
                raise CannotKeepError(self._folder.path, unread[0])
        if step.name is not None:
            self._cache.put(step.name, row._replace(signature=signature), done.records)
        self.unchanged += done.unchanged
        return tally


class _Signature(NamedTuple):
    """Stands for the stamps of a unit's sources.

    ``is_settled`` is False while a file may change once more without another stamp (git's "racily
    clean"): then its digest decides the next time.
    """

    value: bytes
    is_settled: bool


def _signature(entries: Iterable[Entry | RecordError]) -> _Signature | None:
    """The signature of a unit's sources; None if not each is a file of its own that is there."""
    made = hashlib.blake2b(digest_size=16)
    now, newest = time.time_ns(), 0
    for entry in entries:
        if isinstance(entry, RecordError):
            made.update(repr(str(entry)).encode())
            continue
        made.update(repr((entry.stem, entry.suffix, entry.pathways, len(entry.tables))).encode())
        for member in entry.members:
            if not isinstance(member, Member) or member.offset >= 0:
                return None
            try:
                stamp = Stamp.of(member.path)
            except OSError:
                return None
            newest = max(newest, stamp.modified, stamp.changed)
            made.update(repr((member.name, member.path, *stamp)).encode())
    return _Signature(made.digest(), newest < now - _RACY)
