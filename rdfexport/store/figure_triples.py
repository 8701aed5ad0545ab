"""Replaces the triples about some figures in a graph that they share with others.

The nodes of a figure are the address of its page and all that begins with it and ``#``. Every
triple with one of them as subject or object is replaced by what is sent. Triples about anything
else, such as genes and articles, which other figures have too, are only added.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from rdfexport.errors import LoadError
from rdfexport.store.interface import batches, iris

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdfexport.store.interface import WritableStore

_FIGURES_AT_ONCE: Final = 50
_UPDATES_AT_ONCE: Final = 10
# In the part for WikiPathways no triple leads from the page to these. Nodes that lead to the page
# or to these, such as `#pathway-9606`, are found from them.
_PARTS: Final = ("", "#figure", "#pathway")


class FigureTriples:
    """The triples about the loaded figures in one graph.

    Args:
        target: The store.
        graph: The graph, in which triples of other figures stay.
        figures: The IRIs of the figures that are sent, and of those that are to be removed.
        staged: The graph that holds what was sent; the same graph where nothing is staged.
    """

    def __init__(
        self, target: WritableStore, graph: str, figures: Sequence[str], staged: str
    ) -> None:
        self._target = target
        self._graph = graph
        self._figures = figures
        self._staged = staged

    def remove(self) -> None:
        """Remove the triples about the figures, before new ones are sent."""
        for some in batches(self._removals(unless=""), _UPDATES_AT_ONCE):
            self._target.update(" ;\n".join(some))

    def replace(self, triples: int) -> None:
        """Add the staged triples, and then remove all others about the figures.

        Where the figures are few, this is one request, so a reader sees the old figures or the new.

        Args:
            triples: How many triples are staged.

        Raises:
            LoadError: The graph does not hold all of them afterwards.
        """
        unless = f"FILTER NOT EXISTS {{ GRAPH <{self._staged}> {{ ?s ?p ?o }} }}"
        updates = chain([f"ADD <{self._staged}> TO <{self._graph}>"], self._removals(unless))
        for some in batches(updates, _UPDATES_AT_ONCE):
            self._target.update(" ;\n".join(some))
        (row,) = self._target.select(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{self._staged}> {{ ?s ?p ?o }}"
            f" GRAPH <{self._graph}> {{ ?s ?p ?o }} }}"
        )
        if row.number("n") != triples:
            raise LoadError(
                f"{self._graph}: {self._target.name} holds {row.number('n'):,} of the {triples:,}"
                " triples sent: load again"
            )

    def _removals(self, unless: str) -> Iterator[str]:
        for figures in batches(self._figures, _FIGURES_AT_ONCE):
            yield from self._removals_of(self._nodes(figures), unless)

    def _removals_of(self, nodes: Sequence[str], unless: str) -> Iterator[str]:
        triples = f"GRAPH <{self._graph}> {{ ?s ?p ?o }}"
        for some in batches(nodes):
            names = " ".join(f"<{node}>" for node in some)
            for variable in ("?s", "?o"):
                yield (
                    f"DELETE {{ {triples} }}"
                    f" WHERE {{ VALUES {variable} {{ {names} }} {triples} {unless} }}"
                )

    def _nodes(self, figures: Iterable[str]) -> list[str]:
        """The nodes of some figures in the graph, found by following triples from node to node."""
        pages = set(figures)
        seen = {page + ending for page in pages for ending in _PARTS}
        new = sorted(seen)
        found: list[str] = []
        while new:
            near: set[str] = set()
            for some in batches(new):
                names = " ".join(f"<{node}>" for node in some)
                for pattern in ("?known ?p ?s", "?s ?p ?known"):
                    near.update(
                        iris(
                            self._target,
                            f"VALUES ?known {{ {names} }} GRAPH <{self._graph}> {{ {pattern} }}",
                        )
                    )
            found += new
            new = sorted(node for node in near - seen if node.partition("#")[0] in pages)
            seen.update(new)
        return found
