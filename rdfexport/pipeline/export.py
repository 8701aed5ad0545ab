"""The export: sources in, an export folder out."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.errors import TooManyRejectedError
from rdfexport.pipeline.cache import Cache, Row
from rdfexport.pipeline.incremental import Units, UnitWorker
from rdfexport.pipeline.options import MAX_FILES, Observer
from rdfexport.pipeline.outfolder import OutFolder
from rdfexport.pipeline.processes import refuse_while_starting
from rdfexport.pipeline.program import program
from rdfexport.pipeline.reports import NAMES, ReportFiles
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.shared import shared_names, write_shared
from rdfexport.write import COMPRESSIONS, FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.pipeline.options import ExportOptions, Summary
    from rdfexport.pipeline.run import SharedGraph


def export(
    sources: Iterable[str], options: ExportOptions, observer: Observer | None = None
) -> Summary:
    """Export the records of some sources into ``options.out``.

    ``index.tsv`` there names each figure and its file or shard; it is written last, so an export
    that was stopped has none. ``rejected.jsonl`` and ``warnings.jsonl`` hold the faults.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: What to write, and how.
        observer: Is told what happens meanwhile.

    Raises:
        DiskError: A source is not there, or the folder cannot be written to.
        RecordError: With ``options.strict``, the first fault.
        TooManyRejectedError: More records are rejected than ``options.max_rejected``; the export
            that was in the folder is there as it was.
    """
    began = time.monotonic()
    refuse_while_starting()
    observer = observer or Observer()
    reports = ReportFiles(options.out, options, observer)
    with (
        Run(sources, options, observer, reports) as run,
        closing(OutFolder(options.out)) as folder,
    ):
        catalogue, summary = run.catalogue, run.summary
        many = options.layout == "shards" or (
            options.layout == "auto" and len(catalogue) > MAX_FILES
        )
        folder.begin()
        run.limit_rejections(options.max_rejected, stops=folder.holds_an_export)
        rules = run.rules(_rules(options, many=many))
        compression = COMPRESSIONS[options.compress]
        endings = [FORMATS[name].extension + compression for name in options.formats]
        with Cache(options.out, rules, observer.on_note, full=options.full) as cache:
            units = Units(catalogue.entries(), cache, folder, endings, many=many)
            worker = partial(UnitWorker, options, many=many, keep_in=folder.keeps_in)
            made = run.work(units.to_make(), worker)
            try:
                with reports, closing(run.taken(units.results(made))) as done:
                    for result in done:
                        folder.written(name for name, _ in result.files)
                    for shared in run.shared():
                        _share(shared, run, folder, cache, options)
            except TooManyRejectedError:
                folder.restore()
                raise
            folder.written(NAMES)
            summary.removed = folder.finish()
            summary.unchanged = units.unchanged
            cache.forget_unseen()
    summary.seconds = time.monotonic() - began
    return summary


def _rules(options: ExportOptions, *, many: bool) -> str:
    """What decides on what becomes of a record, beside shapes and tables."""
    # Where it goes, how fast, and the day that a description is dated with do not.
    others = {"out", "jobs", "strict", "full", "date", "layout", "max_rejected", "validation"}
    named = {f.name: getattr(options, f.name) for f in fields(options) if f.name not in others}
    validation = options.validation
    if validation is not None:
        # The shapes count by their content.
        validation = replace(
            validation, shapes=(), report=None if validation.report is None else Path()
        )
    return repr((named, validation, many, program()))


def _share(
    shared: SharedGraph, run: Run, folder: OutFolder, cache: Cache, options: ExportOptions
) -> None:
    """Write a graph that is not a figure's, unless that of the last export is still right."""
    name = f"\n{shared.stem}"  # no record has a name with a line break
    cache.seen(name)
    row = cache.row(name)
    if row is not None and row.digest == shared.digest and row.is_as_written(options.out):
        run.tell(row.restored())
        folder.written(row.stamps())
        return
    names = _write_shared(shared, folder, options, run.summary)
    cache.put(name, Row.of(shared.digest, options.out, names, shared.result))


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
