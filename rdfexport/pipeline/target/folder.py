"""The folder of an export: it ends up holding that export and nothing of an earlier one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.errors import DiskError, UsageError
from rdfexport.pipeline.reports import INDEX, NAMES
from rdfexport.pipeline.target.claim import CLAIM, check_unclaimed
from rdfexport.pipeline.target.earlier import EarlierExport
from rdfexport.write import PARTIAL, OutputFile, overwritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JOURNAL: Final = ".rdfexport-files"
_JOURNAL_HEADER: Final = "# Files written by rdfexport: it removes those that a later export lacks."
PARTS: Final = ("core", "linkset", "wp")


class OutFolder:
    """Knows which files in the folder are ours, and removes only those.

    A journal names every file before it is written, so this holds after a crash as well.

    Raises:
        DiskError: The folder cannot be written to.
        BusyError: An export to the folder's URL is writing there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._earlier = EarlierExport(path)
        self.holds_an_export = (path / INDEX).exists() or self._earlier.has(INDEX)
        """Whether a whole export was here before this run, and before one that was killed."""
        self._old: set[str] = set()
        self._planned: set[str] = set()
        self._new: set[str] = set()
        try:
            path.mkdir(parents=True, exist_ok=True)
            journal = path / JOURNAL
            claim = path / CLAIM
            if claim.exists():
                check_unclaimed(str(path), claim.read_bytes())
            self._is_new = not journal.exists()
            if not self._is_new:
                lines = journal.read_text("utf-8", errors="replace").splitlines()
                self._old = {line for line in lines if _is_ours(line)}
            self._journal = journal.open("a", encoding="utf-8")
            self._take_over()
            if not self._old:
                self._journal.write(_JOURNAL_HEADER + "\n")
        except OSError as error:
            raise _not_writable(path, error) from error

    def _take_over(self) -> None:
        """Where an export was written by the folder's URL, all in its parts is ours."""
        claim = self.path / CLAIM
        if claim.exists():
            for part in PARTS:
                if (self.path / part).is_dir():
                    self.plan(f"{part}/{path.name}" for path in (self.path / part).iterdir())
            self.plan(NAMES)
            self._old |= self._planned
            claim.unlink()

    def foreign(self) -> set[str]:
        """The files that no export wrote, among those that an export might write."""
        found = set()
        for prefix in ("", *(f"{part}/" for part in PARTS)):
            folder = self.path / prefix
            if folder.is_dir():
                names = (prefix + entry.name for entry in os.scandir(folder))
                found |= {name for name in names if _is_ours(name) and name not in self._old}
        return found

    def refuse(self, names: Iterable[str]) -> None:
        """Refuse to overwrite some files, and leave the folder as it was.

        Raises:
            UsageError: There are some.
        """
        listed = sorted(names)
        if not listed:
            return
        self._journal.close()
        if self._is_new:
            (self.path / JOURNAL).unlink(missing_ok=True)
        raise UsageError(overwritten(self.path, listed))

    def plan(self, names: Iterable[str]) -> None:
        """Say which files will be written; call it before they are.

        Raises:
            DiskError: The folder cannot be written to.
        """
        new = [name for name in names if name not in self._old]
        self._planned.update(new)
        if not new:
            return
        try:
            self._journal.write("".join(f"{name}\n" for name in new))
            self._journal.flush()
        except OSError as error:
            raise _not_writable(self.path, error) from error

    @property
    def keeps_in(self) -> Path | None:
        """Where files that are replaced shall be kept; None if there is no export to keep."""
        return self._earlier.kept if self.holds_an_export else None

    def begin(self) -> None:
        """Say, by its missing index, that the folder holds no whole export any more.

        Raises:
            DiskError: The folder cannot be written to.
        """
        self.plan(NAMES)
        try:
            if self.holds_an_export:
                self._earlier.keep(INDEX)
            (self.path / INDEX).unlink(missing_ok=True)
        except OSError as error:
            raise _not_writable(self.path, error) from error

    def written(self, names: Iterable[str]) -> None:
        """Say which files were written."""
        self._new.update(names)

    def figure_files(self) -> Iterator[str]:
        """The files of figures that an earlier export left here."""
        for name in sorted(self._old):
            if name.startswith(f"{PARTS[0]}/") and (self.path / name).is_file():
                yield name

    def finish(self, *, keep: bool = False) -> int:
        """Remove the files of earlier exports that this one lacks; give their number.

        Args:
            keep: Remove none.
        """
        removed = 0
        if keep:
            self._new |= self._old
        for name in sorted(self._old - self._new):
            if (self.path / name).is_file():
                (self.path / name).unlink()
                removed += 1
        self.close()
        self._write_journal(self._new)
        self._earlier.forget()
        return removed

    def _write_journal(self, names: set[str]) -> None:
        with OutputFile(self.path / JOURNAL) as journal:
            journal.write(_JOURNAL_HEADER + "\n")
            for name in sorted(names):
                journal.write(name + "\n")

    def restore(self) -> None:
        """Put the earlier export back as it was, and remove what was written since.

        Raises:
            DiskError: The folder cannot be written to.
        """
        try:
            for name in self._planned - self._old:
                (self.path / name).unlink(missing_ok=True)
            self._earlier.restore()
        except OSError as error:
            raise _not_writable(self.path, error) from error
        self.close()
        self._write_journal(self._old)

    def close(self) -> None:
        """End the work; what was begun and not finished goes."""
        with suppress(OSError):  # lines that could not be written, which `plan` has reported
            self._journal.close()
        self._remove_partial()

    def _remove_partial(self) -> None:
        """Remove files that this or an earlier export left half, and no file of others."""
        ours = {*self._old, *self._planned, JOURNAL}
        for prefix in ("", *(f"{part}/" for part in PARTS)):
            folder = self.path / prefix
            if folder.is_dir():
                for entry in os.scandir(folder):
                    name = prefix + entry.name.removesuffix(PARTIAL)
                    if entry.name.endswith(PARTIAL) and name in ours:
                        Path(entry.path).unlink()


def _not_writable(path: Path, error: OSError) -> DiskError:
    return DiskError(f"{path}: cannot be written to ({error.strerror})")


def _is_ours(line: str) -> bool:
    """Whether a journal's line is a file this program may have written: never outside its parts."""
    folder, slash, name = line.rpartition("/")
    return (folder in PARTS if slash else True) and bool(name) and not name.startswith((".", "#"))
