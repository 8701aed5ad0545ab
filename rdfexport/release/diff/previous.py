"""The release that another is compared with: in a folder, or published."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from rdfexport.errors import DiskError, NotFoundError, UnreadableError, UsageError
from rdfexport.net.address import checked, is_url
from rdfexport.net.policy import DOWNLOAD
from rdfexport.printing import shown
from rdfexport.release.checksums import SIGNATURE, SUMS, sha256
from rdfexport.release.model import CURRENT, FACTS, Release, ReleaseFile, open_release, undated
from rdfexport.release.signature import check_listed, check_signed, signer

if TYPE_CHECKING:
    from collections.abc import Callable

QUADS: Final = "nquads"

_VERSION: Final = re.compile(r"[0-9]{8}")
_BASE: Final = re.compile(r"https?://[A-Za-z0-9.:-]+/(?:[A-Za-z0-9._~/%-]*/)?")
_STEP: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Previous:
    """An earlier release: what it says of itself, and its quads, whose checksum is right."""

    release: Release
    quads: Path
    sha256: str


def find_previous(place: str, version: str, scratch: Path, signers: Path | None = None) -> Previous:
    """Read, or download, what is needed of an earlier release.

    Args:
        place: Its folder or the URL of that; that of ``current`` too.
        version: Of the release that shall be compared with it.
        scratch: A folder for what is downloaded.
        signers: Who must have signed it, if anybody must.

    Raises:
        UnreadableError: It is no release, or what it has is not what it says.
        UsageError: It is no earlier one.
        DiskError: It cannot be read.
        RemoteError: It cannot be downloaded.
        NotSignedError: It is not signed by anybody of the list, or is not what was signed.
    """
    place = place.rstrip("/")
    if not is_url(place):
        folder = Path(place)
        if signers is not None:
            check_signed(folder, signers)
        return _checked(open_release(folder), place, version, lambda path: folder / path)
    from rdfexport.net.download import download  # noqa: PLC0415 - slow to import
    from rdfexport.net.session import Session  # noqa: PLC0415

    checked(place, "--previous: a release")
    folder = scratch / "previous"
    folder.mkdir()
    with Session(DOWNLOAD, netrc=True) as session:

        def get(path: str) -> Path:
            file = folder / PurePosixPath(path).name
            download(session, f"{place}/{path}", file)
            return file

        get(FACTS)
        if signers is not None:
            get(SUMS)
            with suppress(NotFoundError):
                get(SIGNATURE)
            signer(folder / SUMS, folder / SIGNATURE, signers)
            check_listed(folder / SUMS, FACTS, folder / FACTS)
        try:
            release = open_release(folder)
        except (DiskError, UnreadableError) as error:
            raise type(error)(str(error).replace(str(folder), shown(place))) from error
        found = _checked(release, place, version, get)
        if signers is not None:
            file = next(file for file in release.files if file.kind == QUADS)
            check_listed(folder / SUMS, _path(release, file, place), found.quads)
        return found


def _checked(release: Release, place: str, version: str, get: Callable[[str], Path]) -> Previous:
    name = shown(place) if is_url(place) else place
    file = _quads_of(release)
    if file is None:
        raise UnreadableError(f"{name}/{FACTS}: not what rdfexport release wrote")
    if release.version >= version:
        raise UsageError(
            f"--previous {name}: release {release.version} is not earlier than {version}"
        )
    path = _path(release, file, place)
    quads = get(path)
    try:
        whole = quads.stat().st_size == file.size and sha256(quads) == file.sha256
    except OSError as error:
        raise DiskError(f"{name}/{path}: cannot be read ({error.strerror})") from error
    if not whole:
        raise UnreadableError(
            f"{name}/{path}: not the file that {FACTS} describes (its size or SHA-256 is another)"
        )
    return Previous(release, quads, file.sha256)


def _path(release: Release, file: ReleaseFile, place: str) -> str:
    """The path of a file in a place: ``current`` has the names without the date."""
    if place.endswith(f"/{CURRENT}"):
        return undated(file.path, release.version)
    return file.path


def _quads_of(release: Release) -> ReleaseFile | None:
    """The file of the quads, if all that is used of a release has the form it must have."""
    facts: tuple[tuple[Any, re.Pattern[str]], ...] = (
        (release.version, _VERSION),
        (release.base_url, _BASE),
    )
    file = next((file for file in release.files if file.kind == QUADS), None)
    if file is None or not isinstance(file.path, str) or not isinstance(file.size, int):
        return None
    facts += tuple((step, _STEP) for step in file.path.split("/"))
    for value, form in facts:
        if not isinstance(value, str) or form.fullmatch(value) is None:
            return None
    return file
