"""Errors of the system and of SQLite that no command expected, in words and with a remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from typing import Final

_NO_MEMORY: Final = "try fewer --jobs, or a machine with more memory"
_ANOTHER_FOLDER: Final = "{temporary}, or let TMPDIR name another folder"
_NO_ROOM: Final = f"make room in {_ANOTHER_FOLDER}"
_NOT_WRITABLE: Final = f"allow writing to {_ANOTHER_FOLDER}"
_IN_USE: Final = "another process is using this database: run the command again when it has ended"
_DAMAGED: Final = (
    "remove {cache}, which is built again when it is needed, and run the command again"
)

# Result codes (https://www.sqlite.org/rescode.html); databases here are temporary ones and caches.
_SQLITE_REMEDIES: Final = {
    sqlite3.SQLITE_FULL: _NO_ROOM,
    sqlite3.SQLITE_IOERR: f"see whether its disk has faults, and make room in {_ANOTHER_FOLDER}",
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_NOMEM: _NO_MEMORY,
}
# An extended code has the primary one in its last byte.
_PRIMARY_CODE: Final = 0xFF


def cause(error: OSError | MemoryError | sqlite3.DatabaseError) -> str | None:
    """The cause of an error, and what to do about it; None if it is a fault of this program."""
    if isinstance(error, sqlite3.DatabaseError):
        # An error that Python's own module raises has no code.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
        remedy = _SQLITE_REMEDIES.get(code)
        return None if remedy is None else f"{error}: {_filled(remedy)}"
    if isinstance(error, MemoryError):
        return f"there is not enough memory: {_NO_MEMORY}"
    reason = error.strerror or str(error) or type(error).__name__
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return f"{where}{reason}: allow more open files, as with `ulimit -n 1024`"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} and not where:
        return f"{reason}: {_filled(_NO_ROOM)}"
    return f"{where}{reason}"


def _filled(remedy: str) -> str:
    from rdfexport.references.database import cache_folder  # noqa: PLC0415 - errors are rare

    return remedy.format(temporary=tempfile.gettempdir(), cache=cache_folder())
