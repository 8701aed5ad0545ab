"""The interface of a store, embedded or server, and the queries about graphs that a load asks."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import pyoxigraph as ox

from rdfexport.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdfexport.store.inputs.blocks import Block

T = TypeVar("T")

GRAPHS_A_QUERY: Final = 100
"""How many graphs one query or update names, so that each is of bounded size."""
_COUNTS_A_QUERY: Final = 20
_PAGE: Final = 5_000


class ReadableStore(Protocol):
    """A store that answers queries; messages name it by ``name``."""

    name: str

    def select(self, query: str) -> list[Solution]:
        """Answer a SELECT query."""


class WritableStore(ReadableStore, Protocol):
    """A store that can be written to.

    Args:
        copies: Whether a graph that many figures share is filled under another name first and then
            copied.
        chunk_triples: How many triples it is sent at once, about.
        chunk_graphs: How many graphs it is sent at once, at most.
    """

    copies: bool
    chunk_triples: int
    chunk_graphs: int

    def update(self, text: str) -> None:
        """Execute a SPARQL UPDATE."""

    def upload(self, blocks: Sequence[Block]) -> None:
        """Add lines to their graphs."""

    def replace(self, blocks: Sequence[Block]) -> None:
        """Make each graph exactly its block; a reader sees the old graph or the new one."""


class Solution(dict[str, str]):
    """A row of an answer: variable → IRI or text.

    Args:
        store: The name of the store that answered.
        bound: The variables and their values.

    Raises:
        RemoteError: When a variable is read that the answer lacks.
    """

    def __init__(self, store: str, bound: Mapping[str, str]) -> None:
        super().__init__(bound)
        self._store = store

    def __missing__(self, name: str) -> str:
        raise self.misfit(f"without ?{name}")

    def number(self, name: str) -> int:
        """The value of a variable as a whole number."""
        try:
            return int(self[name])
        except ValueError:
            raise self.misfit(f"in which ?{name} is not a number") from None

    def misfit(self, what: str) -> RemoteError:
        """The error for an answer that does not fit the query."""
        return RemoteError(f"{self._store}: gave an answer {what}: is it a SPARQL endpoint?")


def counts(store: ReadableStore, graphs: Sequence[str]) -> dict[str, int]:
    """Count the triples of graphs by name: a server may cut short a list of all graphs."""
    count = "SELECT ({0} AS ?g) (COUNT(*) AS ?n) WHERE {{ GRAPH {0} {{ ?s ?p ?o }} }}"

    def query(names: Iterable[str]) -> str:
        # Virtuoso takes four times as long with VALUES and GROUP BY.
        each = " UNION ".join(f"{{ {count.format(f'<{graph}>')} }}" for graph in names)
        return f"SELECT ?g ?n WHERE {{ {each} }}"

    found = _rows_by_graph(store, graphs, _COUNTS_A_QUERY, query)
    return dict.fromkeys(graphs, 0) | {row["g"]: row.number("n") for row in found}


def present(store: ReadableStore, graphs: Sequence[str]) -> set[str]:
    """The graphs that exist: much cheaper than counting them, where few do."""
    query = "SELECT DISTINCT ?g WHERE {{ {} GRAPH ?g {{ ?s ?p ?o }} }}"
    return {row["g"] for row in rows_of_graphs(store, graphs, query)}


def rows_of_graphs(store: ReadableStore, graphs: Sequence[str], query: str) -> Iterator[Solution]:
    """Ask for one row, or none, about each of some graphs.

    Args:
        store: The store.
        graphs: Their IRIs.
        query: A format string whose one field is where ``?g`` gets its values.

    Raises:
        RemoteError: The answer is about other graphs.
    """

    def about(names: Iterable[str]) -> str:
        return query.format(f"VALUES ?g {{ {' '.join(f'<{graph}>' for graph in names)} }}")

    return _rows_by_graph(store, graphs, GRAPHS_A_QUERY, about)


def _rows_by_graph(
    store: ReadableStore, graphs: Sequence[str], size: int, query: Callable[[Iterable[str]], str]
) -> Iterator[Solution]:
    """The rows about graphs, asked for ``size`` at a time and again until no more are given."""
    for some in batches(graphs, size):
        missing = dict.fromkeys(some)
        # A server may give fewer rows than there are without saying so.
        while missing and (rows := store.select(query(missing))):
            for row in rows:
                if row["g"] not in missing:
                    raise row.misfit("of a graph that was not asked for")
                del missing[row["g"]]
            yield from rows


def iris(store: ReadableStore, where: str) -> Iterator[str]:
    """List the IRIs ``?s`` of a pattern in order, however few rows the server gives at once.

    Raises:
        RemoteError: It does not sort them, or gives something that is not an IRI.
    """
    after = ""
    while rows := store.select(
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


def drop(store: WritableStore, graphs: Iterable[str]) -> None:
    """Remove graphs."""
    for some in batches(graphs):
        store.update(";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in some))


def batches(items: Iterable[T], size: int = GRAPHS_A_QUERY) -> Iterator[list[T]]:
    """Cut items into lists of at most so many."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
