"""One file of a server → one file on disk, whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from rdfexport.errors import DiskError, NotFoundError, RemoteError
from rdfexport.net.causes import PassingError
from rdfexport.net.policy import Answer
from rdfexport.net.session import check
from rdfexport.printing import shown

if TYPE_CHECKING:
    from pathlib import Path

    from rdfexport.net.session import Session
    from rdfexport.net.stream import Stream

Progress = Callable[[int, int | None], None]
"""Takes the bytes that have come, and how many there will be, if the server says so."""

# A packed file is saved as it is, and its length is the one announced.
_AS_IT_IS: Final = {"Accept-Encoding": "identity"}
_NOT_MODIFIED: Final = 304
_PAGE: Final = (b"<!doctype html", b"<html")
_PAGE_BEGIN: Final = 64
_CHECKSUMS: Final = {
    "sha256": re.compile(r"\b[0-9a-f]{64}\b"),
    "md5": re.compile(r"\b[0-9a-f]{32}\b"),
}
"""Algorithm, which is the ending of a checksum file beside the download, and its form in there."""
_MAX_CHECKSUM_FILE: Final = 4096


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was downloaded.

    Args:
        path: Where it is.
        url: What was asked for.
        etag: Of the answer, for the next time; empty if it had none.
        modified: Its ``Last-Modified``, likewise.
        sha256: Of the file, in hexadecimal.
    """

    path: Path
    url: str
    etag: str
    modified: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The properties that a download must have.

    Args:
        max_bytes: How large it may be, if that is known; at most what the policy allows.
        etag: Of the last download; together with ``modified`` it makes the request conditional.
        modified: ``Last-Modified`` of the last download.
        checksum: Whether to look for a SHA-256 or MD5 beside the file, and to compare it.
        page: Whether it may be a web page; some servers answer every path with one.
        missing: Statuses that say that there is no such file.
    """

    max_bytes: int | None = None
    etag: str = ""
    modified: str = ""
    checksum: bool = False
    page: bool = True
    missing: frozenset[int] = frozenset({404, 410})


def download(
    session: Session,
    url: str,
    path: Path,
    wanted: Wanted | None = None,
    on_progress: Progress = lambda _size, _total: None,
) -> Download | None:
    """Download a file.

    Args:
        session: Its policy says how often that is tried.
        url: The address.
        path: Where to put it, when it is whole.
        wanted: What it must be.
        on_progress: Told what comes in.

    Returns:
        None if it is what was downloaded the last time.

    Raises:
        NotFoundError: There is no such file.
        RemoteError: It cannot be had whole; as ``Session.send`` otherwise.
        DiskError: It cannot be written.
    """
    wanted = wanted or Wanted()
    return session.retried("GET", url, lambda: _once(session, url, path, wanted, on_progress))


def _once(
    session: Session, url: str, path: Path, wanted: Wanted, on_progress: Progress
) -> Download | None:
    condition = {"If-None-Match": wanted.etag, "If-Modified-Since": wanted.modified}
    headers = _AS_IT_IS | {name: value for name, value in condition.items() if value}
    with session.attempt("GET", url, headers=headers) as stream:
        if wanted.max_bytes is not None:
            stream.max_bytes = min(stream.max_bytes, wanted.max_bytes)
        if stream.status == _NOT_MODIFIED and len(headers) > 1:
            return None
        if stream.status in wanted.missing:
            raise NotFoundError(
                shown(url), f"the server answered {stream.status}", "check the address"
            )
        check(Answer(stream.status, stream.headers, b""), url)
        if not wanted.page and stream.peek(_PAGE_BEGIN).lstrip().lower().startswith(_PAGE):
            raise RemoteError(shown(url), "the server answers with a web page", "check the address")
        partial = path.with_name(f"{path.name}.partial")
        try:
            digests = _save(stream, partial, on_progress)
            if wanted.checksum:
                _compare(session, url, digests)
            partial.replace(path)
        except OSError as error:
            raise DiskError(f"{path}: cannot be written ({error.strerror})") from error
        finally:
            partial.unlink(missing_ok=True)
        etag, modified = (stream.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return Download(path, url, etag, modified, digests["sha256"])


def _save(stream: Stream, path: Path, on_progress: Progress) -> dict[str, str]:
    """Write what comes to a file, and give its checksums."""
    length = stream.headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() and len(length) < 20 else None
    digests = {"sha256": hashlib.sha256(), "md5": hashlib.md5(usedforsecurity=False)}
    size = 0
    with path.open("wb") as file:
        for block in stream.blocks():
            file.write(block)
            for digest in digests.values():
                digest.update(block)
            size += len(block)
            on_progress(size, total)
    return {kind: digest.hexdigest() for kind, digest in digests.items()}


def _compare(session: Session, url: str, digests: dict[str, str]) -> None:
    """See that a file has the checksum that the server has beside it, if it has one."""
    for kind, digest in digests.items():
        expected = _checksum(session, url, kind)
        if expected is None:
            continue
        if digest != expected:
            problem = f"the file does not have the {kind.upper()} that is published beside it"
            raise PassingError(shown(url), problem, session.policy.remedy)
        return


def _checksum(session: Session, url: str, kind: str) -> str | None:
    parts = urlsplit(url)
    beside = urlunsplit(parts._replace(path=f"{parts.path}.{kind}"))
    with session.attempt("GET", beside, headers=_AS_IT_IS) as stream:
        if not 200 <= stream.status < 300:
            return None
        text = stream.peek(_MAX_CHECKSUM_FILE).decode("ascii", "replace")
    # Some servers answer every path with a page.
    found = None if text.lstrip().startswith("<") else _CHECKSUMS[kind].search(text.lower())
    return found and found.group()
