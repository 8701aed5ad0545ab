"""Graphs that are spread over many blocks: how many distinct lines each has, and its digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rdfexport.counting import DistinctCounter

if TYPE_CHECKING:
    from rdfexport.store.blocks import Block


class GraphLines:
    """Counts the distinct lines of graphs."""

    def __init__(self) -> None:
        self._digests: dict[str, hashlib._Hash] = {}
        self._lines = DistinctCounter()

    def add(self, block: Block) -> None:
        if block.graph not in self._digests:
            self._digests[block.graph] = hashlib.sha256()
        self._digests[block.graph].update(block.data)
        self._lines.add(block.graph, set(block.data.splitlines()))

    def digests(self) -> dict[str, str]:
        """The digest of each graph's lines, in the order in which they came."""
        return {graph: digest.hexdigest() for graph, digest in self._digests.items()}

    def counts(self) -> dict[str, int]:
        """The number of distinct lines of each graph."""
        return self._lines.counts()

    def close(self) -> None:
        self._lines.close()
