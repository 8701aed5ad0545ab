"""Brings what is said of some figures up to date in a graph that they share with others.

The nodes of a figure are the address of its page and all that begins with it and ``#``. Every
triple with one of them as subject or object is replaced by what is sent. Triples about anything
else, such as genes and articles, which other figures have too, are only added.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from rdfexport.errors import LoadError
from rdfexport.store.target import batches, iris, slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdfexport.store.target import Target

_FIGURES_AT_ONCE: Final = 50
_UPDATES_AT_ONCE: Final = 10
# In the part for WikiPathways nothing leads from the page to these. What leads to the page or to
# these is found too, such as `#pathway-9606`.
_PARTS: Final = ("", "#figure", "#pathway")


class Merge:
    """One graph, and the figures that are loaded.

    Args:
        target: The store.
        graph: The graph, in which more stays than is sent.
        figures: The IRIs of the figures that are sent, and of those that are to be removed.
        place: The graph in which what is sent waits; the graph itself where it does not wait.
    """

    def __init__(self, target: Target, graph: str, figures: Sequence[str], place: str) -> None:
        self._target = target
        self._graph = graph
        self._figures = figures
        self._place = place

    def clear(self) -> None:
        """Remove what the graph says of the figures, before what is sent comes."""
        for some in batches(self._removals(unless=""), _UPDATES_AT_ONCE):
            self._target.update(" ;\n".join(some))

    def add(self, triples: int) -> None:
        """Add what waits, and then remove what the graph says of the figures beyond that.

        Where the figures are few, this is one request, so a reader sees the old figures or the new.

        Args:
            triples: How many triples wait.

        Raises:
            LoadError: The graph does not hold all of them in the end.
        """
        unless = f"FILTER NOT EXISTS {{ GRAPH <{self._place}> {{ ?s ?p ?o }} }}"
        updates = chain([f"ADD <{self._place}> TO <{self._graph}>"], self._removals(unless))
        for some in batches(updates, _UPDATES_AT_ONCE):
            self._target.update(" ;\n".join(some))
        (row,) = self._target.select(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{self._place}> {{ ?s ?p ?o }}"
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
        for some in slices(nodes):
            names = " ".join(f"<{node}>" for node in some)
            for variable in ("?s", "?o"):
                yield (
                    f"DELETE {{ {triples} }}"
                    f" WHERE {{ VALUES {variable} {{ {names} }} {triples} {unless} }}"
                )

    def _nodes(self, figures: Iterable[str]) -> list[str]:
        """The nodes of some figures that the graph has, found by going from one to the next."""
        pages = set(figures)
        seen = {page + ending for page in pages for ending in _PARTS}
        new = sorted(seen)
        found: list[str] = []
        while new:
            near: set[str] = set()
            for some in slices(new):
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
