"""The embedded store: an Oxigraph store in a folder, with no server."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.errors import BusyError, DiskError, LoadError
from rdfexport.store.interface import Solution
from rdfexport.untrusted.parsing import check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdfexport.store.inputs.blocks import Block

BUILDING: Final = ".loading"
"""Ends the name of the folder in which the next version of a store is built."""
_OLD: Final = ".old"
# Every Oxigraph store has this file; a folder without it is not ours to remove.
_MARK: Final = "CURRENT"


class EmbeddedReader:
    """An Oxigraph store that is only read; one that does not exist is empty.

    Args:
        path: Its folder.

    Raises:
        DiskError: It cannot be opened, or is not a store.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            self._store = ox.Store.read_only(str(path)) if exists(path) else ox.Store()
        except (OSError, ValueError) as error:
            raise DiskError(f"{path}: cannot be opened ({error})") from error

    def select(self, query: str) -> list[Solution]:
        return _rows(self.name, self._store, query)


class EmbeddedStore:
    """An Oxigraph store that is opened for writing.

    Args:
        path: Its folder, made if need be.
        name: What messages call it.

    Raises:
        BusyError: Another process has it open.
        DiskError: It cannot be opened, or is not a store.
    """

    # It is a copy that nobody else reads until it takes the place of the store.
    copies = False
    # A chunk is one call of the bulk loader: fewer triples make more files, more take more memory.
    chunk_triples = 200_000
    chunk_graphs = 100_000

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._store = ox.Store(str(path))
        except (OSError, ValueError) as error:
            if "lock" in str(error).lower():
                problem = "cannot be opened (another process has it open)"
                raise BusyError(f"{name}: {problem}") from error
            raise DiskError(f"{name}: cannot be opened ({error})") from error

    def select(self, query: str) -> list[Solution]:
        return _rows(self.name, self._store, query)

    def update(self, text: str) -> None:
        try:
            self._store.update(text)
        except OSError as error:
            raise self._failure(error) from error

    def upload(self, blocks: Sequence[Block]) -> None:
        if not blocks:
            return
        data = b"".join(one.data for one in blocks)
        try:
            check(data, ox.RdfFormat.N_QUADS)
            self._store.bulk_load(data, format=ox.RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise LoadError(_place(error, blocks)) from error
        except OSError as error:
            raise self._failure(error) from error

    def replace(self, blocks: Sequence[Block]) -> None:
        try:
            for one in blocks:
                self._store.remove_graph(ox.NamedNode(one.graph))
        except OSError as error:
            raise self._failure(error) from error
        self.upload(blocks)

    def copy_to(self, path: Path) -> None:
        """Copy the store to a folder that does not exist, by hard links to its files.

        Raises:
            DiskError: It cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._store.backup(str(path))
        except (OSError, ValueError) as error:
            raise DiskError(f"{path}: cannot be written ({error})") from error

    def state(self) -> str:
        """A digest of the names and sizes of its files, which changes with its content."""
        files = []
        for file in sorted(self._path.glob("*.sst")):
            # RocksDB removes files that it no longer needs while the store is open.
            with suppress(FileNotFoundError):
                files.append((file.name, file.stat().st_size))
        return hashlib.sha256(repr(files).encode()).hexdigest()

    def __len__(self) -> int:
        return len(self._store)

    def graphs(self) -> list[str]:
        """The IRIs of all graphs."""
        return [graph.value for graph in self._store.named_graphs()]

    def close(self) -> None:
        """Write all to disk and release the store."""
        try:
            self._store.flush()
        except OSError as error:
            raise self._failure(error) from error
        del self._store

    def _failure(self, error: OSError) -> DiskError:
        return DiskError(f"{self.name}: cannot be written ({error})")


def _rows(store: str, opened: ox.Store, query: str) -> list[Solution]:
    solutions: Any = opened.query(query)
    names = [variable.value for variable in solutions.variables]
    return [
        Solution(store, {name: solution[name].value for name in names}) for solution in solutions
    ]


def exists(path: Path) -> bool:
    """Whether a folder holds a store; completes or undoes a swap that was interrupted."""
    old = path.with_name(path.name + _OLD)
    if old.exists() and not path.exists():
        old.rename(path)
    elif (old / _MARK).is_file():
        shutil.rmtree(old)
    return (path / _MARK).is_file()


def swap(new: Path, path: Path) -> None:
    """Put a new store in the place of the old one.

    A reader that has the old one open can continue with it.

    Raises:
        DiskError: The folder cannot be renamed.
    """
    old = path.with_name(path.name + _OLD)
    try:
        if path.exists():
            path.rename(old)
        new.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise DiskError(f"{path}: cannot be replaced ({error.strerror})") from error


def _place(error: SyntaxError, blocks: Sequence[Block]) -> str:
    line = error.lineno or 1
    for one in blocks:
        lines = one.data.count(b"\n")
        if line <= lines:
            return f"{one.label}: line {line} of its graph: {error.msg}"
        line -= lines
    return f"{blocks[-1].label}: {error.msg}"
