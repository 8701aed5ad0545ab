"""A URL → a file on disk, or a clear word why not."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError
from rdfexport.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    import requests

MAX_DOWNLOAD_BYTES: Final = 16 * 1024**3
"""The whole database packs to well under a GiB."""

_TIMEOUT: Final = (10, 30)
_TRIES: Final = 3
_MAX_REDIRECTS: Final = 5
_BLOCK: Final = 1 << 18


def is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


class DeniedError(RecordError):
    """The server answered 403 for what may not be there at all."""


class Fetcher:
    """Downloads over HTTP with time-outs (10 s to connect, 30 s without a byte) and three tries."""

    def __init__(self, folder: Path) -> None:
        import requests  # noqa: PLC0415 - slow to import, and most exports read local files
        from requests.adapters import HTTPAdapter  # noqa: PLC0415
        from urllib3.util import Retry  # noqa: PLC0415

        self._folder = folder
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"rdfexport/{__version__}"
        self._session.max_redirects = _MAX_REDIRECTS
        self._session.hooks["response"].append(_check_redirect)
        retry = Retry(
            total=_TRIES - 1,
            backoff_factor=0.3,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            raise_on_status=False,
            respect_retry_after_header=False,  # which may ask for hours
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        self._count = 0

    def fetch(self, url: str, *, optional: bool = False) -> Path | None:
        """Download a URL into a new file.

        Args:
            url: What to get.
            optional: A 404 gives None.

        Raises:
            DeniedError: The server answered 403, and it is optional.
            RecordError: It could not be had whole.
        """
        import requests  # noqa: PLC0415

        self._count += 1
        path = self._folder / f"download-{self._count}"
        try:
            with self._session.get(url, stream=True, timeout=_TIMEOUT) as response:
                if response.status_code == requests.codes.not_found and optional:
                    return None
                if response.status_code == requests.codes.forbidden and optional:
                    raise DeniedError(Location(shown(url)), "the server answered 403", "")
                if not response.ok:
                    raise _error(url, f"the server answered {response.status_code}")
                _save(url, response, path)
        except requests.TooManyRedirects as error:
            raise _error(url, f"more than {_MAX_REDIRECTS} redirects") from error
        except (requests.RequestException, ValueError) as error:  # the latter: a redirect to no URL
            if _is_timeout(error):
                raise _error(url, "the server did not answer in time") from error
            raise _error(url, f"the connection broke ({type(error).__name__})") from error
        return path

    def close(self) -> None:
        self._session.close()


def _check_redirect(response: requests.Response, **_: Any) -> None:
    """See that the internet leads nobody into the network this runs in (CWE-918).

    Raises:
        RecordError: A public server redirects to an address that is not public.
    """
    if not response.is_redirect:
        return
    target = urlsplit(urljoin(response.url, response.headers["Location"])).hostname
    here = urlsplit(response.url).hostname
    if target and here and is_private(target) and not is_private(here):
        response.close()
        raise _error(response.url, f"the server leads to {target}, which is not on the internet")


def is_private(host: str) -> bool:
    """Whether a host has an address that only a network of its own knows."""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):  # it cannot be connected to either
        return False
    return any(
        not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found
    )


def _is_timeout(error: Exception) -> bool:
    """Whether a server fell silent; where it did so after the last try, requests hides it."""
    import requests  # noqa: PLC0415
    from urllib3.exceptions import ReadTimeoutError  # noqa: PLC0415

    cause = error.args[0] if error.args else None
    return isinstance(error, requests.Timeout) or isinstance(
        getattr(cause, "reason", cause), ReadTimeoutError
    )


def _save(url: str, response: requests.Response, path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        for block in response.iter_content(_BLOCK):
            size += len(block)
            if size > MAX_DOWNLOAD_BYTES:
                raise _error(url, f"larger than {MAX_DOWNLOAD_BYTES // 1024**3} GiB")
            file.write(block)


def _error(url: str, problem: str) -> RecordError:
    return RecordError(Location(shown(url)), problem, "check the address, or try again later")


def shown(url: str) -> str:
    """The URL as a message may show it: without user, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"
