"""The results of the last export, by record or shard, in a database beside its output.

A row is written once the files it speaks of have their names, so what it says is never ahead of
them. Each row holds a checksum of itself, and the database a digest of the rules it was made by:
program, options, shapes, reference tables. What does not fit is forgotten, never trusted.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import orjson

from rdfexport.errors import BusyError, DiskError, LocalError
from rdfexport.pipeline.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType


CACHE: Final = ".rdfexport-cache"

_VERSION: Final = 2
_COMMIT_SECONDS: Final = 5.0
_TABLES: Final = """
    CREATE TABLE rules (digest BLOB);
    CREATE TABLE shard (name TEXT PRIMARY KEY, data BLOB);
    CREATE TABLE unit (name TEXT PRIMARY KEY, signature BLOB, digest BLOB, outputs BLOB,
        result BLOB, checksum BLOB);
"""


class Stamp(NamedTuple):
    """By which a file is known to be the same without reading it, as git and make do.

    ``changed`` is the time of the last change of anything about the file, which cannot be set back
    as ``modified`` can. Times are in nanoseconds.
    """

    size: int
    modified: int
    changed: int
    inode: int

    @classmethod
    def of(cls, path: Path | str) -> Self:
        """The stamp of a file.

        Raises:
            OSError: There is none.
        """
        status = os.stat(path)  # noqa: PTH116 - called for each of a hundred thousand files
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


class Row(NamedTuple):
    """The last result of a unit, that is of a record or a shard.

    Args:
        signature: Stands for the stamps of all its sources; None where these do not say enough.
        digest: Of its sources' content.
        outputs: Its files' names and stamps, as JSON.
        result: The tally of its records, as JSON.
    """

    signature: bytes | None
    digest: bytes
    outputs: bytes
    result: bytes

    @classmethod
    def of(cls, digest: bytes, folder: Path, files: Iterable[str], tally: Tally) -> Self:
        """The row of a unit whose files were just written."""
        outputs = [[name, *Stamp.of(folder / name)] for name in files]
        return cls(None, digest, orjson.dumps(outputs), tally.to_json())

    def is_as_written(self, folder: Path) -> bool:
        """Whether the unit's files are as they were written."""
        try:
            return all(Stamp.of(folder / name) == stamp for name, stamp in self.stamps().items())
        except OSError:
            return False

    def stamps(self) -> dict[str, Stamp]:
        return {name: Stamp(*stamp) for name, *stamp in orjson.loads(self.outputs)}

    def tally(self) -> Tally:
        """The result of the unit's records, with the names and sizes of its files."""
        tally = Tally.from_json(self.result)
        tally.files = [(name, stamp.size) for name, stamp in self.stamps().items()]
        return tally

    def checksum(self, name: str) -> bytes:
        made = hashlib.blake2b(digest_size=16)
        for part in (name.encode(), self.signature or b"", *self[1:]):
            made.update(len(part).to_bytes(8, "big") + part)
        return made.digest()


class StaleCacheError(Exception):
    """The results of the last export are needed, and were made by other rules or are damaged."""


