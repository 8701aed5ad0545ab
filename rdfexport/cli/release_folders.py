"""Folders with several releases in them, where a command reads the RDF of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.errors import UsageError
from rdfexport.printing import named
from rdfexport.release.model import newest_release
from rdfexport.store import is_export

if TYPE_CHECKING:
    from collections.abc import Iterable


def refuse_folders_of_releases(names: Iterable[str | Path]) -> None:
    """Refuse a folder with releases in it: all its RDF would be each figure several times.

    Raises:
        UsageError: One of the sources is such a folder; the message names the newest release.
    """
    for name in names:
        folder = Path(name)
        newest = None if is_export(folder) else newest_release(folder)
        if newest is not None:
            raise UsageError(
                f"{named(str(name))}: holds releases: name one of them, such as"
                f" {named(str(newest))}"
            )
