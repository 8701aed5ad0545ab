"""What a file of a release holds, put together from the pieces in which it is read.

A triple counts by the hash of its N-Triples form, and a graph by the sum of these hashes, so that
files which say the same in another order and format have the same sums.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import is_exhausted
from rdfexport.release.checksums import MAKE_AGAIN, printable
from rdfexport.release.verify.quad_hashes import HASHES, text_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pyoxigraph as ox

    from rdfexport.release.tables.gene_sets import FigureSets


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work: a file, or some members of an archive.

    Args:
        path: The file.
        name: Its path in the release, for messages.
        kind: That of ``ReleaseFile``.
        size: Bytes on disk, of the file or of these members.
        members: Names in the archive.
    """

    path: Path
    name: str
    kind: str
    size: int
    members: tuple[str, ...] = ()


@dataclass(slots=True)
class GraphChange:
    """What a patch does to a graph: quads deleted, inserted, and whether all are of provenance."""

    deleted: int = 0
    inserted: int = 0
    is_provenance: bool = True


@dataclass(slots=True)
class Content:
    """What a file holds.

    Args:
        counts: In the terms of ``ReleaseFile.counts``.
        graphs: Name of a graph → sum of its triples' hashes; the name is empty where the file does
            not tell it.
        figures: The figids that it is about.
        documents: Figid → hash of its JSON-LD document, from its own file or from its graph.
        rows: Figid → fingerprint of its rows in the table of mentions, likewise.
        sets: Of figures, from their graphs; whoever adds contents takes them away.
        activities: What figures were made by: IRI of the activity, and those of its tables.
        described: What is said of reference tables: IRI, property, value.
        changes: Name of a graph → what a patch does to it.
        validated: How many graphs were validated against the shapes.
        findings: What is wrong.
        violations: What violates a shape.
        broken: Whether it could not be read to its end, so that the rest says little.
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
        """Take in what another piece of the same file holds."""
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
        """Note that the rest of it cannot be read.

        Raises:
            OSError: The error is of this machine, and says nothing of the file.
        """
        if is_exhausted(error):
            raise error
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        line = error.lineno if isinstance(error, SyntaxError) else None
        self.findings.append(
            Finding(Location(place, line), f"cannot be read ({printable(text)})", MAKE_AGAIN)
        )
        self.broken = True


def count(
    quads: Iterable[tuple[str, ox.Quad]],
    content: Content,
    on_quad: Callable[[str, int], None] | None = None,
) -> int:
    """Count triples, and sum up their hashes graph by graph: name of the graph, and quad.

    Args:
        quads: Names of graphs, and quads.
        content: Takes the sums.
        on_quad: Told each graph and the hash of the triple.
    """
    number = total = 0
    current: str | None = None
    for graph, quad in quads:
        if graph != current:
            if current is not None:
                content.add_triples(current, total)
            current, total = graph, 0
        triple = text_hash(f"{quad.subject} {quad.predicate} {quad.object}")
        total += triple
        number += 1
        if on_quad is not None:
            on_quad(graph, triple)
    if current is not None:
        content.add_triples(current, total)
    return number
