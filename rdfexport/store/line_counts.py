"""The number of distinct lines, and the digest, of graphs that are spread over many blocks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rdfexport.counting import DistinctCounter
from rdfexport.store.journal import Expected

if TYPE_CHECKING:
    from rdfexport.store.inputs.blocks import Block


class LineCounts:
    """Counts the distinct lines of graphs."""

    def __init__(self) -> None:
        self._digests: dict[str, hashlib._Hash] = {}
        self._lines = DistinctCounter()

    def add(self, block: Block) -> None:
        """Count the lines of a block."""
        if block.graph not in self._digests:
            self._digests[block.graph] = hashlib.sha256()
        self._digests[block.graph].update(block.data)
        self._lines.add(block.graph, set(block.data.splitlines()))

    def expected(self) -> list[Expected]:
        """Each graph with the number of its distinct lines, and the digest of all in order."""
        return [
            Expected(graph, triples, self._digests[graph].hexdigest(), whole=False)
            for graph, triples in self._lines.counts().items()
        ]

    def close(self) -> None:
        self._lines.close()
