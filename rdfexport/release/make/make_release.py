"""Making a release: records in, a dated folder of files out, in one pass over the records."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from rdfexport.pipeline import Observer
from rdfexport.pipeline.reports import ReportFiles, Reports
from rdfexport.pipeline.run import Run
from rdfexport.release import signature
from rdfexport.release.describe.descriptions import describe
from rdfexport.release.describe.rocrate import need_rocrate
from rdfexport.release.describe.statistics import measure
from rdfexport.release.diff.previous import find_previous
from rdfexport.release.diff.write_changes import write_changes
from rdfexport.release.make.bundle import Bundle
from rdfexport.release.make.folder import ReleaseFolder
from rdfexport.release.model import Release, ReleaseFile, open_release
from rdfexport.release.tables.mentions import need_pyarrow
from rdfexport.version import __version__
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.pipeline.arguments import Sources
    from rdfexport.release.diff.previous import Previous
    from rdfexport.release.make.options import ReleaseOptions


@dataclass(frozen=True, slots=True)
class Outcome:
    """A release that was made.

    Args:
        release: The release.
        left_out: Equivalent identifiers that were left out of its linkset.
        seconds: How long it took.
    """

    release: Release
    left_out: int = 0
    seconds: float = 0.0


def make_release(
    sources: Sources, options: ReleaseOptions, observer: Observer | None = None
) -> Outcome:
    """Make a release of the records of some sources.

    It appears whole or not at all; sources that cannot be read whole make none. A release that was
    interrupted resumes with the shards that are there, as far as records, options and program are
    still the same. The same records give the same bytes, whatever the number of processes, and
    whether it was interrupted or not.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.
        options: Of the release.
        observer: Receives progress and findings.

    Raises:
        UsageError: The release exists already, or the earlier one is not earlier.
        DiskError: A source does not exist, or the release cannot be written.
        BusyError: Another release is being made there.
        MissingPackageError: A package that releases need is not installed.
        UnreadableError: A part of a source cannot be read.
        ReleaseError: No record could be exported.
        NotSignedError: The earlier release is not signed by anybody of the list of signers.
    """
    began = time.monotonic()
    observer = observer or Observer()
    need_pyarrow()
    need_rocrate()
    sign = None
    if options.sign is not None:
        signature.check_key(options.sign)
        sign = partial(signature.sign, key=options.sign)
    with ReleaseFolder(options.out, options.version, replace=options.replace, sign=sign) as folder:
        if folder.published:
            return Outcome(open_release(folder.place))
        previous = None
        if options.previous is not None:
            previous = find_previous(
                options.previous, options.version, folder.scratch, options.signers
            )
        release, left_out = _write_data(sources, options, folder, previous, observer)
        _write_descriptions(release)
        folder.write_sums(folder.path)
        folder.publish()
    release = msgspec.structs.replace(release, folder=folder.place)
    return Outcome(release, left_out, time.monotonic() - began)


def _write_data(
    sources: Sources,
    options: ReleaseOptions,
    folder: ReleaseFolder,
    previous: Previous | None,
    observer: Observer,
) -> tuple[Release, int]:
    """Write the data files, and those of changes.

    Returns:
        The release, and how many equivalent identifiers were left out of its linkset.
    """
    shard_options = options.shard_options(folder.work)
    report_files = ReportFiles(options.reports, has_index=False)
    reports = Reports(observer, report_files)
    with report_files, Run(sources, shard_options, observer, reports) as run:
        files = Bundle(folder.path, options.version, shard_options, run, reports).files()
        release = Release(
            folder=folder.path,
            version=options.version,
            base_url=options.base_url,
            files=_by_path(files),
            figures=run.summary.exported,
            rejected=run.summary.rejected,
            tool_version=__version__,
            tables=run.tables,
            source=options.source,
            previous=folder.previous() if previous is None else previous.release.version,
            sparql_endpoint=options.sparql_endpoint,
            sets=msgspec.structs.asdict(options.sets),
        )
        left_out = run.summary.left_out
    if previous is not None:
        changes = write_changes(release, previous, folder.scratch)
        release = msgspec.structs.replace(release, files=_by_path((*release.files, *changes)))
    return release, left_out


def _write_descriptions(release: Release) -> None:
    release.save()
    for name, text in describe(release, measure(release.folder / release.nquads)).items():
        with OutputFile(release.folder / name) as file:
            file.write(text)


def _by_path(files: Iterable[ReleaseFile]) -> tuple[ReleaseFile, ...]:
    return tuple(sorted(files, key=lambda file: file.path))
