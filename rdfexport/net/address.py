"""HTTP addresses: which are valid, and which are of private networks."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rdfexport.errors import UsageError
from rdfexport.printing import named, shown, visible

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_FRAGMENT: Final = re.compile(r"#[^?=&#@]*$")
# IPv6 addresses in which routers find an IPv4 address (RFC 6052, section 2.1).
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


def is_url(source: str) -> bool:
    """Whether a source or target is an http or https address, valid or not."""
    return _SCHEME.match(source) is not None


def checked(url: str, what: str, *, login: str | None = None) -> SplitResult:
    """Take an address apart.

    Args:
        url: What the user gave.
        what: What it should be the address of, for the message.
        login: What to do instead of writing a user into the address; None where one may be there.

    Raises:
        UsageError: It is not an http or https address with a host, or names a user.
    """
    try:
        parts = urlsplit(url)
        valid = is_url(url) and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageError(
            f"{shown(url)}: not the address of {what}: it begins with http:// or https:// and"
            " names a host"
        )
    if login is not None and "@" in parts.netloc:
        raise UsageError(f"{shown(url)}: leave user and password out of the address: {login}")
    return parts


def refuse_secrets(text: str, option: str) -> None:
    """Refuse an address that would be published with what may be a secret.

    A fragment without ``=`` names a part of a document, and may stay.

    Args:
        text: An address, or a text that has some.
        option: What it was given for, for the message.

    Raises:
        UsageError: An address in it has a user, a password, a query, or values in its fragment.
    """
    for word in text.split():
        plain = _FRAGMENT.sub("", word)
        if named(plain) != visible(plain):
            raise UsageError(
                f"{option} {named(word)}: leave out user, password and what follows ?: it is"
                " written into files that others read"
            )


def is_private(host: str) -> bool:
    """Whether a host name or address stands for something that is not on the public internet.

    A name is private if any of its addresses is. A name that cannot be resolved is not: nothing can
    connect to it from here either.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return not all(is_public_address(str(one[4][0])) for one in found)


def is_public_address(address: str) -> bool:
    """Whether an IP address is reachable on the public internet, an embedded IPv4 one included."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public_address(str(inner))
    return ip.is_global and not ip.is_multicast
