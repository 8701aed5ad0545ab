"""Names for the rows of a record, made of what they say."""

from __future__ import annotations

import hashlib
from collections import Counter


class Identities:
    """Names the rows of one kind by what they say, so that the names survive a new order.

    Args:
        kind: Rows of different kinds have different names.
    """

    __slots__ = ("_kind", "_seen")

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._seen: Counter[tuple[str | None, ...]] = Counter()

    def occurrence(self, *content: str | None) -> int:
        """Which of the equal rows this one is, from 1."""
        self._seen[content] += 1
        return self._seen[content]

    def name(self, occurrence: int, *content: str | None) -> str:
        """Sixteen hexadecimal digits made of kind, content and occurrence."""
        parts = (self._kind, *content, str(occurrence))
        joined = "\x1f".join(["\x1e" if part is None else part for part in parts])
        return hashlib.sha256(joined.encode()).hexdigest()[:16]
