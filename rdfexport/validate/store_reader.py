"""Reads a store by simple queries, and sees that their answers are whole.

Each query has one triple pattern, and names the nodes or graphs that it is about: what the
optimizers of servers make of more was seen to fail, or to take minutes (Virtuoso: SP031).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyoxigraph as ox

from rdfexport.errors import RemoteError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PAGE: Final = 5_000
"""How many rows are asked for at once."""
NODES_AT_ONCE: Final = 200
"""How many nodes a query names."""

Triples = dict[ox.Triple, None]
"""Triples, each once, in the order in which they came."""


class Sparql(Protocol):
    """A store or endpoint that can be queried."""

    name: str

    def select(self, query: str) -> list[dict[str, str]]:
        """Rows, each a mapping of variable to IRI or text."""

    def construct(self, query: str) -> Iterable[ox.Triple]:
        """Triples."""


class LocalStore:
    """An Oxigraph store in a folder, opened to be read only.

    Raises:
        UnreadableError: There is no store in the folder.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self._store = ox.Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise UnreadableError(f"{path}: not a store that can be opened ({error})") from error

    def select(self, query: str) -> list[dict[str, str]]:
        solutions: Any = self._store.query(query)
        names = [variable.value for variable in solutions.variables]
        return [{name: solution[name].value for name in names} for solution in solutions]

    def construct(self, query: str) -> Iterator[ox.Triple]:
        triples: Any = self._store.query(query)
        yield from triples


class StoreReader:
    """Asks for triples, nodes and graphs.

    Args:
        source: The store.
        prologue: The prefixes of the queries.
    """

    def __init__(self, source: Sparql, prologue: str) -> None:
        self.name = source.name
        self._source = source
        self._prologue = prologue

    def select(self, query: str) -> list[dict[str, str]]:
        return self._source.select(self._prologue + query)

    def graphs_of(self, nodes: Iterable[str]) -> list[str]:
        """The named graphs that have triples about some nodes, in their order."""
        rows = self.select(
            f"SELECT DISTINCT ?g WHERE {{ VALUES ?s {{ {terms(nodes)} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        )
        return sorted(row["g"] for row in rows)

    def iris(self, where: str, what: str, graphs: Iterable[str] = ()) -> Iterator[str]:
        """The IRIs ``?s`` in their order, however few rows the server gives at once.

        Args:
            where: The pattern.
            what: What they are, for messages.
            graphs: Where to look; the default graph if there is none.

        Raises:
            RemoteError: They do not come in their order.
        """
        pattern = f"{from_clauses(graphs)}WHERE {{ {where} FILTER(ISIRI(?s)) }}"
        rows = self.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {pattern}")
        wanted = "".join(row.get("n", "") for row in rows)
        got = {row.get("s", "") for row in self.select(f"SELECT DISTINCT ?s {pattern}")}
        if str(len(got)) == wanted:
            yield from sorted(got)
        else:
            yield from self._pages_of_iris(where, what, graphs)

    def _pages_of_iris(self, where: str, what: str, graphs: Iterable[str]) -> Iterator[str]:
        # Servers sort all rows for each page, which takes them much longer than to find them.
        after = ""
        while rows := self.select(
            f"SELECT DISTINCT ?s {from_clauses(graphs)}WHERE {{ {where} FILTER(ISIRI(?s))"
            f" FILTER(STR(?s) > {ox.Literal(after)}) }} ORDER BY STR(?s) LIMIT {PAGE}"
        ):
            for row in rows:
                iri = row.get("s", "")
                if iri <= after:
                    raise RemoteError(self.name, f"does not give {what} in their order")
                after = iri
                yield iri

    def near(self, nodes: Iterable[str], pattern: str, graphs: Iterable[str]) -> list[str]:
        """The IRIs ``?s`` of a pattern in which ``?known`` is one of some nodes."""
        return [
            iri
            for some in _slices(nodes)
            for iri in self.iris(
                f"VALUES ?known {{ {terms(some)} }} {pattern}", "the nodes", graphs
            )
        ]

    def graph(self, name: str) -> Triples:
        """All triples of a named graph.

        Raises:
            RemoteError: The server does not give them all.
        """
        where = f"GRAPH {terms([name])} {{ ?s ?p ?o }}"
        got, wanted = self._triples(where, ())
        if str(len(got)) == wanted:
            return got
        return self.about(self.iris(where, "the subjects"), [name])

    def about(self, nodes: Iterable[str], graphs: Iterable[str]) -> Triples:
        """The triples whose subject is one of some nodes.

        Args:
            nodes: Their IRIs.
            graphs: Where to look; the default graph if there is none.

        Raises:
            RemoteError: The server does not give all that one node has.
        """
        found: Triples = {}
        waiting = list(_slices(nodes))
        while waiting:
            some = waiting.pop()
            got, wanted = self._triples(f"VALUES ?s {{ {terms(some)} }} ?s ?p ?o", graphs)
            if wanted == str(len(got)):
                found |= got
            elif len(some) > 1 and wanted.isdecimal():
                # Some servers cut long answers short without a word.
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]
            else:
                raise RemoteError(
                    self.name,
                    f"gave {len(got)} of {wanted or 'uncounted'} triples about {some[0]}",
                    "raise the limit of rows that the server sends",
                )
        return found

    def _triples(self, where: str, graphs: Iterable[str]) -> tuple[Triples, str]:
        """The triples ``?s ?p ?o`` of a pattern, and how many there are by the server's count."""
        source = from_clauses(graphs)
        triples = self._source.construct(
            f"{self._prologue}CONSTRUCT {{ ?s ?p ?o }} {source}WHERE {{ {where} }}"
        )
        got = dict.fromkeys(triples)
        distinct = f"SELECT DISTINCT ?s ?p ?o WHERE {{ {where} }}"
        counted = self.select(f"SELECT (COUNT(*) AS ?n) {source}WHERE {{ {distinct} }}")
        return got, "".join(row.get("n", "") for row in counted)


def terms(iris: Iterable[str]) -> str:
    """IRIs that a store gave as they stand in a query."""
    try:
        return " ".join(str(ox.NamedNode(iri)) for iri in iris)
    except ValueError as error:
        raise UnreadableError(
            f"the store answered with something that is not an IRI ({error})"
        ) from error


def from_clauses(graphs: Iterable[str]) -> str:
    """The FROM clauses of a query to some graphs."""
    # A query without FROM asks the default graph.
    return "".join(f"FROM {terms([graph])} " for graph in graphs)


def _slices(nodes: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(nodes)
    while some := list(islice(iterator, NODES_AT_ONCE)):
        yield some
