"""One lock a target: while a run writes to a folder, no other run of any command does.

The system releases the lock when its process ends, however it ends, so a killed run blocks
nobody. A file beside the lock names its holder, for the message to runs that find it locked.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

from rdfexport.errors import BusyError, DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK: Final = ".rdfexport-lock"
"""The file that is locked, in the folder that is written to; it is gone when nobody writes."""
HOLDER: Final = ".rdfexport-lock-holder"
"""Beside it: who holds the lock, as JSON."""
_SECONDS: Final = 0.5
"""How long to wait for a run that is just ending."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a lock; ``since`` is in UTC, as in RFC 3339."""

    pid: int
    host: str
    since: str

    @classmethod
    def this_process(cls) -> Self:
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return cls(os.getpid(), socket.gethostname(), now)

    @classmethod
    def parse(cls, said: Any) -> Self | None:
        """Read what ``asdict`` made; None if it is anything else."""
        if not isinstance(said, dict):
            return None
        pid, host, since = said.get("pid"), said.get("host"), said.get("since")
        if not (isinstance(pid, int) and isinstance(host, str) and isinstance(since, str)):
            return None
        return cls(pid, host, since) if (host + since).isprintable() else None

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}"

    def is_dead(self) -> bool:
        """Whether it has surely ended; of a process on another host that is not known."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


@contextmanager
def locked(folder: Path, beside: str = "") -> Iterator[None]:
    """Keep other runs out of a folder, which is made if there is none.

    Args:
        folder: Holds the lock while it is held, and afterwards nothing of it.
        beside: Where the target is not the folder itself but something in it: its name.

    Raises:
        BusyError: Another process holds the lock; the message names the process.
        DiskError: The folder cannot be made or written to.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import

    suffix = f"-{beside}" if beside else ""
    path, holder = folder / f"{LOCK}{suffix}", folder / f"{HOLDER}{suffix}"
    target = folder / beside
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=_SECONDS)
        lock.acquire()
    except Timeout as error:
        raise BusyError(
            f"{target}: another run is writing there{_said(holder)}: wait until it has ended"
        ) from error
    except OSError as error:
        raise DiskError(f"{target}: cannot be written to ({error.strerror})") from error
    try:
        with suppress(OSError):  # it only serves the message
            holder.write_bytes(orjson.dumps(asdict(Holder.this_process())))
        yield
    finally:
        # Removed while it is held: whoever opened it before sees that it has no name any more, and
        # opens the next one.
        for file in (holder, path):
            with suppress(OSError):
                file.unlink()
        lock.release()
        # What was made for the lock alone goes again: a run that failed at once leaves nothing.
        with suppress(OSError):
            for each in missing:
                each.rmdir()


def _said(path: Path) -> str:
    try:
        holder = Holder.parse(orjson.loads(path.read_bytes()))
    except (OSError, ValueError):
        return ""
    return "" if holder is None else f" ({holder})"
