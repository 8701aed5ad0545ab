"""Differences between the quads of two releases, in little memory whatever their size.

A figure's own graph is in consecutive lines, so a digest shows whether it changed; only graphs that
changed are compared line by line. In a graph that figures share, the same line may belong to
several of them, and stay when one of them loses it. So such a graph is compared as a whole, in
parts: lines are distributed by their checksum.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice, zip_longest
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.errors import DiskError, UnreadableError
from rdfexport.limits import MAX_LINE_BYTES
from rdfexport.terms import FIGURE_BASE, GRAPH_BASE, PREFIXES
from rdfexport.untrusted.files import unpacked
from rdfexport.untrusted.parsing import parse
from rdfexport.write.formats import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
PROVENANCE: Final = "provenance"
"""Only the provenance of the figure changed: program and tables."""
SHARED: Final = "shared"
"""A graph that figures share."""

_PAGE_END: Final = ".html"
# Twice as many files are open.
_PARTS: Final = 64
_AT_ONCE: Final = 10_000
_TYPE: Final = f"<{PREFIXES['rdf']}type>".encode()
_MADE_BY: Final = f"<{PREFIXES['prov']}wasGeneratedBy>".encode()
_MAKERS: Final = {
    f"<{PREFIXES[prefix]}{name}>".encode()
    for prefix, name in (
        ("prov", "Activity"),
        ("prov", "SoftwareAgent"),
        ("pfocr", "ReferenceTable"),
    )
}
_TABLES: Final = """
CREATE TABLE graph (name TEXT PRIMARY KEY, old BLOB, new BLOB) WITHOUT ROWID;
CREATE TABLE figure (figid TEXT PRIMARY KEY, old BLOB, new BLOB)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """The difference in a graph, or in a part of one that figures share.

    Args:
        graph: Its IRI.
        figid: Of the figure whose graph it is; None for one that is shared.
        kind: ``added``, ``removed``, ``changed``, ``provenance`` or ``shared``.
        deleted: Quads that only the earlier release has, in an order that is always the same.
        inserted: Quads that only the later one has.
    """

    graph: str
    figid: str | None
    kind: str
    deleted: Sequence[ox.Quad]
    inserted: Sequence[ox.Quad]


def compare(old: Path, new: Path, scratch: Path) -> Iterator[Change]:
    """Compare two files of N-Quads that releases have.

    Figures come first, by their figids; unchanged graphs are left out.

    Args:
        old: That of the earlier release, gzipped.
        new: That of the later one.
        scratch: A folder for temporary files.

    Raises:
        UnreadableError: A file is damaged, or was not written by ``rdfexport release``.
        DiskError: There is no room to compare them in.
    """
    try:
        with (
            TemporaryDirectory(dir=scratch) as folder,
            closing(sqlite3.connect(f"{folder}/changes.sqlite", isolation_level=None)) as database,
            ExitStack() as stack,
        ):
            parts: _Parts = {
                side: [stack.enter_context(TemporaryFile(dir=folder)) for _ in range(_PARTS)]
                for side in ("old", "new")
            }
            comparison = _Comparison({"old": old, "new": new}, database, parts)
            comparison.read()
            yield from comparison.figures()
            yield from comparison.shared()
    except (OSError, sqlite3.Error) as error:
        raise DiskError(f"{scratch}: releases cannot be compared there ({error})") from error


_Parts = dict[str, list[IO[bytes]]]


