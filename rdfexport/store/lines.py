"""Graphs that are spread over many blocks: how many distinct lines each has, and its digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rdfexport.counting import DistinctCounter
from rdfexport.store.journal import Expected

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

    def expected(self) -> list[Expected]:
        """What each graph is: how many distinct lines it has, and their digest in their order."""
        return [
            Expected(graph, triples, self._digests[graph].hexdigest(), whole=False)
            for graph, triples in self._lines.counts().items()
        ]

    def close(self) -> None:
        self._lines.close()
