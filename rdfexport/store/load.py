"""Loads a source into a server, or into the embedded store of a folder.

A journal on disk lets a load that was stopped resume; an embedded store is built beside the old one
and replaces it when it is complete.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from rdfexport.errors import UsageError
from rdfexport.locks import locked
from rdfexport.store import manifest
from rdfexport.store.embedded import BUILDING, EmbeddedStore, exists, swap
from rdfexport.store.graph_names import EXPORTS, FILES
from rdfexport.store.journal import Journal
from rdfexport.store.options import LoadPlan
from rdfexport.store.prune import survey
from rdfexport.store.transfer import transfer

if TYPE_CHECKING:
    from pathlib import Path

    from rdfexport.store.inputs.blocks import Source
    from rdfexport.store.options import LoadOptions, LoadSummary
    from rdfexport.store.servers.protocols import UpdateStore


def load_server(source: Source, target: UpdateStore, options: LoadOptions) -> LoadSummary:
    """Load into a server.

    Args:
        source: What to load.
        target: The server, as ``connect`` found it.
        options: How.

    Raises:
        RemoteError: The server fails or does not let us write.
        BusyError: This load is running already.
        LoadError: It refuses data, or does not hold what was sent.
        UnreadableError: The source was not read whole, and so nothing is removed.
        UsageError: More would be removed than was allowed.
    """
    digest = hashlib.sha256(target.address.encode()).hexdigest()[:24]
    file = user_state_path("rdfexport") / "loads" / digest
    with closing(Journal(file, (target.address, *_key(source, options)))) as journal:
        summary = transfer(target, journal, LoadPlan(source, options))
        journal.finish()
    return summary


def load_store(source: Source, path: Path, options: LoadOptions) -> LoadSummary:
    """Load into the embedded store of a folder, which is made if there is none.

    The load goes into a copy, which takes the place of the store when it is whole and counted, so
    readers of the old store are not disturbed.

    Args:
        source: What to load.
        path: The store's folder.
        options: How.

    Raises:
        UsageError: The folder holds something else, or more would be removed than was allowed.
        BusyError: Another process writes to it.
        LoadError: The store refuses data, or does not hold what was sent.
        UnreadableError: The source was not read whole, and so nothing is removed.
    """
    with locked(path.parent, path.name):
        return _load_store(source, path, options)


def _load_store(source: Source, path: Path, options: LoadOptions) -> LoadSummary:
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
        fresh = old is None or _replaces_all(old, source, options)
        state = "" if old is None else old.state()
        key = (str(path.absolute()), state, str(fresh), *_key(source, options))
        journal = stack.enter_context(closing(Journal(building / "journal", key)))
        if not journal.resumed:
            shutil.rmtree(copy, ignore_errors=True)
            if old is not None and not fresh:
                old.copy_to(copy)
        plan = LoadPlan(source, options, fresh)
        with closing(EmbeddedStore(copy, str(path))) as target:
            summary = transfer(target, journal, plan)
        if old is not None and fresh:
            summary.removed = len(survey(old, journal, plan).lacking)
        held.close()
        swap(copy, path)
        journal.finish()
    shutil.rmtree(building, ignore_errors=True)
    return summary


def _key(source: Source, options: LoadOptions) -> tuple[str, ...]:
    return (options.mode, str(options.prune is not None), *source.key)


def _replaces_all(old: EmbeddedStore, source: Source, options: LoadOptions) -> bool:
    """Whether nothing that the store has stays, so that building a new one is faster."""
    if options.mode != "replace" or options.prune is None:
        return False
    if not source.own_graphs or source.rejected is not None:
        return False
    known = {EXPORTS, FILES, *manifest.all_graphs(old, EXPORTS)}
    return all(graph in known for graph in old.graphs())
