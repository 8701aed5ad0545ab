"""The load manifest: a graph in the store that lists the graphs that loads wrote.

For each it has a digest and the number of triples. It is in the store, not in a file beside it, so
that it is copied, restored and shared together with the data, and any machine can resume a load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.store.inputs.blocks import Block, from_ntriples
from rdfexport.store.interface import Solution, batches, iris, rows_of_graphs
from rdfexport.terms import VOCABULARY_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdfexport.store.interface import ReadableStore, WritableStore

TRIPLES_AN_ENTRY: Final = 2
"""How many triples the manifest has for each graph."""

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
    """The entry of a graph that a load wrote and another load added to; it equals no other."""
    return Entry(graph, "mixed", 0)


def merged(graph: str, digest: str, triples: int) -> Entry:
    """The entry of a graph that holds lines of a digest beside other lines.

    Args:
        graph: Its IRI.
        digest: Of the lines that were loaded.
        triples: How many triples the graph has in all.
    """
    return Entry(graph, _MERGED + digest, triples)


def has_lines(entry: Entry, digest: str, *, beside_others: bool) -> bool:
    """Whether an entry says that a graph was loaded with lines of a digest.

    Args:
        entry: Of the graph.
        digest: Of the lines.
        beside_others: Whether the graph may have other lines as well.
    """
    known = entry.digest.removeprefix(_MERGED) if beside_others else entry.digest
    return known == digest


def entries(target: ReadableStore, manifest: str, graphs: Sequence[str]) -> dict[str, Entry]:
    """The entries of graphs, by IRI; a graph that no load wrote has none."""
    said = f"?g <{_DIGEST}> ?d ; <{_TRIPLES}> ?n"
    query = f"SELECT ?g ?d ?n WHERE {{{{ {{}} GRAPH <{manifest}> {{{{ {said} }}}} }}}}"
    return {
        row["g"]: Entry(row["g"], row["d"], row.number("n"))
        for row in rows_of_graphs(target, graphs, query)
    }


def all_graphs(target: ReadableStore, manifest: str) -> Iterator[str]:
    """Every graph in the manifest, in the order of their IRIs."""
    return iris(target, f"GRAPH <{manifest}> {{ ?s <{_DIGEST}> ?d }}")


def size(target: ReadableStore, manifest: str) -> int:
    """How many graphs are in the manifest."""
    (row,) = target.select(
        f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{manifest}> {{ ?g <{_DIGEST}> ?d }} }}"
    ) or [Solution(target.name, {})]
    return row.number("n")


def agreement(target: ReadableStore, manifest: str) -> tuple[int, int]:
    """How many graphs have as many triples as the manifest says, and how many triples these have.

    One query reads the whole store: a store may take as long to count one graph as to count all.
    """
    rows = target.select(
        "SELECT (COUNT(*) AS ?graphs) (SUM(?n) AS ?triples) WHERE {"
        f" GRAPH <{manifest}> {{ ?g <{_TRIPLES}> ?said }}"
        " { SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g }"
        " FILTER(?n = ?said) }"
    )
    if len(rows) != 1:
        raise Solution(target.name, {}).misfit(f"of {len(rows)} rows to a question of one")
    (row,) = rows
    return row.number("graphs"), row.number("triples") if "triples" in row else 0


def entry_blocks(manifest: str, found: Sequence[Entry]) -> list[Block]:
    """The lines of the manifest about some graphs."""
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
    return [from_ntriples(manifest, "the list of graphs", lines)]


def note_update(manifest: str, found: Sequence[Entry]) -> str:
    """The SPARQL UPDATE that adds graphs to the manifest."""
    lines = b"".join(one.ntriples for one in entry_blocks(manifest, found)).decode()
    return f"INSERT DATA {{ GRAPH <{manifest}> {{\n{lines}}} }}"


def forget_update(manifest: str, graphs: Sequence[str]) -> str:
    """The SPARQL UPDATE that removes graphs from the manifest."""
    names = " ".join(f"<{graph}>" for graph in graphs)
    return (
        f"DELETE {{ GRAPH <{manifest}> {{ ?g ?p ?o }} }}"
        f" WHERE {{ VALUES ?g {{ {names} }} GRAPH <{manifest}> {{ ?g ?p ?o }} }}"
    )


def forget(target: WritableStore, manifest: str, graphs: Sequence[str]) -> None:
    """Remove any number of graphs from the manifest."""
    for some in batches(graphs):
        target.update(forget_update(manifest, some))


def mark_mixed(target: WritableStore, manifest: str, graphs: Sequence[str]) -> None:
    """Note that graphs of the manifest no longer hold what was loaded."""
    for some in batches(graphs):
        known = entries(target, manifest, some)
        target.update(forget_update(manifest, some))
        target.upload(entry_blocks(manifest, [mixed(graph) for graph in known]))
