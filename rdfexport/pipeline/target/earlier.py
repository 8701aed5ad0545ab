"""The earlier export in a folder, kept until the one that replaces it is known to be good.

What a rename replaces lives on by a hard link, made just before. (A link changes the file's
``ctime``, by which the cache knows it, so files that stay are not linked.) The links lie in a
hidden folder in that of the export; they outlive a run that was killed, so that a later one can
still restore what was there before both.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from rdfexport.write import link_or_copy

if TYPE_CHECKING:
    from pathlib import Path

EARLIER: Final = ".rdfexport-earlier"
_KEPT: Final = ".kept"
"""Ending of a kept file's name, so that nobody reads it as RDF."""


def kept_file(folder: Path, name: str) -> Path:
    """Where a file of an export is kept; ``folder`` is ``EarlierExport.kept``."""
    return folder / f"{name}{_KEPT}"


class EarlierExport:
    """Files of an export folder as they were, to restore or to forget.

    Args:
        folder: The export's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.kept = folder / EARLIER
        """The folder in which the replaced files are."""

    def has(self, name: str) -> bool:
        """Whether a file is kept."""
        return kept_file(self.kept, name).exists()

    def keep(self, name: str) -> None:
        """Keep a file, unless it is not there, or is kept already.

        Raises:
            OSError: It cannot be kept.
        """
        link_or_copy(self._folder / name, kept_file(self.kept, name))

    def restore(self) -> None:
        """Put the kept files back.

        Raises:
            OSError: One cannot be put back; the others are still kept.
        """
        for file in sorted(self.kept.rglob(f"*{_KEPT}")):
            name = file.relative_to(self.kept).as_posix().removesuffix(_KEPT)
            file.replace(self._folder / name)
        self.forget()

    def forget(self) -> None:
        """Keep none of them any longer."""
        shutil.rmtree(self.kept, ignore_errors=True)
