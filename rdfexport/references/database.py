"""The database of all tables: one SQLite file in the user's cache, replaced whole or not at all.

It is built from the tables that come with the package when it is first needed. A new one is built
beside the old, synced and renamed over it, so a reader sees the one or the other, and one that has
the old open keeps it. Writers wait for each other.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from rdfexport.errors import BusyError
from rdfexport.references import schema, snapshot
from rdfexport.references.tables import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdfexport.references.parsers import Row
    from rdfexport.references.snapshot import Packaged

_LOG: Final = logging.getLogger(__name__)

CACHE_VARIABLE: Final = "RDFEXPORT_CACHE"
"""Names the folder to use instead of the platform's cache folder."""

PACKAGED: Final = "package"
"""Origin of a table that came with the package."""

LOCK_SECONDS: Final = 60.0
"""How long a writer waits for another one; making all tables takes a few seconds."""


@dataclass(frozen=True)
class TableState:
    """The state of a table of the database.

    Args:
        name: The table.
        origin: "package", "download" or "folder".
        source: Publisher and edition, or the addresses or files it was read from.
        date: Day of the data, as precisely as the source states it.
        rows: How many rows it has.
        licence: Terms of the published data.
        content: Digest of the rows.
    """

    name: str
    origin: str
    source: str
    date: str
    rows: int
    licence: str
    content: str


@dataclass(frozen=True)
class FileState:
    """The last download for a table, so that the server can be asked whether it changed.

    Args:
        name: The source.
        url: Its address.
        etag: The server's ETag, or nothing.
        modified: The server's Last-Modified, or nothing.
        sha256: Of the file.
    """

    name: str
    url: str
    etag: str
    modified: str
    sha256: str


def cache_folder() -> Path:
    """Where the database is: what ``RDFEXPORT_CACHE`` names, or the platform's cache folder."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path  # noqa: PLC0415 - not needed where the variable is set

    return user_cache_path("rdfexport", appauthor=False)


def database_path(folder: Path) -> Path:
    return folder / f"references-{schema.VERSION}.sqlite"


def connect(path: Path) -> sqlite3.Connection:
    """Open a database to read; it takes no locks, since the file never changes."""
    return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)


def table_states(connection: sqlite3.Connection) -> dict[str, TableState]:
    """Name of a table → its state."""
    rows = connection.execute(
        "SELECT name, origin, source, date, rows, licence, content FROM state ORDER BY name"
    )
    return {row[0]: TableState(*row) for row in rows}


def file_states(connection: sqlite3.Connection) -> dict[str, FileState]:
    """Name of a source → its last download."""
    rows = connection.execute("SELECT name, url, etag, modified, sha256 FROM file")
    return {row[0]: FileState(*row) for row in rows}


def ensure(folder: Path, *, lasts: bool = True) -> Path:
    """The database of a folder, which is built, or updated to the package's tables, if necessary.

    Tables that were updated stay as they are.

    Args:
        folder: Holds the database.
        lasts: Whether later runs can use the folder too; only the log message depends on it.

    Raises:
        OSError, sqlite3.Error: The folder cannot be written to.
        BusyError: Another process is writing, for a minute now.
    """
    path = database_path(folder)
    if _outdated(path):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            outdated = _outdated(path)  # now that no other process is making it
            if outdated:
                often = "once a version" if lasts else f"in each run until {CACHE_VARIABLE} is set"
                _LOG.info("building the reference tables in %s, %s", folder, often)
                _renew(path, outdated)
    return path


def install(
    folder: Path, state: TableState, rows: Iterable[Row], downloaded: Sequence[FileState]
) -> TableState:
    """Replace one table of a folder's database.

    Args:
        folder: Where the database is.
        state: What the table will be; the number and the digest of its rows are found here.
        rows: Its rows; what they raise leaves the database as it was.
        downloaded: The files they are read from.

    Returns:
        The state with number and digest.

    Raises:
        OSError, sqlite3.Error: The folder cannot be written to.
        BusyError: Another process is writing, for a minute now.
    """
    path = ensure(folder)
    with _locked(folder), _replacing(path, path) as connection:
        _fill(connection, state.name, rows)
        number, content = _measured(connection, state.name)
        known = replace(state, rows=number, content=content)
        _note(connection, known)
        _derive(connection)
        connection.executemany("REPLACE INTO file VALUES (?, ?, ?, ?, ?)", map(astuple, downloaded))
    return known


def _outdated(path: Path) -> list[str]:
    """The tables that the database lacks, or has from an earlier version of the package."""
    try:
        with closing(connect(path)) as connection:
            states = table_states(connection)
    except sqlite3.Error:  # there is none, or it is broken
        return list(SHIPPED)
    return [name for name in SHIPPED if _is_outdated(states.get(name), snapshot.packaged(name))]


def _is_outdated(state: TableState | None, said: Packaged) -> bool:
    if state is None:
        return True
    if state.origin != PACKAGED or state.date > said.date:
        return False
    return state.content != said.sha256


def _renew(path: Path, tables: Sequence[str]) -> None:
    """Put tables of the package into the database, which is made if there is none."""
    with _replacing(path, None if len(tables) == len(SHIPPED) else path) as connection:
        for definition in schema.META:
            connection.execute(definition)
        for name in tables:
            said = snapshot.packaged(name)
            _fill(connection, name, snapshot.rows(name))
            _note(
                connection,
                TableState(
                    name, PACKAGED, said.source, said.date, said.rows, said.licence, said.sha256
                ),
            )
        _derive(connection)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other writers out; the system lets go of the lock even if this process is killed."""
    lock = sqlite3.connect(folder / "references.lock", timeout=LOCK_SECONDS, isolation_level=None)
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise BusyError(
                f"{folder}: another process has been writing there for {LOCK_SECONDS:.0f} s:"
                f" wait for it, or set {CACHE_VARIABLE} to another folder"
            ) from error
        yield


