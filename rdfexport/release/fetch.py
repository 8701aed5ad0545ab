"""Files of a release, from its folder or from its address."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from rdfexport.errors import (
    DiskError,
    NotFoundError,
    RdfExportError,
    ReleaseError,
    UnreadableError,
    UsageError,
)
from rdfexport.limits import MAX_LIST_BYTES, MAX_SIGNATURE_BYTES
from rdfexport.net.address import checked, is_url
from rdfexport.net.policy import DOWNLOAD
from rdfexport.printing import shown
from rdfexport.release.checksums import SIGNATURE, SUMS, is_safe_path, parse_sums, sha256
from rdfexport.release.describe.void import VOID
from rdfexport.release.model import CURRENT, FACTS, FOLDER, open_release
from rdfexport.release.signature import check_signed, check_unsigned, signer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_QUADS: Final = re.compile(rf"rdf/{FOLDER}(?:-\d{{8}})?-rdf\.nq\.gz")
_FOLDER: Final = re.compile(rf"\d{{8}}|{CURRENT}")


@dataclass(frozen=True, slots=True)
class ReleaseFiles:
    """Files of a release.

    Args:
        name: The folder or address of the release, as messages show it.
        folder: The folder that the files are in, or are downloaded to.
        get: Returns a file, after it was downloaded if need be: takes its path in the release, and
            how many bytes it may have.
    """

    name: str
    folder: Path
    get: Callable[[str, int], Path]

    def get_signature(self) -> Path:
        """The signature; no file is there if the release has none."""
        with suppress(NotFoundError):
            return self.get(SIGNATURE, MAX_SIGNATURE_BYTES)
        return self.folder / SIGNATURE


@contextmanager
def release_files(
    place: str,
    downloads: Path,
    on_progress: Callable[[int], None] = lambda _bytes: None,
    *,
    login: str | None = "a release is public",
) -> Iterator[ReleaseFiles]:
    """Open a release in its folder, or at the address of that.

    Args:
        place: The folder or address; that of ``current`` too.
        downloads: A folder for files that are downloaded.
        on_progress: Receives the number of bytes downloaded so far.
        login: Why the address has no user; None if it may have one.

    Raises:
        UsageError: It is not the address of a folder.
        RemoteError: A file cannot be downloaded; errors of any kind name the address.
    """
    if not is_url(place):
        yield ReleaseFiles(place, Path(place), lambda path, _max_bytes: Path(place) / path)
        return
    from rdfexport.net.download import Wanted, download  # noqa: PLC0415 - slow to import
    from rdfexport.net.session import Session  # noqa: PLC0415

    parts = checked(place, "a release", login=login)
    if parts.query or parts.fragment:
        raise UsageError(f"{shown(place)}: leave ? and # out: a release is a folder")
    name = parts.path.rstrip("/").rpartition("/")[2]
    # The folder's name is compared with the version.
    folder = downloads / (name if is_safe_path(name) else "release")
    url, done = place.rstrip("/"), 0
    with Session(DOWNLOAD, netrc=True) as session:

        def get(path: str, max_bytes: int) -> Path:
            nonlocal done
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            wanted = Wanted(max_bytes=max_bytes, page=False)
            download(
                session, f"{url}/{path}", file, wanted, lambda size, _: on_progress(done + size)
            )
            done += file.stat().st_size
            return file

        try:
            yield ReleaseFiles(shown(url), folder, get)
        except RdfExportError as error:
            # The temporary folder will be gone.
            error.args = tuple(
                text.replace(str(folder), shown(url)) if isinstance(text, str) else text
                for text in error.args
            )
            raise


@contextmanager
def release_folder(
    place: str,
    signers: Path | None = None,
    on_progress: Callable[[int], None] = lambda _bytes: None,
) -> Iterator[Path]:
    """The folder of a release, or a temporary one with the files downloaded from its address.

    Downloaded files are compared with their checksums.

    Args:
        place: The folder or address; that of ``current`` too.
        signers: Who must have signed it, as OpenSSH lists allowed signers; None if nobody must.
        on_progress: Receives the number of bytes downloaded so far.

    Raises:
        NotSignedError: It is not signed by anybody of the list, or is not what was signed.
        UnreadableError: A downloaded file is not the one that ``SHA256SUMS`` lists.
        DiskError: It cannot be read.
        UsageError, NotFoundError, ReleaseError, RemoteError: As ``download_release``.
    """
    if not is_url(place):
        if signers is not None:
            check_signed(Path(place), signers)
        yield Path(place)
        return
    with download_release(place, on_progress) as folder:
        if signers is not None:
            check_signed(folder, signers)
        else:
            check_unsigned(folder)
        yield folder


@contextmanager
def download_release(
    url: str, on_progress: Callable[[int], None] = lambda _bytes: None
) -> Iterator[Path]:
    """Download all files of a release into a temporary folder; missing files are left out.

    Args:
        url: The address of the release.
        on_progress: Receives the number of bytes downloaded so far.

    Raises:
        UsageError: It is not the address of a folder.
        NotFoundError: No release is there.
        ReleaseError: Its ``release.json`` cannot be used.
        RemoteError: A file cannot be downloaded whole.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rdfexport-") as downloads,
        release_files(url, Path(downloads), on_progress) as files,
    ):
        sums, _ = parse_sums(files.get(SUMS, MAX_LIST_BYTES).read_bytes())
        files.get(FACTS, MAX_LIST_BYTES)
        try:
            release = open_release(files.folder)
        except (DiskError, UnreadableError) as error:
            raise ReleaseError(str(error)) from error
        sizes = {file.path: file.size for file in release.files}
        files.get_signature()
        for path in sorted(sums.keys() - {SUMS, SIGNATURE, FACTS}):
            # Verifying reports missing files.
            with suppress(NotFoundError):
                files.get(path, sizes.get(path, MAX_LIST_BYTES))
        yield files.folder


