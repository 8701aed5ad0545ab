"""Loads into a store in a folder, and into a server: what goes round the load itself."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from platformdirs import user_state_path

from rdfexport.errors import UsageError
from rdfexport.locks import locked
from rdfexport.store.embedded import BUILDING, EmbeddedStore, exists, swap
from rdfexport.store.journal import Journal
from rdfexport.store.load import check_replaceable, load
from rdfexport.store.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdfexport.store.blocks import Source
    from rdfexport.store.options import Mode, Summary
    from rdfexport.store.target import Target


class Manner(NamedTuple):
    """How to load.

    Args:
        mode: What becomes of what the store has.
        may_replace: Whether a graph may be replaced that no load wrote.
        on_progress: Told how many triples are done.
    """

    mode: Mode = "replace"
    may_replace: bool = False
    on_progress: Callable[[int], None] = lambda _triples: None


def load_server(source: Source, target: Target, manner: Manner) -> Summary:
    """Load into a server.

    Args:
        source: What to load.
        target: The server, as ``connect`` found it.
        manner: How.

    Raises:
        RemoteError: The server fails or does not let us write.
        BusyError: This load is running already.
        LoadError: It refuses data, or does not hold what was sent.
    """
    mode, may_replace, on_progress = manner
    digest = hashlib.sha256(target.name.encode()).hexdigest()[:24]
    file = user_state_path("rdfexport") / "loads" / digest
    with closing(Journal(file, (target.name, mode, *source.key))) as journal:
        options = Options(
            mode,
            complete=source.complete,
            may_replace=may_replace,
            on_progress=on_progress,
            is_whole=source.is_whole,
        )
        summary = load(source.read, target, journal, options)
        journal.finish()
    return summary


def load_store(source: Source, path: Path, manner: Manner) -> Summary:
    """Load into the embedded store of a folder, which is made if there is none.

    A whole export that replaces what is there is built beside the old store, which others may go
    on reading, and takes its place when it is whole and counted.

    Args:
        source: What to load.
        path: The store's folder.
        manner: How.

    Raises:
        UsageError: The folder holds something else.
        BusyError: Another process writes to it.
        LoadError: The store refuses data.
    """
    with locked(path.parent, path.name):
        return _load_store(source, path, manner)


def _load_store(source: Source, path: Path, manner: Manner) -> Summary:
    there = exists(path)
    if not there and path.is_dir() and any(path.iterdir()):
        raise UsageError(f"{path}: holds something else than a store: name another folder")
    fresh = not there or (manner.mode == "replace" and source.complete)
    if there and fresh and not manner.may_replace:
        with closing(EmbeddedStore(path, str(path))) as old:
            check_replaceable(old)
    summary = _load_once(source, path, manner, fresh=fresh, swaps_whole=there and fresh)
    if summary is None:
        summary = _load_once(source, path, manner, fresh=False, swaps_whole=False)
        assert summary is not None
    return summary


def _load_once(
    source: Source, path: Path, manner: Manner, *, fresh: bool, swaps_whole: bool
) -> Summary | None:
    """Load into a store, or into a new one that takes its place.

    Args:
        source: What to load.
        path: The store's folder.
        manner: How.
        fresh: Whether a new one is built.
        swaps_whole: Whether it may take its place only if the source could be read whole.

    Returns:
        What was done; None if the source could not be read whole, and nothing was done.
    """
    mode, may_replace, on_progress = manner
    building = path.with_name(path.name + BUILDING)
    key = (str(path.absolute()), mode, str(fresh), *source.key)
    with closing(Journal(building / "journal", key)) as journal:
        if fresh and not journal.resumed:
            shutil.rmtree(building / "store", ignore_errors=True)
        place = building / "store" if fresh else path
        with closing(EmbeddedStore(place, str(path))) as target:
            options = Options(
                mode,
                complete=source.complete,
                may_replace=may_replace,
                fresh=fresh,
                on_progress=on_progress,
                is_whole=source.is_whole,
            )
            summary: Summary | None = load(source.read, target, journal, options)
        if swaps_whole and not source.is_whole():
            summary = None
        elif fresh:
            swap(place, path)
        journal.finish()
    shutil.rmtree(building, ignore_errors=True)
    return summary
