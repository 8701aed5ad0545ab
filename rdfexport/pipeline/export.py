"""The export: sources in, an export folder out."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdfexport.pipeline.options import MAX_FILES, SHARD_FIGURES, Observer
from rdfexport.pipeline.outfolder import OutFolder
from rdfexport.pipeline.reports import INDEX, NAMES, ReportFiles
from rdfexport.pipeline.run import Run
from rdfexport.pipeline.worker import Exporter, Task, shard_name
from rdfexport.read import Entry
from rdfexport.write import COMPRESSIONS, FORMATS, FigureFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.pipeline.options import ExportOptions, Summary
    from rdfexport.pipeline.run import SharedGraph
    from rdfexport.read import Catalogue

_FILES_TASK: Final = 25


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
        CallError: A source is not there, or the folder cannot be written to.
        RecordError: With ``options.strict``, the first fault.
    """
    began = time.monotonic()
    observer = observer or Observer()
    reports = ReportFiles(options, observer)
    with (
        Run(sources, options, observer, reports) as run,
        closing(OutFolder(options.out)) as folder,
    ):
        catalogue, summary = run.catalogue, run.summary
        many = options.layout == "shards" or (
            options.layout == "auto" and len(catalogue) > MAX_FILES
        )
        folder.plan(NAMES)
        (options.out / INDEX).unlink(missing_ok=True)
        tasks = _tasks(catalogue, folder, options, many=many)
        with reports, closing(run.figures(tasks, partial(Exporter, options, many=many))) as done:
            for result in done:
                folder.written(name for name, _ in result.files)
            for shared in run.shared():
                _write_shared(shared, folder, options, summary)
        folder.written(NAMES)
        summary.removed = folder.finish()
    summary.seconds = time.monotonic() - began
    return summary


def _tasks(
    catalogue: Catalogue, folder: OutFolder, options: ExportOptions, *, many: bool
) -> Iterator[Task]:
    entries = catalogue.entries()
    compression = COMPRESSIONS[options.compress]
    endings = [FORMATS[name].extension + compression for name in options.formats]
    number = 0
    while chunk := list(islice(entries, SHARD_FIGURES if many else _FILES_TASK)):
        number += 1
        stems = (
            [shard_name(number)]
            if many
            else [entry.stem for entry in chunk if isinstance(entry, Entry)]
        )
        folder.plan(
            f"{part}/{stem}{ending}"
            for part in ("core", "wp")
            for ending in endings
            for stem in stems
        )
        yield Task(chunk, number if many else None)


def _write_shared(
    shared: SharedGraph, folder: OutFolder, options: ExportOptions, summary: Summary
) -> None:
    """Write a graph that is not a figure's into one file a format."""
    ending = COMPRESSIONS[options.compress]
    forms = [FORMATS[name] for name in options.formats if not FORMATS[name].schema_only]
    names = [f"{shared.stem}{form.extension}{ending}" for form in forms]
    folder.plan(names)
    with ExitStack() as stack:
        files = [
            stack.enter_context(
                FigureFile(
                    options.out / name,
                    form.serializer(options.vocabulary.prefixes, many=True),
                    options.compress,
                )
            )
            for name, form in zip(names, forms, strict=True)
        ]
        for nodes in shared.batches:
            for file in files:
                file.add(shared.graph, nodes)
    folder.written(names)
    summary.files += len(files)
    summary.bytes += sum(file.bytes_written for file in files)