class ReleaseRdf(NamedTuple):
    """The RDF of a release.

    Args:
        quads: The gzipped N-Quads.
        description: The VoID description in Turtle.
    """

    quads: Path
    description: Path


def is_release(place: str) -> bool:
    """Whether a source is the folder of a release, or an address that ends like that of one."""
    if is_url(place):
        try:
            parts = urlsplit(place)
        except ValueError:  # whoever opens it reports that
            return False
        name = parts.path.rstrip("/").rpartition("/")[2]
        return not parts.query and _FOLDER.fullmatch(name) is not None
    folder = Path(place)
    return (folder / SUMS).is_file() and (folder / FACTS).is_file()


@contextmanager
def release_rdf(place: str, signers: Path | None = None) -> Iterator[ReleaseRdf]:
    """The files of a release that are loaded into a store, compared with their checksums.

    Args:
        place: The folder or address of the release; that of ``current`` too.
        signers: Who must have signed it; None if nobody must.

    Raises:
        UnreadableError: A file is missing, or is not the one that ``SHA256SUMS`` lists.
        NotSignedError: It is not signed by anybody of the list.
        UsageError: It is not the address of a folder.
        DiskError: It cannot be read.
        RemoteError: It cannot be downloaded.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rdfexport-") as downloads,
        release_files(place, Path(downloads)) as files,
    ):
        try:
            rdf = _checked_rdf(files, signers)
        except OSError as error:
            raise DiskError(
                f"{files.name}: cannot be read ({error.strerror}: {error.filename})"
            ) from error
        yield rdf


def _checked_rdf(files: ReleaseFiles, signers: Path | None) -> ReleaseRdf:
    listed = files.get(SUMS, MAX_LIST_BYTES)
    if signers is not None:
        signer(listed, files.get_signature(), signers)
    sums, findings = parse_sums(listed.read_bytes())
    if findings:
        raise UnreadableError(f"{files.name}/{findings[0]}")
    quads = [path for path in sums if _QUADS.fullmatch(path)]
    if len(quads) != 1 or VOID not in sums:
        raise UnreadableError(f"{files.name}/{SUMS}: lists no N-Quads, or no {VOID}: get it again")
    found = {path: files.get(path, DOWNLOAD.max_bytes) for path in (*quads, VOID)}
    for path, file in found.items():
        if sha256(file) != sums[path]:
            raise UnreadableError(
                f"{files.name}/{path}: not the file that {SUMS} lists (its SHA-256 differs)"
            )
    return ReleaseRdf(*found.values())
