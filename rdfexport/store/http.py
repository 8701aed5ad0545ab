"""HTTP to a server that is never trusted: credentials, retries, and what its answers mean."""

from __future__ import annotations

import os
import re
import sys
import time
from html import unescape
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.parse import urlsplit

import click
import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_netrc_auth
from urllib3.util import Retry

from rdfexport.errors import CallError, LoadError

if TYPE_CHECKING:
    from collections.abc import Mapping

AuthKind = Literal["none", "basic", "digest", "bearer"]

USER, PASSWORD, TOKEN = "RDFEXPORT_USER", "RDFEXPORT_PASSWORD", "RDFEXPORT_TOKEN"
"""The environment variables that credentials are taken from."""

_CONNECT_SECONDS: Final = 10
# A server may copy a graph of millions of triples before it answers.
_READ_SECONDS: Final = 900
_MAX_TEXT: Final = 300
_BYTES_AT_ONCE: Final = 1 << 16
# A server lists a hundred graphs at most, or five thousand of their names.
_MAX_BODY: Final = 64 << 20
# What comes and goes: 7 tries within about a minute, so that a server can be restarted.
_PASSING: Final = (429, 502, 503, 504)
_TRIES: Final = 7
_TRIES_AT_FIRST: Final = 2
_BACKOFF_SECONDS: Final = 0.5
# An answer 500, or one that broke off, may be of a passing cause too.
_SECONDS_BETWEEN: Final = (1.0, 4.0)
_MAX_BACKOFF_SECONDS: Final = 20
# Virtuoso answers 500 to what it does not understand, with an SQL state or parser's code.
_SYNTAX: Final = re.compile(r"\b(?:SP0\d\d|RDF\d\d|37000|22023)\b")
_FORBIDDEN: Final = re.compile(r"\b(?:42000|SR186)\b")
# Its transaction would be larger than TransactionAfterImageLimit in virtuoso.ini, 50 MB by default.
_TOO_LARGE: Final = re.compile(r"\bSR325\b")
_TAGS: Final = re.compile(
    r"<(?:style|script)\b.*?</(?:style|script)>|<[/!a-zA-Z][^<>]*>", re.DOTALL
)


class Answer(NamedTuple):
    """What a server answers: ``body`` is unpacked, and of bounded length."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class RefusedError(LoadError):
    """The server does not accept what was sent: it is wrong, or the server does not do it."""


class TooLargeError(RefusedError):
    """The server does not accept so large a body (413), or so large a change at once."""


class AbsentError(CallError):
    """There is nothing at this address (404, 405, 501), or nothing that takes what was sent."""


class UnknownUserError(CallError):
    """The server does not know who asks (401)."""


class FailingError(CallError):
    """The server fails at what was sent (500 and more), and goes on failing."""


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Anonymous(AuthBase):
    """Keeps requests from sending a password of ``~/.netrc`` that nobody asked it to send."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def credentials(url: str, user: str | None = None) -> tuple[str, str]:
    """Find the user and password for a server.

    They come from the environment, else from ``~/.netrc`` (or the file that ``NETRC`` names), else
    they are asked for where there is a terminal.

    Args:
        url: Where they go.
        user: A user who is known already.

    Raises:
        CallError: There are none.
    """
    user = user or os.environ.get(USER)
    if user is not None and PASSWORD in os.environ:
        return user, os.environ[PASSWORD]
    known = get_netrc_auth(url)
    if known is not None and user in {None, known[0]}:
        return known
    if not sys.stdin.isatty():
        raise CallError(f"{url}: set {USER} and {PASSWORD}, or name the host in ~/.netrc")
    host = urlsplit(url).hostname
    user = user or click.prompt(f"user at {host}", err=True)
    return user, click.prompt(f"password of {user} at {host}", hide_input=True, err=True)


def _auth(kind: AuthKind, url: str) -> AuthBase:
    if kind == "none":
        return _Anonymous()
    if kind == "bearer":
        token = os.environ.get(TOKEN)
        if token is None and sys.stdin.isatty():
            token = click.prompt(f"token for {urlsplit(url).hostname}", hide_input=True, err=True)
        if not token:
            raise CallError(f"{url}: set {TOKEN}")
        return _Bearer(token)
    user, password = credentials(url)
    if kind == "digest":
        return HTTPDigestAuth(user, password)
    # requests would encode these as Latin-1, and fail for what is not in it.
    return HTTPBasicAuth(user.encode(), password.encode())


