"""The export: sources in, an export folder out."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.errors import TooManyRejectedError
from rdfexport.locks import locked
from rdfexport.pipeline.arguments import check_options
from rdfexport.pipeline.executor.processes import refuse_while_starting
from rdfexport.pipeline.executor.tasks import shards
from rdfexport.pipeline.incremental.cache import Cache, Row, StaleCacheError
from rdfexport.pipeline.incremental.carried import CannotKeepError, earlier_figures, with_earlier
from rdfexport.pipeline.incremental.fingerprint import program_fingerprint
from rdfexport.pipeline.incremental.unit_worker import UnitWorker
from rdfexport.pipeline.incremental.units import Units
from rdfexport.pipeline.options import MAX_FILES, ExportOptions, Observer
from rdfexport.pipeline.reports import NAMES, Reports, report_files
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.shared import shared_names, write_shared
from rdfexport.pipeline.target.folder import OutFolder
from rdfexport.sources import Entry
from rdfexport.write import COMPRESSIONS, FORMATS

if TYPE_CHECKING:
    from rdfexport.errors import SourceError
    from rdfexport.pipeline.arguments import Sources
    from rdfexport.pipeline.options import Summary
    from rdfexport.pipeline.reports import ReportFiles
    from rdfexport.pipeline.run import SharedGraph
    from rdfexport.sources import Catalogue


_DEFAULTS: Final = ExportOptions()


def export(
    sources: Sources, options: ExportOptions = _DEFAULTS, observer: Observer | None = None
) -> Summary:
    """Export the records of some sources into ``options.out``.

    ``index.tsv`` there names each figure and its file or shard; it is written last, so an export
    that was stopped has none. ``rejected.jsonl`` and ``warnings.jsonl`` hold the faults.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: What to write, and how; by default into the folder ``out``, as the command does.
        observer: Receives what happens meanwhile.

    Raises:
        UsageError: An argument is not of its type.
        DiskError: A source is not there, or the folder cannot be written to.
        RecordError: With ``options.strict``, the first fault.
        TooManyRejectedError: More records are rejected than ``options.max_rejected``; the export
            that was in the folder is there as it was.
    """
    began = time.monotonic()
    refuse_while_starting()
    check_options(options, ExportOptions)
    observer = observer or Observer()
    files = report_files(options.out, options)
    with (
        locked(options.out),
        Run(sources, options, observer, Reports(observer, files)) as run,
        closing(OutFolder(options.out)) as folder,
    ):
        _export(run, folder, files, options, observer)
    run.summary.seconds = time.monotonic() - began
    return run.summary


def _export(
    run: Run, folder: OutFolder, files: ReportFiles, options: ExportOptions, observer: Observer
) -> None:
    """Export into a folder that nobody else writes to."""
    catalogue, summary = run.catalogue, run.summary
    incomplete = next(iter(catalogue.incomplete), None)
    if not any(folder.figure_files()):
        incomplete = None  # no figure of an earlier export has to be kept
    many = _is_sharded(options, len(catalogue), None if incomplete is None else folder)
    if not options.force:
        folder.refuse(_overwritten(catalogue, folder, options, many=many))
    rules = run.rules(_rules(options, many=many))
    with _cache(options, rules, observer, incomplete) as cache:
        entries = catalogue.entries()
        if incomplete is not None:
            figures = earlier_figures(cache, folder, incomplete, many=many)
            entries = with_earlier(entries, sorted(figures.difference(catalogue.stems())))
        folder.begin()
        run.limit_rejections(options.max_rejected, stops=folder.holds_an_export)
        units = Units(entries, cache, folder, _endings(options), many=many)
        worker = partial(UnitWorker, options, many=many, keep_in=folder.keeps_in)
        tallies = units.tallies(run.work(units.tasks(), worker))
        try:
            with files, closing(run.reported(tallies)) as reported:
                for tally in reported:
                    folder.written(name for name, _ in tally.files)
                for shared in run.shared():
                    _share(shared, run, folder, cache, options)
        except (TooManyRejectedError, CannotKeepError):
            folder.restore()
            raise
        folder.written(NAMES)
        # A shard that is no longer there has its figures in others.
        summary.removed = folder.finish(keep=summary.incomplete > 0 and not many)
        summary.unchanged = units.unchanged
        cache.forget_unseen()


def _endings(options: ExportOptions) -> list[str]:
    """The endings of a figure's files, one a format."""
    compression = COMPRESSIONS[options.compress]
    return [FORMATS[name].extension + compression for name in options.formats]


