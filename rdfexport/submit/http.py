"""HTTP to a catalog that is never trusted: time-outs, bounded answers, what may be tried again.

Credentials go to the address that the user named and nowhere else: redirects are not followed, and
an address that an answer names is only used if it is below that one.
"""

from __future__ import annotations

import os
import time
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

import orjson

from rdfexport.errors import CallError, SubmitError
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    import requests

T = TypeVar("T")

TRIES = 5
BACKOFF = 0.5
"""Seconds before the second try; twice as many before each further one."""

_CONNECT_SECONDS: Final = 10
_READ_SECONDS: Final = 120
_MAX_BYTES: Final = 16 * 1024**2
_MAX_WAIT: Final = 30.0
_MAX_TEXT: Final = 300
_BLOCK: Final = 1 << 16
_PASSING: Final = (408, 429, 500, 502, 503, 504)
JSON: Final = "application/json"


class Answer(NamedTuple):
    """What a server answered, and the secrets that no message may repeat."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    secrets: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """What it says, printable, on one line and shortened."""
        return self.shown(self.body[: 20 * _MAX_TEXT].decode("utf-8", "replace"))

    def shown(self, text: str) -> str:
        """A text of the server's as a message may show it."""
        for secret in self.secrets:
            text = text.replace(secret, "…")
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


