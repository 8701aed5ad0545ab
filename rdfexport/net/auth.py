"""Credentials: from the environment, else ``~/.netrc``, else the keyring, else asked for.

Nothing of this is printed, logged or kept. Nothing here asks by itself: who calls passes in how.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias
from urllib.parse import urlsplit

from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_auth_from_url, get_netrc_auth

from rdfexport.errors import UsageError
from rdfexport.printing import shown

if TYPE_CHECKING:
    import requests

USER: Final = "RDFEXPORT_USER"
PASSWORD: Final = "RDFEXPORT_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN: Final = "RDFEXPORT_TOKEN"  # noqa: S105 - likewise
_TOKEN_USER: Final = "token"  # noqa: S105 - likewise, in a keyring


Login: TypeAlias = AuthBase
"""How a client proves to a server who it is."""


class Prompt(Protocol):
    """Asks a person for a text, which is not echoed if it is hidden."""

    def __call__(self, text: str, *, hidden: bool) -> str: ...


def login(
    url: str, *, user: str | None = None, netrc: bool = True, prompt: Prompt | None = None
) -> tuple[str, str]:
    """The user and the password for a server.

    Args:
        url: Where they go.
        user: A user who is known already.
        netrc: Whether to look into ``~/.netrc``, or the file that ``NETRC`` names.
        prompt: Asks for what is not found; None where nobody can be asked.

    Raises:
        UsageError: There are none; the message says how to give them.
    """
    user = user or os.environ.get(USER) or None
    if user is not None and PASSWORD in os.environ:
        return user, os.environ[PASSWORD]
    known = get_netrc_auth(url) if netrc else None
    if known is not None and user in {None, known[0]}:
        return known
    if user is None and prompt is not None:
        user = prompt(f"user at {_host(url)}", hidden=False)
    if not user:
        raise UsageError(
            f"{shown(url)}: user and password are not known: set {USER} and {PASSWORD}"
            + (", or name the host in ~/.netrc" if netrc else f", or {TOKEN}")
        )
    password = os.environ.get(PASSWORD) or _kept(url, user)
    if password is None and prompt is not None:
        password = prompt(f"password of {user} at {_host(url)}", hidden=True)
    if not password:
        raise UsageError(
            f"{shown(url)}: the password of {user} is not known: set {PASSWORD}"
            + (", name the host in ~/.netrc," if netrc else ",")
            + f" or: keyring set {service(url)} {user}"
        )
    return user, password


def token(url: str, *, prompt: Prompt | None = None) -> str:
    """The token for a server.

    Raises:
        UsageError: There is none, or it cannot be one; the message says how to give it.
    """
    found = os.environ.get(TOKEN) or _kept(url, _TOKEN_USER)
    if found is None and prompt is not None:
        found = prompt(f"token for {_host(url)}", hidden=True)
    if not found:
        raise UsageError(
            f"{shown(url)}: the token is not known: set {TOKEN},"
            f" or: keyring set {service(url)} {_TOKEN_USER}"
        )
    return _sendable(found)


def known_token(url: str) -> str | None:
    """The token for a server, if the environment or the keyring has one and names no user.

    A variable that names the user says that the token, if there is one, is another server's.
    """
    if USER in os.environ:
        return None
    found = os.environ.get(TOKEN) or _kept(url, _TOKEN_USER)
    return None if found is None else _sendable(found)


def service(url: str) -> str:
    """The name under which a keyring keeps what is for a server."""
    return f"rdfexport:{_host(url)}"


def anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no credentials; without it, requests sends those that ``~/.netrc`` has for the host."""
    return request


def basic(user: str, password: str) -> AuthBase:
    """Basic authentication in UTF-8: requests takes text for Latin-1, and fails for any other."""
    return HTTPBasicAuth(user.encode(), password.encode())


def digest(user: str, password: str) -> AuthBase:
    return HTTPDigestAuth(user, password)


class Bearer(AuthBase):
    """Sends a token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def of_address(url: str) -> AuthBase | None:
    """Credentials in the address itself (``https://user:password@host``)."""
    user, password = get_auth_from_url(url)
    return basic(user, password) if user or password else None


def of_netrc(url: str) -> AuthBase | None:
    """Credentials for the host in ``~/.netrc``, or in the file that ``NETRC`` names."""
    known = get_netrc_auth(url)
    return None if known is None else basic(*known)


def _kept(url: str, user: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415 - optional
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return keyring.get_password(service(url), user)
    except KeyringError:  # there is no keyring on this machine, or it is locked
        return None


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _sendable(found: str) -> str:
    found = found.strip()
    # A header has no more than that; the message must not show what it is.
    if not found.isascii() or not found.isprintable():
        raise UsageError(f"{TOKEN}: holds characters that no token has")
    return found
