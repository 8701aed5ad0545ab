"""What a load needs of a store, whichever it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdfexport.store.blocks import Block

STAGING: Final = "urn:rdfexport:staging:"
"""Begins the IRIs of graphs that hold what readers shall not see yet."""
GRAPHS_A_QUERY: Final = 100
"""How many graphs one query or update names, so that each is of bounded size."""


class Target(Protocol):
    """A store.

    ``copies`` says whether it can copy a graph; ``chunk_triples`` and ``chunk_graphs`` bound what
    it shall be given at once.
    """

    name: str
    copies: bool
    chunk_triples: int
    chunk_graphs: int

    def select(self, query: str) -> list[dict[str, str]]:
        """Rows, each a mapping of variable to IRI or text."""

    def update(self, text: str) -> None:
        """Do a SPARQL UPDATE."""

    def upload(self, blocks: Sequence[Block]) -> None:
        """Add lines to their graphs."""

    def replace(self, blocks: Sequence[Block]) -> None:
        """Make each graph exactly its block; a reader sees the old graph or the new one."""


def staging(graph: str) -> str:
    """The graph in which the next content of a graph waits."""
    return STAGING + hashlib.sha256(graph.encode()).hexdigest()[:32]


def counts(target: Target, graphs: Sequence[str]) -> dict[str, int]:
    """Count the triples of some graphs: asked for, since a server may cut what it lists."""
    result = dict.fromkeys(graphs, 0)
    for row in of_graphs(
        target,
        graphs,
        "SELECT ?g (COUNT(*) AS ?n) WHERE {{ {} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g",
    ):
        result[row["g"]] = int(row["n"])
    return result


def present(target: Target, graphs: Sequence[str]) -> set[str]:
    """Find out which graphs are there: much cheaper than to count them, where few are."""
    query = "SELECT DISTINCT ?g WHERE {{ {} GRAPH ?g {{ ?s ?p ?o }} }}"
    return {row["g"] for row in of_graphs(target, graphs, query)}


def of_graphs(target: Target, graphs: Sequence[str], query: str) -> Iterator[dict[str, str]]:
    """Ask something of some graphs, of each of which there is one row or none.

    Args:
        target: The store.
        graphs: Their IRIs.
        query: A format string whose one field is where ``?g`` gets its values.
    """
    for some in slices(graphs):
        waiting = dict.fromkeys(some)
        # A server may give less rows than there are, and not say so.
        while waiting and (
            rows := target.select(
                query.format(f"VALUES ?g {{ {' '.join(f'<{graph}>' for graph in waiting)} }}")
            )
        ):
            for row in rows:
                waiting.pop(row["g"], None)
            yield from rows


def drop(target: Target, graphs: Sequence[str]) -> None:
    """Remove some graphs."""
    for some in slices(graphs):
        target.update(";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in some))


def slices(graphs: Sequence[str]) -> list[Sequence[str]]:
    return [graphs[at : at + GRAPHS_A_QUERY] for at in range(0, len(graphs), GRAPHS_A_QUERY)]
