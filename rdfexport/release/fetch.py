"""A published release → its files in a temporary folder, to be checked as any other folder."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.errors import NotFoundError, RdfExportError, ReleaseError, UsageError
from rdfexport.limits import MAX_LIST_BYTES, MAX_SIGNATURE_BYTES
from rdfexport.net.address import checked, is_url
from rdfexport.net.policy import DOWNLOAD
from rdfexport.printing import shown
from rdfexport.release.checksums import SIGNATURE, SUMS, is_safe, parse_sums
from rdfexport.release.model import FACTS
from rdfexport.release.signature import check_signed, check_unsigned
from rdfexport.release.verify.listing import Check, read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def release_folder(
    place: str,
    signers: Path | None = None,
    on_progress: Callable[[int], None] = lambda _bytes: None,
) -> Iterator[Path]:
    """The folder of a release: its own, or one into which it is downloaded and checked.

    Args:
        place: Its folder or the address of that; that of ``current`` too.
        signers: Who must have signed it, as OpenSSH lists allowed signers, if anybody must.
        on_progress: Told how many bytes have come in all.

    Raises:
        NotSignedError: It is not signed by anybody of the list, or is not what was signed.
        UnreadableError: A file that was downloaded is not the one that ``SHA256SUMS`` lists.
        DiskError: It cannot be read.
        UsageError, NotFoundError, ReleaseError, RemoteError: As ``fetched``.
    """
    if not is_url(place):
        if signers is not None:
            check_signed(Path(place), signers)
        yield Path(place)
        return
    with fetched(place, on_progress) as folder:
        try:
            if signers is not None:
                check_signed(folder, signers)
            else:
                check_unsigned(folder)
            yield folder
        except RdfExportError as error:
            # A folder that is about to be removed helps nobody.
            name = shown(place).rstrip("/")
            error.args = tuple(
                text.replace(str(folder), name) if isinstance(text, str) else text
                for text in error.args
            )
            raise


@contextmanager
def fetched(url: str, on_progress: Callable[[int], None] = lambda _bytes: None) -> Iterator[Path]:
    """Download a published release into a temporary folder, as far as the server has it.

    Args:
        url: Its address.
        on_progress: Told how many bytes have come in all.

    Raises:
        UsageError: It is not the address of a folder.
        NotFoundError: There is no release.
        ReleaseError: It does not say what it consists of.
        RemoteError: A file cannot be had whole.
    """
    parts = checked(url, "a release", login="a release is public")
    if parts.query or parts.fragment:
        raise UsageError(f"{shown(url)}: leave ? and # out: a release is a folder")
    with tempfile.TemporaryDirectory(prefix="rdfexport-") as place:
        name = parts.path.rstrip("/").rpartition("/")[2]
        # The checks compare the folder's name with the version.
        folder = Path(place) / (name if is_safe(name) else "release")
        folder.mkdir()
        _download(url.rstrip("/"), folder, on_progress)
        yield folder


def _download(url: str, folder: Path, on_progress: Callable[[int], None]) -> None:
    from rdfexport.net.download import Wanted, download  # noqa: PLC0415 - slow to import
    from rdfexport.net.session import Session  # noqa: PLC0415

    done = 0
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

        sums, _ = parse_sums(get(SUMS, MAX_LIST_BYTES).read_bytes())
        get(FACTS, MAX_LIST_BYTES)
        release = read_facts(folder, check := Check("facts"))
        if release is None:
            raise ReleaseError(f"{shown(url)}/{check.findings[0]}")
        sizes = {file.path: file.size for file in release.files}
        with suppress(NotFoundError):
            get(SIGNATURE, MAX_SIGNATURE_BYTES)
        for path in sorted(sums.keys() - {SUMS, SIGNATURE, FACTS}):
            # The checks say what is missing.
            with suppress(NotFoundError):
                get(path, sizes.get(path, MAX_LIST_BYTES))
