"""The members of zip and tar archives, without unpacking them.

A compressed tar cannot be entered in the middle, so it is decompressed into one temporary file
first; its members still come straight out of that file.
"""

from __future__ import annotations

import gzip
import posixpath
import struct
import sys
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO, Final

import zstandard

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError, is_exhausted
from rdfexport.read.members import Member, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SUFFIXES: Final = {
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "tar.gz",
    ".tgz": "tar.gz",
    ".tar.zst": "tar.zst",
    ".tzst": "tar.zst",
}
_MAGIC: Final = ((b"PK\x03\x04", "zip"), (b"\x1f\x8b", "tar.gz"), (b"\x28\xb5\x2f\xfd", "tar.zst"))
_TAR_MAGIC_OFFSET: Final = 257
# Records shrink about tenfold; what grows more than this on unpacking is a bomb.
_MAX_RATIO: Final = 200
_FREE_BYTES: Final = 64 * 1024**2
_BLOCK: Final = 1 << 20
_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 0x1
_TAR_BLOCK: Final = 512
# What the libraries raise on a damaged archive: their own errors, and those of the numbers, names
# and versions that they take from it unchecked.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    MemoryError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


def archive_kind(name: str, path: Path) -> str | None:
    """The kind of archive by its name's ending or its first bytes, or None if it is not one."""
    lower = name.lower()
    for suffix, kind in _SUFFIXES.items():
        if lower.endswith(suffix):
            return kind
    if lower.endswith(".md"):
        return None
    with path.open("rb") as file:
        head = file.read(512)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return "tar" if head[_TAR_MAGIC_OFFSET : _TAR_MAGIC_OFFSET + 5] == b"ustar" else None


def members(
    name: str, path: Path, kind: str, folder: Path, on_fault: Callable[[RecordError], None]
) -> Iterator[tuple[str, Member]]:
    """Give the path within the archive, and the place, of every regular file in it.

    Args:
        name: How messages name the archive.
        path: The archive.
        kind: As ``archive_kind`` says.
        folder: Where a compressed tar may be decompressed.
        on_fault: Told of each member that cannot be taken.

    Raises:
        RecordError: The archive is damaged, or swells like a bomb.
    """
    try:
        if kind == "zip":
            yield from _zip_members(name, path, on_fault)
        else:
            if kind != "tar":
                path = _decompressed(name, path, kind, folder)
            yield from _tar_members(name, path, on_fault)
    except _DAMAGE as error:
        raise RecordError(
            Location(name), f"damaged archive ({printable(str(error))})", "make or download it anew"
        ) from error
    except OSError as error:
        if is_exhausted(error):  # by what is unpacked here
            raise
        raise RecordError(
            Location(name), f"cannot be read ({error})", "make or download it anew"
        ) from error


def _zip_members(
    name: str, path: Path, on_fault: Callable[[RecordError], None]
) -> Iterator[tuple[str, Member]]:
    with zipfile.ZipFile(path) as archive:
        length = path.stat().st_size
        for info in archive.infolist():
            if info.filename.endswith("/"):
                continue
            shown = f"{name}!{printable(info.filename)}"
            if not _is_inside(info.filename):
                on_fault(_outside(shown))
            elif info.flag_bits & _ENCRYPTED or info.compress_type not in {_STORED, _DEFLATED}:
                on_fault(
                    RecordError(
                        Location(shown),
                        "encrypted, or packed with an unusual method",
                        "make the archive anew with the deflate method and no password",
                    )
                )
            elif info.header_offset < 0 or info.header_offset + info.compress_size > length:
                raise zipfile.BadZipFile(f"{info.filename} is not where the archive says")
            else:
                yield (
                    info.filename,
                    Member(
                        shown,
                        str(path),
                        info.header_offset,
                        min(info.file_size, sys.maxsize),
                        info.compress_size,
                        info.compress_type,
                        info.CRC,
                    ),
                )


def _tar_members(
    name: str, path: Path, on_fault: Callable[[RecordError], None]
) -> Iterator[tuple[str, Member]]:
    with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
        length = path.stat().st_size
        for info in archive:
            # The library keeps every header it has read; a large archive has half a million.
            archive.members.clear()  # type: ignore[attr-defined]
            if not info.isfile():
                continue
            if info.offset_data + info.size > length:
                raise tarfile.ReadError(f"{info.name} breaks off")
            shown = f"{name}!{printable(info.name)}"
            if _is_inside(info.name):
                yield info.name, Member(shown, str(path), info.offset_data, info.size)
            else:
                on_fault(_outside(shown))
        # The library takes a broken header for the end, which is a block of zeros (POSIX, pax).
        file.seek(archive.offset)
        if file.read(_TAR_BLOCK) != bytes(_TAR_BLOCK):
            raise tarfile.ReadError("it breaks off, or a header in it is broken")


def _is_inside(path: str) -> bool:
    return not (
        path.startswith(("/", "\\"))
        or "\\" in path
        or ":" in path.partition("/")[0]
        or ".." in posixpath.normpath(path).split("/")
        or "\0" in path
    )


def _outside(shown: str) -> RecordError:
    return RecordError(
        Location(shown),
        "the path leads out of the archive",
        "pack it under a relative path without '..'",
    )


def _decompressed(name: str, path: Path, kind: str, folder: Path) -> Path:
    target = folder / f"{len(list(folder.iterdir()))}.tar"
    limit = path.stat().st_size * _MAX_RATIO + _FREE_BYTES
    size = 0
    with path.open("rb") as raw, target.open("wb") as out:
        source: BinaryIO | gzip.GzipFile | zstandard.ZstdDecompressionReader
        if kind == "tar.gz":
            source = gzip.GzipFile(fileobj=raw)
        else:
            source = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
                raw, read_across_frames=True
            )
        while block := source.read(_BLOCK):
            size += len(block)
            if size > limit:
                raise RecordError(
                    Location(name),
                    f"grows more than {_MAX_RATIO} times on unpacking",
                    "this is no archive of records; leave it out",
                )
            out.write(block)
    return target
