"""Doing something again whenever sources change."""

from __future__ import annotations

import glob
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport import walk
from rdfexport.errors import DiskError, MissingPackageError, UsageError
from rdfexport.printing import named
from rdfexport.remote import PARTIAL
from rdfexport.sources.local import tables_beside
from rdfexport.walk import is_leftover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_WAKE_MS: Final = 500


def watch(sources: Iterable[str], ignored: Iterable[Path], work: Callable[[], None]) -> None:
    """Work once, and again after each change of the sources, until Ctrl-C.

    What changes while the work is done is heard of, and changes that come together are one.

    Args:
        sources: Record files, folders, globs and archives.
        ignored: Files and folders whose changes do not count, such as those the work writes.
        work: What to do.

    Raises:
        UsageError: A source is not one that can be watched.
        DiskError: A source is not there.
        MissingPackageError: The library for it is not installed.
    """
    roots = sorted({str(root) for source in sources for root in _roots(source)})
    try:
        import watchfiles  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            "--watch needs the package watchfiles: pip install 'rdfexport[watch]'"
        ) from error

    own = [path.resolve() for path in ignored]
    own += [path.with_name(f"{path.name}{PARTIAL}") for path in own]

    def counts(_change: object, changed: str) -> bool:
        path = Path(changed)
        root = next((Path(one) for one in roots if path.is_relative_to(one)), path.parent)
        below = path.relative_to(root).parts
        return not any(map(is_leftover, below)) and not any(map(path.is_relative_to, own))

    with closing(
        watchfiles.watch(*roots, watch_filter=counts, rust_timeout=_WAKE_MS, yield_on_timeout=True)
    ) as changes:
        next(changes)  # from here on changes are heard of
        work()
        is_folder_new = False
        for changed in changes:
            if changed or is_folder_new:
                # What comes into a new folder before that is watched itself is not heard of.
                is_folder_new = any(Path(path).is_dir() for _, path in changed)
                work()


def _roots(source: str) -> set[Path]:
    """The folders in which a source may change, those behind links included.

    Folders are watched and not files, since editors put a new file in the old one's place.

    Raises:
        UsageError: It is not on this machine.
        DiskError: There is none.
    """
    if source == "-" or "://" in source:
        raise UsageError(f"{source}: cannot be watched: name files or folders")
    path = Path(source)
    if not os.path.lexists(path) and glob.has_magic(source):
        while glob.has_magic(str(path)):
            path = path.parent
    folder = path if path.is_dir() else path.parent
    if not folder.is_dir():
        raise DiskError(f"{named(source)}: no such file, folder or match")
    roots = {folder.resolve(), *(tables.resolve() for tables in tables_beside(folder))}
    for file in walk.files(str(folder), lambda _error: None):
        if file.path != file.real:
            roots.add(Path(file.real).parent)
    return roots
