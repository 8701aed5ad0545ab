"""Files of a published release → files on disk, whole and bounded, or a clear word why not."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from rdfexport.errors import CallError
from rdfexport.release.facts import Check, read_facts
from rdfexport.release.folder import SUMS
from rdfexport.release.model import FACTS
from rdfexport.release.sums import MAX_LIST_BYTES, is_safe, parse_sums
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

TRIES = 4
BACKOFF = 0.5
"""Seconds before the second try; twice as many before each further one."""

_TIMEOUT: Final = (10.0, 60.0)
_MAX_REDIRECTS: Final = 5
_BLOCK: Final = 1 << 18
_PASSING: Final = (408, 429, 500, 502, 503, 504)
_NOT_FOUND: Final = (404, 410)
_PAGES: Final = (b"<!doctype html", b"<html")


class MissingError(CallError):
    """The server has no such file."""


class _PassingError(Exception):
    """It did not work, and may the next time."""


class Remote:
    """The folder of a release on a server.

    It tries again what may pass: 10 seconds to connect, 60 without a byte, four tries.

    Args:
        url: Its address.
        folder: Where files are put, under their paths in the release.
        on_progress: Told how many bytes have come in all.

    Raises:
        CallError: It is no address of a folder.
    """

    def __init__(
        self, url: str, folder: Path, on_progress: Callable[[int], None] = lambda _bytes: None
    ) -> None:
        import requests  # noqa: PLC0415 - slow to import, and most releases are folders

        parts = urlsplit(url)
        if "@" in parts.netloc:
            raise CallError("leave user and password out of the URL of a release")
        if not is_url(url) or not parts.hostname or parts.query or parts.fragment:
            raise CallError(f"{url}: a release is a folder below an http or https address")
        self.url = url.rstrip("/") + "/"
        self._folder = folder
        self._on_progress = on_progress
        self._bytes = 0
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"rdfexport/{__version__}"
        # A packed file shall be saved as it is.
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.max_redirects = _MAX_REDIRECTS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def fetch(self, name: str, limit: int) -> Path:
        """Download a file.

        Args:
            name: Its path in the release.
            limit: How many bytes it may have.

        Raises:
            MissingError: The server has no such file.
            CallError: It could not be had whole, or the path leads out of the release.
        """
        if not is_safe(name):
            raise CallError(f"{self.url}: {name!r} is no path below the release")
        problem = ""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(BACKOFF * 2 ** (attempt - 1))
            try:
                return self._try(name, limit)
            except _PassingError as error:
                problem = str(error)
        raise CallError(f"{self.url}{name}: {problem}, {TRIES} times: try again later")

    def _try(self, name: str, limit: int) -> Path:
        import requests  # noqa: PLC0415

        url = self.url + name
        try:
            with self._session.get(url, stream=True, timeout=_TIMEOUT) as response:
                status = response.status_code
                if status in _PASSING:
                    raise _PassingError(f"the server answered {status}")
                if status != requests.codes.ok:
                    kind = MissingError if status in _NOT_FOUND else CallError
                    raise kind(f"{url}: the server answered {status}: check the address")
                return self._save(url, name, limit, response)
        except requests.TooManyRedirects as error:
            raise CallError(f"{url}: more than {_MAX_REDIRECTS} redirects") from error
        except requests.Timeout as error:
            raise _PassingError("the server did not answer in time") from error
        except ValueError as error:  # a redirect to no address
            raise CallError(f"{url}: leads to what is no address") from error
        except requests.RequestException as error:
            silent = "timed out" in str(error)  # half-way requests calls it a broken connection
            problem = "the server did not answer in time" if silent else "the connection broke"
            raise _PassingError(problem) from error
        except OSError as error:
            raise CallError(
                f"{self._folder / name}: cannot be written ({error.strerror})"
            ) from error

    def _save(self, url: str, name: str, limit: int, response: requests.Response) -> Path:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for block in _bounded(url, limit, response):
                file.write(block)
                self._bytes += len(block)
                self._on_progress(self._bytes)
        return path


def _bounded(url: str, limit: int, response: requests.Response) -> Iterator[bytes]:
    """The blocks of a file, as far as it may be the one.

    Raises:
        CallError: It is a web page, or larger.
    """
    size = 0
    for block in response.iter_content(_BLOCK):
        if not size and block.lstrip()[:14].lower().startswith(_PAGES):
            raise CallError(f"{url}: the server answers with a web page: check the address")
        size += len(block)
        if size > limit:
            raise CallError(f"{url}: is larger than the {limit:,} bytes that it should have")
        yield block


@contextmanager
def fetched(url: str, on_progress: Callable[[int], None] = lambda _bytes: None) -> Iterator[Path]:
    """A published release in a temporary folder, as far as the server has it.

    Args:
        url: Its address.
        on_progress: Told how many bytes have come.

    Raises:
        CallError: There is no release, or a file cannot be had whole.
    """
    with tempfile.TemporaryDirectory(prefix="rdfexport-") as place:
        name = urlsplit(url).path.rstrip("/").rpartition("/")[2]
        # Checks hold the folder's name against the version.
        folder = Path(place) / (name if is_safe(name) else "release")
        folder.mkdir()
        with Remote(url, folder, on_progress) as remote:
            sums, _ = parse_sums(remote.fetch(SUMS, MAX_LIST_BYTES).read_bytes())
            remote.fetch(FACTS, MAX_LIST_BYTES)
            release = read_facts(folder, check := Check("facts"))
            if release is None:
                raise CallError(f"{remote.url}{check.findings[0]}")
            sizes = {file.path: file.size for file in release.files}
            for path in sorted(sums.keys() - {SUMS, FACTS}):
                # What is lacking is told with all else that is wrong.
                with suppress(MissingError):
                    remote.fetch(path, sizes.get(path, MAX_LIST_BYTES))
        yield folder


def is_url(source: str) -> bool:
    """Whether it is the address of a release, and no folder."""
    return source.lower().startswith(("http://", "https://"))
