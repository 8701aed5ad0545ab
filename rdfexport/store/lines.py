"""Graphs that are spread over many blocks: how many distinct lines each has, and its digest."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rdfexport.store.blocks import Block

_BUCKETS: Final = 64
_GRAPH_BYTES: Final = 4
_HASH_BYTES: Final = 12
_ENTRY: Final = _GRAPH_BYTES + _HASH_BYTES
_READ_AT_ONCE: Final = _ENTRY << 16
_BUFFER: Final = 1 << 16


class GraphLines:
    """Counts the distinct lines of graphs.

    Hashes of lines wait in files, by their first bits, so that only a part of them is in memory at
    once. Among a billion lines two have the same hash once in a hundred million times.
    """

    def __init__(self) -> None:
        self._digests: dict[str, hashlib._Hash] = {}
        self._numbers: dict[str, bytes] = {}
        self._stack = ExitStack()
        self._buckets: list[IO[bytes]] = []

    def add(self, block: Block) -> None:
        if not self._buckets:
            self._buckets = [
                self._stack.enter_context(TemporaryFile(buffering=_BUFFER))  # noqa: SIM115
                for _ in range(_BUCKETS)
            ]
        graph = block.graph
        if graph not in self._digests:
            self._digests[graph] = hashlib.sha256()
            self._numbers[graph] = len(self._numbers).to_bytes(_GRAPH_BYTES, "big")
        self._digests[graph].update(block.data)
        blake2b, buckets, number = hashlib.blake2b, self._buckets, self._numbers[graph]
        for line in set(block.data.splitlines()):
            value = blake2b(line, digest_size=_HASH_BYTES).digest()
            buckets[value[0] % _BUCKETS].write(number + value)

    def digests(self) -> dict[str, str]:
        """The digest of each graph's lines, in the order in which they came."""
        return {graph: digest.hexdigest() for graph, digest in self._digests.items()}

    def counts(self) -> dict[str, int]:
        """The number of distinct lines of each graph."""
        totals: Counter[bytes] = Counter()
        for bucket in self._buckets:
            totals.update(entry[:_GRAPH_BYTES] for entry in _entries(bucket))
        return {graph: totals[number] for graph, number in self._numbers.items()}

    def close(self) -> None:
        self._stack.close()


def _entries(file: IO[bytes]) -> set[bytes]:
    file.seek(0)
    seen: set[bytes] = set()
    while data := file.read(_READ_AT_ONCE):
        seen.update(data[at : at + _ENTRY] for at in range(0, len(data), _ENTRY))
    return seen
