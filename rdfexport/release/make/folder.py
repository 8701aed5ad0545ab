"""The folder of releases: each appears whole or not at all, and ``current`` is the newest.

A release is made in a folder beside, which stays when the work is interrupted, so that it can be
resumed.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final, Self

from rdfexport.errors import DiskError, UsageError
from rdfexport.locks import locked
from rdfexport.release.checksums import SIGNATURE, SUMS, files_below, write_sums
from rdfexport.release.model import CURRENT, FACTS, FOLDER, undated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


_VERSION_DIGITS: Final = 8
# These list files by their dated names.
_ONLY_DATED: Final = frozenset({"manifest.json", "ro-crate-metadata.json", SUMS, SIGNATURE})


class ReleaseFolder:
    """The place where a release is made, and then published.

    Args:
        out: The root of the published site.
        version: Of the release.
        replace: Whether to replace a release of this version.
        sign: Signs the checksums in a folder; None to leave them unsigned.

    Raises:
        UsageError: The release exists already.
        BusyError: Another release is being made.
        DiskError: The folder cannot be written to.
    """

    def __init__(
        self,
        out: Path,
        version: str,
        *,
        replace: bool,
        sign: Callable[[Path], None] | None = None,
    ) -> None:
        self.root = out / FOLDER
        self._version = version
        self._replace = replace
        self._sign = sign
        self.place = self.root / version
        """Where the release is published."""
        self.published = False
        """Whether it exists already, by a call that was interrupted just before its end."""
        self._partial = self.root / f".{version}.partial"
        self.work = self._partial / "work"
        """For shards, from which a later call resumes."""
        self.path = self._partial / version
        """Where the files of the release are written."""
        self.scratch = self._partial / "scratch"
        """For temporary files of this call."""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(locked(self.root))
            self._begin()
            self._lock = stack.pop_all()
        return self

    def _begin(self) -> None:
        try:
            for folder in (self.place, self.root / CURRENT):
                _recover(folder)
            if self.place.exists() and not self._replace:
                self.published = self._partial.exists() and not self.path.exists()
                if self.published:  # and interrupted before the rest was done
                    self._finish()
                    return
                raise UsageError(
                    f"{self.place} already exists: replace it with --replace, or choose another"
                    " --version"
                )
            shutil.rmtree(self.path, ignore_errors=True)
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.path.mkdir(parents=True)
            self.scratch.mkdir()
            self.work.mkdir(exist_ok=True)
        except OSError as error:
            raise DiskError(f"{self._partial}: cannot be written ({error.strerror})") from error

    def __exit__(self, *_: object) -> None:
        with self._lock:
            shutil.rmtree(self.scratch, ignore_errors=True)
            if not (self.work.is_dir() and any(self.work.iterdir())):
                shutil.rmtree(self._partial, ignore_errors=True)

    def previous(self) -> str | None:
        """The version of the release before this one, if there is one."""
        return max((v for v in self._versions() if v < self._version), default=None)

    def publish(self) -> None:
        """Move the release to its place, and update ``current``.

        Raises:
            DiskError: It cannot be written.
        """
        try:
            for folder, _, _ in os.walk(self.path):
                _sync(folder)
            _put(self.path, self.place)
            self._finish()
        except OSError as error:
            raise DiskError(f"{self.place}: cannot be written ({error.strerror})") from error

    def write_sums(self, folder: Path) -> None:
        """Write the checksums of a folder, and sign them if asked to."""
        write_sums(folder)
        if self._sign is not None:
            self._sign(folder)

    def _finish(self) -> None:
        self._make_current()
        shutil.rmtree(self._partial)

    def _versions(self) -> Iterator[str]:
        for entry in self.root.iterdir():
            name = entry.name
            if len(name) == _VERSION_DIGITS and name.isdecimal() and (entry / FACTS).is_file():
                yield name

    def _make_current(self) -> None:
        """Write the newest release to ``current``, unless it is there."""
        newest = max(self._versions())
        source, current = self.root / newest, self.root / CURRENT
        with suppress(OSError):
            if (current / FACTS).samefile(source / FACTS) and (current / SUMS).is_file():
                return
        beside = self.root / f".{CURRENT}.partial"
        shutil.rmtree(beside, ignore_errors=True)
        for path in files_below(source):
            name = path.relative_to(source).as_posix()
            if name in _ONLY_DATED:
                continue
            target = beside / undated(name, newest)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(path)
            except OSError:  # the file system has no links
                shutil.copyfile(path, target)
        self.write_sums(beside)
        for folder, _, _ in os.walk(beside):
            _sync(folder)
        _put(beside, current)


def _put(folder: Path, place: Path) -> None:
    """Replace one folder by another; ``_recover`` repairs an interruption in between."""
    if place.exists():
        place.rename(_aside(place))
    folder.rename(place)
    _sync(place.parent)
    shutil.rmtree(_aside(place), ignore_errors=True)


def _recover(place: Path) -> None:
    """Restore a folder that was moved aside for one that was not written."""
    if not _aside(place).exists():
        return
    if place.exists():
        shutil.rmtree(_aside(place))
    else:
        _aside(place).rename(place)


def _aside(place: Path) -> Path:
    return place.with_name(f".{place.name}.old")


def _sync(folder: Path | str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
