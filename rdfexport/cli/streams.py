"""The standard streams, of which each may be closed, full, or read by nobody any more."""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rdfexport.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Iterator


class ReaderGoneError(Exception):
    """Nobody reads standard output any more, as behind ``| head``."""


@contextmanager
def standard_streams() -> Iterator[None]:
    """Open each standard stream that is closed, and report failures to read or write them.

    The number of a closed stream (``>&-``) would be given to the next file that is opened, and
    output would end up in that file. So it is replaced by a stream whose use is an error; only
    messages are discarded.
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
        yield  # the caller collects the output
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
    """Standard input, with an error that names it."""

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
    """Standard output; it raises one failure, and then discards the rest of the buffers."""

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
