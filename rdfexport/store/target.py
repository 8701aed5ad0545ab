"""What a load needs of a store, whichever it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Protocol

from rdfexport.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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

    def select(self, query: str) -> list[Row]:
        """The rows of an answer."""

    def update(self, text: str) -> None:
        """Do a SPARQL UPDATE."""

    def upload(self, blocks: Sequence[Block]) -> None:
        """Add lines to their graphs."""

    def replace(self, blocks: Sequence[Block]) -> None:
        """Make each graph exactly its block; a reader sees the old graph or the new one."""


class Row(dict[str, str]):
    """A row of an answer: variable → IRI or text.

    Args:
        store: The name of the store that gave it.
        bound: What it holds.

    Raises:
        RemoteError: At the use of a variable that is not there, though it was asked for.
    """

    def __init__(self, store: str, bound: Mapping[str, str]) -> None:
        super().__init__(bound)
        self._store = store

    def __missing__(self, name: str) -> str:
        raise self.misfit(f"without ?{name}")

    def number(self, name: str) -> int:
        """A variable that is a whole number."""
        try:
            return int(self[name])
        except ValueError:
            raise self.misfit(f"in which ?{name} is no number") from None

    def misfit(self, what: str) -> RemoteError:
        return RemoteError(f"{self._store}: gave an answer {what}: is it a SPARQL endpoint?")


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
        result[row["g"]] = row.number("n")
    return result


def present(target: Target, graphs: Sequence[str]) -> set[str]:
    """Find out which graphs are there: much cheaper than to count them, where few are."""
    query = "SELECT DISTINCT ?g WHERE {{ {} GRAPH ?g {{ ?s ?p ?o }} }}"
    return {row["g"] for row in of_graphs(target, graphs, query)}


def of_graphs(target: Target, graphs: Sequence[str], query: str) -> Iterator[Row]:
    """Ask something of some graphs, of each of which there is one row or none.

    Args:
        target: The store.
        graphs: Their IRIs.
        query: A format string whose one field is where ``?g`` gets its values.

    Raises:
        RemoteError: The answer is of other graphs.
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
                if row["g"] not in waiting:
                    raise row.misfit("of a graph that was not asked for")
                del waiting[row["g"]]
            yield from rows


def drop(target: Target, graphs: Sequence[str]) -> None:
    """Remove some graphs."""
    for some in slices(graphs):
        target.update(";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in some))


def slices(graphs: Sequence[str]) -> list[Sequence[str]]:
    return [graphs[at : at + GRAPHS_A_QUERY] for at in range(0, len(graphs), GRAPHS_A_QUERY)]
