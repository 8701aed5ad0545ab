"""Guards against decompression bombs and entity expansion.

A refused file raises OSError or SyntaxError, as a file that is damaged or not well-formed does.
"""

from __future__ import annotations

import gzip
import io
import re
from contextlib import ExitStack, contextmanager
from typing import IO, TYPE_CHECKING, Final, cast

import zstandard

from rdfexport.limits import FREE_RDF_BYTES, MAX_LINE_BYTES, MAX_RDF_RATIO
from rdfexport.untrusted.encoding import skip_mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK: Final = 1 << 20
# Four bytes of Zstandard may stand for 128 KiB, and what is decompressed at once is in memory.
_PACKED_BLOCK: Final = 1 << 11
_ENTITY: Final = b"<!ENTITY"
# An entity that stands for a namespace, as OWL editors write them: short, and made of no other.
_PLAIN_ENTITY: Final = re.compile(rb"""<!ENTITY\s+[^\s%]+\s+(?:"[^"&%<]*"|'[^'&%<]*')\s*>""")
_LONGEST_ENTITY: Final = 512


class _Unpacked(io.RawIOBase):
    """Decompressed data, up to a limit that no honest file reaches."""

    def __init__(self, source: IO[bytes], limit: int) -> None:
        self._source = source
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(min(len(buffer), _BLOCK))
        self._left -= len(data)
        if self._left < 0:
            raise OSError(f"it grows more than {MAX_RDF_RATIO} times on unpacking")
        buffer[: len(data)] = data
        return len(data)


class _Zstandard:
    """The content of a Zstandard file, all of its frames; a truncated one is an error.

    The library's own reader takes a truncated file for one that ends there.
    """

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = io.BytesIO()

    def read(self, size: int) -> bytes:
        data = self._ready.read(size)
        while not data:
            packed = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._begun = zstandard.ZstdDecompressor().decompressobj(), False
            packed = packed or self._raw.read(_PACKED_BLOCK)
            if not packed:
                if self._begun:
                    raise EOFError("it is cut off")
                break
            self._begun = True
            self._ready = io.BytesIO(self._frame.decompress(packed))
            data = self._ready.read(size)
        return data


@contextmanager
def unpacked(path: Path, packing: str | None = None) -> Iterator[IO[bytes]]:
    """Open a file that may be compressed, and skip a byte order mark.

    Args:
        path: The file.
        packing: ``.gz``, ``.zst`` or nothing; by default what its name ends in.

    Raises:
        OSError, EOFError, zlib.error, zstandard.ZstdError: It cannot be read, now or later; an
            OSError too where it is a decompression bomb.
    """
    with ExitStack() as stack:
        raw = stack.enter_context(path.open("rb"))
        packed: object
        packing = path.suffix if packing is None else packing
        if packing == ".gz":
            packed = stack.enter_context(gzip.GzipFile(fileobj=raw))
        elif packing == ".zst":
            packed = _Zstandard(raw)
        else:
            skip_mark(raw)
            yield raw
            return
        limit = path.stat().st_size * MAX_RDF_RATIO + FREE_RDF_BYTES
        file = io.BufferedReader(_Unpacked(cast("IO[bytes]", packed), limit), _BLOCK)
        skip_mark(file)
        yield file


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, each with its end.

    Raises:
        OSError: One has more than 16 MiB, as much as the parser takes for a term.
    """
    while line := file.readline(MAX_LINE_BYTES):
        if len(line) == MAX_LINE_BYTES:
            raise OSError(f"a line has more than {MAX_LINE_BYTES >> 20} MiB")
        yield line


def check_entities(data: bytes) -> None:
    """Refuse RDF/XML with entities that could multiply (CWE-776) or fetch (CWE-611).

    Parsers expand each entity in place, so one that is made of others makes terabytes of a line.

    Raises:
        SyntaxError: An entity is declared that is not a short text.
    """
    place = data.find(_ENTITY)
    while place >= 0:
        plain = _PLAIN_ENTITY.match(data, place, place + _LONGEST_ENTITY)
        if plain is None:
            raise SyntaxError("it declares an entity that is not a short text: write it out")
        place = data.find(_ENTITY, plain.end())


class EntityFree:
    """RDF/XML as it is read, with ``check_entities`` for each block before a parser sees it.

    Args:
        file: What is read.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._checked = io.BytesIO()

    def read(self, size: int = -1) -> bytes:
        """Read on.

        Raises:
            SyntaxError: An entity is declared that is not a short text.
        """
        data = self._checked.read(size)
        if not data and size:
            self._checked = io.BytesIO(self._next())
            data = self._checked.read(size)
        return data

    def _next(self) -> bytes:
        """The next block, which does not end within a declaration."""
        data = self._file.read(_BLOCK)
        while (start := data.rfind(b"<", -_LONGEST_ENTITY)) >= 0 and b">" not in data[start:]:
            more = self._file.read(_LONGEST_ENTITY)
            if not more:
                break
            data += more
        check_entities(data)
        return data
