"""Units of an export, records or shards, each made only if the last export's is not still right.

A unit's sources are known to be the same by their stamps; where these do not say enough, by their
digest, which a worker process makes. The result of an unchanged unit comes from the cache, in its
place among the others, so all that is written of the whole collection is that of a full export.
"""

from __future__ import annotations

import hashlib
import time
import zlib
from collections import deque
from contextlib import closing, suppress
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from zstandard import ZstdError

from rdfexport.errors import RecordError, SourceError, without_trace
from rdfexport.pipeline.cache import Row, Stamp
from rdfexport.pipeline.kept import CannotKeepError, EarlierIndex, UnknownFigureError, is_unread
from rdfexport.pipeline.packed import digest, entry_digest
from rdfexport.pipeline.pieces import Piece, packed_pieces, text_of, unpacked_pieces
from rdfexport.pipeline.tasks import RECORDS_AT_ONCE, shards
from rdfexport.pipeline.worker import Exporter, FigureFiles, Result, Target, Task
from rdfexport.sources import Entry, Member, fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from rdfexport.pipeline.cache import Cache
    from rdfexport.pipeline.options import ExportOptions
    from rdfexport.pipeline.outfolder import OutFolder
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.pipeline.worker import Output

_RACY: Final = 3_000_000_000
"""Nanoseconds for which a file's times may stand still while its content changes (FAT: 2 s)."""


class Unit(NamedTuple):
    """A task, and what is known of it and of each of its records, if its files are there."""

    task: Task
    row: Row | None
    pieces: bytes | None


class Done(NamedTuple):
    """The result of a unit; ``row`` is None where what is known of it still holds.

    ``same`` counts the records of a shard that were copied from the last one.
    """

    row: Row | None
    pieces: bytes | None = None
    same: int = 0


class _Step(NamedTuple):
    """A unit in its place: made by a worker, kept (``is_kept``), or with a ``result`` already.

    It is carried over (``is_carried``) if its record is not known to be unchanged, but unknown.
    """

    name: str | None
    signature: bytes | None = None
    is_kept: bool = False
    result: Result | None = None
    is_carried: bool = False


class UnitWorker:
    """Makes units in a process, or finds that they need not be made.

    Args:
        options: What to write.
        many: Whether a file holds more than one figure.
        keep_in: Where files that are replaced are kept; None to keep none.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        BusyError: The reference tables were replaced meanwhile.
    """

    def __init__(
        self,
        options: ExportOptions,
        *,
        many: bool,
        keep_in: Path | None,
        shapes: str | None,
        references: ReferenceDatabase | None,
    ) -> None:
        self._out = options.out
        target = Target(options.out, keep_in)
        self._exporter = _Exporter(options, target, many=many, shapes=shapes, references=references)

    def run(self, units: Sequence[Unit], should_stop: Callable[[], bool]) -> list[Done]:
        """Do some units.

        Raises:
            RecordError: In strict mode, the first fault.
            StoppedError: The work was asked to stop; no file appears half.
        """
        return [self._done(unit, should_stop) for unit in units]

    def close(self) -> None:
        self._exporter.close()

    def _done(self, unit: Unit, should_stop: Callable[[], bool]) -> Done:
        unit = unit._replace(task=Task(fetched(unit.task.entries), unit.task.shard))
        if unit.row is not None and digest(unit.task.entries) == unit.row.digest:
            return Done(None)
        exporter = self._exporter
        exporter.begin(unit)
        result = exporter.run(unit.task, should_stop)
        names = [name for name, _ in result.files]
        row = Row.of(exporter.digest.digest(), self._out, names, result)
        return Done(row, packed_pieces(exporter.made) if exporter.made else None, exporter.same)


class _Exporter(Exporter):
    """Copies the records of a shard that are the same as they were, text and all.

    It knows the digest of what it has exported: of the bytes it read, should a file change.
    """

    def begin(self, unit: Unit) -> None:
        """Begin a unit, which is then run."""
        self.digest = hashlib.sha256()
        self.made: dict[str, Piece] = {}
        self.same = 0
        self._old: dict[str, Piece] = {}
        self._texts: dict[str, bytes] = {}
        self._earlier = EarlierIndex(self._target.keep_in)
        if unit.row is None or unit.pieces is None:
            return
        out = self._target.folder
        with suppress(OSError, EOFError, zlib.error, ZstdError):
            self._texts = {name: text_of(out / name) for name in unit.row.stamps()}
            # Whoever altered a file meanwhile has altered its stamp.
            if unit.row.is_as_written(out):
                self._old = unpacked_pieces(unit.pieces)

    def record(self, entry: Entry | RecordError, output: Output, result: Result) -> None:
        if isinstance(entry, Entry):
            entry = entry.held()
        own = entry_digest(entry)
        self.digest.update(own)
        if isinstance(entry, RecordError) or entry.stem is None or output.shard is None:
            super().record(entry, output, result)
            return
        assert isinstance(output, FigureFiles)
        output.places = {}
        piece = self._old.get(entry.stem)
        if piece is not None and piece.digest == own.hex():
            one = self._copied(piece, output)
            self.same += 1
            self.made[entry.stem] = piece._replace(places=output.places)
        else:
            one = Result()
            try:
                super().record(entry, output, one)
                self.made[entry.stem] = Piece.of(own, output.places, one)
            except SourceError as error:
                one = self._carried(entry.stem, piece, output, error)
            except RecordError as error:
                one.rejected.append(without_trace(error))
                self.made[entry.stem] = Piece.of(own, output.places, one)
        if self._options.strict and one.rejected:
            raise one.rejected[0]
        result.add(one)

    def _copied(self, piece: Piece, output: FigureFiles) -> Result:
        """Copy the text that a record had in the last shard."""
        for name, (begin, end) in piece.places.items():
            output.add_text(name, self._texts[name][begin:end])
        return piece.result

    def _carried(
        self, stem: str, piece: Piece | None, output: FigureFiles, error: SourceError
    ) -> Result:
        """Keep a figure as it was, since its record cannot be read.

        Raises:
            CannotKeepError: The last export has it, and it cannot be copied from there.
        """
        if piece is None or not piece.result.index:
            if stem in self._earlier:
                raise CannotKeepError(self._target.folder, error)
            return Result(rejected=[error])
        one = self._copied(piece, output)
        one.kept = len(one.index)
        if not isinstance(error, UnknownFigureError):
            one.rejected.append(without_trace(error))
        self.made[stem] = piece._replace(places=output.places)
        return one


