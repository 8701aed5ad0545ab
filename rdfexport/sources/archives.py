"""The members of zip and tar archives, without unpacking them.

A compressed tar cannot be entered in the middle, so it is unpacked into one temporary file first;
its members still come straight out of that file.
"""

from __future__ import annotations

import lzma
import posixpath
import stat
import struct
import sys
import tarfile
import zipfile
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Final

import zstandard

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError, SourceError, is_exhausted
from rdfexport.limits import MAX_RECORD_BYTES
from rdfexport.printing import visible
from rdfexport.sources.archive_tree import Contents
from rdfexport.sources.names import is_passed_over, role
from rdfexport.sources.packing import most_unpacked, swells, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rdfexport.sources.members import Member

_STORED, _DEFLATED = 0, 8
_ENCRYPTED: Final = 0x1
_UNIX: Final = 3
_LONGEST_TARGET: Final = 4096
_TAR_BLOCK: Final = 512
# What the libraries raise on a damaged archive: their own errors, and those of the numbers, names
# and versions that they take from it unchecked.
_DAMAGE: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    MemoryError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


def members(
    name: str, path: Path, kind: str, folder: Path, on_fault: Callable[[RecordError], None]
) -> Iterator[tuple[str, Member]]:
    """Give the path within the archive, and the place, of every file in it.

    They are those that unpacking would give: of several members of one name the last, and what
    links lead to. Members that come before some damage are given before it is raised.

    Args:
        name: How messages name the archive.
        path: The archive.
        kind: As ``archive_kind`` says.
        folder: Where a compressed tar may be unpacked.
        on_fault: Called for each record or table that cannot be taken.

    Raises:
        SourceError: The archive is damaged, or grows like a bomb.
    """
    faults, damage = _Faults(name), None
    try:
        left = most_unpacked(path)
        path, kind = unpacked(name, path, kind, folder)
    except (*_DAMAGE, OSError) as error:
        if is_exhausted(error):  # by what is unpacked here
            raise
        raise _damaged(name, error) from error
    with closing(Contents(name, str(path))) as contents:
        try:
            (_list_zip if kind == "zip" else _list_tar)(path, contents, faults)
        except (*_DAMAGE, OSError) as error:
            damage = _unless_exhausted(error)
        for fault in faults.by_path.values():
            on_fault(fault)
        for inner, member in contents.files():
            if not is_passed_over(inner):
                left -= _bytes_read(inner, member)
                if left < 0:
                    raise swells(name)
                yield inner, member
    if damage is not None:
        raise _damaged(name, damage) from damage


def _unless_exhausted(error: Exception) -> Exception:
    if is_exhausted(error):
        raise error
    return error


def _bytes_read(inner: str, member: Member) -> int:
    """The bytes unpacked to read a member; each name that links give to one file counts."""
    is_read = role(inner) is not None and member.size <= MAX_RECORD_BYTES
    return member.size if is_read else 0


def _damaged(name: str, error: Exception) -> SourceError:
    problem = (
        f"cannot be read ({error})"
        if isinstance(error, OSError)
        else f"damaged archive ({visible(str(error))})"
    )
    return SourceError(Location(name), problem, "make or download it again")


class _Faults:
    """The faults of records and tables of an archive, by path; the last counts."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.by_path: dict[str, RecordError] = {}

    def outside(self, path: str) -> None:
        shown = Location(f"{self._name}!{visible(path)}")
        self._add(
            path,
            RecordError(
                shown,
                "the path leads out of the archive",
                "pack it under a relative path without '..'",
            ),
        )

    def unreadable(self, path: str, problem: str, remedy: str) -> None:
        shown = Location(f"{self._name}!{visible(path)}")
        self._add(path, SourceError(shown, problem, remedy))

    def _add(self, path: str, error: RecordError) -> None:
        posix = path.replace("\\", "/")
        if role(posix) is not None and not is_passed_over(posix):
            self.by_path[path] = error


def _list_zip(path: Path, contents: Contents, faults: _Faults) -> None:
    with zipfile.ZipFile(path) as archive:
        length = path.stat().st_size
        for info in archive.infolist():
            # Some programs on Windows write backslashes, against APPNOTE 4.4.17.1.
            inner = info.filename.replace("\\", "/")
            if inner.endswith("/"):
                continue
            faults.by_path.pop(info.filename, None)
            if not _is_inside(inner):
                faults.outside(info.filename)
            elif info.flag_bits & _ENCRYPTED or info.compress_type not in {_STORED, _DEFLATED}:
                contents.remove(inner)
                faults.unreadable(
                    info.filename,
                    "encrypted, or packed with an unusual method",
                    "make the archive again with the deflate method and no password",
                )
            elif info.header_offset < 0 or info.header_offset + info.compress_size > length:
                raise zipfile.BadZipFile(f"{info.filename} is not where the archive says")
            elif info.create_system == _UNIX and stat.S_ISLNK(info.external_attr >> 16):
                contents.add_link(inner, _target(archive, info))
            else:
                contents.add(
                    inner,
                    info.header_offset,
                    min(info.file_size, sys.maxsize),
                    info.compress_size,
                    info.compress_type,
                    info.CRC,
                )


def _target(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Where a symbolic link leads, which is the content of such a member."""
    with archive.open(info) as file:
        return file.read(_LONGEST_TARGET).decode("utf-8", "surrogateescape")


def _list_tar(path: Path, contents: Contents, faults: _Faults) -> None:
    with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
        length = path.stat().st_size
        for info in archive:
            # The library keeps every header it has read; a large archive has half a million.
            archive.members.clear()  # type: ignore[attr-defined]
            if not (info.isfile() or info.issym() or info.islnk()):
                continue
            faults.by_path.pop(info.name, None)
            if "\\" in info.name or not _is_inside(info.name):
                faults.outside(info.name)
            elif info.issym():
                contents.add_link(info.name, info.linkname)
            elif info.islnk():
                contents.add_hard_link(info.name, info.linkname)
            elif info.issparse():
                contents.remove(info.name)
                faults.unreadable(info.name, "a sparse file", "pack it without tar's --sparse")
            elif info.offset_data + info.size > length:
                raise tarfile.ReadError(f"{info.name} is cut off")
            else:
                contents.add(info.name, info.offset_data, info.size, -1, 0, 0)
        # The library takes a broken header for the end, which is a block of zeros (POSIX, pax).
        file.seek(archive.offset)
        if file.read(_TAR_BLOCK) != bytes(_TAR_BLOCK):
            raise tarfile.ReadError("it is cut off, or a header in it is broken")


def _is_inside(path: str) -> bool:
    return not (
        path.startswith("/")
        or ":" in path.partition("/")[0]
        or ".." in posixpath.normpath(path).split("/")
        or "\0" in path
    )
