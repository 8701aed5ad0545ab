"""Opens a published file, compressed or in an archive, as a stream of its content."""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from fnmatch import fnmatch
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

from rdfexport.references.parsers import MalformedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MEMBERS: Final = ("names.dmp", "desc*", "supp*", "*.obo", "*.txt", "*.tsv", "*gene_*")
"""Which file of an archive is meant, the likeliest first."""


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """Open a file that may be packed with gzip or xz, or be in a zip or tar archive.

    The format is found from the content: file names differ between publishers.

    Raises:
        MalformedError: It cannot be unpacked.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(2)
        with _zipped(path) if magic == b"PK" else _plain(path, magic) as content:
            yield content
    except (
        EOFError,
        zlib.error,
        lzma.LZMAError,
        gzip.BadGzipFile,
        zipfile.BadZipFile,
        tarfile.TarError,
    ) as error:
        raise MalformedError(f"it is not whole ({error})") from error


@contextmanager
def _zipped(path: Path) -> Iterator[BinaryIO]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for pattern in _MEMBERS:
            for name in names:
                if fnmatch(name, pattern):
                    with archive.open(name) as file:
                        yield cast("BinaryIO", file)
                    return
    raise MalformedError("no file of the archive is the table")


@contextmanager
def _plain(path: Path, magic: bytes) -> Iterator[BinaryIO]:
    with _content(path, magic) as content:
        is_tar = content.read(262)[257:] == b"ustar"
        content.seek(0)
        if is_tar:
            yield from _from_tar(content)
        else:
            yield content


def _content(path: Path, magic: bytes) -> BinaryIO:
    if magic == b"\x1f\x8b":
        return cast("BinaryIO", gzip.open(path))
    if magic == b"\xfd7":
        return cast("BinaryIO", lzma.open(path))
    return path.open("rb")


def _from_tar(content: IO[bytes]) -> Iterator[BinaryIO]:
    """The first member that is the table; the archive is read once, front to back."""
    with tarfile.open(fileobj=content, mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None and any(fnmatch(member.name, name) for name in _MEMBERS):
                yield cast("BinaryIO", file)
                return
    raise MalformedError("no file of the archive is the table")
