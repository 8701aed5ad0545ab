"""The connection to a server: login, which requests are retried, and what refusals mean."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rdfexport.errors import AuthError, NotFoundError, RefusedError, RemoteError, TooLargeError
from rdfexport.net import auth as logins
from rdfexport.net.address import checked
from rdfexport.net.policy import Policy
from rdfexport.net.session import Session
from rdfexport.printing import shown

if TYPE_CHECKING:
    from rdfexport.net.policy import Answer

AuthKind = Literal["none", "basic", "digest", "bearer"]

LOADING: Final = Policy(
    tries=8,  # within about a minute, so that a server can be restarted
    # What is sent makes the same triples however often it arrives.
    methods=None,
    # A server may copy a graph of millions of triples before it answers.
    read_seconds=900,
    # A server lists a hundred graphs at most, or five thousand of their names.
    max_bytes=64 << 20,
    remedy="the same command continues where it stopped",
)
_TRIES_AT_FIRST: Final = 3
# Virtuoso answers 500 to what it does not understand, with an SQL state or parser's code.
_SYNTAX: Final = re.compile(r"\b(?:SP0\d\d|RDF\d\d|37000|22023)\b")
_FORBIDDEN: Final = re.compile(r"\b(?:42000|SR186)\b")
# What servers say of too large a request, whatever its status. Virtuoso: SR325, a transaction
# beyond TransactionAfterImageLimit (50 MB by default); SP031, an update that makes more than 10,000
# lines of SQL; SP030, its parser's memory. A full disk ("File too large") is something else.
_TOO_LARGE: Final = re.compile(
    r"\bSR325\b|\bSP031\b.{0,80}\bexceeded\b|\bmemory exhausted\b"
    r"|(?<!file )\btoo (?:large|big|long)\b|\bexceeds? .{0,40}\b(?:limit|maximum|size)\b",
    re.IGNORECASE,
)
_REFUSING: Final = frozenset({400, 413, 414, 422, 431, 500})


class Server(NamedTuple):
    """A server: the address that the user gave, and the session for its requests."""

    url: str
    session: Session

    def expect_restarts(self) -> None:
        """Retry requests for as long as a server takes to start; before, it may not even be one."""
        self.session.policy = replace(self.session.policy, tries=LOADING.tries)


def open_server(url: str, auth: AuthKind, prompt: logins.Prompt | None = None) -> Server:
    """Prepare requests to a server.

    Args:
        url: Its address.
        auth: How the user is authenticated.
        prompt: Asks for credentials that are not found; None where nobody can be asked.

    Raises:
        UsageError: The address is not valid or holds a password, or there are no credentials.
    """
    checked(url, "an endpoint", login="see --auth")
    login: logins.Login | None = None
    secret = ""
    if auth == "bearer":
        secret = logins.token(url, prompt=prompt)
        login = logins.Bearer(secret)
    elif auth != "none":
        user, secret = logins.login(url, prompt=prompt)
        login = (logins.digest if auth == "digest" else logins.basic)(user, secret)
    policy = replace(LOADING, tries=_TRIES_AT_FIRST, judge=partial(_refusal, auth))
    session = Session(policy, login=login)
    session.hide(secret)
    return Server(url.rstrip("/"), session)


def _refusal(auth: AuthKind, answer: Answer, url: str) -> RemoteError | None:
    where, status = shown(url), answer.status
    code = answer.text if status == 500 else ""
    if status in {401, 407}:
        return AuthError(where, *_login_problem(answer, auth))
    if status == 403 or _FORBIDDEN.search(code):
        problem = f"the server does not allow writing ({answer.said})"
        return AuthError(where, problem, "ask for that right")
    if status in {404, 405, 501}:
        problem = f"nothing takes this request there ({answer.said})"
        return NotFoundError(where, problem, "check the address")
    if status == 413 or (status in _REFUSING and _TOO_LARGE.search(answer.text)):
        problem = f"the server does not accept so much at once ({answer.said})"
        return TooLargeError(where, problem, "send less")
    if _SYNTAX.search(code):
        return RefusedError(where, f"the server answered {answer.said}", "check the data")
    return None


def _login_problem(answer: Answer, auth: AuthKind) -> tuple[str, str]:
    """Problem and remedy of a login that the server does not accept."""
    offered = answer.shown(answer.headers.get("WWW-Authenticate", "")).partition(" ")[0].lower()
    if auth == "none":
        return "the server asks who you are (401)", f"add --auth {offered or 'basic'}"
    if offered and offered != auth:
        return f"the server does not accept --auth {auth} (401)", f"use --auth {offered}"
    what = "the token" if auth == "bearer" else "user or password"
    return f"{what} is wrong, says the server (401)", "correct it"