class Http:
    """Sends requests to one server.

    Args:
        url: What the user named; messages begin with it.
        auth: How the server knows who asks.

    Raises:
        CallError: The address is none, or holds a password; or there are no credentials.
    """

    def __init__(self, url: str, auth: AuthKind) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CallError(f"{url}: an endpoint is an http or https URL")
        if "@" in parts.netloc:
            shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
            raise CallError(f"{shown}: leave user and password out of the URL: see --auth")
        self.url = url.rstrip("/")
        self._auth_kind = auth
        self._session = requests.Session()
        self._session.auth = _auth(auth, self.url)
        self.retry(_TRIES_AT_FIRST)

    def retry(self, tries: int = _TRIES) -> None:
        """Set how often a request is tried again, where that may help."""
        retry = Retry(
            total=tries,
            backoff_factor=_BACKOFF_SECONDS,
            backoff_max=_MAX_BACKOFF_SECONDS,
            status_forcelist=_PASSING,
            # What is sent makes the same triples however often it arrives.
            allowed_methods=None,
            raise_on_status=False,
            respect_retry_after_header=False,  # which may ask for hours
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def server(self) -> str:
        """What the server at the URL calls itself, whatever it answers."""
        try:
            return self._once("GET", self.url, None, None, None).headers.get("Server", "")
        except requests.RequestException as error:
            raise self._silence(error) from error

    def send(
        self,
        method: str,
        url: str,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request whose body has a known length, and give the answer if it is a good one.

        Raises:
            CallError: The server is not there, does not let us, or fails.
            RefusedError: It does not accept what was sent.
        """
        waits = iter(_SECONDS_BETWEEN)
        while True:
            wait = next(waits, None)
            try:
                answer = self._once(method, url, data, headers, params)
            except requests.RequestException as error:
                # An answer that broke off; a server that gives none was asked often enough.
                if wait is None or isinstance(error, requests.ConnectionError):
                    raise self._silence(error) from error
            else:
                text = readable(answer)
                asks_again = answer.status == 500 and not any(
                    known.search(text) for known in (_SYNTAX, _FORBIDDEN, _TOO_LARGE)
                )
                if wait is None or not asks_again:
                    self._judge(answer)
                    return answer
            time.sleep(wait)

    def _once(
        self,
        method: str,
        url: str,
        data: bytes | Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
    ) -> Answer:
        try:
            with self._session.request(
                method,
                url,
                data=data,
                headers={**(headers or {}), "User-Agent": "rdfexport"},
                params=params,
                timeout=(_CONNECT_SECONDS, _READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(response.status_code, response.headers, self._body(response))
        except requests.RequestException:
            raise
        except ValueError as error:  # of a redirect, though it is not followed
            raise CallError(f"{self.url}: leads to what is no address") from error

    def _body(self, response: requests.Response) -> bytes:
        body = bytearray()
        for piece in response.iter_content(_BYTES_AT_ONCE):
            body += piece
            if len(body) > _MAX_BODY:
                if response.ok:
                    raise CallError(f"{self.url}: answers with more than {_MAX_BODY >> 20} MiB")
                break
        return bytes(body)

    def _silence(self, error: requests.RequestException) -> CallError:
        return CallError(
            f"{self.url}: the server does not answer ({_reason(error)}):"
            " the same command goes on where it stopped"
        )

    def _judge(self, answer: Answer) -> None:
        status = answer.status
        if 200 <= status < 300:
            return
        text = readable(answer)
        if 300 <= status < 400:
            place = answer.headers.get("Location", "another address")
            raise CallError(f"{self.url}: the server sends us to {place}: name that as --endpoint")
        if status in {401, 407}:
            raise UnknownUserError(f"{self.url}: {self._unknown(answer)}")
        if status == 403 or (status == 500 and _FORBIDDEN.search(text)):
            raise CallError(f"{self.url}: the server does not let us write ({text or status})")
        if status in {404, 405, 501}:
            raise AbsentError(f"{self.url}: nothing takes this request there ({status} {text})")
        if status == 413 or (status == 500 and _TOO_LARGE.search(text)):
            raise TooLargeError(f"the server does not accept so much at once ({text or status})")
        if (status < 500 and status != 429) or _SYNTAX.search(text):
            raise RefusedError(f"the server answered {status}: {text}")
        raise FailingError(
            f"{self.url}: the server fails ({status} {text}):"
            " the same command goes on where it stopped"
        )

    def _unknown(self, answer: Answer) -> str:
        offered = answer.headers.get("WWW-Authenticate", "").partition(" ")[0].lower()
        if self._auth_kind == "none":
            return f"the server asks who we are: add --auth {offered or 'basic'}"
        if offered and offered != self._auth_kind:
            return f"the server asks for --auth {offered}, not {self._auth_kind}"
        what = "the token" if self._auth_kind == "bearer" else "user or password"
        return f"{what} is wrong, says the server (401)"


def readable(answer: Answer) -> str:
    """What an answer says, without HTML and shortened."""
    text = answer.body[: 20 * _MAX_TEXT].decode("utf-8", "replace")
    if "html" in answer.headers.get("Content-Type", "") or text.lstrip()[:1] == "<":
        text = unescape(_TAGS.sub(" ", text))
    text = "".join(c if c.isprintable() else " " for c in text)
    text = " ".join(text.split())
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _reason(error: requests.RequestException) -> str:
    """The innermost cause, which says most; addresses in it hold no credentials."""
    cause: BaseException = error
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, BaseException):
        cause = reason
    text = str(cause).rpartition(": ")[2] or type(cause).__name__
    return text.strip("()'\" ")[:_MAX_TEXT] or type(cause).__name__
