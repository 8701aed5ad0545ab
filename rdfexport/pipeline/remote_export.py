"""The export to a URL: workers on this machine or others put their files into a store.

In that folder stands which export may write to it. Whoever puts or removes files asks before, so a
worker that was thought dead does not spoil what a later export has put there meanwhile. Stores have
no lock, so what was asked just before, and is put just after another export began, is not stopped.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import zstandard

from rdfexport.errors import (
    BusyError,
    LocalError,
    NotFoundError,
    RecordError,
    RemoteError,
    TooManyRejectedError,
    UnreadableError,
    UsageError,
)
from rdfexport.link import reference_tables
from rdfexport.pipeline.cache import CACHE
from rdfexport.pipeline.cluster import run_on_cluster
from rdfexport.pipeline.options import MAX_FILES, Observer
from rdfexport.pipeline.outfolder import CLAIM, JOURNAL, PARTS
from rdfexport.pipeline.processes import refuse_while_starting
from rdfexport.pipeline.records import ReferenceDatabase
from rdfexport.pipeline.reports import INDEX, NAMES, ReportFiles
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.shared import shared_names, write_shared
from rdfexport.pipeline.tasks import batches, shards
from rdfexport.pipeline.worker import Exporter, Target, Task
from rdfexport.read import AT_URL, Entry, Held
from rdfexport.references import References
from rdfexport.remote import RemoteFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdfexport.pipeline.options import FileOptions, Summary
    from rdfexport.pipeline.worker import Result

_REFERENCES: Final = ".rdfexport-references"


def export_to_url(
    sources: Iterable[str],
    url: str,
    options: FileOptions,
    observer: Observer | None = None,
    *,
    scheduler: str | None = None,
) -> Summary:
    """Export the records of some sources into a folder at a URL.

    The files are those that ``export`` makes. They are made anew each time. ``index.tsv`` comes
    last, so a folder without one holds no whole export.

    Args:
        sources: As for ``export``. What lies on this machine is sent to the workers of a cluster;
            what is at the URL of a store they read themselves.
        url: A folder that is empty, or holds an earlier export, which is replaced.
        options: What to write.
        observer: Is told what happens meanwhile.
        scheduler: Of the Dask cluster that does the work; None for processes of this machine.

    Raises:
        DiskError: A source is not there.
        RemoteError: The store or the cluster cannot be used.
        UsageError: The folder holds something else.
        RecordError: With ``options.strict``, the first fault.
        TooManyRejectedError: More records are rejected than ``options.max_rejected``, and the
            folder held an export. It has no index any more; nothing was removed.
    """
    began = time.monotonic()
    refuse_while_starting()
    observer = observer or Observer()
    engine = None
    if scheduler is not None:
        engine = partial(run_on_cluster, scheduler=scheduler, note=observer.on_note)
    target = RemoteFolder(url)
    with tempfile.TemporaryDirectory(prefix="rdfexport-") as temporary:
        staging = Path(temporary)
        reports = ReportFiles(staging, options, observer)
        with Run(sources, options, observer, reports, engine) as run:
            many = options.layout == "shards" or (
                options.layout == "auto" and len(run.catalogue) > MAX_FILES
            )
            holds_an_export = target.read(INDEX) is not None
            run.limit_rejections(options.max_rejected, stops=holds_an_export)
            token = _claim(target)
            _lend_references(run.database, target)
            tasks = (shards if many else batches)(run.catalogue.entries())
            make_worker = partial(_PuttingWorker, options, url, token, many=many)
            done = run.figures(tasks if engine is None else _held_here(tasks), make_worker)
            sizes: dict[str, int] = {}
            with reports, _saying_what_is_left(url), closing(done):
                for result in done:
                    sizes.update(result.files)
                for shared in run.shared():
                    names = shared_names(shared, options)
                    run.summary.bytes += write_shared(shared, staging, names, options)
                    run.summary.files += len(names)
                    sizes.update(_moved(staging, target, token, names))
            _finish(target, token, staging, sizes, run.summary)
    run.summary.seconds = time.monotonic() - began
    return run.summary


@contextmanager
def _saying_what_is_left(url: str) -> Iterator[None]:
    """Say what a stopped export leaves in a store, where what was replaced cannot be put back."""
    try:
        yield
    except TooManyRejectedError as error:
        error.consequence = (
            f"nothing was removed at {url}, but it has no {INDEX} until an export is whole"
        )
        raise


class _PuttingWorker:
    """Makes the files of tasks here, and puts them into the store when they are whole."""

    def __init__(  # noqa: PLR0913 - four of them are known before there is a worker
        self,
        options: FileOptions,
        url: str,
        token: bytes,
        *,
        many: bool,
        shapes: str | None,
        references: ReferenceDatabase | None,
    ) -> None:
        self._target = RemoteFolder(url)
        self._token = token
        self._temporary = tempfile.TemporaryDirectory(prefix="rdfexport-")
        self._folder = Path(self._temporary.name)
        if references is not None:
            references = _references_here(references, self._target, self._folder)
        self._exporter = Exporter(
            options, Target(self._folder), many=many, shapes=shapes, references=references
        )

    def run(self, task: Task, should_stop: Callable[[], bool]) -> Result:
        """Do a task.

        Raises:
            RecordError: In strict mode, the first fault.
            RemoteError: The store fails.
            BusyError: Another export has the folder.
            StoppedError: The work was asked to stop.
        """
        result = self._exporter.run(task, should_stop)
        _moved(self._folder, self._target, self._token, [name for name, _ in result.files])
        return result

    def close(self) -> None:
        self._exporter.close()
        self._temporary.cleanup()


def _claim(target: RemoteFolder) -> bytes:
    """Say that this export has the folder; what gives it the right to write there.

    Raises:
        UsageError: The folder holds what is no export.
    """
    if all(target.read(name) is None for name in (CLAIM, JOURNAL)) and target.sizes():
        raise UsageError(f"{target.url}: is not empty, and holds no export: name a new folder")
    token = uuid4().hex.encode()
    target.write(CLAIM, token)
    # What an export of this machine knows of its files would not be true any more.
    target.remove([INDEX, CACHE, JOURNAL])
    return token


def _check_claim(target: RemoteFolder, token: bytes) -> None:
    """See that the folder is still this export's.

    Raises:
        BusyError: It is another's.
    """
    if target.read(CLAIM) != token:
        raise BusyError(f"{target.url}: another export has begun in this folder")


def _lend_references(database: ReferenceDatabase | None, target: RemoteFolder) -> None:
    """Put the reference tables where workers find them whose own are others."""
    if database is not None:
        target.write(_REFERENCES, zstandard.compress(database.path.read_bytes()))


def _references_here(
    wanted: ReferenceDatabase, target: RemoteFolder, folder: Path
) -> ReferenceDatabase:
    """Those tables on this machine: where they were, or its own, or those that were lent.

    Raises:
        NotFoundError: There are none such.
    """
    for path in (wanted.path, None):
        with suppress(LocalError, UnreadableError), closing(References.open(path)) as references:
            if reference_tables(references) == wanted.tables and references.path.exists():
                return ReferenceDatabase(references.path, wanted.tables)
    lent = target.read(_REFERENCES)
    if lent is None:
        raise NotFoundError(f"{target.url}: the reference tables are gone: start again")
    path = folder / _REFERENCES
    path.write_bytes(zstandard.decompress(lent))
    return ReferenceDatabase(path, wanted.tables)


def _held_here(tasks: Iterable[Task]) -> Iterator[Task]:
    """The same tasks, whose records need no file of this machine."""
    for task in tasks:
        yield Task([_held(entry) for entry in task.entries], task.shard)


def _held(entry: Entry | RecordError) -> Entry | RecordError:
    """What is not at a URL, read."""
    if isinstance(entry, RecordError) or isinstance(entry.record, Held):
        return entry
    return entry if entry.record.offset == AT_URL else entry.held()


def _moved(folder: Path, target: RemoteFolder, token: bytes, names: list[str]) -> dict[str, int]:
    """Put files into the store and not keep them here; give their sizes.

    Raises:
        BusyError: The folder is another export's.
    """
    _check_claim(target, token)
    sizes = {name: (folder / name).stat().st_size for name in names}
    target.put(folder, names)
    for name in names:
        (folder / name).unlink()
    return sizes


def _finish(
    target: RemoteFolder, token: bytes, staging: Path, sizes: dict[str, int], summary: Summary
) -> None:
    """Remove what is not of this export, see that all else is there, and say that it is whole.

    Raises:
        RemoteError: A file is not there as it was put.
        BusyError: The folder is another export's.
    """
    reports = [name for name in NAMES if name != INDEX]
    sizes.update(_moved(staging, target, token, reports))
    found = target.sizes()
    wrong = sorted(name for name, size in sizes.items() if found.get(name) != size)
    _check_claim(target, token)
    if wrong:
        raise RemoteError(f"{target.url}: {wrong[0]} is not as it was put there: start again")
    old = [name for name in found if name not in sizes and name.startswith(_OURS)]
    target.remove(old)
    summary.removed = sum(name != _REFERENCES for name in old)
    _moved(staging, target, token, [INDEX])


_OURS: Final = (*(f"{part}/" for part in PARTS), _REFERENCES)