class PassingError(Exception):
    """It did not work, and may the next time; nobody knows whether the server did what was asked.

    Args:
        problem: What happened.
        wait: Seconds that the server asks us to wait.
    """

    def __init__(self, problem: str, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.wait = wait


class RefusedError(SubmitError):
    """The server refuses what was sent, for good."""

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


class Client:
    """Sends requests to one server.

    Args:
        url: What the user named.
        login: Gives a token. It is asked for one when a request needs it, and once more if the
            server does not know the token (any more); None where a server asks for none.

    Raises:
        CallError: It is no address, or holds a password.
    """

    def __init__(self, url: str, login: Callable[[], str] | None = None) -> None:
        import requests  # noqa: PLC0415 - slow to import, and a dry run sends nothing

        self.url = checked_url(url)
        self._login = login
        self._token: str | None = None
        self._secrets: set[str] = set()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"rdfexport/{__version__}"
        # Keeps requests from adding a password of ~/.netrc that nobody asked it to send.
        self._session.auth = _as_it_is

    def hide(self, secret: str) -> None:
        """Never repeat this text in a message, should the server say it."""
        self._secrets.add(secret)

    def send(  # noqa: PLR0913 - what a request consists of
        self,
        method: str,
        url: str,
        *,
        body: bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
        anonymous: bool = False,
    ) -> Answer:
        """Send a request that may arrive twice without harm, and try it again where that may help.

        Args:
            method: GET, PUT or DELETE.
            url: Below the server's.
            body: What is sent; of a file, from its beginning.
            headers: Beside those that every request has.
            also: Statuses of 400 and above that are an answer, too.
            anonymous: Whether to send no token.

        Raises:
            CallError: The server is not there, does not let us, or fails.
            RefusedError: It refuses what was sent.
        """
        return self.retried(
            lambda: self.once(
                method, url, body=body, headers=headers, also=also, anonymous=anonymous
            )
        )

    def retried(self, call: Callable[[], T]) -> T:
        """Call until there is no ``PassingError``, at most ``TRIES`` times.

        Raises:
            CallError: The last time there was one, too.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return call()
            except PassingError as error:
                if attempt == TRIES:
                    raise CallError(
                        f"{self.url}: {error}, {TRIES} times:"
                        " the same command goes on where it stopped"
                    ) from error
                time.sleep(min(max(BACKOFF * 2 ** (attempt - 1), error.wait), _MAX_WAIT))
        raise AssertionError

    def once(  # noqa: PLR0913 - what a request consists of
        self,
        method: str,
        url: str,
        *,
        body: bytes | IO[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Container[int] = (),
        anonymous: bool = False,
    ) -> Answer:
        """Send a request once.

        Raises:
            CallError: The server does not let us, or sends us elsewhere.
            PassingError: There was no answer, or one that may be another the next time.
            RefusedError: The server refuses what was sent.
        """
        self._check_below(url)
        for renewed in (False, True):
            more = dict(headers or {})
            if self._login is not None and not anonymous:
                if self._token is None:
                    self._token = self._login()
                    self.hide(self._token)
                more["Authorization"] = f"Bearer {self._token}"
            answer = self._exchange(method, url, body, more)
            if answer.status != 401 or anonymous or self._login is None or renewed:
                break
            self._token = None  # a token may have come of age
        self._judge(method, url, answer, also)
        return answer

    def _exchange(
        self, method: str, url: str, body: bytes | IO[bytes] | None, headers: Mapping[str, str]
    ) -> Answer:
        import requests  # noqa: PLC0415

        if body is not None and not isinstance(body, bytes) and not body.seek(0, os.SEEK_END):
            body = b""  # of a file without bytes requests takes the length as unknown
        elif body is not None and not isinstance(body, bytes):
            body.seek(0)
        try:
            with self._session.request(
                method,
                url,
                data=body,
                headers=dict(headers),
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                content = self._bounded(url, response)
                return Answer(
                    response.status_code, response.headers, content, frozenset(self._secrets)
                )
        except requests.Timeout as error:
            raise PassingError("the server did not answer in time") from error
        except requests.RequestException as error:
            raise PassingError(f"the connection broke ({type(error).__name__})") from error
        except ValueError as error:  # of a redirect, though it is not followed
            raise CallError(f"{url}: leads to what is no address") from error

    def _bounded(self, url: str, response: requests.Response) -> bytes:
        parts, size = [], 0
        deadline = time.monotonic() + _READ_SECONDS
        for part in response.iter_content(_BLOCK):
            size += len(part)
            if size > _MAX_BYTES:
                raise CallError(f"{url}: the answer is larger than {_MAX_BYTES // 1024**2} MB")
            if time.monotonic() > deadline:
                raise PassingError("the server did not answer in time")
            parts.append(part)
        return b"".join(parts)

    def _judge(self, method: str, url: str, answer: Answer, also: Container[int]) -> None:
        status = answer.status
        if 200 <= status < 300 or status in also:
            return
        what = f"{method} {url}"
        if status in _PASSING:
            wait = answer.headers.get("Retry-After", "")
            seconds = float(wait) if wait.isdecimal() and len(wait) < 6 else 0.0
            raise PassingError(f"{what}: the server answered {status} {answer.text}", seconds)
        if 300 <= status < 400:
            place = answer.shown(answer.headers.get("Location", "another address"))
            raise CallError(f"{what}: the server sends us to {place!r}: name that address instead")
        if status == 401:
            raise CallError(f"{what}: the server does not know the user or the token (401)")
        if status == 403:
            raise CallError(f"{what}: the server does not let this user do it (403 {answer.text})")
        raise RefusedError(f"{what}: refused ({status} {answer.text})", answer)

    def _check_below(self, url: str) -> None:
        if not is_below(url, self.url):
            raise SubmitError(f"{self.url}: the server names an address that is not its own: {url}")


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def checked_url(url: str) -> str:
    """The address of a server without ``/`` at its end.

    Raises:
        CallError: It is none, or holds a password, a query or a fragment.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise CallError("leave user and password out of the URL: see docs/submit.md")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise CallError(f"{url}: a server is named by an http or https URL")
    return url.rstrip("/")


def is_below(url: str, base: str) -> bool:
    """Whether an address is the server's own: ``base`` or one below it."""
    plain = unquote(url)
    if any(ord(c) <= 0x20 or c in "\\@" for c in plain) or "/../" in f"{plain}/":
        return False
    return url == base or url.startswith((f"{base}/", f"{base}?"))


def json_of(answer: Answer, url: str) -> Any:
    """The JSON that a server answered.

    Raises:
        CallError: It is none.
    """
    try:
        return orjson.loads(answer.body)
    except ValueError as error:
        raise CallError(f"{url}: answers something else than JSON: {answer.text}") from error