class Cache:
    """The database in an export's folder.

    Args:
        folder: That folder, which is there.
        rules: A digest of what decides on the output beside the records.
        full: Forget what it holds.
        note: Called for a damaged database, which is made again.
        needed: Whether what it holds must not be forgotten.

    Raises:
        BusyError: Another export is at work in the folder.
        DiskError: The database cannot be written.
        StaleCacheError: What it holds is needed, and was made by other rules.
    """

    def __init__(
        self,
        folder: Path,
        rules: bytes,
        note: Callable[[str], None],
        *,
        full: bool,
        needed: bool = False,
    ) -> None:
        self._path = folder / CACHE
        self._needed = needed
        try:
            self._database = self._opened(note)
            self._forget_unless(None if full else rules, rules)
            self._database.execute("CREATE TEMP TABLE seen (name TEXT PRIMARY KEY) WITHOUT ROWID")
        except (sqlite3.Error, OSError) as error:
            raise self._failure(error) from error
        self._committed = time.monotonic()
        self._newest = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What was made before a stop is made, and spared to the next export.
        with closing(self._database):
            self._commit()

    def row(self, name: str) -> Row | None:
        """The last result of a unit; None if there is none, or it is damaged."""
        try:
            found = self._database.execute(
                "SELECT signature, digest, outputs, result, checksum FROM unit WHERE name = ?",
                (name,),
            ).fetchone()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        if found is None:
            return None
        row = Row(*found[:-1])
        try:
            return row if row.checksum(name) == found[-1] else None
        except (AttributeError, TypeError):  # not even bytes
            return None

    def records(self, name: str) -> bytes | None:
        """The records of a shard, as ``compress_records`` gave them."""
        found = self._database.execute("SELECT data FROM shard WHERE name = ?", (name,)).fetchone()
        return None if found is None or not isinstance(found[0], bytes) else found[0]

    def put(self, name: str, row: Row, records: bytes | None = None) -> None:
        """Remember a unit whose files are written, and the records of a shard."""
        self._newest = max(self._newest, *(s.changed for s in row.stamps().values()), 0)
        try:
            self._database.execute(
                "INSERT OR REPLACE INTO unit VALUES (?,?,?,?,?,?)",
                (name, *row, row.checksum(name)),
            )
            if records is not None:
                self._database.execute("INSERT OR REPLACE INTO shard VALUES (?,?)", (name, records))
        except sqlite3.Error as error:
            raise self._failure(error) from error
        if time.monotonic() - self._committed > _COMMIT_SECONDS:
            self._commit()

    def names(self) -> list[str]:
        """The names of all units that are known, in their order."""
        return [name for (name,) in self._database.execute("SELECT name FROM unit ORDER BY name")]

    def seen(self, name: str) -> bool:
        """Say that a unit is part of this export; False if it was already."""
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", (name,))
        return added.rowcount == 1

    def forget_unseen(self) -> None:
        """Forget the units that this export does not have."""
        for table in ("unit", "shard"):
            self._database.execute(
                f"DELETE FROM {table} WHERE name NOT IN (SELECT name FROM seen)"  # noqa: S608
            )

    def _forget_unless(self, wanted: bytes | None, rules: bytes) -> None:
        """Forget all that was not made by the wanted rules; what comes now is."""
        (had,) = self._database.execute("SELECT max(digest) FROM rules").fetchone()
        if had is None or had != wanted:
            if self._needed:
                self._database.close()
                raise StaleCacheError
            for table in ("unit", "shard", "rules"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608
            self._database.execute("INSERT INTO rules VALUES (?)", (rules,))

    def _opened(self, note: Callable[[str], None]) -> sqlite3.Connection:
        database = self._connected()
        if not self._is_sound(database):
            database.close()
            if self._path.stat().st_size:
                note(
                    f"{self._path}: damaged or of another version, so everything is exported again"
                )
            for name in (CACHE, f"{CACHE}-journal"):
                self._path.with_name(name).unlink(missing_ok=True)
            database = self._connected()
            database.executescript(f"{_TABLES} PRAGMA user_version = {_VERSION};")
            database.execute("BEGIN EXCLUSIVE")
        return database

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=1, isolation_level=None)
        # Nobody gets in between one transaction and the next.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        return database

    def _is_sound(self, database: sqlite3.Connection) -> bool:
        """Lock the database, and tell whether it is one of ours and whole."""
        try:
            database.execute("PRAGMA cache_size = -16000")
            database.execute("BEGIN EXCLUSIVE")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version != _VERSION:
                return False
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            return {name for (name,) in tables} == {"rules", "unit", "shard"}
        except sqlite3.OperationalError:  # locked, or not to be opened
            database.close()
            raise
        except sqlite3.DatabaseError:
            return False

    def _commit(self) -> None:
        # Once the clock has passed the newest file, any later change gives that another stamp.
        while 0 <= time.time_ns() - self._newest < _TICK:
            time.sleep(0.005)
        try:
            self._database.execute("COMMIT")
            self._database.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise self._failure(error) from error
        self._committed = time.monotonic()

    def _failure(self, error: Exception) -> LocalError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return BusyError(f"{self._path}: another export is at work in this folder")
        return DiskError(f"{self._path}: cannot be used ({error}): remove it, and export again")


_TICK: Final = 20_000_000
"""Nanoseconds that a file system's clock stands still at most."""
