"""Files that appear whole or not at all: written beside their name, synced, renamed."""

from __future__ import annotations

import gzip
import os
from typing import IO, TYPE_CHECKING, Final, Self

import zstandard

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

COMPRESSIONS: Final = {"none": "", "gz": ".gz", "zst": ".zst"}
"""Name of a compression → what it adds to a file's name."""

PARTIAL: Final = ".partial"
"""What ends the name of a file that is not whole yet."""

_BUFFER: Final = 1 << 20


class OutputFile:
    """A file being written; it gets its name when it is closed without an exception.

    The same content gives the same bytes: no time stamp or name goes into a compressed file.

    Args:
        path: The name it shall have, compression included.
        compression: A key of ``COMPRESSIONS``.
    """

    def __init__(self, path: Path, compression: str = "none") -> None:
        self.path = path
        self._partial = path.with_name(path.name + PARTIAL)
        self._compression = compression
        self.bytes_written = 0

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[bytes] = self._partial.open("wb", buffering=_BUFFER)
        self._sink: IO[bytes] | gzip.GzipFile = self._file
        if self._compression == "gz":
            self._sink = gzip.GzipFile(
                filename="", mode="wb", compresslevel=6, fileobj=self._file, mtime=0
            )
        elif self._compression == "zst":
            self._sink = zstandard.ZstdCompressor(level=6).stream_writer(self._file, closefd=False)
        return self

    def write(self, text: str) -> None:
        self._sink.write(text.encode())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._file.close()
            self._partial.unlink(missing_ok=True)
            return
        try:
            if self._sink is not self._file:
                self._sink.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self.bytes_written = self._file.tell()
        except BaseException:
            self._file.close()
            self._partial.unlink(missing_ok=True)
            raise
        self._file.close()
        self._partial.replace(self.path)
