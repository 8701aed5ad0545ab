"""The embedded store: an Oxigraph store in a folder, with no server."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.errors import BusyError, DiskError, LoadError
from rdfexport.parsing import check
from rdfexport.store.target import Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdfexport.store.blocks import Block

BUILDING: Final = ".loading"
"""What is added to a store's name for the folder in which its successor is built."""
_OLD: Final = ".old"
# What every store of Oxigraph's has; another folder is not ours to remove.
_MARK: Final = "CURRENT"


class EmbeddedReader:
    """An Oxigraph store that is only asked; one that is not there is empty.

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

    def select(self, query: str) -> list[Row]:
        return _rows(self.name, self._store, query)


class EmbeddedStore:
    """An Oxigraph store, opened to be written to.

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

    def select(self, query: str) -> list[Row]:
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
        """What tells the store's content from another, at the price of a list of its files."""
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
        """Bring all to disk and give the store free for others."""
        try:
            self._store.flush()
        except OSError as error:
            raise self._failure(error) from error
        del self._store

    def _failure(self, error: OSError) -> DiskError:
        return DiskError(f"{self.name}: cannot be written ({error})")


def _rows(store: str, opened: ox.Store, query: str) -> list[Row]:
    solutions: Any = opened.query(query)
    names = [variable.value for variable in solutions.variables]
    return [Row(store, {name: solution[name].value for name in names}) for solution in solutions]


def exists(path: Path) -> bool:
    """Whether a folder holds a store; undoes or ends a swap that was cut in two."""
    old = path.with_name(path.name + _OLD)
    if old.exists() and not path.exists():
        old.rename(path)
    elif (old / _MARK).is_file():
        shutil.rmtree(old)
    return (path / _MARK).is_file()


def swap(new: Path, path: Path) -> None:
    """Put a new store in the place of the old one.

    A reader that has the old one open goes on with it.

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
