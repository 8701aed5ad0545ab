"""What surrounds the program: its standard streams, and the signals that ask it to stop."""

from __future__ import annotations

import errno
import io
import os
import signal
import sqlite3
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from rdfexport.cli.status import SIGNALLED
from rdfexport.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STOPS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class TerminatedError(KeyboardInterrupt):
    """The process was asked to end; whatever cleans up after Ctrl-C cleans up after this.

    Args:
        number: Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class ReaderGoneError(Exception):
    """Nobody reads standard output any more, as behind ``| head``."""


@contextmanager
def stop_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP interrupt the work as Ctrl-C does, once.

    Where Ctrl-C would end the process at once, it interrupts the work as well, which cleans up. A
    signal that is ignored stays ignored: ``nohup`` relies on it. The second and later ones are
    ignored, so that they do not interrupt the cleaning up after the first.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.getsignal(one) for one in _STOPS}
    heard = [one for one, handler in before.items() if handler == signal.SIG_DFL]

    def stop(number: int, _frame: FrameType | None) -> None:
        for one in heard:
            signal.signal(one, signal.SIG_IGN)
        raise TerminatedError(number)

    interrupt = signal.getsignal(signal.SIGINT)
    try:
        for one in heard:
            signal.signal(one, stop)
        if interrupt == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
    finally:
        if interrupt == signal.SIG_DFL:
            signal.signal(signal.SIGINT, interrupt)
        for one in heard:
            signal.signal(one, before[one])


def stopped_status(stop: KeyboardInterrupt) -> int:
    """The exit status of a command that was interrupted."""
    number = stop.number if isinstance(stop, TerminatedError) else int(signal.SIGINT)
    return SIGNALLED + number


@contextmanager
def standard_streams() -> Iterator[None]:
    """See that each standard stream is open, and that a failure to write says what failed.

    A stream that was closed (``>&-``) would be the next file that is opened, and what is printed
    would end up in that. In its place comes one that cannot be read or written, and so says that
    when it is used; only messages go nowhere.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        _fill(number, mode)
    read = sys.stdin
    if read is None or read is sys.__stdin__:
        sys.stdin = io.TextIOWrapper(
            io.BufferedReader(_StandardInput(0, closefd=False)),
            encoding="utf-8" if read is None else read.encoding,
            errors="strict" if read is None else read.errors,
        )
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    output = sys.stdout
    if output is not None and output is not sys.__stdout__:
        yield  # somebody collects what is printed
        sys.stdin = read
        return
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(_StandardOutput(1, "w", closefd=False)),
        encoding="utf-8" if output is None else output.encoding,
        errors="strict" if output is None else output.errors,
        line_buffering=output is not None and output.line_buffering,
    )
    try:
        yield
    finally:
        with suppress(ReaderGoneError, DiskError):
            sys.stdout.flush()
        sys.stdin, sys.stdout = read, output


class _StandardInput(io.FileIO):
    """Standard input; a failure to read it says so."""

    def readinto(self, buffer: Any) -> int | None:
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise _unreadable(error) from error

    def readall(self) -> bytes:
        try:
            return super().readall()
        except OSError as error:
            raise _unreadable(error) from error


def _unreadable(error: OSError) -> DiskError:
    return DiskError(f"standard input: cannot be read ({error.strerror})")


class _StandardOutput(io.FileIO):
    """Standard output; after a failure, which it raises once, it takes what is left in buffers."""

    _has_failed = False

    def write(self, data: Any) -> int:
        if self._has_failed:
            return len(data)
        try:
            return super().write(data)
        except BrokenPipeError as error:
            self._has_failed = True
            raise ReaderGoneError from error
        except OSError as error:
            self._has_failed = True
            raise DiskError(f"standard output: cannot be written ({error.strerror})") from error


def _fill(number: int, mode: int) -> None:
    """Open the null device under a file descriptor that is closed."""
    try:
        os.fstat(number)
    except OSError:
        with suppress(OSError):
            null = os.open(os.devnull, mode)  # the lowest number that is free
            if null != number:
                os.dup2(null, number)
                os.close(null)
            os.set_inheritable(number, True)  # noqa: FBT003 - it takes no keyword


def cause(error: OSError | MemoryError | sqlite3.OperationalError) -> str:
    """The cause of an error that no command expected, and what to do about it."""
    room = f"make room in {tempfile.gettempdir()}, or let TMPDIR name another folder"
    if isinstance(error, sqlite3.OperationalError):  # of a temporary database
        return f"{error}: {room}"
    if isinstance(error, MemoryError):
        return "there is not enough memory: try fewer --jobs, or a machine with more"
    reason = error.strerror or str(error) or type(error).__name__
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return f"{where}{reason}: allow more open files, as with `ulimit -n 1024`"
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} and not where:
        return f"{reason}: {room}"
    return f"{where}{reason}"
