"""What a load needs of a store, whichever it is."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import pyoxigraph as ox

from rdfexport.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdfexport.store.blocks import Block

T = TypeVar("T")

STAGING: Final = "urn:rdfexport:staging:"
"""Begins the IRIs of graphs that hold what readers shall not see yet."""
GRAPHS_A_QUERY: Final = 100
"""How many graphs one query or update names, so that each is of bounded size."""
_COUNTS_A_QUERY: Final = 20
_PAGE: Final = 5_000


class Reader(Protocol):
    """A store that can be asked."""

    name: str

    def select(self, query: str) -> list[Row]:
        """The rows of an answer."""


class Target(Reader, Protocol):
    """A store that can be written to.

    ``copies`` says whether a graph that many figures share is to be filled under another name first
    and then copied; ``chunk_triples`` and ``chunk_graphs`` bound what it is given at once.
    """

    copies: bool
    chunk_triples: int
    chunk_graphs: int

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
            raise self.misfit(f"in which ?{name} is not a number") from None

    def misfit(self, what: str) -> RemoteError:
        return RemoteError(f"{self._store}: gave an answer {what}: is it a SPARQL endpoint?")


def staging(graph: str) -> str:
    """The graph in which the next content of a graph waits."""
    return STAGING + hashlib.sha256(graph.encode()).hexdigest()[:32]


def counts(target: Reader, graphs: Sequence[str]) -> dict[str, int]:
    """Count the triples of some graphs: asked for, since a server may cut what it lists."""
    result = dict.fromkeys(graphs, 0)
    # Virtuoso takes four times as long to count graphs that VALUES names and GROUP BY tells apart.
    for some in batches(graphs, _COUNTS_A_QUERY):
        waiting = dict.fromkeys(some)
        # A server may give less rows than there are, and not say so.
        while waiting and (rows := target.select(_count_each(waiting))):
            for row in rows:
                if row["g"] not in waiting:
                    raise row.misfit("of a graph that was not asked for")
                del waiting[row["g"]]
                result[row["g"]] = row.number("n")
    return result


def _count_each(graphs: Iterable[str]) -> str:
    count = "SELECT ({0} AS ?g) (COUNT(*) AS ?n) WHERE {{ GRAPH {0} {{ ?s ?p ?o }} }}"
    each = " UNION ".join(f"{{ {count.format(f'<{graph}>')} }}" for graph in graphs)
    return f"SELECT ?g ?n WHERE {{ {each} }}"


def present(target: Reader, graphs: Sequence[str]) -> set[str]:
    """Find out which graphs are there: much cheaper than to count them, where few are."""
    query = "SELECT DISTINCT ?g WHERE {{ {} GRAPH ?g {{ ?s ?p ?o }} }}"
    return {row["g"] for row in of_graphs(target, graphs, query)}


def of_graphs(target: Reader, graphs: Sequence[str], query: str) -> Iterator[Row]:
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


def iris(target: Reader, where: str) -> Iterator[str]:
    """List the IRIs ``?s`` of a pattern in their order, however few rows the server gives at once.

    Raises:
        RemoteError: It does not keep to the order, or gives something that is not an IRI.
    """
    after = ""
    while rows := target.select(
        f"SELECT DISTINCT ?s WHERE {{ {where} FILTER(ISIRI(?s))"
        f" FILTER(STR(?s) > {ox.Literal(after)}) }} ORDER BY STR(?s) LIMIT {_PAGE}"
    ):
        for row in rows:
            iri = row["s"]
            if iri <= after:
                raise row.misfit("that is not in the order asked for")
            if not is_iri(iri):
                raise row.misfit("with an IRI that is not well-formed")
            after = iri
            yield iri


def is_iri(text: str) -> bool:
    """Whether a text can stand between angle brackets in a query."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def drop(target: Target, graphs: Sequence[str]) -> None:
    """Remove some graphs."""
    for some in slices(graphs):
        target.update(";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in some))


def batches(items: Iterable[T], size: int = GRAPHS_A_QUERY) -> Iterator[list[T]]:
    """Cut items into lists of at most so many."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def slices(graphs: Sequence[str]) -> list[Sequence[str]]:
    """Cut names into as many as one query holds."""
    return [graphs[at : at + GRAPHS_A_QUERY] for at in range(0, len(graphs), GRAPHS_A_QUERY)]
