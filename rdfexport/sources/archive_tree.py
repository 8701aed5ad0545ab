"""The files of an archive as they would be if it were unpacked: the last of a name, links followed.

They are listed in a temporary SQLite database, so a large archive takes no more memory.
"""

from __future__ import annotations

import posixpath
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from rdfexport.limits import MAX_LINKS
from rdfexport.printing import visible
from rdfexport.sources.members import LINK_OUTSIDE, LINK_TO_NOTHING, Member

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE: Final = "offset, size, packed, method, crc"


class OutsideError(Exception):
    """A link leads out of its archive."""


class Contents:
    """The files of an archive.

    Args:
        name: How messages name the archive.
        path: The file in which its members lie.
    """

    def __init__(self, name: str, path: str) -> None:
        self._name = name
        self._path = path
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TABLE file (path BLOB PRIMARY KEY, shown TEXT, target BLOB, offset INTEGER,"
            " size INTEGER, packed INTEGER, method INTEGER, crc INTEGER) WITHOUT ROWID"
        )

    def close(self) -> None:
        self._database.close()

    def add(self, path: str, *place: int) -> None:
        """Take a regular file, instead of what had the name before.

        Args:
            path: Within the archive, as it says.
            place: What ``Member`` has after its path.
        """
        self._put(path, None, *place)

    def add_link(self, path: str, target: str) -> None:
        """Take a symbolic link, which may lead to what comes after it."""
        self._put(path, target)

    def add_hard_link(self, path: str, target: str) -> None:
        """Take another name of a file that is in the archive already: the one of now.

        A later file of that name does not change what this one holds, as on unpacking.
        """
        found = self._database.execute(
            f"SELECT target, {_PLACE} FROM file WHERE path = ?",  # noqa: S608
            (_key(target),),
        ).fetchone()
        if found is not None:
            self._put(path, None if found[0] is None else _path(found[0]), *found[1:])
        elif _key(target).startswith((b"/", b"..")):
            self._put(path, target, LINK_OUTSIDE)
        else:
            self._put(path, target, LINK_TO_NOTHING)

    def remove(self, path: str) -> None:
        """Forget a file, since the last one of its name cannot be read."""
        self._database.execute("DELETE FROM file WHERE path = ?", (_key(path),))

    def files(self) -> Iterator[tuple[str, Member]]:
        """Give the path and the place of each file, what links lead to included.

        A link that leads to no file has ``LINK_TO_NOTHING`` or ``LINK_OUTSIDE`` as its place.
        """
        rows = self._database.execute(
            f"SELECT path, shown, target, {_PLACE} FROM file ORDER BY path"  # noqa: S608
        )
        for key, shown, target, *place in rows:
            path = _path(key)
            if target is None:
                yield path, self._member(shown, place)
            elif place[0] is not None:
                yield path, self._broken(shown, _path(target), place[0])
            else:
                yield from self._linked(path, shown, _path(target))

    def _linked(self, path: str, shown: str, target: str) -> Iterator[tuple[str, Member]]:
        """The file that a link leads to, or the files of the folder."""
        try:
            real = self._resolved(path)
        except OutsideError:
            yield path, self._broken(shown, target, LINK_OUTSIDE)
            return
        if real is not None and f"{path}/".startswith(f"{real}/" if real else ""):
            return  # a folder that the link itself is in
        found = None if real is None else self._place(real)
        if found is not None:
            yield path, self._member(shown, found)
            return
        is_folder = False
        for inner, place in () if real is None else self._below(real):
            is_folder = True
            rest = inner[len(real or "") :]
            yield path + rest, self._member(shown + visible(rest), place)
        if not is_folder:
            yield path, self._broken(shown, target, LINK_TO_NOTHING)

    def _resolved(self, path: str) -> str | None:
        """The path without links; None if they lead in a circle.

        Raises:
            OutsideError: One leads out of the archive.
        """
        waiting, done, links = path.split("/")[::-1], list[str](), 0
        while waiting:
            part = waiting.pop()
            if part in {"", "."}:
                continue
            if part == "..":
                if not done:
                    raise OutsideError
                done.pop()
                continue
            done.append(part)
            target = self._target("/".join(done))
            if target is not None:
                links += 1
                if links > MAX_LINKS:
                    return None
                if target.startswith("/"):
                    raise OutsideError
                done.pop()
                waiting += target.split("/")[::-1]
        return "/".join(done)

    def _target(self, path: str) -> str | None:
        """Where a symbolic link leads; None if there is none of that path."""
        found = self._database.execute(
            "SELECT target FROM file WHERE path = ? AND offset IS NULL", (_key(path),)
        ).fetchone()
        return None if found is None else _path(found[0])

    def _below(self, folder: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The files below a folder and where they lie; links to folders there are not followed."""
        rows = self._database.execute(
            f"SELECT path, target, {_PLACE} FROM file"  # noqa: S608
            " WHERE path > ? AND path < ? ORDER BY path",
            (_key(folder) + b"/", _key(folder) + b"0"),
        )
        for key, target, *values in rows:
            place = tuple(values) if target is None else self._place_behind(_path(key))
            if place is not None:
                yield _path(key), place

    def _place_behind(self, link: str) -> tuple[int, ...] | None:
        """Where the file lies that a link leads to; None if it leads to none."""
        try:
            real = self._resolved(link)
        except OutsideError:
            return None
        return None if real is None else self._place(real)

    def _place(self, path: str) -> tuple[int, ...] | None:
        found: tuple[int, ...] | None = self._database.execute(
            f"SELECT {_PLACE} FROM file WHERE path = ? AND target IS NULL",  # noqa: S608
            (_key(path),),
        ).fetchone()
        return found

    def _member(self, shown: str, place: Any) -> Member:
        return Member(f"{self._name}!{shown}", self._path, *place)

    def _broken(self, shown: str, target: str, why: int) -> Member:
        return Member(f"{self._name}!{shown}", visible(target), why)

    def _put(self, path: str, target: str | None, *place: int) -> None:
        values = (*place, *(None,) * (len(_PLACE.split()) - len(place)))
        self._database.execute(
            "INSERT OR REPLACE INTO file VALUES (?,?,?,?,?,?,?,?)",
            (_key(path), visible(path), None if target is None else _bytes(target), *values),
        )


def _key(path: str) -> bytes:
    """A path as it is told from others; it need not be valid Unicode."""
    return _bytes(posixpath.normpath(path))


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _path(key: bytes) -> str:
    return key.decode("utf-8", "surrogateescape")
