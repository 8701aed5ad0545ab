"""The book: a graph in the store that says which graphs a load wrote, and what is in them.

It is kept in the store, not in a file beside it, as it then is copied, restored and shared with
the data that it speaks of, and any machine can go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.store.blocks import Block, from_ntriples
from rdfexport.store.target import Row, iris, of_graphs, slices
from rdfexport.terms import GRAPH_BASE, VOCABULARY_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdfexport.store.target import Reader, Target

EXPORTS: Final = GRAPH_BASE + "load"
"""The book of the graphs of whole exports: what is in it and not in the next export can go."""
FILES: Final = GRAPH_BASE + "load-files"
"""The book of the graphs that were loaded from single files, or that a user named."""

TRIPLES_AN_ENTRY: Final = 2

_MERGED: Final = "merged "
_DIGEST: Final = VOCABULARY_BASE + "graphDigest"
_TRIPLES: Final = "http://rdfs.org/ns/void#triples"
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"


class Entry(NamedTuple):
    """A graph as it was loaded: the digest of its lines, and their number."""

    graph: str
    digest: str
    triples: int


def mixed(graph: str) -> Entry:
    """The entry of a graph that a load wrote and another added to: equal to no export's."""
    return Entry(graph, "mixed", 0)


def merged(graph: str, digest: str, triples: int) -> Entry:
    """The entry of a graph that has lines of this digest beside others: so many triples in all."""
    return Entry(graph, _MERGED + digest, triples)


def has_lines(entry: Entry, digest: str, *, beside_others: bool) -> bool:
    """Whether a graph was loaded with lines of this digest, alone or perhaps beside others."""
    known = entry.digest.removeprefix(_MERGED) if beside_others else entry.digest
    return known == digest


def entries(target: Reader, book: str, graphs: Sequence[str]) -> dict[str, Entry]:
    """The entries of some graphs; a graph that no load wrote has none."""
    said = f"?g <{_DIGEST}> ?d ; <{_TRIPLES}> ?n"
    query = f"SELECT ?g ?d ?n WHERE {{{{ {{}} GRAPH <{book}> {{{{ {said} }}}} }}}}"
    return {
        row["g"]: Entry(row["g"], row["d"], row.number("n"))
        for row in of_graphs(target, graphs, query)
    }


def all_graphs(target: Reader, book: str) -> Iterator[str]:
    """Every graph in the book, in the order of their IRIs."""
    return iris(target, f"GRAPH <{book}> {{ ?s <{_DIGEST}> ?d }}")


def size(target: Reader, book: str) -> int:
    """How many graphs are in the book."""
    (row,) = target.select(
        f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{book}> {{ ?g <{_DIGEST}> ?d }} }}"
    ) or [Row(target.name, {})]
    return row.number("n")


def agreement(target: Reader, book: str) -> tuple[int, int]:
    """How many graphs have as many triples as the book says, and how many triples these have.

    The store is read once for it: a store may take as long to count one graph as all.
    """
    rows = target.select(
        "SELECT (COUNT(*) AS ?graphs) (SUM(?n) AS ?triples) WHERE {"
        f" GRAPH <{book}> {{ ?g <{_TRIPLES}> ?said }}"
        " { SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g }"
        " FILTER(?n = ?said) }"
    )
    if len(rows) != 1:
        raise Row(target.name, {}).misfit(f"of {len(rows)} rows to a question of one")
    (row,) = rows
    return row.number("graphs"), row.number("triples") if "triples" in row else 0


def as_blocks(book: str, found: Sequence[Entry]) -> list[Block]:
    """What the book says of some graphs."""
    if not found:
        return []
    lines = [
        line
        for graph, digest, triples in found
        for line in (
            f'<{graph}> <{_DIGEST}> "{digest}" .\n'.encode(),
            f'<{graph}> <{_TRIPLES}> "{triples}"^^<{_INTEGER}> .\n'.encode(),
        )
    ]
    return [from_ntriples(book, "the list of graphs", lines)]


def remember(book: str, found: Sequence[Entry]) -> str:
    """An UPDATE that notes some graphs."""
    lines = b"".join(one.ntriples for one in as_blocks(book, found)).decode()
    return f"INSERT DATA {{ GRAPH <{book}> {{\n{lines}}} }}"


def forget(book: str, graphs: Sequence[str]) -> str:
    """An UPDATE that strikes some graphs out."""
    names = " ".join(f"<{graph}>" for graph in graphs)
    return (
        f"DELETE {{ GRAPH <{book}> {{ ?g ?p ?o }} }}"
        f" WHERE {{ VALUES ?g {{ {names} }} GRAPH <{book}> {{ ?g ?p ?o }} }}"
    )


def forget_all(target: Target, book: str, graphs: Sequence[str]) -> None:
    """Strike out any number of graphs."""
    for some in slices(graphs):
        target.update(forget(book, some))


def mix(target: Target, book: str, graphs: Sequence[str]) -> None:
    """Note of any number of graphs in the book that they are not as they were loaded."""
    for some in slices(graphs):
        known = entries(target, book, some)
        target.update(forget(book, some))
        target.upload(as_blocks(book, [mixed(graph) for graph in known]))
