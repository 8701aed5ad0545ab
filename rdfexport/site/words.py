"""A text → the words that it is found by. ``assets/search.js`` does the same to what one types."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 40

_STOP: Final = (
    "a an and are as at between by for from in into is its of on or that the their through to via"
    " with"
)
STOP: Final = frozenset(_STOP.split())
"""Words that say nothing of what a text is about."""


def words(*texts: str) -> list[str]:
    """The distinct words of some texts: without case and accents, of two characters or more.

    Characters beyond the Basic Multilingual Plane stand in none: browsers sort them otherwise.
    """
    found: dict[str, None] = {}
    for text in texts:
        plain = text
        if not text.isascii():
            parts = unicodedata.normalize("NFKD", text)
            plain = "".join(
                one if one <= "\uffff" else " "
                for one in parts
                if not unicodedata.category(one).startswith("M")
            )
        for word in _WORD.findall(plain.lower()):
            if 1 < len(word) <= _LONGEST and word not in STOP:
                found[word] = None
    return list(found)
