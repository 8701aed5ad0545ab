"""Refuses queries that do more than read this store, or that would crash the engine.

SERVICE would have the engine ask other machines, perhaps some that its clients cannot reach. A
grammar of another library than the engine's reads some queries otherwise than the engine does
(rdflib, for one, ends a comment at a line feed only, Oxigraph at a carriage return too), and what
it takes for a comment is then evaluated. So the engine's own parser decides: it reads the query
with that word replaced by one that is no keyword, against an empty store. It can read that only if
the word stood nowhere as a keyword.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final

import pyoxigraph as ox

from rdfexport.errors import UsageError
from rdfexport.query.text import form, words

READ_ONLY: Final = "this endpoint is read-only: it takes no updates"
_UPDATES: Final = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
)
_SERVICE: Final = re.compile("service", re.IGNORECASE)
# https://www.w3.org/TR/sparql11-query/#codepointEscape: a parser may resolve these before all else.
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


class RefusedError(Exception):
    """The query is not evaluated; ``status`` is that of the HTTP answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check(text: str) -> None:
    """Check that a query may be evaluated, in time proportional to its length.

    Raises:
        RefusedError: It is an update, not a query, nested too deeply, or asks another endpoint.
    """
    try:
        form(text)
    except UsageError as error:
        verb = next((word for word in words(text) if word not in {"BASE", "PREFIX"}), "")
        if verb in _UPDATES:
            raise RefusedError(403, READ_ONLY) from error
        raise RefusedError(400, str(error)) from error
    check_service(text)


def check_service(text: str) -> None:
    """Check that the engine does not read SERVICE in a query.

    Raises:
        RefusedError: It does, or cannot read a query in which the word is.
    """
    plain = _ESCAPE.sub(_letter, text)
    if not _SERVICE.search(plain):
        return  # a keyword is spelled with these letters, in either case, and with no others
    word = _unused_word(plain.lower())
    try:
        ox.Store().query(_SERVICE.sub(lambda match: _in_case_of(match[0], word), plain))
    except SyntaxError as error:
        raise RefusedError(
            403,
            "this endpoint does not ask other endpoints: SERVICE is refused, and so is a query"
            f" with that word that cannot be read ({error.msg})",
        ) from error
    except (RuntimeError, ValueError, OSError):
        pass  # it was read, and the evaluation will say what is wrong


def _letter(match: re.Match[str]) -> str:
    character = chr(min(int(match[1] or match[2], 16), 0x10FFFF))
    return character if character.isascii() and character.isalpha() else match[0]


def _unused_word(text: str) -> str:
    """A word of seven letters that the text does not have, and that begins and ends no keyword."""
    return next(
        word for word in map("".join, product("zq", "jxqz", *["zqjxk"] * 5)) if word not in text
    )


def _in_case_of(found: str, word: str) -> str:
    """The word in the case of what it replaces: names that differ by it remain different."""
    return "".join(
        other.upper() if one.isupper() else other for one, other in zip(found, word, strict=True)
    )