def _overwritten(
    catalogue: Catalogue, folder: OutFolder, options: ExportOptions, *, many: bool
) -> set[str]:
    """The files that no export wrote, and that this one would overwrite."""
    foreign = folder.foreign()
    if not foreign:
        return foreign
    known = len(catalogue.findings)
    entries = catalogue.entries()
    stems = (
        (task.shard for task in shards(entries))
        if many
        else (entry.stem for entry in entries if isinstance(entry, Entry))
    )
    parts = ("core", "wp") if options.wikipathways else ("core",)
    endings = _endings(options)
    names = {f"{part}/{stem}{end}" for stem in stems for part in parts for end in endings}
    shared = ("linkset/linkset", "wp/void") if options.wikipathways else ("linkset/linkset",)
    names |= {f"{stem}{end}" for stem in shared for end in endings}
    del catalogue.findings[known:]  # they come again with the entries
    return foreign & (names | set(NAMES))


def _is_sharded(options: ExportOptions, records: int, earlier: OutFolder | None) -> bool:
    """Whether a file holds more than one figure.

    Args:
        options: May leave that open.
        records: How many there are.
        earlier: Holds an export whose figures are to be kept, if there is such.
    """
    if options.layout != "auto":
        return options.layout == "shards"
    if earlier is not None:
        return any(name.rpartition("/")[2].startswith("shard-") for name in earlier.figure_files())
    return records > MAX_FILES


def _cache(
    options: ExportOptions, rules: bytes, observer: Observer, incomplete: SourceError | None
) -> Cache:
    """Open what is known of the last export.

    Args:
        options: Where, and whether that counts.
        rules: What decides on the output beside the records.
        observer: Called for a damaged one.
        incomplete: Why the figures of the last export are needed, if they are.

    Raises:
        CannotKeepError: They are needed, and nothing usable is known of them.
    """
    needed = incomplete is not None
    try:
        return Cache(options.out, rules, observer.on_note, full=options.full, needed=needed)
    except StaleCacheError as error:
        assert incomplete is not None
        raise CannotKeepError(options.out, incomplete) from error


def _rules(options: ExportOptions, *, many: bool) -> str:
    """The options and the program that decide how a record is exported."""
    # Where it goes, how fast, and the day that a description is dated with do not.
    others = {
        *("out", "jobs", "strict", "full", "force"),
        *("date", "layout", "max_rejected", "validation"),
    }
    named = {f.name: getattr(options, f.name) for f in fields(options) if f.name not in others}
    validation = options.validation
    if validation is not None:
        # The shapes count by their content.
        validation = replace(
            validation, shapes=(), report=None if validation.report is None else Path()
        )
    return repr((named, validation, many, program_fingerprint()))


def _share(
    shared: SharedGraph, run: Run, folder: OutFolder, cache: Cache, options: ExportOptions
) -> None:
    """Write a graph that is not a figure's, unless that of the last export is still right."""
    name = f"\n{shared.stem}"  # no record has a name with a line break
    cache.seen(name)
    row = cache.row(name)
    if row is not None and row.digest == shared.digest and row.is_as_written(options.out):
        run.report(row.tally())
        folder.written(row.stamps())
        return
    names = _write_shared(shared, folder, options, run.summary)
    cache.put(name, Row.of(shared.digest, options.out, names, shared.tally))


def _write_shared(
    shared: SharedGraph, folder: OutFolder, options: ExportOptions, summary: Summary
) -> list[str]:
    """Write a graph that is not a figure's; give the names of its files."""
    names = shared_names(shared, options)
    folder.plan(names)
    summary.bytes += write_shared(shared, options.out, names, options)
    summary.files += len(names)
    folder.written(names)
    return names
