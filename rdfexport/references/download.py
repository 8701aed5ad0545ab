"""Published files → files on disk, whole and checked, or a clear word why not."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit, urlunsplit

from rdfexport.references.store import FileState
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    import requests

TIMEOUT: tuple[float, float] = (10.0, 60.0)
"""Seconds to connect, and without a byte."""

TRIES = 4
BACKOFF = 1.0
"""Seconds before the second try; twice as many before each further one."""

LARGEST: Final = 4 * 1024**3
"""Bytes; the largest of the files has under 100 MB packed, and a GB as it is."""

Progress = Callable[[str, int, int | None], None]
"""Told the source, the bytes that have come, and how many there will be, if the server says so."""

_MAX_REDIRECTS: Final = 5
_BLOCK: Final = 1 << 18
_PASSING: Final = (429, 500, 502, 503, 504)
_NOT_FOUND: Final = 404
_NOT_MODIFIED: Final = 304
_LONGEST_CHECKSUM_FILE: Final = 4096
_CHECKSUMS: Final = {
    "sha256": re.compile(r"\b[0-9a-f]{64}\b"),
    "md5": re.compile(r"\b[0-9a-f]{32}\b"),
}
"""What may lie beside a file, its name after a dot, and the checksum in it."""


class DownloadError(Exception):
    """A file could not be had whole; the text says why."""


class _PassingError(Exception):
    """It did not work, and may the next time."""


class _MissingError(DownloadError):
    """There is no such file."""


@dataclass(frozen=True)
class Download:
    """A file that was downloaded.

    Args:
        path: Where it is.
        state: Its address, and what to ask the server with the next time.
        date: Day of its last change, if the server says so; or today's.
    """

    path: Path
    state: FileState
    date: str


class Downloader:
    """Downloads over HTTP with time-outs and several tries.

    Args:
        folder: For the files.
        on_progress: Told what comes in.
    """

    def __init__(self, folder: Path, on_progress: Progress) -> None:
        import requests  # noqa: PLC0415 - slow to import, and only updates need it

        self._folder = folder
        self._on_progress = on_progress
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"rdfexport/{__version__}"
        # A packed file shall be saved as it is, and its length be the one announced.
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.max_redirects = _MAX_REDIRECTS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def fetch(self, name: str, urls: Sequence[str], known: FileState | None) -> Download | None:
        """Download a source.

        Args:
            name: The source.
            urls: Its addresses, the best first; the next is tried if there is no such file.
            known: What was downloaded last: if that is still what the server has, None is given.

        Raises:
            DownloadError: It could not be had.
        """
        for url in urls[:-1]:
            try:
                return self._fetch(name, url, known)
            except _MissingError:
                continue
        return self._fetch(name, urls[-1], known)

    def _fetch(self, name: str, url: str, known: FileState | None) -> Download | None:
        condition = {}
        if known is not None and known.url == url:
            condition = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(BACKOFF * 2 ** (attempt - 1))
            try:
                return self._try(
                    name, url, {key: value for key, value in condition.items() if value}
                )
            except _PassingError as error:
                problem = str(error)
        raise DownloadError(f"{shown(url)}: {problem}, {TRIES} times")

    def _try(self, name: str, url: str, condition: dict[str, str]) -> Download | None:
        import requests  # noqa: PLC0415

        try:
            with self._session.get(
                url, headers=condition, stream=True, timeout=TIMEOUT
            ) as response:
                status = response.status_code
                if condition and status == _NOT_MODIFIED:
                    return None
                if status in _PASSING:
                    raise _PassingError(f"the server answered {status}")
                if status != requests.codes.ok:
                    missing = _MissingError if status == _NOT_FOUND else DownloadError
                    raise missing(f"{shown(url)}: the server answered {status}")
                return self._save(name, url, response)
        except requests.TooManyRedirects as error:
            raise DownloadError(f"{shown(url)}: more than {_MAX_REDIRECTS} redirects") from error
        except requests.Timeout as error:
            raise _PassingError("the server did not answer in time") from error
        except ValueError as error:  # no address, or a redirect to none
            raise DownloadError(f"{shown(url)}: it leads to what is no address") from error
        except requests.RequestException as error:
            silent = "timed out" in str(error)  # half-way requests calls it a broken connection
            raise _PassingError(
                "the server did not answer in time"
                if silent
                else f"the connection broke ({type(error).__name__})"
            ) from error

    def _save(self, name: str, url: str, response: requests.Response) -> Download:
        length = response.headers.get("Content-Length", "")
        total = int(length) if length.isdecimal() else None
        digests = {"sha256": hashlib.sha256(), "md5": hashlib.md5(usedforsecurity=False)}
        path = self._folder / name
        size = 0
        with path.open("wb") as file:
            for block in response.iter_content(_BLOCK):
                size += len(block)
                if size > LARGEST:
                    raise DownloadError(f"{shown(url)}: larger than {LARGEST // 1024**3} GiB")
                file.write(block)
                for digest in digests.values():
                    digest.update(block)
                self._on_progress(name, size, total)
        for kind, digest in digests.items():
            expected = self._checksum(url, kind)
            if expected is not None:
                if digest.hexdigest() != expected:
                    raise _PassingError(
                        f"it does not have the {kind.upper()} that stands beside it"
                    )
                break
        modified = response.headers.get("Last-Modified", "")
        return Download(
            path,
            FileState(
                name,
                url,
                response.headers.get("ETag", ""),
                modified,
                digests["sha256"].hexdigest(),
            ),
            _day(modified),
        )

    def _checksum(self, url: str, kind: str) -> str | None:
        """The checksum that a server has beside a file, if it has one."""
        parts = urlsplit(url)
        beside = urlunsplit(parts._replace(path=f"{parts.path}.{kind}"))
        with self._session.get(beside, stream=True, timeout=TIMEOUT) as response:
            if response.status_code in _PASSING:
                raise _PassingError(f"the server answered {response.status_code} for its checksum")
            if not response.ok:
                return None
            text = next(response.iter_content(_LONGEST_CHECKSUM_FILE), b"").decode(
                "ascii", "replace"
            )
        # Some servers answer every path with a page.
        found = None if text.lstrip().startswith("<") else _CHECKSUMS[kind].search(text.lower())
        return found and found.group()


def _day(modified: str) -> str:
    try:
        return parsedate_to_datetime(modified).strftime("%Y-%m-%d")
    except ValueError:
        return time.strftime("%Y-%m-%d", time.gmtime())


def shown(url: str) -> str:
    """The address as a message may show it: without user, password and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
