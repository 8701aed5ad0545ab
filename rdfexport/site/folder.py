"""The folder of a site: changed files are written, unchanged ones are left alone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from rdfexport.errors import DiskError, UsageError
from rdfexport.terms import FIGURE_FILE
from rdfexport.write import PARTIAL, OutputFile, overwritten

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

_JOURNAL: Final = ".rdfexport-site-files"
_HEADER: Final = "# Files written by rdfexport site: it removes those that a later site lacks."
# What this program may have written: never a hidden file, nor one outside the folder.
_NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9._~-]*"
_OURS: Final = re.compile(rf"(?:{_NAME}/){{0,2}}{_NAME}", re.ASCII)

# Where a site has files; what users add elsewhere (CNAME, favicon.ico, .nojekyll) is theirs.
_WRITTEN: Final = re.compile(
    r"(?:index|404|search)\.html|robots\.txt|sitemap(?:-[0-9]+)?\.xml"
    r"|assets/(?:icon\.svg|page\.css|search\.js|site\.css)"
    r"|search/(?:.+/)?[a-z]+(?:-[0-9]+)?\.json"
    r"|figures/.+\.(?:html|jsonld|ttl)|(?:genes|chemicals|diseases|organisms|years)/.+\.html"
)


class SiteFolder:
    """Writes files that changed, knows which are ours, and removes only those.

    A journal names each file before it is written, so this holds after a crash as well. A file
    is written beside its name and renamed, but not synced to the disk one by one, which would take
    longer than all the rest: after a loss of power the next run compares every file again, and
    writes what is not as it should be.

    Args:
        path: The folder.
        database: Keeps the names, of which a large site has half a million.

    Raises:
        DiskError: The folder cannot be written to.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path = path
        self.written = self.unchanged = 0
        self._database = database
        database.execute(
            "CREATE TABLE file (path TEXT PRIMARY KEY, new INTEGER NOT NULL) WITHOUT ROWID"
        )
        self._folders: set[Path] = set()
        self._journal: IO[str] | None = None
        journal = path / _JOURNAL
        try:
            path.mkdir(parents=True, exist_ok=True)
            if journal.exists():
                with journal.open(encoding="utf-8", errors="replace") as lines:
                    names = ((line.rstrip("\n"),) for line in lines)
                    database.executemany(
                        "INSERT OR IGNORE INTO file VALUES (?, 0)",
                        (name for name in names if _OURS.fullmatch(*name)),
                    )
        except OSError as error:
            raise DiskError(f"{path}: cannot be written to ({error.strerror})") from error

    def begin(self, has_figure: Callable[[str], bool], *, force: bool) -> None:
        """Check that no file of other origin would be overwritten; call it before ``put``.

        Args:
            has_figure: Whether this site has a figure with files of this name.
            force: Overwrite files that no earlier site had.

        Raises:
            UsageError: There are such files, where this site has its own.
            DiskError: The folder cannot be written to.
        """
        if not force and (foreign := sorted(self._foreign(has_figure))):
            raise UsageError(overwritten(self.path, foreign))
        try:
            self._journal = (self.path / _JOURNAL).open("a", encoding="utf-8")
            if not self._journal.tell():
                self._journal.write(_HEADER + "\n")
        except OSError as error:
            raise DiskError(f"{self.path}: cannot be written to ({error.strerror})") from error

    def _foreign(self, has_figure: Callable[[str], bool]) -> Iterator[str]:
        """The files where this site has its own that no site's build wrote."""
        for folder in (self.path, *_folders(self.path)):
            for entry in os.scandir(folder):
                name = Path(entry.path).relative_to(self.path).as_posix()
                if not _WRITTEN.fullmatch(name) or self._is_known(name):
                    continue
                stem = Path(name).stem
                is_figure = name.startswith("figures/") and FIGURE_FILE.fullmatch(stem) is not None
                if not is_figure or has_figure(stem):
                    yield name

    def put(self, name: str, data: bytes) -> None:
        """Write a file unless it has this content already.

        Raises:
            DiskError: The disk is full, or the folder cannot be written to.
        """
        assert _OURS.fullmatch(name), name
        assert self._journal is not None
        path = self.path / name
        known = self._database.execute("UPDATE file SET new = 1 WHERE path = ?", (name,))
        if not known.rowcount:
            self._database.execute("INSERT INTO file VALUES (?, 1)", (name,))
            self._journal.write(f"{name}\n")
            self._journal.flush()
        if _holds(path, data):
            self.unchanged += 1
            return
        partial = path.with_name(path.name + PARTIAL)
        try:
            if path.parent not in self._folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(path.parent)
            with partial.open("wb", buffering=0) as file:
                file.write(data)
            partial.replace(path)
        except OSError as error:
            raise DiskError(f"{path}: cannot be written ({error.strerror})") from error
        self.written += 1

    def names(self, ending: str) -> Iterator[str]:
        """The files of this site whose names end so, in their order."""
        for (name,) in self._database.execute("SELECT path FROM file WHERE new ORDER BY path"):
            if name.endswith(ending):
                yield name

    def finish(self) -> int:
        """Remove the files of earlier sites that this one lacks; give their number."""
        removed = 0
        for (name,) in self._database.execute("SELECT path FROM file WHERE NOT new ORDER BY path"):
            path = self.path / name
            if path.is_file() or path.is_symlink():
                path.unlink()
                removed += 1
        with OutputFile(self.path / _JOURNAL) as journal:
            journal.write(_HEADER + "\n")
            for name in self.names(""):
                journal.write(name + "\n")
        return removed

    def close(self) -> None:
        """Close the journal and remove unfinished files, of earlier runs too."""
        if self._journal is not None:
            self._journal.close()
        for folder in (self.path, *_folders(self.path)):
            for entry in os.scandir(folder):
                if entry.name.endswith(PARTIAL) and self._known(Path(entry.path)):
                    Path(entry.path).unlink()

    def _known(self, partial: Path) -> bool:
        name = partial.relative_to(self.path).as_posix().removesuffix(PARTIAL)
        return name == _JOURNAL or self._is_known(name)

    def _is_known(self, name: str) -> bool:
        found = self._database.execute("SELECT 1 FROM file WHERE path = ?", (name,))
        return found.fetchone() is not None


def _folders(path: Path) -> Iterator[Path]:
    """The folders that files of a site are in."""
    for entry in os.scandir(path):
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield Path(entry.path)
            yield from (Path(e.path) for e in os.scandir(entry) if e.is_dir(follow_symlinks=False))


def _holds(path: Path, data: bytes) -> bool:
    """True if the file has exactly this content."""
    try:
        if path.is_symlink() or path.stat().st_size != len(data):
            return False
        return path.read_bytes() == data
    except OSError:
        return False
