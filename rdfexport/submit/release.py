"""Opens a release that is to be submitted: its names become addresses and branches."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rdfexport.errors import RdfExportError, UnreadableError
from rdfexport.release.model import FACTS, open_release
from rdfexport.submit.target import checked_url
from rdfexport.terms import checked_base

if TYPE_CHECKING:
    from pathlib import Path

    from rdfexport.release.model import Release


def open_submittable(folder: Path) -> Release:
    """Open the release of a folder, if it can be submitted.

    Raises:
        UnreadableError: It is no release, or not a whole one.
        DiskError: It cannot be read.
    """
    release = open_release(folder)
    facts = folder / FACTS
    if re.fullmatch(r"\d{8}", release.version) is None or not _is_date(release.issued):
        raise UnreadableError(
            f"{facts}: the version {release.version!r} is not a date such as 20261110"
        )
    try:
        checked_url(release.base_url)
    except RdfExportError as error:
        raise UnreadableError(f"{facts}: base_url: {error}") from None
    if not release.base_url.endswith("/"):
        raise UnreadableError(f"{facts}: base_url {release.base_url} does not end in /")
    try:
        checked_base(release.base_url)
    except RdfExportError as error:
        raise UnreadableError(f"{facts}: base_url: {error}") from None
    for file in release.files:
        path = folder / file.path
        if not path.is_file() or path.stat().st_size != file.size:
            raise UnreadableError(f"{path}: is not there, or not whole: make the release again")
    return release


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return False
    return True
