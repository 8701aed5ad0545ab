"""Archives joined from chunks that worker processes have compressed.

Compressing is most of the work of a release, and Python's own writers do not accept compressed
data. The same chunks give the same bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LEVEL: Final = 6
_COPY: Final = 1 << 20
# zlib's CRC-32 polynomial, bits reversed (RFC 1952, section 8), and x^0 in that order.
_POLYNOMIAL: Final = 0xEDB88320
_ONE: Final = 1 << 31
# RFC 1952, section 2.3: deflated, no name, no time, system unknown.
_GZIP_HEADER: Final = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
# RFC 1951, section 3.2.6: the last block, which is empty.
_END_OF_DATA: Final = b"\x03\0"
# PKWARE APPNOTE 4.3.12, 4.3.14 to 4.3.16 and 4.5.3: records of the central directory.
_ENTRY: Final = struct.Struct("<4s4B4HL2L5HLL")
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_MAX_16, _MAX_32 = 0xFFFF, 0xFFFFFFFF
_VERSION, _VERSION_64, _UNIX, _DEFLATED = 20, 45, 3, 8


class Chunk(NamedTuple):
    """A compressed part of a text: raw deflate data to which more can be joined.

    Args:
        data: Blocks (RFC 1951) that end at a byte, none of them marked as the last.
        crc: CRC-32 of the text.
        size: Of the text, in bytes.
    """

    data: bytes
    crc: int
    size: int


class Deflater:
    """Compresses a text into a ``Chunk``."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._parts: list[bytes] = []
        self._crc = self._size = 0

    def add(self, text: str) -> None:
        data = text.encode()
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._parts.append(self._compressor.compress(data))

    def chunk(self) -> Chunk:
        """The compressed text; call it once, at the end."""
        self._parts.append(self._compressor.flush(zlib.Z_SYNC_FLUSH))
        return Chunk(b"".join(self._parts), self._crc, self._size)


class GzipWriter:
    """Joins chunks to a gzip file of one member, which every reader supports."""

    def __init__(self, file: OutputFile) -> None:
        self._file = file
        self._crc = self._size = 0
        file.write_bytes(_GZIP_HEADER)

    def add(self, chunk: Chunk) -> None:
        self._crc = combined_crc(self._crc, chunk.crc, chunk.size)
        self._size += chunk.size
        self._file.write_bytes(chunk.data)

    def end(self) -> None:
        self._file.write_bytes(_END_OF_DATA + struct.pack("<2L", self._crc, self._size & _MAX_32))


@contextmanager
def gzip_file(path: Path) -> Iterator[GzipWriter]:
    """Write a gzip file, which appears when it is whole.

    Raises:
        DiskError: It cannot be written.
    """
    with OutputFile(path) as file:
        writer = GzipWriter(file)
        yield writer
        writer.end()


def combined_crc(first: int, second: int, size: int) -> int:
    """The CRC-32 of two texts joined, from those of each; ``size`` is that of the second.

    A text's CRC moves on by a factor of x for each bit that follows, modulo the polynomial.
    """
    factor, power, bits = _ONE, _ONE >> 1, 8 * size
    while bits:
        if bits & 1:
            factor = _product(factor, power)
        power = _product(power, power)
        bits >>= 1
    return _product(factor, first) ^ second


def _product(a: int, b: int) -> int:
    """The product of two polynomials over GF(2), modulo the CRC's; the top bit is x^0."""
    result = 0
    bit = _ONE
    while bit:
        if a & bit:
            result ^= b
        b = b >> 1 ^ (_POLYNOMIAL if b & 1 else 0)
        bit >>= 1
    return result


class Packer:
    """A zip archive of texts in memory, all dated alike and readable by everyone.

    Args:
        day: Year, month and day that its members are dated with.
    """

    def __init__(self, day: tuple[int, int, int]) -> None:
        self._data = io.BytesIO()
        self._archive = zipfile.ZipFile(self._data, "w")
        self._day = day

    def add(self, name: str, text: str) -> None:
        self._archive.writestr(member(name, self._day), text, compresslevel=_LEVEL)

    def data(self) -> bytes:
        """The archive; call it once, at the end."""
        self._archive.close()
        return self._data.getvalue()


def member(name: str, day: tuple[int, int, int]) -> zipfile.ZipInfo:
    """The header of a member: the same wherever and whenever it is written."""
    info = zipfile.ZipInfo(name, (*day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = 0o100644 << 16
    return info


class ZipWriter:
    """Joins zip archives to one, of any number of members, in little memory."""

    def __init__(self, file: OutputFile, entries: IO[bytes]) -> None:
        self._file = file
        # The list of members is at the end of the archive, and there may be a million.
        self._entries = entries
        self.members = self._size = 0

    def add(self, archive: bytes) -> None:
        """Append the members of an archive of ``Packer``."""
        with zipfile.ZipFile(io.BytesIO(archive)) as members:
            for info in members.infolist():
                self._entries.write(_entry(info, self._size + info.header_offset))
            self.members += len(members.infolist())
            end = members.start_dir
        self._file.write_bytes(archive[:end])
        self._size += end

    def end(self) -> None:
        length = self._entries.tell()
        self._entries.seek(0)
        while data := self._entries.read(_COPY):
            self._file.write_bytes(data)
        for record in _ends(self.members, length, self._size):
            self._file.write_bytes(record)


@contextmanager
def zip_file(path: Path) -> Iterator[ZipWriter]:
    """Write a zip archive, which appears when it is whole.

    Raises:
        DiskError: It cannot be written.
    """
    with OutputFile(path) as file, TemporaryFile() as entries:
        writer = ZipWriter(file, entries)
        yield writer
        writer.end()


def _entry(info: zipfile.ZipInfo, offset: int) -> bytes:
    name = info.filename.encode("ascii")
    year, month, day = info.date_time[:3]
    large = offset >= _MAX_32
    extra = struct.pack("<2HQ", 1, 8, offset) if large else b""
    version = _VERSION_64 if large else _VERSION
    head = _ENTRY.pack(
        b"PK\x01\x02",
        version,
        _UNIX,
        version,
        0,
        0,
        _DEFLATED,
        0,
        (year - 1980) << 9 | month << 5 | day,
        info.CRC,
        info.compress_size,
        info.file_size,
        len(name),
        len(extra),
        0,
        0,
        0,
        info.external_attr,
        _MAX_32 if large else offset,
    )
    return head + name + extra


def _ends(members: int, length: int, offset: int) -> Sequence[bytes]:
    """The records after the list of members, which has ``length`` bytes from ``offset`` on."""
    end = _END.pack(
        b"PK\x05\x06",
        0,
        0,
        min(members, _MAX_16),
        min(members, _MAX_16),
        min(length, _MAX_32),
        min(offset, _MAX_32),
        0,
    )
    if members < _MAX_16 and length < _MAX_32 and offset < _MAX_32:
        return (end,)
    end_64 = _END_64.pack(
        b"PK\x06\x06",
        _END_64.size - 12,
        _VERSION_64 | _UNIX << 8,
        _VERSION_64,
        0,
        0,
        members,
        members,
        length,
        offset,
    )
    return end_64, _LOCATOR_64.pack(b"PK\x06\x07", 0, offset + length, 1), end
