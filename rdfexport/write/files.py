"""Files that appear whole or not at all: written beside their name, synced, renamed."""

from __future__ import annotations

import filecmp
import gzip
import os
import shutil
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final, Self

import zstandard

from rdfexport.errors import DiskError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

COMPRESSIONS: Final = {"none": "", "gz": ".gz", "zst": ".zst"}
"""Name of a compression → what it adds to a file's name."""

PARTIAL: Final = ".partial"
"""Ending of the name of a file that is not whole yet."""

_BUFFER: Final = 1 << 20
_SHOWN: Final = 10


def link_or_copy(file: Path, kept: Path) -> None:
    """Give a file a second name, or make a copy where the file system has no hard links.

    Nothing is done where the file is not there, or the second name is.

    Raises:
        OSError: It cannot be done.
    """
    if kept.exists() or not file.exists():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        kept.hardlink_to(file)
    except OSError:
        shutil.copy2(file, kept)


class OutputFile:
    """A file being written; it gets its name when it is closed without an exception.

    The same content gives the same bytes: no time stamp or name goes into a compressed file.

    Args:
        path: The name it shall have, compression included.
        compression: A key of ``COMPRESSIONS``.
        keep_same: Leave a file as it is that holds the same bytes already.
        keep_old: Where a file that is replaced is kept, unless one is there already.

    Raises:
        DiskError: The disk is full, or the folder cannot be written to.
    """

    def __init__(
        self,
        path: Path,
        compression: str = "none",
        *,
        keep_same: bool = False,
        keep_old: Path | None = None,
    ) -> None:
        self.path = path
        self._keep_old = keep_old
        self._partial = path.with_name(path.name + PARTIAL)
        self._compression = compression
        self._keep_same = keep_same
        self.bytes_written = 0
        self.position = 0
        """How many bytes were written, before they are compressed."""

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[bytes] = self._partial.open("wb", buffering=_BUFFER)
        except OSError as error:
            raise self._failure(error) from error
        except BaseException:  # a signal came while the file was made
            self._partial.unlink(missing_ok=True)
            raise
        self._sink: IO[bytes] | gzip.GzipFile = self._file
        if self._compression == "gz":
            self._sink = gzip.GzipFile(
                filename="", mode="wb", compresslevel=6, fileobj=self._file, mtime=0
            )
        elif self._compression == "zst":
            self._sink = zstandard.ZstdCompressor(level=6).stream_writer(self._file, closefd=False)
        return self

    def write(self, text: str) -> None:
        self.write_bytes(text.encode())

    def write_bytes(self, data: bytes) -> None:
        self.position += len(data)
        try:
            self._sink.write(data)
        except OSError as error:
            raise self._failure(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                if self._sink is not self._file:
                    self._sink.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self.bytes_written = self._file.tell()
                self._file.close()
                if not (self._keep_same and self._is_same()):
                    if self._keep_old is not None:
                        link_or_copy(self.path, self._keep_old)
                    self._partial.replace(self.path)
        except OSError as failure:
            raise self._failure(failure) from failure
        finally:
            self._discard()

    def _is_same(self) -> bool:
        return self.path.is_file() and filecmp.cmp(self._partial, self.path, shallow=False)

    def _discard(self) -> None:
        """Close what is open, and leave nothing half."""
        with suppress(OSError):
            self._file.close()
        self._partial.unlink(missing_ok=True)

    def _failure(self, error: OSError) -> DiskError:
        return DiskError(f"{self.path}: cannot be written ({error.strerror})")


def overwritten(folder: Path, names: Sequence[str]) -> str:
    """The message about files that would be overwritten, though this program did not write them."""
    shown = ", ".join(names[:_SHOWN])
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return (
        f"{folder}: holds files that rdfexport did not write and would overwrite: {shown}{more}:"
        " name another folder, or give --force"
    )
