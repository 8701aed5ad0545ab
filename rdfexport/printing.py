"""Shows foreign texts and addresses in messages, without control characters and secrets.

C0 and C1 controls, bidirectional overrides and isolates (Unicode TR 36, section 3.1; TR 9), line
and paragraph separators and lone surrogates are shown as the escapes that Python writes for them.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

# user:password@host, the scheme left out
_LOGIN: Final = re.compile(r"[^/@\s:]{1,200}:[^/@\s]{1,2000}@")
_QUOTED: Final = re.compile(r"'([^']*)'")
# As pathlib writes it, an address has one slash less.
_AS_PATH: Final = re.compile(r"[a-z][a-z0-9+.-]*:/(?!/)", re.IGNORECASE)
# A log has many addresses; one with a user in it is shown without, wherever it came from.
_USER: Final = re.compile(r"(?<=://)[^\s/?#'\"<>]{1,2000}@")


def visible(text: str) -> str:
    r"""A text on one line, in which each character that is not printable is shown escaped.

    ``\x1b`` stands for ESC, ``\u202e`` for a right-to-left override, ``\n`` for a line's end.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def printable(text: str, limit: int = 200) -> str:
    """The beginning of a text, ``visible``: what a message shows of someone else's."""
    escaped = visible(text)
    return escaped if len(escaped) <= limit else escaped[: limit - 1] + "…"


def visible_json(text: str) -> str:
    """JSON on one line, whose escapes (RFC 8259, section 7) stand for what is not printable."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def visible_lines(text: str) -> str:
    """A message of several lines: ``visible``, but for line feeds; without users of addresses."""
    return _USER.sub("", "\n".join(map(visible, text.split("\n"))))


def shown(url: str) -> str:
    """An address as a message or file may show it: without user, password, query and fragment.

    Where the end of a password in it cannot be found, only its scheme.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    try:
        parts = urlsplit(f"//{rest}")
        if "@" in rest:
            _ = parts.port  # of user:pa/ss@host the part before the slash has none that is valid
        text = f"{scheme}{mark}{parts.netloc.rpartition('@')[2]}{parts.path}"
    except ValueError:
        text = f"{scheme}{mark}…"
    return visible(text)


def named(source: str) -> str:
    """A source or target as a message may show it: an address as ``shown``, a path as it is."""
    if "://" in source:
        return shown(source)
    found = _AS_PATH.search(source)
    if found is not None:  # pathlib has made one slash of two
        return visible(source[: found.start()]) + shown(f"{found[0]}/{source[found.end() :]}")
    return visible(_LOGIN.sub("", source))


def without_addresses(text: str) -> str:
    """A message of a library that quotes arguments, each of which may be an address."""
    return _QUOTED.sub(lambda match: f"'{named(match[1])}'", text)


def say(text: str) -> None:
    """Print a message to standard error; where nobody can read it, that changes nothing."""
    if sys.stderr is not None:
        with suppress(OSError):
            sys.stderr.write(visible_lines(text) + "\n")
            sys.stderr.flush()
