"""Loads into a store in a folder, and into a server: what goes round the load itself."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from rdfexport.errors import UsageError
from rdfexport.locks import locked
from rdfexport.store import book
from rdfexport.store.embedded import BUILDING, EmbeddedStore, exists, swap
from rdfexport.store.journal import Journal
from rdfexport.store.load import load
from rdfexport.store.options import Options
from rdfexport.store.removal import survey

if TYPE_CHECKING:
    from pathlib import Path

    from rdfexport.store.blocks import Source
    from rdfexport.store.options import Manner, Summary
    from rdfexport.store.servers import UpdateStore


def load_server(source: Source, target: UpdateStore, manner: Manner) -> Summary:
    """Load into a server.

    Args:
        source: What to load.
        target: The server, as ``connect`` found it.
        manner: How.

    Raises:
        RemoteError: The server fails or does not let us write.
        BusyError: This load is running already.
        LoadError: It refuses data, or does not hold what was sent.
        UnreadableError: The source was not read whole, and so nothing is removed.
        UsageError: More would be removed than was allowed.
    """
    digest = hashlib.sha256(target.address.encode()).hexdigest()[:24]
    file = user_state_path("rdfexport") / "loads" / digest
    with closing(Journal(file, (target.address, *_key(source, manner)))) as journal:
        summary = load(target, journal, Options(source, manner))
        journal.finish()
    return summary


def load_store(source: Source, path: Path, manner: Manner) -> Summary:
    """Load into the embedded store of a folder, which is made if there is none.

    The load goes into a copy, which takes the place of the store when it is whole and counted, so
    those who read the old store may continue.

    Args:
        source: What to load.
        path: The store's folder.
        manner: How.

    Raises:
        UsageError: The folder holds something else, or more would be removed than was allowed.
        BusyError: Another process writes to it.
        LoadError: The store refuses data.
        UnreadableError: The source was not read whole, and so nothing is removed.
    """
    with locked(path.parent, path.name):
        return _load_store(source, path, manner)


def _load_store(source: Source, path: Path, manner: Manner) -> Summary:
    building = path.with_name(path.name + BUILDING)
    copy = building / "store"
    if not exists(path) and path.is_dir() and any(path.iterdir()):
        raise UsageError(f"{path}: holds something else than a store: name another folder")
    with ExitStack() as stack:
        old = None
        held = stack.enter_context(ExitStack())
        if exists(path):
            # Nobody else writes to it as long as it is open.
            old = held.enter_context(closing(EmbeddedStore(path, str(path))))
        fresh = old is None or _replaces_all(old, source, manner)
        state = "" if old is None else old.state()
        key = (str(path.absolute()), state, str(fresh), *_key(source, manner))
        journal = stack.enter_context(closing(Journal(building / "journal", key)))
        if not journal.resumed:
            shutil.rmtree(copy, ignore_errors=True)
            if old is not None and not fresh:
                old.copy_to(copy)
        options = Options(source, manner, fresh)
        with closing(EmbeddedStore(copy, str(path))) as target:
            summary = load(target, journal, options)
        if old is not None and fresh:
            summary.removed = len(survey(old, journal, options).lacking)
        held.close()
        swap(copy, path)
        journal.finish()
    shutil.rmtree(building, ignore_errors=True)
    return summary


def _key(source: Source, manner: Manner) -> tuple[str, ...]:
    return (manner.mode, str(manner.prune is not None), *source.key)


def _replaces_all(old: EmbeddedStore, source: Source, manner: Manner) -> bool:
    """Whether nothing that the store has will stay: then it is faster to build it from nothing."""
    if manner.mode != "replace" or manner.prune is None:
        return False
    if not source.own_graphs or source.rejected is not None:
        return False
    known = {book.EXPORTS, book.FILES, *book.all_graphs(old, book.EXPORTS)}
    return all(graph in known for graph in old.graphs())
