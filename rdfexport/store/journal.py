"""The chunks that a load has sent so far, on disk, so that one that was killed can resume."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rdfexport.errors import BusyError, DiskError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from rdfexport.store.inputs.blocks import Block

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS load (key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS chunk (number INTEGER PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS graph (
  iri TEXT PRIMARY KEY, before INTEGER, begun INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TEMPORARY TABLE expected (
  iri TEXT PRIMARY KEY, triples INTEGER NOT NULL, digest TEXT NOT NULL, whole INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE TEMPORARY TABLE figure (iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Expected(NamedTuple):
    """A graph as it must be: number of triples, their digest, whether one block had them all."""

    graph: str
    triples: int
    digest: str
    whole: bool


class Journal:
    """The chunks that a load has done, in a file that is locked while it runs.

    Args:
        path: The file.
        load: What is loaded, where and how; a journal of another load is started again.

    Raises:
        BusyError: The same load is running.
        DiskError: The file cannot be written.
    """

    def __init__(self, path: Path, load: Iterable[str]) -> None:
        self._path = path
        key = hashlib.sha256("\n".join(load).encode()).hexdigest()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=0.2)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.executescript(_TABLES)
            found = self._database.execute("SELECT key FROM load").fetchone()
            if found is None or found[0] != key:
                self.reset()
                with self._committed():
                    self._database.execute("DELETE FROM load")
                    self._database.execute("INSERT INTO load VALUES (?)", (key,))
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise BusyError(f"{path}: another load into this store is running") from error
            remedy = ""
            if error.sqlite_errorcode in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                remedy = ": it is damaged: remove it, and load again"
            raise DiskError(f"{path}: cannot be used ({error}){remedy}") from error
        except OSError as error:
            raise DiskError(f"{path}: cannot be written ({error.strerror})") from error
        self.resumed = self._first("SELECT COUNT(*) FROM chunk") or 0

    def reset(self) -> None:
        """Forget all chunks: the load starts again."""
        with self._committed():
            self._database.execute("DELETE FROM chunk")
            self._database.execute("DELETE FROM graph")

    def begin(self) -> None:
        """Forget which graphs are expected, before the sources are read from their beginning."""
        self._database.execute("DELETE FROM expected")
        self._database.execute("DELETE FROM figure")

    def digest(self, chunk: int) -> str | None:
        """The digest of a chunk that was sent; None for one that was not."""
        digest: str | None = self._first("SELECT digest FROM chunk WHERE number = ?", chunk)
        return digest

    def done(self, chunk: int, digest: str) -> None:
        """Note that the store has a chunk."""
        with self._committed():
            self._database.execute("INSERT OR REPLACE INTO chunk VALUES (?,?)", (chunk, digest))

    def before(self, graph: str) -> int | None:
        """How many triples a graph had before this load; None if it was not counted."""
        before: int | None = self._first("SELECT before FROM graph WHERE iri = ?", graph)
        return before

    def note_before(self, counts: dict[str, int]) -> None:
        """Note how many triples graphs had, where that is not noted yet."""
        with self._committed():
            self._database.executemany(
                "INSERT OR IGNORE INTO graph (iri, before) VALUES (?,?)", counts.items()
            )

    def begun(self, graph: str) -> bool:
        """Whether the staging graph of a graph was emptied for this load."""
        return bool(self._first("SELECT begun FROM graph WHERE iri = ?", graph))

    def note_begun(self, graph: str) -> None:
        with self._committed():
            self._database.execute("UPDATE graph SET begun = 1 WHERE iri = ?", (graph,))

    def expect(self, expected: Iterable[Expected]) -> None:
        """Note what graphs must be, once for each graph.

        Raises:
            UsageError: Two figures have one graph.
        """
        for one in expected:
            try:
                self._database.execute("INSERT INTO expected VALUES (?,?,?,?)", one)
            except sqlite3.IntegrityError as error:
                raise UsageError(f"{one.graph}: two of the sources hold this graph") from error

    def expect_blocks(self, blocks: Sequence[Block], *, own_graphs: bool) -> None:
        """Note the graphs of blocks that are whole, and the figures and data sets of all of them.

        Args:
            blocks: Of the sources.
            own_graphs: Whether figures are in graphs of their own, and nowhere else.

        Raises:
            UsageError: Two figures have one graph.
        """
        whole = [one for one in blocks if one.whole]
        self.expect(Expected(one.graph, one.triples, one.digest, whole=True) for one in whole)
        figures = {one.graph for one in whole}
        if not own_graphs:
            figures.update(name for one in blocks for name in one.datasets)
        self._database.executemany(
            "INSERT OR IGNORE INTO figure VALUES (?)", ((figure,) for figure in figures)
        )

    def has_figure(self, figure: str) -> bool:
        """Whether the sources have a figure."""
        return bool(self._first("SELECT 1 FROM figure WHERE iri = ?", figure))

    def figures(self) -> Iterator[str]:
        """The figures of the sources, in the order of their IRIs."""
        return (iri for (iri,) in self._database.execute("SELECT iri FROM figure ORDER BY iri"))

    def expects(self, graph: str) -> bool:
        """Whether a graph is part of this load."""
        return bool(self._first("SELECT 1 FROM expected WHERE iri = ?", graph))

    def expected(self) -> Iterator[Expected]:
        """All graphs of this load, in the order of their IRIs."""
        rows = self._database.execute("SELECT * FROM expected ORDER BY iri")
        return (Expected(iri, n, digest, bool(whole)) for iri, n, digest, whole in rows)

    def totals(self) -> tuple[int, int]:
        """How many graphs this load has, and how many triples."""
        query = "SELECT COUNT(*), COALESCE(SUM(triples), 0) FROM expected"
        graphs, triples = self._database.execute(query).fetchone()
        return graphs, triples

    def finish(self) -> None:
        """Remove the journal: the load is done."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        self._database.commit()
        self._database.close()

    @contextmanager
    def _committed(self) -> Iterator[None]:
        try:
            with self._database:
                yield
        except sqlite3.OperationalError as error:
            raise DiskError(f"{self._path}: cannot be written ({error})") from error

    def _first(self, query: str, *values: object) -> Any:
        row = self._database.execute(query, values).fetchone()
        return None if row is None else row[0]
