"""The earlier release that a release is compared with: in a folder, or published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdfexport.errors import DiskError, UnreadableError, UsageError
from rdfexport.limits import MAX_LIST_BYTES
from rdfexport.net.address import is_url
from rdfexport.net.policy import DOWNLOAD
from rdfexport.release.checksums import SUMS, sha256
from rdfexport.release.fetch import ReleaseFiles, release_files
from rdfexport.release.model import CURRENT, FACTS, Release, open_release, undated
from rdfexport.release.signature import check_listed, check_signed, signer

if TYPE_CHECKING:
    from pathlib import Path

QUADS: Final = "nquads"

_BASE: Final = re.compile(r"https?://[A-Za-z0-9.:-]+/(?:[A-Za-z0-9._~/%-]*/)?")


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier release, and its N-Quads file with the checksum that was found to be right."""

    release: Release
    quads: Path
    sha256: str


def find_previous(place: str, version: str, scratch: Path, signers: Path | None = None) -> Previous:
    """Read, or download, what is needed of an earlier release.

    Args:
        place: The folder or address of the earlier release; that of ``current`` too.
        version: Of the release that will be compared with it.
        scratch: A folder for what is downloaded.
        signers: Who must have signed the earlier release; None if nobody must.

    Raises:
        UnreadableError: It is not a release, or a file is not what it says.
        UsageError: It is not earlier.
        DiskError: It cannot be read.
        RemoteError: It cannot be downloaded.
        NotSignedError: It is not signed by anybody of the list, or is not what was signed.
    """
    with release_files(place.rstrip("/"), scratch, login=None) as files:
        facts = files.get(FACTS, MAX_LIST_BYTES)
        if signers is not None and not is_url(place):
            check_signed(files.folder, signers)
        elif signers is not None:
            sums = files.get(SUMS, MAX_LIST_BYTES)
            signer(sums, files.get_signature(), signers)
            check_listed(sums, FACTS, facts)
        path, previous = _checked(files, open_release(files.folder), version)
        if signers is not None and is_url(place):
            check_listed(files.folder / SUMS, path, previous.quads)
        return previous


def _checked(files: ReleaseFiles, release: Release, version: str) -> tuple[str, Previous]:
    """The path of the N-Quads, and the earlier release, after its facts and file were checked."""
    listed = next((file for file in release.files if file.kind == QUADS), None)
    if listed is None or _BASE.fullmatch(release.base_url) is None:
        raise UnreadableError(f"{files.name}/{FACTS}: not what rdfexport release wrote")
    if release.version >= version:
        raise UsageError(
            f"--previous {files.name}: release {release.version} is not earlier than {version}"
        )
    path = listed.path
    if files.folder.name == CURRENT:  # which has the names without the date
        path = undated(path, release.version)
    quads = files.get(path, DOWNLOAD.max_bytes)
    try:
        whole = quads.stat().st_size == listed.size and sha256(quads) == listed.sha256
    except OSError as error:
        raise DiskError(f"{files.name}/{path}: cannot be read ({error.strerror})") from error
    if not whole:
        raise UnreadableError(
            f"{files.name}/{path}: not the file that {FACTS} describes (its size or SHA-256 is"
            " another)"
        )
    return path, Previous(release, quads, listed.sha256)
