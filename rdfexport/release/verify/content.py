"""The content of a file of a release, added up from the tasks in which it is read.

A triple is represented by the hash of its N-Triples form, and a graph by the sum of these hashes,
so that files with the same triples in another order and format have the same sums.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import is_exhausted
from rdfexport.printing import printable
from rdfexport.release.verify.check import MAKE_AGAIN
from rdfexport.release.verify.quad_hashes import HASHES, triple_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rdfexport.release.tables.gene_sets import FigureSets


# A graph takes more bytes of a file than this.
_GRAPH_BYTES: Final = 16
_FREE_GRAPHS: Final = 1_000


@dataclass(slots=True)
class GraphChange:
    """Changes of a graph by a patch: quads deleted, inserted, and whether all are provenance."""

    deleted: int = 0
    inserted: int = 0
    is_provenance: bool = True


@dataclass(slots=True)
class Content:
    """The content of a file.

    Args:
        counts: In the terms of ``ReleaseFile.counts``.
        graphs: Name of a graph → sum of its triples' hashes; the name is empty where the file
            does not have it.
        figures: Figids.
        documents: Figid → hash of its JSON-LD document, from its own file or from its graph.
        rows: Figid → fingerprint of its rows in the table of mentions, likewise.
        sets: Of figures, from their graphs; they are removed before contents are added up.
        activities: IRIs of activities that made figures, each with those of its reference tables.
        described: Descriptions of reference tables: IRI, property, value.
        changes: Name of a graph → its changes by a patch.
        validated: Number of validated graphs.
        findings: Faults.
        violations: Violations of shapes.
        broken: Whether it could not be read to its end, so that the rest is incomplete.
    """

    counts: Counter[str] = field(default_factory=Counter)
    graphs: dict[str, int] = field(default_factory=dict)
    figures: set[str] = field(default_factory=set)
    documents: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)
    sets: list[FigureSets] = field(default_factory=list)
    activities: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    described: set[tuple[str, str, str]] = field(default_factory=set)
    changes: dict[str, GraphChange] = field(default_factory=dict)
    validated: int = 0
    findings: list[Finding] = field(default_factory=list)
    violations: list[Finding] = field(default_factory=list)
    broken: bool = False

    def add(self, other: Content) -> None:
        """Add the content of another task for the same file."""
        self.counts.update(other.counts)
        for graph, number in other.graphs.items():
            self.add_triples(graph, number)
        self.figures |= other.figures
        self.documents |= other.documents
        self.rows |= other.rows
        self.sets += other.sets
        self.activities |= other.activities
        self.described |= other.described
        self.changes |= other.changes
        self.validated += other.validated
        self.findings += other.findings
        self.violations += other.violations
        self.broken |= other.broken

    def add_triples(self, graph: str, number: int) -> None:
        self.graphs[graph] = (self.graphs.get(graph, 0) + number) % HASHES

    def fault(self, place: str, problem: str, remedy: str = MAKE_AGAIN) -> None:
        self.findings.append(Finding(Location(place), problem, remedy))

    def unreadable(self, place: str, error: Exception) -> None:
        """Report that the rest of the file cannot be read.

        Raises:
            OSError: This machine is short of something, which says nothing about the file.
        """
        if is_exhausted(error):
            raise error
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        line = error.lineno if isinstance(error, SyntaxError) else None
        self.findings.append(
            Finding(Location(place, line), f"cannot be read ({printable(text)})", MAKE_AGAIN)
        )
        self.broken = True


def add_quads(
    quads: Iterable[tuple[str, ox.Quad]],
    content: Content,
    on_quad: Callable[[str, int], None] | None = None,
) -> int:
    """Count triples, and add their hashes to the content, graph by graph.

    Args:
        quads: Names of graphs, and quads.
        content: Receives the sums.
        on_quad: Receives the graph and the hash of each triple.
    """
    number = total = 0
    current: str | None = None
    for graph, quad in quads:
        if graph != current:
            if current is not None:
                content.add_triples(current, total)
            current, total = graph, 0
        triple = triple_hash(quad)
        total += triple
        number += 1
        if on_quad is not None:
            on_quad(graph, triple)
    if current is not None:
        content.add_triples(current, total)
    return number


def max_graphs(path: Path) -> int:
    """The number of graphs that a file may have, since the sum of each is held in memory."""
    return path.stat().st_size // _GRAPH_BYTES + _FREE_GRAPHS


def graph_name(quad: ox.Quad) -> str:
    """The IRI of a quad's graph; empty for the default graph."""
    name = quad.graph_name
    return "" if isinstance(name, ox.DefaultGraph) else str(name.value)
