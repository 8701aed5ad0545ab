"""An Oxigraph store in a folder: exports go into it by its bulk loader."""

from __future__ import annotations

import shutil
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import zstandard

from rdfexport.errors import CallError
from rdfexport.store.files import rdf_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rdfexport.store.files import RdfFile

_NEW: Final = ".partial"
_OLD: Final = ".old"
# What every store of Oxigraph's has; another folder is not ours to remove.
_MARK: Final = "CURRENT"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a store holds after a load: files read for it, triples and named graphs in all."""

    files: int
    triples: int
    graphs: int


def load(
    sources: Iterable[Path],
    store: Path,
    *,
    append: bool = False,
    graph: str | None = None,
) -> Loaded:
    """Load RDF files into the store of a folder.

    Unless they are appended, the store holds just these files when done: it is built beside the
    old one, which others may go on reading, and takes its place when it is whole.

    Args:
        sources: RDF files and folders of them; of a folder in several formats one is read.
        store: The store's folder, which is made if there is none.
        append: Keep what the store holds.
        graph: A named graph for triples of files that know no graphs; without it, the default one.

    Raises:
        CallError: A file cannot be read or parsed, the folder holds something else than a store,
            or another process writes to it. The store is then as it was, but for files that were
            appended before.
    """
    files = rdf_files(sources)
    _recover(store)
    if store.exists() and not (store / _MARK).is_file() and any(store.iterdir()):
        raise CallError(f"{store}: holds something else than a store: name another folder")
    if append:
        return _fill(store, files, graph)
    new = store.with_name(store.name + _NEW)
    shutil.rmtree(new, ignore_errors=True)
    try:
        loaded = _fill(new, files, graph)
        _exchange(new, store)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return loaded


def _fill(folder: Path, files: list[RdfFile], graph: str | None) -> Loaded:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        store = ox.Store(str(folder))
    except OSError as error:
        raise CallError(
            f"{folder}: cannot be opened as a store ({error}): does another process write to it?"
        ) from error
    for file in files:
        _load_file(store, file, graph)
    store.flush()
    return Loaded(len(files), len(store), sum(1 for _ in store.named_graphs()))


def _load_file(store: ox.Store, file: RdfFile, graph: str | None) -> None:
    has_graphs = file.ending in {".nq", ".trig"}
    to_graph = ox.NamedNode(graph) if graph is not None and not has_graphs else None
    try:
        with file.open() as opened:
            store.bulk_load(opened, format=file.format, to_graph=to_graph)
    except SyntaxError as error:
        place = file.path if error.lineno is None else f"{file.path}:{error.lineno}"
        raise CallError(f"{place}: {error.msg}: nothing of this file was loaded") from error
    except (OSError, EOFError, zlib.error, zstandard.ZstdError, ValueError) as error:
        raise CallError(f"{file.path}: cannot be loaded ({error})") from error


def _exchange(new: Path, store: Path) -> None:
    """Put a whole store into the place of the old one, which goes."""
    old = store.with_name(store.name + _OLD)
    if store.exists():
        store.rename(old)
    new.rename(store)
    shutil.rmtree(old, ignore_errors=True)


def _recover(store: Path) -> None:
    """Undo an exchange that was broken off between its two renames, or end it after them."""
    old = store.with_name(store.name + _OLD)
    if not (old / _MARK).is_file():
        return
    if store.exists():
        shutil.rmtree(old)
    else:
        old.rename(store)