@contextmanager
def _replacing(path: Path, former: Path | None) -> Iterator[sqlite3.Connection]:
    """A database to write into that gets its name at the end, if nothing was raised."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)  # of a writer that was killed
    try:
        if former is not None:
            shutil.copyfile(former, partial)
        # Nothing reads it before it is whole, so there is nothing to roll back to.
        with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
            connection.execute("VACUUM")
        _sync(partial)
        partial.replace(path)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with suppress(PermissionError):  # some systems do not open folders
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _fill(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    layout = schema.LAYOUTS[table]
    present = {
        name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")
    }
    former = [relation for relation in layout.relations if relation in present]
    for relation in former:
        connection.execute(f"ALTER TABLE {relation} RENAME TO former_{relation}")
    for relation, definition in layout.relations.items():
        connection.execute(f"CREATE TABLE {relation} {definition}")
    layout.fill(connection, rows)
    if former:
        for statement in layout.keep:
            connection.execute(statement)
    for relation in former:
        connection.execute(f"DROP TABLE former_{relation}")  # with its indexes, and their names
    for statement in layout.indexes:
        connection.execute(statement)


def _measured(connection: sqlite3.Connection, table: str) -> tuple[int, str]:
    """How many rows a table has, and a digest that does not depend on their order."""
    digest = hashlib.sha256()
    numbers = []
    for relation in schema.LAYOUTS[table].relations:
        number = 0
        for row in connection.execute(f"SELECT * FROM {relation}"):  # noqa: S608
            digest.update(repr(row).encode())
            number += 1
        numbers.append(number)
    return numbers[0], digest.hexdigest()


def _derive(connection: sqlite3.Connection) -> None:
    for statement in schema.DERIVED:
        connection.execute(statement)


def _note(connection: sqlite3.Connection, state: TableState) -> None:
    connection.execute("REPLACE INTO state VALUES (?, ?, ?, ?, ?, ?, ?)", astuple(state))
