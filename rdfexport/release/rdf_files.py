"""The files of a release that go into a store, from its folder or its address, each checked."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from rdfexport.errors import DiskError, NotFoundError, UnreadableError, UsageError
from rdfexport.limits import MAX_LIST_BYTES, MAX_SIGNATURE_BYTES
from rdfexport.net.address import checked, is_url
from rdfexport.net.policy import DOWNLOAD
from rdfexport.printing import shown
from rdfexport.release.checksums import SIGNATURE, SUMS, parse_sums, sha256
from rdfexport.release.describe.void import VOID
from rdfexport.release.model import CURRENT, FACTS, FOLDER
from rdfexport.release.signature import signer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_QUADS: Final = re.compile(rf"rdf/{FOLDER}(?:-\d{{8}})?-rdf\.nq\.gz")
_FOLDER: Final = re.compile(rf"\d{{8}}|{CURRENT}")


class ReleaseRdf(NamedTuple):
    """Where the RDF of a release is.

    Args:
        quads: Its gzipped N-Quads.
        description: Its VoID in Turtle.
    """

    quads: Path
    description: Path


def is_release(place: str) -> bool:
    """Whether a source is the folder of a release, or an address that ends as that of one does."""
    if is_url(place):
        try:
            parts = urlsplit(place)
        except ValueError:  # what opens it says so
            return False
        name = parts.path.rstrip("/").rpartition("/")[2]
        return not parts.query and _FOLDER.fullmatch(name) is not None
    folder = Path(place)
    return (folder / SUMS).is_file() and (folder / FACTS).is_file()


@contextmanager
def release_rdf(place: str, signers: Path | None = None) -> Iterator[ReleaseRdf]:
    """Read, or download into a temporary folder, what of a release goes into a store.

    Args:
        place: Its folder or the address of that; that of ``current`` too.
        signers: Who must have signed it, if anybody must.

    Raises:
        UnreadableError: A file is missing, or is not the one that ``SHA256SUMS`` lists.
        NotSignedError: It is not signed by anybody of the list.
        UsageError: It is not the address of a folder.
        DiskError: It cannot be read.
        RemoteError: It cannot be downloaded.
    """
    if not is_url(place):
        yield _checked(place, lambda path, _max: Path(place) / path, signers)
        return
    from rdfexport.net.download import Wanted, download  # noqa: PLC0415 - slow to import
    from rdfexport.net.session import Session  # noqa: PLC0415

    parts = checked(place, "a release", login="a release is public")
    if parts.query or parts.fragment:
        raise UsageError(f"{shown(place)}: leave ? and # out: a release is a folder")
    with (
        tempfile.TemporaryDirectory(prefix="rdfexport-") as folder,
        Session(DOWNLOAD, netrc=True) as session,
    ):

        def get(path: str, max_bytes: int) -> Path:
            file = Path(folder) / Path(path).name
            wanted = Wanted(max_bytes=max_bytes, page=False)
            download(session, f"{place.rstrip('/')}/{path}", file, wanted)
            return file

        yield _checked(place, get, signers)


def _checked(place: str, get: Callable[[str, int], Path], signers: Path | None) -> ReleaseRdf:
    name = shown(place) if is_url(place) else place
    try:
        listed = get(SUMS, MAX_LIST_BYTES)
        if signers is not None:
            found = listed.with_name(SIGNATURE)
            with suppress(NotFoundError):
                found = get(SIGNATURE, MAX_SIGNATURE_BYTES)
            signer(listed, found, signers)
        sums, findings = parse_sums(listed.read_bytes())
        if findings:
            raise UnreadableError(f"{name}/{findings[0]}")
        quads = [path for path in sums if _QUADS.fullmatch(path)]
        if len(quads) != 1 or VOID not in sums:
            raise UnreadableError(f"{name}/{SUMS}: lists no N-Quads, or no {VOID}: get it again")
        taken = [(path, get(path, DOWNLOAD.max_bytes)) for path in (*quads, VOID)]
        for path, file in taken:
            if sha256(file) != sums[path]:
                raise UnreadableError(
                    f"{name}/{path}: not the file that {SUMS} lists (its SHA-256 differs)"
                )
    except OSError as error:
        raise DiskError(f"{name}: cannot be read ({error.strerror}: {error.filename})") from error
    return ReleaseRdf(*(file for _, file in taken))
