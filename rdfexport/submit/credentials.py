"""Who submits: from the environment, else the keyring, else asked for at a terminal.

Nothing of this is printed, logged or kept.
"""

from __future__ import annotations

import os
import sys
from typing import Final
from urllib.parse import urlsplit

import click

from rdfexport.errors import CallError

USER: Final = "RDFEXPORT_USER"
PASSWORD: Final = "RDFEXPORT_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN: Final = "RDFEXPORT_TOKEN"  # noqa: S105 - likewise
_TOKEN_USER: Final = "token"  # noqa: S105 - likewise, in a keyring


def token(url: str) -> str:
    """The token for a server.

    Raises:
        CallError: There is none.
    """
    found = os.environ.get(TOKEN) or _kept(url, _TOKEN_USER)
    if found is None and sys.stdin.isatty():
        found = click.prompt(f"token for {_host(url)}", hide_input=True, err=True)
    if not found:
        raise CallError(f"{url}: set {TOKEN}, or: keyring set {service(url)} {_TOKEN_USER}")
    return _sendable(found, TOKEN)


def known_token(url: str) -> str | None:
    """The token for a server, if the environment or the keyring has one and names no user.

    A variable that names the user says that the token, if there is one, is another server's.
    """
    if USER in os.environ:
        return None
    found = os.environ.get(TOKEN) or _kept(url, _TOKEN_USER)
    return None if found is None else _sendable(found, TOKEN)


def login(url: str) -> tuple[str, str]:
    """The user (an e-mail address) and the password for a server.

    Raises:
        CallError: There is none of them.
    """
    user = os.environ.get(USER)
    terminal = sys.stdin.isatty()
    if user is None and terminal:
        user = click.prompt(f"user (e-mail) at {_host(url)}", err=True)
    if not user:
        raise CallError(f"{url}: set {USER} and {PASSWORD}, or {TOKEN}")
    password = os.environ.get(PASSWORD) or _kept(url, user)
    if password is None and terminal:
        password = click.prompt(f"password of {user} at {_host(url)}", hide_input=True, err=True)
    if not password:
        raise CallError(f"{url}: set {PASSWORD}, or: keyring set {service(url)} {user}")
    return user, password


def service(url: str) -> str:
    """The name under which a keyring keeps what is for a server."""
    return f"rdfexport:{_host(url)}"


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
    return urlsplit(url).netloc


def _sendable(found: str, name: str) -> str:
    found = found.strip()
    # A header has no more than that; the message must not show what it is.
    if not found.isascii() or not found.isprintable():
        raise CallError(f"{name}: holds characters that no token has")
    return found