class Units:
    """The units of an export, in the order of their records.

    Args:
        entries: The records.
        cache: What the last export made.
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
        self._steps: deque[_Step] = deque()
        self.unchanged = 0

    def to_make(self) -> Iterator[list[Unit]]:
        """The units that may have changed, in tasks of a convenient size."""
        units = self._units()
        at_once = 1 if self._many else RECORDS_AT_ONCE
        return iter(lambda: list(islice(units, at_once)), [])

    def results(self, made: Generator[list[Done]]) -> Generator[Result]:
        """The result of every unit, in order.

        Args:
            made: The result of those ``to_make``, which are asked for meanwhile.
        """
        with closing(made):
            for some in made:
                for done in some:
                    yield from self._ready()
                    yield self._taken(self._steps.popleft(), done)
        yield from self._ready()

    def _units(self) -> Iterator[Unit]:
        tasks = shards(self._entries) if self._many else (Task([e], None) for e in self._entries)
        for task in tasks:
            entry = task.entries[0]
            if task.shard is None and isinstance(entry, RecordError):
                self._steps.append(_Step(None, result=Result(rejected=[entry])))
                continue
            stem = task.shard or (entry.stem if isinstance(entry, Entry) else None)
            if task.shard is None and is_unread(entry):
                assert stem is not None
                self._cache.seen(stem)
                self._steps.append(_Step(stem, is_kept=True, is_carried=True))
                continue
            # Of two units with one name, the second is not remembered.
            name = stem if stem is not None and self._cache.seen(stem) else None
            signature = _signature(task.entries)
            row = None if name is None else self._cache.row(name)
            if row is not None and not row.is_as_written(self._folder.path):
                row = None
            if row is not None and signature is not None and row.signature == signature.value:
                self._steps.append(_Step(name, is_kept=True))
                continue
            trusted = signature.value if signature is not None and signature.is_settled else None
            self._steps.append(_Step(name, trusted))
            if stem is not None:
                file = stem
                if task.shard is None and isinstance(entry, Entry):
                    file += entry.suffix
                self._folder.plan(
                    f"{part}/{file}{ending}" for part in ("core", "wp") for ending in self._endings
                )
            pieces = None if row is None or name is None else self._cache.pieces(name)
            yield Unit(task, row and row._replace(result=b""), pieces)

    def _ready(self) -> Iterator[Result]:
        """The results that wait for no worker."""
        while self._steps and (self._steps[0].is_kept or self._steps[0].result is not None):
            step = self._steps.popleft()
            result = step.result
            if result is None:
                assert step.name is not None
                result = self._carried(step.name) if step.is_carried else self._kept(step.name)
                assert result is not None
            yield result

    def _kept(self, name: str, signature: bytes | None = None) -> Result:
        row = self._cache.row(name)
        assert row is not None
        if signature is not None:
            self._cache.put(name, row._replace(signature=signature))
        result = row.restored()
        self.unchanged += len(result.index) + len(result.rejected) - result.kept
        return result

    def _carried(self, name: str) -> Result | None:
        """The result of a record in the last export; None if its files are not as they were."""
        row = self._cache.row(name)
        if row is None or not row.is_as_written(self._folder.path):
            return None
        result = row.restored()
        result.kept = len(result.index)
        return result

    def _taken(self, step: _Step, done: Done) -> Result:
        if done.row is None:
            assert step.name is not None
            return self._kept(step.name, step.signature)
        result = done.row.restored()
        signature = step.signature
        unread = [error for error in result.rejected if isinstance(error, SourceError)]
        if unread:
            # The stamps of files do not tell when they can be read again.
            signature = None
            earlier = None if self._many or step.name is None else self._carried(step.name)
            if earlier is not None and earlier.kept:
                earlier.rejected += result.rejected
                return earlier
            if not self._many and step.name is not None and step.name in self._earlier:
                raise CannotKeepError(self._folder.path, unread[0])
        if step.name is not None:
            self._cache.put(step.name, done.row._replace(signature=signature), done.pieces)
        self.unchanged += done.same
        return result


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
