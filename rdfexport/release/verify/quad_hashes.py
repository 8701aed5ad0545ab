"""Hashes of quads in files, which are compared part by part, in little memory."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

HASH_BYTES: Final = 16
HASHES: Final = 1 << 8 * HASH_BYTES

_PARTS: Final = 64
_PART_BITS: Final = 8 * HASH_BYTES - 6
# So many wrong quads are enough; one is reported.
_MOST_WRONG: Final = 1_000


def _text_hash(text: str) -> int:
    """A hash of a text, BLAKE2b of 128 bits."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=HASH_BYTES).digest(), "big")


def triple_hash(quad: ox.Quad) -> int:
    """The hash of a quad's triple in N-Triples."""
    return _text_hash(f"{quad.subject} {quad.predicate} {quad.object}")


@lru_cache(1_000)
def _graph_hash(graph: str) -> int:
    return _text_hash(f"graph {graph}")


def quad_hash(graph: str, triple: int) -> int:
    """The hash of a quad, from the name of its graph and the hash of its triple."""
    return (_graph_hash(graph) + triple) % HASHES


class QuadLog:
    """Hashes of quads, appended to files by their first bits.

    Args:
        folder: Where the files are.
        name: Of the log.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._stack = ExitStack()
        self._files: list[IO[bytes]] = [
            self._stack.enter_context((folder / f"{name}-{part:02}").open("ab"))
            for part in range(_PARTS)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, graph: str, triple: int) -> None:
        """Append a quad, by the name of its graph and the hash of its triple."""
        number = quad_hash(graph, triple)
        self._files[number >> _PART_BITS].write(number.to_bytes(HASH_BYTES, "big"))


class WrongChanges(NamedTuple):
    """Hashes of quads that a patch inserts though the release lacks them, or deletes though not."""

    inserted: frozenset[int]
    deleted: frozenset[int]


def find_wrong_changes(folder: Path) -> WrongChanges:
    """Compare the logs ``inserted`` and ``deleted`` with the log ``release`` of a folder."""
    inserted: set[int] = set()
    deleted: set[int] = set()
    for part in range(_PARTS):
        there = _read(folder / f"release-{part:02}")
        inserted |= _read(folder / f"inserted-{part:02}") - there
        deleted |= _read(folder / f"deleted-{part:02}") & there
        if len(inserted) + len(deleted) > _MOST_WRONG:
            break
    return WrongChanges(frozenset(inserted), frozenset(deleted))


def _read(path: Path) -> set[int]:
    data = path.read_bytes() if path.is_file() else b""
    parts = range(0, len(data), HASH_BYTES)
    return {int.from_bytes(data[start : start + HASH_BYTES], "big") for start in parts}
