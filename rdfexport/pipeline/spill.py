"""Items of which each counts once, on disk until they are asked for."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# No item holds it: identifiers have patterns, and a control character is not in any.
_SEPARATOR: Final = "\x1f"
_MAX_SEEN: Final = 200_000


class DistinctItems:
    """Distinct tuples of texts in their order, in a database that spills to disk."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.execute("CREATE TABLE item (text TEXT PRIMARY KEY) WITHOUT ROWID")
        # Most items come again and again; this spares the database what it surely has.
        self._seen: set[tuple[str, ...]] = set()

    def add(self, items: Iterable[tuple[str, ...]]) -> None:
        new = [item for item in items if item not in self._seen]
        self._database.executemany(
            "INSERT OR IGNORE INTO item VALUES (?)", ((_SEPARATOR.join(item),) for item in new)
        )
        if len(self._seen) < _MAX_SEEN:
            self._seen.update(new)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        for (text,) in self._database.execute("SELECT text FROM item ORDER BY text"):
            yield tuple(text.split(_SEPARATOR))

    def close(self) -> None:
        self._database.close()
