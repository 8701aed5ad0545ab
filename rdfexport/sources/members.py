"""A file, here or at a URL, or a part of an archive: found once, read where it is needed."""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport import remote
from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError, SourceError, without_trace
from rdfexport.limits import MAX_RECORD_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

AT_URL: Final = -2
LINK_TO_NOTHING: Final = -3
LINK_OUTSIDE: Final = -4
# Most records fit; what a read may give is allocated before.
_BLOCK: Final = 1 << 16
_LOCAL_HEADER: Final = 30
_DEFLATED: Final = 8


class Member(NamedTuple):
    """Where the bytes of a record or a table lie.

    Args:
        name: How messages name it (``archive.zip!_figures/F.md``).
        path: The file on disk, or its URL; of a link of an archive that cannot be followed, where
            it leads.
        offset: Where its bytes begin; -1 for the whole file, ``AT_URL`` for one at a URL,
            ``LINK_TO_NOTHING`` or ``LINK_OUTSIDE`` for a link that leads to no file of its archive.
        size: How many bytes it has (not used for a whole file on disk).
        packed: How many it takes in a zip archive; -1 if it lies there as it is.
        method: The zip archive's compression method.
        crc: The zip archive's checksum of it.
    """

    name: str
    path: str
    offset: int = -1
    size: int = 0
    packed: int = -1
    method: int = 0
    crc: int = 0

    def read(self) -> bytes:
        """Read the bytes.

        Raises:
            SourceError: They cannot be read, or are damaged.
            RecordError: They are too many to be a record.
            RemoteError: The store of a URL fails.
        """
        if self.size > MAX_RECORD_BYTES:
            raise RecordError(
                Location(self.name),
                f"larger than {MAX_RECORD_BYTES // 1024**2} MiB, which no record is",
                "remove it from the source",
            )
        if self.offset == LINK_OUTSIDE:
            raise self._error(
                f"a link that leads out of the archive, to {self.path}", "pack the file instead"
            )
        if self.offset == LINK_TO_NOTHING:
            raise self._error(
                f"a link to {self.path}, which is not in the archive", "pack that file too"
            )
        try:
            return self._bytes()
        except OSError as error:
            raise self.unreadable(error) from error

    def unreadable(self, error: OSError) -> SourceError:
        """The fault of a file that cannot be read."""
        return self._error(f"cannot be read ({error.strerror or error})", "make it a readable file")

    def held(self) -> Held:
        """Its bytes as they are now, whatever happens to the file."""
        try:
            return Held(self.name, self.read())
        except RecordError as error:
            return Held(self.name, without_trace(error))

    def _bytes(self) -> bytes:
        if self.offset == AT_URL:
            content = remote.read([remote.Object(self.path, self.size)], MAX_RECORD_BYTES)[0]
            if isinstance(content, OSError):
                raise content
            return content
        # Not to wait for a writer where the path is a pipe.
        handle = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            if self.offset < 0:
                return _read(handle, MAX_RECORD_BYTES + 1)
            if self.packed < 0:
                data = os.pread(handle, self.size, self.offset)
                if len(data) != self.size:
                    raise self._error("is cut off in the archive", "make the archive again")
                return data
            return self._unpack(handle)
        finally:
            os.close(handle)

    def _unpack(self, handle: int) -> bytes:
        """Unpack a zip member (PKWARE APPNOTE 4.3.7, local file header)."""
        header = os.pread(handle, _LOCAL_HEADER, self.offset)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        data = os.pread(handle, self.packed, self.offset + _LOCAL_HEADER + names)
        if self.method == _DEFLATED:
            try:
                # The size is bounded: a bomb ends here, and fails the checksum.
                data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, self.size + 1)
            except zlib.error as error:
                raise self._error(
                    f"damaged in the archive ({error})", "make the archive again"
                ) from error
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            raise self._error("damaged in the archive (wrong checksum)", "make the archive again")
        return data

    def _error(self, problem: str, remedy: str) -> SourceError:
        return SourceError(Location(self.name), problem, remedy)


class Held(NamedTuple):
    """A member that was read: its bytes, or the error."""

    name: str
    content: bytes | RecordError

    def read(self) -> bytes:
        """Give the bytes.

        Raises:
            RecordError: They could not be read.
        """
        if isinstance(self.content, RecordError):
            raise self.content
        return self.content

    def held(self) -> Held:
        return self


def held_from_urls(members: Iterable[Member | Held]) -> dict[Member | Held, Held]:
    """The content of members at URLs, read side by side, so that a store's delay counts once.

    Raises:
        RemoteError: A store fails.
    """
    away = [
        member
        for member in members
        if isinstance(member, Member)
        and member.offset == AT_URL
        and member.size <= MAX_RECORD_BYTES
    ]
    objects = [remote.Object(member.path, member.size) for member in away]
    return {
        member: Held(member.name, member.unreadable(found) if isinstance(found, OSError) else found)
        for member, found in zip(away, remote.read(objects, MAX_RECORD_BYTES), strict=True)
    }


def _read(handle: int, limit: int) -> bytes:
    parts = []
    while limit > 0 and (part := os.read(handle, min(limit, _BLOCK))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)
