"""The kind of an archive, and compressed archives unpacked into a temporary file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
from typing import TYPE_CHECKING, BinaryIO, Final

import zstandard

from rdfexport.diagnostics import Location
from rdfexport.errors import SourceError
from rdfexport.limits import FREE_RECORDS_BYTES, MAX_PACKING_LAYERS, MAX_RECORDS_RATIO

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES: Final = {
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "gz",
    ".tgz": "gz",
    ".tar.zst": "zst",
    ".tzst": "zst",
    ".tar.xz": "xz",
    ".txz": "xz",
    ".tar.bz2": "bz2",
    ".tbz2": "bz2",
    ".tbz": "bz2",
}
_MAGIC: Final = {
    "zip": re.compile(rb"PK\x03\x04"),
    "gz": re.compile(rb"\x1f\x8b"),
    "zst": re.compile(rb"\x28\xb5\x2f\xfd"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "bz2": re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"),
    "tar": re.compile(rb".{257}ustar", re.DOTALL),
}
PACKED: Final = frozenset({"gz", "zst", "xz", "bz2"})
"""The kinds that hold one other file."""
_HEAD_BYTES: Final = 512
_BLOCK: Final = 1 << 20


def archive_kind(name: str, path: Path) -> str | None:
    """The kind of archive by a file's first bytes, or else its name; None if it is not one.

    The bytes come first, since a server may send a ``tar.gz`` unpacked.

    Raises:
        OSError: The file cannot be read.
    """
    lower = name.lower()
    if lower.endswith(".md"):
        return None
    kind = _kind_of_bytes(path)
    if kind is None:
        kind = next((one for suffix, one in _SUFFIXES.items() if lower.endswith(suffix)), None)
    return kind


def unpacked(name: str, path: Path, kind: str, folder: Path) -> tuple[Path, str]:
    """Unpack an archive that is compressed as a whole, several times if need be.

    Args:
        name: How messages name it.
        path: The file.
        kind: As ``archive_kind`` says.
        folder: Where it may be unpacked.

    Returns:
        The file in which its members lie, and its kind: ``zip`` or ``tar``.

    Raises:
        SourceError: It grows like a bomb, or is packed too often.
        OSError, EOFError, lzma.LZMAError, zlib.error, zstandard.ZstdError: It is damaged.
    """
    limit = most_unpacked(path)
    for _ in range(MAX_PACKING_LAYERS):
        if kind not in PACKED:
            return path, kind
        path = _unpack(name, path, kind, folder, limit)
        kind = _kind_of_bytes(path) or "tar"
    raise SourceError(Location(name), "packed more than three times", "pack it once")


def most_unpacked(path: Path) -> int:
    """How many bytes the records and tables of an archive may have, unpacked.

    Raises:
        OSError: The file cannot be read.
    """
    return path.stat().st_size * MAX_RECORDS_RATIO + FREE_RECORDS_BYTES


def swells(name: str) -> SourceError:
    """The fault of an archive that has more than that."""
    return SourceError(
        Location(name),
        f"grows more than {MAX_RECORDS_RATIO} times on unpacking",
        "this is not an archive of records: leave it out",
    )


def _kind_of_bytes(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    return next((kind for kind, magic in _MAGIC.items() if magic.match(head)), None)


def _unpack(name: str, path: Path, kind: str, folder: Path, limit: int) -> Path:
    target = folder / f"{len(list(folder.iterdir()))}.unpacked"
    size = 0
    with path.open("rb") as raw, target.open("wb") as out:
        source = _opened(raw, kind)
        while block := source.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise swells(name)
            out.write(block)
    return target


def _opened(
    raw: BinaryIO, kind: str
) -> gzip.GzipFile | lzma.LZMAFile | bz2.BZ2File | zstandard.ZstdDecompressionReader:
    if kind == "gz":
        return gzip.GzipFile(fileobj=raw)
    if kind == "xz":
        return lzma.LZMAFile(raw)
    if kind == "bz2":
        return bz2.BZ2File(raw)
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    return decompressor.stream_reader(raw, read_across_frames=True)
