"""What a file of a release holds, put together from the pieces in which it is read.

A triple counts by the hash of its N-Triples form, and a graph by the sum of these hashes, so that
files which say the same in another order and format have the same sums.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import is_exhausted
from rdfexport.release.sums import MAKE_ANEW, printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyoxigraph as ox

_SUM_BYTES: Final = 16
_SUMS: Final = 1 << 8 * _SUM_BYTES


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
class Content:
    """What a file holds.

    Args:
        counts: In the terms of ``ReleaseFile.counts``.
        graphs: Name of a graph → sum of its triples' hashes; the name is empty where the file does
            not tell it.
        figures: The figids that it is about.
        validated: How many graphs were held against the shapes.
        findings: What is wrong.
        violations: What violates a shape.
        broken: Whether it could not be read to its end, so that the rest says little.
    """

    counts: Counter[str] = field(default_factory=Counter)
    graphs: dict[str, int] = field(default_factory=dict)
    figures: set[str] = field(default_factory=set)
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
        self.validated += other.validated
        self.findings += other.findings
        self.violations += other.violations
        self.broken |= other.broken

    def add_triples(self, graph: str, number: int) -> None:
        self.graphs[graph] = (self.graphs.get(graph, 0) + number) % _SUMS

    def fault(self, place: str, problem: str, remedy: str = MAKE_ANEW) -> None:
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
            Finding(Location(place, line), f"cannot be read ({printable(text)})", MAKE_ANEW)
        )
        self.broken = True


def count(quads: Iterable[tuple[str, ox.Quad]], content: Content) -> int:
    """Count triples, and sum up their hashes graph by graph: name of the graph, and quad."""
    number = total = 0
    current: str | None = None
    for graph, quad in quads:
        if graph != current:
            if current is not None:
                content.add_triples(current, total)
            current, total = graph, 0
        text = f"{quad.subject} {quad.predicate} {quad.object}"
        digest = hashlib.blake2b(text.encode(), digest_size=_SUM_BYTES).digest()
        total += int.from_bytes(digest, "big")
        number += 1
    if current is not None:
        content.add_triples(current, total)
    return number