class _Comparison:
    """The comparison of two files.

    Args:
        files: The files, as ``old`` and ``new``.
        database: An empty one, for digests and lines of figures.
        parts: Temporary files for the lines of shared graphs, likewise ``old`` and ``new``.
    """

    def __init__(
        self,
        files: dict[str, Path],
        database: sqlite3.Connection,
        parts: _Parts,
    ) -> None:
        self._files = files
        self._db = database
        self._parts = parts
        database.executescript(f"PRAGMA journal_mode = OFF; {_TABLES}; BEGIN")

    def read(self) -> None:
        """Find the graphs that differ, and store their lines."""
        for side in self._files:
            self._store_digests(side)
        for side in self._files:
            self._store_lines(side)

    def _store_digests(self, side: str) -> None:
        known = (
            f"INSERT INTO graph (name, {side}) VALUES (?, ?)"  # noqa: S608 - our own words
            f" ON CONFLICT DO UPDATE SET {side} = excluded.{side} WHERE {side} IS NULL"
        )
        shared: dict[str, hashlib._Hash] = {}
        for graph, lines in _blocks(self._files[side]):
            text = b"\n".join(lines)
            if figid_of(graph) is None:
                shared.setdefault(graph, hashlib.sha256()).update(text + b"\n")
            elif not self._db.execute(known, (graph, hashlib.sha256(text).digest())).rowcount:
                raise UnreadableError(f"{self._files[side]}: {graph} is in two places of it")
        for graph, digest in shared.items():
            self._db.execute(known, (graph, digest.digest()))

    def _store_lines(self, side: str) -> None:
        take = (
            f"INSERT INTO figure (figid, {side}) VALUES (?, ?)"  # noqa: S608 - our own words
            f" ON CONFLICT DO UPDATE SET {side} = excluded.{side}"
        )
        parts = self._parts[side]
        for graph, lines in _blocks(self._files[side]):
            differs = "SELECT 1 FROM graph WHERE name = ? AND old IS NOT new"
            if self._db.execute(differs, (graph,)).fetchone() is None:
                continue
            figid = figid_of(graph)
            if figid is not None:
                packed = zlib.compress(b"\n".join(lines), zlib.Z_BEST_SPEED)
                self._db.execute(take, (figid, packed))
                continue
            for line in lines:
                parts[zlib.crc32(line) % _PARTS].write(line + b"\n")

    def figures(self) -> Iterator[Change]:
        """Those of figures, by their figids."""
        for figid, *packed in self._db.execute("SELECT figid, old, new FROM figure ORDER BY figid"):
            old, new = ([] if p is None else zlib.decompress(p).split(b"\n") for p in packed)
            graph = page_of(figid)
            deleted = self._quads("old", graph, set(old).difference(new))
            inserted = self._quads("new", graph, set(new).difference(old))
            if not deleted and not inserted:  # the same lines in another order
                continue
            if packed[0] is None or packed[1] is None:
                kind = ADDED if packed[0] is None else REMOVED
            else:
                kind = PROVENANCE if _is_provenance(set(old), set(new)) else CHANGED
            yield Change(graph, figid, kind, deleted, inserted)

    def shared(self) -> Iterator[Change]:
        """Those of graphs that figures share."""
        for files in zip(*self._parts.values(), strict=True):
            old, new = (_lines(file) for file in files)
            for side, lines in (("old", old - new), ("new", new - old)):
                for graph, some in groupby(sorted(lines, key=_by_graph), _graph):
                    while taken := list(islice(some, _AT_ONCE)):
                        quads = self._quads(side, graph, taken)
                        deleted, inserted = (quads, []) if side == "old" else ([], quads)
                        yield Change(graph, None, SHARED, deleted, inserted)

    def _quads(self, side: str, graph: str, lines: Iterable[bytes]) -> list[ox.Quad]:
        """The quads of lines, in an order that is always the same.

        Another text would be another quad, or a quad might be deleted and inserted: so each has to
        be written as we write it. And a release may be anyone's, while quads go into updates of
        stores: no text does, only terms.
        """
        every = sorted(lines)
        try:
            quads = list(parse(b"\n".join(every), ox.RdfFormat.N_QUADS))
        except (SyntaxError, ValueError) as error:
            raise _not_ours(self._files[side], str(error)) from error
        ending = f" <{graph}> ."
        for line, quad in zip_longest(every, quads):
            if line is None or quad is None or line.decode() != f"{_triple(quad)}{ending}":
                raise _not_ours(self._files[side], repr((line or b"")[:80]))
        return quads


def _triple(quad: ox.Quad) -> str | None:
    """The triple of a quad as ``rdfexport.write`` writes it; None if it writes none such."""
    term = quad.object
    text = str(term)
    if isinstance(term, ox.Literal):
        _, _, closing = text.rpartition('"')
        text = f'"{escape(term.value)}"{closing}'
    elif not isinstance(term, ox.NamedNode):
        return None
    if not isinstance(quad.subject, ox.NamedNode):
        return None
    return f"{quad.subject} {quad.predicate} {text}"


def _blocks(path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """The lines of graphs, without line feeds: all of a figure's own, or some of a shared one."""
    graph, ending, limit = "", b"", 0
    lines: list[bytes] = []
    try:
        with unpacked(path, ".gz") as file:
            for line in iter(partial(file.readline, MAX_LINE_BYTES), b""):
                if not line.endswith(b"> .\n"):
                    raise _not_ours(path, repr(line[:80]))
                if not line.endswith(ending) or len(lines) == limit:
                    if lines:
                        yield graph, lines
                    lines = []
                    graph = _graph(line[:-1])
                    ending = f" <{graph}> .\n".encode()
                    limit = _AT_ONCE if figid_of(graph) is None else -1
                lines.append(line[:-1])
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise UnreadableError(f"{path}: damaged ({error})") from error
    if lines:
        yield graph, lines


def _graph(line: bytes) -> str:
    """The graph of a line of N-Quads: its last term."""
    return line[line.rindex(b" <") + 2 : -3].decode()


def _by_graph(line: bytes) -> tuple[str, bytes]:
    return _graph(line), line


def page_of(figid: str) -> str:
    """The IRI of a figure, which is the name of its graph."""
    return f"{FIGURE_BASE}{figid}{_PAGE_END}"


def figid_of(graph: str) -> str | None:
    """The figid, if a graph is a figure's own."""
    if graph.startswith(FIGURE_BASE) and graph.endswith(_PAGE_END):
        return graph[len(FIGURE_BASE) : -len(_PAGE_END)]
    return None


def is_provenance(quad: ox.Quad) -> bool:
    """Whether a quad is provenance: a figure has no other nodes of that base."""
    return quad.predicate.value == _MADE_BY.decode()[1:-1] or (
        isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(GRAPH_BASE)
    )


def _is_provenance(old: set[bytes], new: set[bytes]) -> bool:
    """Whether a figure differs only in what it was made by."""
    makers = {
        subject
        for subject, predicate, rest in map(_terms, old | new)
        if predicate == _TYPE and rest.partition(b" ")[0] in _MAKERS
    }
    differing = map(_terms, old ^ new)
    return all(s in makers or p == _MADE_BY for s, p, _ in differing)


def _terms(line: bytes) -> tuple[bytes, bytes, bytes]:
    """The subject and the predicate of a line, and what follows them."""
    subject, _, rest = line.partition(b" ")
    predicate, _, rest = rest.partition(b" ")
    return subject, predicate, rest


def _lines(file: IO[bytes]) -> set[bytes]:
    file.seek(0)
    return set(file.read().split(b"\n")) - {b""}


def _not_ours(path: Path, what: str) -> UnreadableError:
    return UnreadableError(f"{path}: not as rdfexport release writes N-Quads: {what}")
