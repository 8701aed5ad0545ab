"""The export to a URL: workers on this machine or others put their files into a store.

In that folder stands which export may write to it. Whoever puts or removes files asks before, so a
worker that was thought dead does not spoil what a later export has put there meanwhile. Stores have
no lock, so what was asked just before, and is put just after another export began, is not stopped.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import zstandard

from rdfexport.errors import (
    LocalError,
    NotFoundError,
    RecordError,
    RemoteError,
    SourceError,
    TooManyRejectedError,
    UnreadableError,
    UsageError,
)
from rdfexport.link import reference_tables
from rdfexport.locks import HOLDER, LOCK, locked
from rdfexport.pipeline.arguments import check_options
from rdfexport.pipeline.executor.cluster import run_on_cluster
from rdfexport.pipeline.executor.processes import refuse_while_starting
from rdfexport.pipeline.executor.tasks import Task, batches, shards
from rdfexport.pipeline.incremental.cache import CACHE
from rdfexport.pipeline.incremental.carried import CannotKeepError
from rdfexport.pipeline.options import MAX_FILES, FileOptions, Observer
from rdfexport.pipeline.reports import INDEX, NAMES, Reports, report_files
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.shared import shared_names, write_shared
from rdfexport.pipeline.sinks import FileWriter, Target
from rdfexport.pipeline.target.claim import CLAIM, Claim, HeldClaim
from rdfexport.pipeline.target.folder import JOURNAL, PARTS
from rdfexport.references import References
from rdfexport.remote import RemoteFolder
from rdfexport.sources import AT_URL, Entry, Held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdfexport.pipeline.arguments import Sources
    from rdfexport.pipeline.options import Summary
    from rdfexport.pipeline.records import ReferenceDatabase
    from rdfexport.pipeline.reports import ReportFiles
    from rdfexport.pipeline.tally import Tally

_DEFAULTS: Final = FileOptions()
_REFERENCES: Final = ".rdfexport-references"


def export_to_url(
    sources: Sources,
    url: str,
    options: FileOptions = _DEFAULTS,
    observer: Observer | None = None,
    *,
    scheduler: str | None = None,
) -> Summary:
    """Export the records of some sources into a folder at a URL.

    The files are those that ``export`` makes. They are made again each time. ``index.tsv`` comes
    last, so a folder without one holds no whole export.

    Args:
        sources: As for ``export``. What lies on this machine is sent to the workers of a cluster;
            what is at the URL of a store they read themselves.
        url: A folder that is empty, or holds an earlier export, which is replaced.
        options: What to write.
        observer: Receives what happens meanwhile.
        scheduler: Of the Dask cluster that does the work; None for processes of this machine.

    Raises:
        DiskError: A source is not there.
        RemoteError: The store or the cluster cannot be used.
        UsageError: The folder holds something else, or an argument is not of its type.
        BusyError: Another export is writing there.
        RecordError: With ``options.strict``, the first fault.
        TooManyRejectedError: More records are rejected than ``options.max_rejected``, and the
            folder held an export. It has no index any more; nothing was removed.
    """
    began = time.monotonic()
    refuse_while_starting()
    check_options(options, FileOptions)
    observer = observer or Observer()
    engine = None
    if scheduler is not None:
        engine = partial(run_on_cluster, scheduler=scheduler, note=observer.on_note)
    target = RemoteFolder(url)
    with ExitStack() as stack:
        if target.local is not None:
            stack.enter_context(locked(target.local))
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="rdfexport-"))
        staging = Path(temporary)
        files = report_files(staging, options)
        reports = Reports(observer, files)
        run = stack.enter_context(Run(sources, options, observer, reports, engine))
        _check_folder(target)
        replaces = any(target.read(name) is not None for name in (CLAIM, JOURNAL))
        if replaces:
            _refuse_incomplete(url, run.catalogue.incomplete)
        holds_an_export = target.read(INDEX) is not None
        run.limit_rejections(options.max_rejected, stops=holds_an_export)
        claim = stack.enter_context(HeldClaim(target))
        # What an export of this machine knows of its files would not be true any more.
        target.remove([INDEX, CACHE, JOURNAL])
        _lend_references(run.database, target)
        sizes = _put_files(run, target, claim, staging, options, files, replaces=replaces)
        _finish(target, claim, staging, sizes, run.summary)
    run.summary.seconds = time.monotonic() - began
    return run.summary


@contextmanager
def _saying_what_is_left(url: str) -> Iterator[None]:
    """Say what a stopped export leaves in a store, where what was replaced cannot be put back."""
    try:
        yield
    except (TooManyRejectedError, CannotKeepError) as error:
        error.consequence = (
            f"nothing was removed at {url}, but it has no {INDEX} until an export is whole"
        )
        raise


def _put_files(  # noqa: PLR0913, PLR0917 - what an export to a URL consists of
    run: Run,
    target: RemoteFolder,
    claim: HeldClaim,
    staging: Path,
    options: FileOptions,
    reports: ReportFiles,
    *,
    replaces: bool,
) -> dict[str, int]:
    """Let the workers put the figures' files, and put the shared ones; give their sizes."""
    many = options.layout == "shards" or (
        options.layout == "auto" and len(run.catalogue) > MAX_FILES
    )
    tasks = (shards if many else batches)(run.catalogue.entries())
    make_worker = partial(
        _PuttingWorker, options, target.url, claim.token, many=many, replaces=replaces
    )
    done = run.tallies(_held_here(tasks) if run.is_elsewhere else tasks, make_worker)
    sizes: dict[str, int] = {}
    with reports, _saying_what_is_left(target.url), closing(done):
        for tally in done:
            sizes.update(tally.files)
        for shared in run.shared():
            names = shared_names(shared, options)
            run.summary.bytes += write_shared(shared, staging, names, options)
            run.summary.files += len(names)
            sizes.update(_moved(staging, target, claim, names))
    return sizes


