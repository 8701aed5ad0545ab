"""Exceptions of requests, urllib3 and the operating system → errors in plain words."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING, Final, TypeVar

import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from rdfexport.errors import (
    LocalError,
    MissingPackageError,
    RdfExportError,
    RemoteError,
    TransientError,
    UsageError,
)
from rdfexport.printing import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.response import BaseHTTPResponse

    from rdfexport.net.policy import Policy

E = TypeVar("E", bound=BaseException)

CA_REMEDY: Final = (
    "if it is one of your organisation's, set REQUESTS_CA_BUNDLE to the file of the certificates"
    " that are trusted"
)
PROXY_REMEDY: Final = "check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or add the host to NO_PROXY"
# OpenSSL's X509_V_ERR_*: the certificate is not valid yet, has expired, is another host's.
_OF_THE_SERVER: Final = frozenset({9, 10, 62, 63, 64})


class PassingError(TransientError):
    """A failure that may pass.

    Args:
        parts: As of every ``RemoteError``.
        unsent: Whether the server surely had nothing of the request.
        raw: The answer, if there was one: its headers may say when to come back.
    """

    def __init__(
        self, *parts: str, unsent: bool = False, raw: BaseHTTPResponse | None = None
    ) -> None:
        super().__init__(*parts)
        self.unsent = unsent
        self.raw = raw


def translate(
    error: Exception, url: str, policy: Policy, proxy: str | None = None
) -> RdfExportError:
    """The error of this package for what went wrong with a request.

    Args:
        error: What was raised.
        url: What the user named.
        policy: Its time-outs and remedy.
        proxy: What the request goes through.

    Returns:
        A ``PassingError`` if another try may help.
    """
    where = shown(url)
    lasting = _of_the_call(error, where, proxy and shown(proxy)) or _of_tls(error, where)
    if lasting is not None:
        return lasting
    problem = _unreachable(error, policy)
    if isinstance(error, requests.exceptions.ProxyError) or (proxy and problem):
        return _of_proxy(where, shown(proxy or ""), error, problem)
    if problem is not None:
        return PassingError(where, problem, f"check the address, or {policy.remedy}", unsent=True)
    return PassingError(where, _broken(error, policy), policy.remedy)


def _of_the_call(error: Exception, where: str, proxy: str | None) -> RdfExportError | None:
    """Faults without any part of a server."""
    if isinstance(error, requests.exceptions.InvalidSchema) and "SOCKS" in str(error):
        return MissingPackageError(
            f"{proxy}: a SOCKS proxy needs one more package: pip install 'requests[socks]'"
        )
    if isinstance(error, ValueError) and proxy:
        return LocalError(f"{proxy}: not the address of a proxy: {PROXY_REMEDY}")
    if isinstance(error, ValueError):
        return UsageError(f"{where}: not a valid http or https address")
    return None


def _of_tls(error: Exception, where: str) -> RemoteError | None:
    certificate = _cause(error, ssl.SSLCertVerificationError)
    if certificate is not None:
        of_server = certificate.verify_code in _OF_THE_SERVER
        return RemoteError(
            where,
            f"the server's certificate is not trusted ({certificate.verify_message.rstrip('.')})",
            "ask who runs the server to correct it" if of_server else CA_REMEDY,
        )
    secure = _cause(error, ssl.SSLError)
    if secure is not None and isinstance(error, requests.exceptions.SSLError):
        reason = (secure.reason or str(secure)).replace("_", " ").lower()
        return RemoteError(where, f"no secure connection ({reason})", "is it an http address?")
    return None


def _unreachable(error: Exception, policy: Policy) -> str | None:
    """Why there was no connection; None if there was one."""
    if _cause(error, NameResolutionError) is not None or _cause(error, socket.gaierror) is not None:
        return "no host has this name"
    if _cause(error, ConnectTimeoutError, NewConnectionError) is None:
        return None
    if (system := _cause(error, OSError, not_=(requests.RequestException, TimeoutError))) is None:
        return f"no connection within {policy.connect_seconds:g} seconds"
    if isinstance(system, ConnectionRefusedError):
        return "the connection is refused: no server listens there"
    return f"no connection ({system.strerror or type(system).__name__})"


def _of_proxy(where: str, proxy: str, error: Exception, problem: str | None) -> RemoteError:
    if problem is not None:
        return PassingError(
            where, f"the proxy {proxy} cannot be reached ({problem})", PROXY_REMEDY, unsent=True
        )
    tunnel = _cause(error, OSError, not_=(requests.RequestException,))
    said = str(tunnel or "").removeprefix("Tunnel connection failed: ")
    return PassingError(
        where, f"the proxy {proxy} does not connect ({said})", PROXY_REMEDY, unsent=True
    )


def _broken(error: Exception, policy: Policy) -> str:
    """How an exchange failed after the connection was there."""
    if _cause(error, ReadTimeoutError, TimeoutError) is not None:
        return f"the server did not answer in time ({policy.read_seconds:g} seconds of silence)"
    if _cause(error, DecodeError, requests.exceptions.ContentDecodingError) is not None:
        return "the answer cannot be unpacked"
    if _cause(error, http.client.IncompleteRead) is not None:  # urllib3's is one, too
        return "the answer was cut off"
    if _cause(error, ConnectionError, not_=(requests.RequestException,)) is not None:
        return "the server closed the connection"
    return f"the connection broke ({type(_cause(error, HTTPError) or error).__name__})"


def _cause(error: BaseException, *kinds: type[E], not_: tuple[type, ...] = ()) -> E | None:
    """The first of an exception and its causes that is of one of some kinds."""
    return next(
        (one for one in _causes(error) if isinstance(one, kinds) and not isinstance(one, not_)),
        None,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what caused it, however the libraries wrap that."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        linked = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting.extend(each for each in linked if isinstance(each, BaseException))
