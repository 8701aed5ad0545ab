"""Builds units in a worker process, or finds that they need not be built."""

from __future__ import annotations

import hashlib
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from zstandard import ZstdError

from rdfexport.errors import RecordError, SourceError, without_trace
from rdfexport.pipeline.executor.processes import StoppedError
from rdfexport.pipeline.incremental.cache import Row
from rdfexport.pipeline.incremental.carried import (
    CannotKeepError,
    EarlierIndex,
    UnknownFigureError,
)
from rdfexport.pipeline.incremental.fingerprint import entries_digest, entry_digest
from rdfexport.pipeline.incremental.shard_records import (
    ShardRecord,
    compress_records,
    decompress_records,
    decompressed_text,
)
from rdfexport.pipeline.incremental.units import Done
from rdfexport.pipeline.sinks import FileWriter, Target, export_record, export_records
from rdfexport.pipeline.tally import Tally
from rdfexport.sources import Entry, read_urls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from rdfexport.pipeline.incremental.units import Step, Unit
    from rdfexport.pipeline.options import ExportOptions
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.pipeline.sinks import FigureFiles


class UnitWorker:
    """Builds units in a process, or finds that they need not be built.

    Args:
        options: What to write.
        many: Whether a file holds more than one figure.
        keep_in: Where files that are replaced are kept; None to keep none.
        shapes: The shapes as N-Triples, if the figures shall be validated.
        references: The reference tables, if the figures shall be linked.

    Raises:
        BusyError: The reference tables were replaced since the work began.
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
        self._writer = FileWriter(
            options, Target(options.out, keep_in), many=many, shapes=shapes, references=references
        )

    def run(self, steps: Sequence[Step], should_stop: Callable[[], bool]) -> list[Step]:
        """Build the units of some steps.

        Raises:
            RecordError: In strict mode, the first fault.
            StoppedError: The work was asked to stop; no file appears half.
        """
        return [
            step._replace(unit=None, done=self._done(step.unit, should_stop))
            for step in steps
            if step.unit is not None
        ]

    def close(self) -> None:
        self._writer.close()

    def _done(self, unit: Unit, should_stop: Callable[[], bool]) -> Done:
        entries = read_urls(unit.task.entries)
        if unit.row is not None and entries_digest(entries) == unit.row.digest:
            return Done()
        tally, update = Tally(), None
        held = HeldEntries(entries)
        with self._writer.files(unit.task.shard, tally) as files:
            if unit.task.shard is None:
                records = (entry for entry, _ in held)
                export_records(self._writer.builder, records, files, should_stop, tally)
            else:
                update = ShardUpdate(self._writer, unit, files)
                update.run(held, should_stop, tally)
        names = [name for name, _ in tally.files]
        row = Row.of(held.digest.digest(), self._writer.target.folder, names, tally)
        if update is None or not update.records:
            return Done(row, tally=tally)
        return Done(row, compress_records(update.records), update.unchanged, tally)


class HeldEntries:
    """Reads entries one at a time, and gives each with its digest.

    ``digest`` is that of all: of the bytes that were read, should a file change meanwhile.
    """

    def __init__(self, entries: Iterable[Entry | RecordError]) -> None:
        self._entries = entries
        self.digest = hashlib.sha256()

    def __iter__(self) -> Iterator[tuple[Entry | RecordError, bytes]]:
        for entry in self._entries:
            held = entry.held() if isinstance(entry, Entry) else entry
            own = entry_digest(held)
            self.digest.update(own)
            yield held, own


class ShardUpdate:
    """Writes a shard: unchanged records are copied from the last one, the others are built.

    Args:
        writer: Builds records.
        unit: The shard, with what is known of the last one.
        files: The files of the shard.
    """

    def __init__(self, writer: FileWriter, unit: Unit, files: FigureFiles) -> None:
        self._builder = writer.builder
        self._target = writer.target
        self._files = files
        self._earlier = EarlierIndex(self._target.keep_in)
        self._texts: dict[str, bytes] = {}
        self._former: dict[str, ShardRecord] = {}
        self.records: dict[str, ShardRecord] = {}
        """The records of the new shard."""
        self.unchanged = 0
        if unit.row is None or unit.records is None:
            return
        out = self._target.folder
        with suppress(OSError, EOFError, zlib.error, ZstdError):
            self._texts = {name: decompressed_text(out / name) for name in unit.row.stamps()}
            # Whoever altered a file meanwhile has altered its stamp.
            if unit.row.is_as_written(out):
                self._former = decompress_records(unit.records)

    def run(
        self,
        entries: Iterable[tuple[Entry | RecordError, bytes]],
        should_stop: Callable[[], bool],
        tally: Tally,
    ) -> None:
        """Write the records of the shard, each given with its digest.

        Raises:
            RecordError: In strict mode, the first fault.
            CannotKeepError: A record cannot be read, and its figure cannot be copied.
            StoppedError: The work was asked to stop.
        """
        for entry, own in entries:
            if should_stop():
                raise StoppedError
            if isinstance(entry, RecordError) or entry.stem is None:
                export_records(self._builder, [entry], self._files, lambda: False, tally)
                continue
            one = self._record(entry, entry.stem, own)
            if self._builder.options.strict and one.rejected:
                raise one.rejected[0]
            tally.add(one)

    def _record(self, entry: Entry, stem: str, own: bytes) -> Tally:
        former = self._former.get(stem)
        if former is not None and former.digest == own.hex():
            one = self._copied(stem, former)
            self.unchanged += 1
            return one
        one = Tally()
        self._files.places = {}
        try:
            export_record(self._builder, entry, self._files, one)
        except SourceError as error:
            return self._carried(stem, former, error)
        except RecordError as error:
            one.rejected.append(without_trace(error))
        self.records[stem] = ShardRecord.of(own, self._files.places, one)
        return one

    def _copied(self, stem: str, former: ShardRecord) -> Tally:
        """Copy the text that a record had in the last shard."""
        self._files.add_texts(
            (name, self._texts[name][begin:end]) for name, (begin, end) in former.places.items()
        )
        self.records[stem] = former._replace(places=self._files.places)
        return former.tally()

    def _carried(self, stem: str, former: ShardRecord | None, error: SourceError) -> Tally:
        """Keep a figure as it was, since its record cannot be read.

        Raises:
            CannotKeepError: The last export has it, and it cannot be copied from there.
        """
        if former is None or not former.tally().index:
            if stem in self._earlier:
                raise CannotKeepError(self._target.folder, error)
            return Tally(rejected=[error])
        one = self._copied(stem, former)
        one.kept = len(one.index)
        if not isinstance(error, UnknownFigureError):
            one.rejected.append(without_trace(error))
        return one
