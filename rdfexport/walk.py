"""Walks the files below a folder: follows links, ends loops, skips leftovers of editors."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LEFTOVER_FOLDERS: Final = frozenset({"__MACOSX"})
_LEFTOVER_BEGINNINGS: Final = (".", "~$", "#")
_LEFTOVER_ENDINGS: Final = ("~", ".swp", ".swo", ".swx")


class File(NamedTuple):
    """A file that a walk found.

    Args:
        path: The folder that was walked, and the path below it.
        real: The same file without any link on the way.
        is_broken: Whether it is a link that leads to nothing, or to what may not be seen.
    """

    path: str
    real: str
    is_broken: bool = False


def is_leftover(name: str) -> bool:
    """Whether a file or folder is hidden, or one that an editor or operating system leaves behind.

    Such are AppleDouble files (``._NAME``, ``__MACOSX``), locks (``.#NAME``, ``~$NAME``), and
    copies that editors keep (``NAME~``, ``#NAME#``, ``.NAME.swp``).

    Args:
        name: Its name without the folder.
    """
    return (
        name in _LEFTOVER_FOLDERS
        or name.startswith(_LEFTOVER_BEGINNINGS)
        or name.endswith(_LEFTOVER_ENDINGS)
    )


def files(folder: str, on_error: Callable[[OSError], None]) -> Iterator[File]:
    """Give the files of a folder and of all folders below it, in a stable order.

    A link to a folder is followed unless it leads back to a folder that the walk is in, and each
    link only once, so the walk ends whatever the links are.

    Args:
        folder: Where to begin; it is walked whatever it is called.
        on_error: Called for each folder that cannot be listed; its ``filename`` is the folder.
    """
    followed: set[str] = set()
    pending = [(folder, os.path.realpath(folder), frozenset[str]())]
    while pending:
        path, real, above = pending.pop()
        try:
            with os.scandir(path or ".") as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            on_error(error)
            continue
        within, within_real = os.path.join(path, ""), os.path.join(real, "")
        above |= {real}
        folders = []
        for entry in entries:
            if is_leftover(entry.name):
                continue
            # os.path.join takes as long as all the rest.
            place, link = f"{within}{entry.name}", f"{within_real}{entry.name}"
            target = _real(link) if entry.is_symlink() else link
            if not _is_folder(entry):
                is_broken = entry.is_symlink() and not os.path.exists(place)
                yield File(place, target, is_broken)
            elif target == link or (target not in above and link not in followed):
                followed.add(link)
                folders.append((place, target, above))
        pending += reversed(folders)


def _real(link: str) -> str:
    """Where a link leads; the link itself where that may not be seen, as of others' processes."""
    try:
        return os.path.realpath(link)
    except OSError:
        return link


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a loop, or into a folder that may not be entered
        return False