class _PuttingWorker:
    """Makes the files of tasks here, and puts them into the store when they are whole."""

    def __init__(  # noqa: PLR0913 - four of them are known before there is a worker
        self,
        options: FileOptions,
        url: str,
        token: str,
        *,
        many: bool,
        replaces: bool,
        shapes: str | None,
        references: ReferenceDatabase | None,
    ) -> None:
        self._target = RemoteFolder(url)
        self._claim = Claim(self._target, token)
        self._replaces = replaces
        self._temporary = tempfile.TemporaryDirectory(prefix="rdfexport-")
        self._folder = Path(self._temporary.name)
        if references is not None:
            references = _references_here(references, self._target, self._folder)
        self._writer = FileWriter(
            options, Target(self._folder), many=many, shapes=shapes, references=references
        )

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Tally:
        """Do a task.

        Raises:
            RecordError: In strict mode, the first fault.
            RemoteError: The store fails.
            BusyError: Another export has the folder.
            CannotKeepError: A record cannot be read that an earlier export may have there.
            StoppedError: The work was asked to stop.
        """
        tally = self._writer.run(task, should_stop)
        if self._replaces:
            _refuse_incomplete(self._target.url, tally.rejected)
        _moved(self._folder, self._target, self._claim, [name for name, _ in tally.files])
        return tally

    def close(self) -> None:
        self._writer.close()
        self._temporary.cleanup()


def _refuse_incomplete(url: str, faults: Iterable[RecordError]) -> None:
    """See that no figure of an earlier export is replaced or removed whose source is not known.

    Raises:
        CannotKeepError: A part of a source cannot be read.
    """
    for fault in faults:
        if isinstance(fault, SourceError):
            raise CannotKeepError(url, fault)


def _check_folder(target: RemoteFolder) -> None:
    """See that an export may be written there.

    Raises:
        UsageError: The folder holds something that is not an export.
    """
    found = set(target.sizes())
    if found - {LOCK, HOLDER} and found.isdisjoint({CLAIM, JOURNAL}):
        raise UsageError(f"{target.url}: is not empty, and holds no export: name a new folder")


def _lend_references(database: ReferenceDatabase | None, target: RemoteFolder) -> None:
    """Put the reference tables where workers find them whose own are others."""
    if database is not None:
        target.write(_REFERENCES, zstandard.compress(database.path.read_bytes()))


def _references_here(
    wanted: ReferenceDatabase, target: RemoteFolder, folder: Path
) -> ReferenceDatabase:
    """Those tables on this machine: where they were, or its own, or those that were lent.

    Raises:
        NotFoundError: There are no such files.
    """
    for path in (wanted.path, None):
        with suppress(LocalError, UnreadableError), closing(References.open(path)) as references:
            if reference_tables(references) == wanted.tables and references.path.exists():
                return wanted._replace(path=references.path)
    lent = target.read(_REFERENCES)
    if lent is None:
        raise NotFoundError(f"{target.url}: the reference tables are gone: start again")
    path = folder / _REFERENCES
    path.write_bytes(zstandard.decompress(lent))
    return wanted._replace(path=path)


def _held_here(tasks: Iterable[Task]) -> Iterator[Task]:
    """The same tasks, whose records need no file of this machine."""
    for task in tasks:
        yield Task([_held(entry) for entry in task.entries], task.shard)


def _held(entry: Entry | RecordError) -> Entry | RecordError:
    """The entry with its bytes, unless it is at a URL."""
    if isinstance(entry, RecordError) or isinstance(entry.record, Held):
        return entry
    return entry if entry.record.offset == AT_URL else entry.held()


def _moved(folder: Path, target: RemoteFolder, claim: Claim, names: list[str]) -> dict[str, int]:
    """Put files into the store and not keep them here; give their sizes.

    Raises:
        BusyError: The folder is another export's.
    """
    claim.check()
    sizes = {name: (folder / name).stat().st_size for name in names}
    target.put(folder, names)
    for name in names:
        (folder / name).unlink()
    return sizes


def _finish(
    target: RemoteFolder, claim: Claim, staging: Path, sizes: dict[str, int], summary: Summary
) -> None:
    """Remove what is not of this export, see that all else is there, and say that it is whole.

    Raises:
        RemoteError: A file is not there as it was put.
        BusyError: The folder is another export's.
    """
    reports = [name for name in NAMES if name != INDEX]
    sizes.update(_moved(staging, target, claim, reports))
    found = target.sizes()
    wrong = sorted(name for name, size in sizes.items() if found.get(name) != size)
    claim.check()
    if wrong:
        raise RemoteError(f"{target.url}: {wrong[0]} is not as it was put there: start again")
    old = [name for name in found if name not in sizes and name.startswith(_OURS)]
    target.remove(old)
    summary.removed = sum(name != _REFERENCES for name in old)
    _moved(staging, target, claim, [INDEX])


_OURS: Final = (*(f"{part}/" for part in PARTS), _REFERENCES)
