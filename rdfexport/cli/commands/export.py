"""``rdfexport export``."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rdfexport.cli.export_summary import export_summary
from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.messages import Losses, Messages
from rdfexport.cli.options import (
    choice,
    diseases_by_label_option,
    engine_option,
    export_date,
    figure_base_option,
    image_pattern_option,
    jobs_option,
    link_option,
    quiet_option,
    shapes_option,
    validate_option,
    verbose_option,
    vocab_base_option,
)
from rdfexport.cli.progress import progress
from rdfexport.cli.status import FAULTS, WRONG_CALL, end_incomplete, exit_status
from rdfexport.cli.unused import refuse_unused
from rdfexport.errors import RdfExportError, UsageError
from rdfexport.mapping.view import CompatRule
from rdfexport.pipeline import (
    ExportOptions,
    FileOptions,
    Linking,
    Observer,
    RejectionLimit,
    Validation,
    export_to_url,
)
from rdfexport.pipeline import export as export_records
from rdfexport.pipeline.options import Layout, OnViolation
from rdfexport.printing import say, shown
from rdfexport.remote import is_remote
from rdfexport.sources.watch import watch
from rdfexport.terms import checked_base
from rdfexport.validate.report import summary as results_summary
from rdfexport.write import COMPRESSIONS, FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.pipeline import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """The options and arguments of the command, as they were given."""

    sources: tuple[str, ...]
    out: str
    formats: tuple[str, ...]
    layout: Layout
    compress: str
    jobs: int
    runner: str
    scheduler: str | None
    full: bool
    force: bool
    watched: bool
    max_rejected: str | None
    strict: bool
    compat: str | None
    compat_rule: CompatRule
    link: bool
    diseases_by_label: bool
    validate: bool
    on_violation: OnViolation
    shapes: tuple[Path, ...]
    engine: str
    report: Path | None
    data_version: str | None
    date: str | None
    figure_base: str
    vocab_base: str
    image_pattern: str
    quiet: bool
    verbose: bool


@click.command(
    epilog="Example: rdfexport export pfocr-database/ --out out --format turtle --format jsonld"
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    default="out",
    show_default=True,
    help="Folder for the export, or its URL (s3://...); it ends up holding this export only.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(tuple(FORMATS)),
    multiple=True,
    default=("turtle", "jsonld"),
    show_default=True,
    help="May be given several times.",
)
@click.option(
    "--layout",
    type=choice(Layout),
    default="auto",
    show_default=True,
    help="A file a figure, shards of up to 500 figures, or by number (files up to 300).",
)
@click.option(
    "--compress", type=click.Choice(tuple(COMPRESSIONS)), default="none", show_default=True
)
@jobs_option
@click.option(
    "--engine",
    "runner",
    type=click.Choice(("local", "dask")),
    default="local",
    show_default=True,
    help="Processes of this machine, or the workers of a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    envvar="DASK_SCHEDULER_ADDRESS",
    help="Of that cluster: tcp://HOST:8786, or the scheduler's own file."
    "  [default: DASK_SCHEDULER_ADDRESS]",
)
@click.option("--full", is_flag=True, help="Export everything, not only what has changed.")
@click.option(
    "--force", is_flag=True, help="Overwrite files in the folder that rdfexport did not write."
)
@click.option(
    "--watch", "watched", is_flag=True, help="Export again whenever a source changes, until Ctrl-C."
)
@click.option(
    "--max-rejected",
    metavar="N|P%",
    help="Records that may be rejected. With more, an earlier export in the folder is kept as it"
    " was; with so many or fewer, the exit status is 0."
    "  [default: 10% or 10 records may be, and the status is 1 with any]",
)
@click.option("--strict", is_flag=True, help="Stop at the first record with a fault.")
@click.option(
    "--compat",
    type=click.Choice(("wikipathways",)),
    help="Write as well the part in which WikiPathways' own queries run.",
)
@click.option(
    "--compat-rule",
    type=choice(CompatRule),
    default="strict",
    show_default=True,
    help="In that part: figures with 3 genes or more matched by their symbol, or everything.",
)
@link_option
@diseases_by_label_option
@validate_option("Validate each figure's graph before it is written.")
@click.option(
    "--on-violation",
    type=choice(OnViolation),
    default="reject",
    show_default=True,
    help="Leave a figure out whose graph violates a shape, or export it anyway.",
)
@shapes_option
@engine_option
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for all validation results: .ttl, .json or .sarif.",
)
@click.option("--data-version", metavar="TEXT", help="Version of the data, stated in each record.")
@click.option(
    "--date",
    metavar="YYYY-MM-DD",
    help="Day that the part for WikiPathways is dated with."
    "  [default: SOURCE_DATE_EPOCH, or today]",
)
@figure_base_option
@vocab_base_option
@image_pattern_option
@quiet_option()
@verbose_option("every warning, and the results of each shape")
def export(**given: Any) -> None:
    """Export figure records as RDF and JSON-LD.

    SOURCE is a record file, a folder (with all below it), a glob, a .zip or .tar archive (also
    packed: .gz, .zst, .xz, .bz2), the URL of a record or an archive (http://, https://), the URL
    of any of them in a store (s3://, gs://, az://, hdfs://, file://), or - for standard input.
    Faults are printed as `file:line: field: what is wrong: what to do`.

    In a folder that has an export already, only what has changed is exported again.
    """
    call = _Call(**given)
    options = _file_options(call)
    _refuse_unused(call)
    say_fallbacks(call.engine if call.validate else None, reads=True, quiet=call.quiet)
    cluster = _scheduler(call) if call.runner == "dask" else None
    work: Callable[[Observer], Summary]
    if is_remote(call.out):
        refuse_unused("with a URL: a folder there is an export's or empty", "force")
        if call.watched:
            raise UsageError("--watch: only for a folder of this machine")
        work = partial(
            export_to_url, call.sources, call.out, FileOptions(**options), scheduler=cluster
        )
    elif "://" in call.out:
        raise UsageError(
            f"{shown(call.out)}: not a store that can be written to: s3://, gs://, file://, ..."
        )
    else:
        local = ExportOptions(Path(call.out), full=call.full, force=call.force, **options)
        if call.watched:
            _watch(call.sources, local, quiet=call.quiet)
            return
        work = partial(export_records, call.sources, local)
    with progress("records", quiet=call.quiet) as bar:
        messages = Messages(bar, quiet=call.quiet, verbose=call.verbose, sources=call.sources)
        summary = work(messages.observer())
    messages.close(call.out)
    _end(call, summary)


def _file_options(call: _Call) -> dict[str, Any]:
    """The arguments of ``FileOptions``, which are among those of ``ExportOptions``.

    Raises:
        UsageError: A text is not of its form.
    """
    limit, validation = RejectionLimit(), None
    if call.max_rejected is not None:
        limit = RejectionLimit.parse(call.max_rejected)
    if call.validate:
        validation = Validation(call.engine, call.shapes, call.on_violation, call.report)
    return {
        "formats": tuple(dict.fromkeys(call.formats)),
        "layout": call.layout,
        "compress": call.compress,
        "jobs": call.jobs,
        "max_rejected": limit,
        "strict": call.strict,
        "wikipathways": call.compat == "wikipathways",
        "compat_rule": call.compat_rule,
        "data_version": call.data_version,
        "linking": Linking(diseases_by_label=call.diseases_by_label) if call.link else None,
        "validation": validation,
        "date": export_date(call.date),
        "figure_base": checked_base(call.figure_base),
        "vocabulary_base": checked_base(call.vocab_base),
        "image_pattern": call.image_pattern,
    }


def _end(call: _Call, summary: Summary) -> None:
    """Print what an export did, and exit with its status."""
    if not call.quiet:
        say(export_summary(summary, call.out, call.max_rejected))
    if call.verbose and summary.results:
        say(results_summary(summary.results))
    if summary.incomplete:
        end_incomplete()
    may_be_rejected = 0 if call.max_rejected is None else summary.may_be_rejected
    if summary.rejected > may_be_rejected or summary.left_out:
        sys.exit(FAULTS)


def _refuse_unused(call: _Call) -> None:
    if call.compat is None:
        refuse_unused("without --compat", "compat_rule", "date")
    if not call.validate:
        refuse_unused("with --no-validate", "on_violation", "shapes", "engine", "report")
    if not call.link:
        refuse_unused("with --no-link", "diseases_by_label")
    if call.runner == "dask":
        refuse_unused("with --engine dask: its workers do the work", "jobs")
    else:
        refuse_unused("without --engine dask", "scheduler")
    if call.watched:
        refuse_unused("with --watch, which prints one line a round", "verbose")


def _scheduler(call: _Call) -> str:
    """The scheduler of the cluster that is asked for.

    Raises:
        UsageError: It is not named, or its workers could not write to where they shall.
    """
    if call.scheduler is None:
        raise UsageError("--engine dask: name a --scheduler (tcp://HOST:8786)")
    if not is_remote(call.out):
        raise UsageError(
            f"--engine dask: other machines cannot write to {call.out}: give --out as a URL"
            " (s3://..., or file://... for a folder that all of them share)"
        )
    return call.scheduler


def _watch(sources: tuple[str, ...], options: ExportOptions, *, quiet: bool) -> None:
    """Export whenever a source changes; print a line for each run and each new fault."""
    said: set[str] = set()
    rounds = 0

    def again() -> None:
        nonlocal said, rounds
        rejected = []
        losses = Losses(sources)
        observer = Observer(
            on_rejected=lambda error: rejected.append(str(error)), on_finding=losses.add
        )
        # Once is enough for everything; a later round finds what has changed since.
        now = replace(options, full=options.full and not rounds)
        try:
            summary = export_records(sources, now, observer)
        except RdfExportError as error:
            if not rounds and exit_status(error) == WRONG_CALL:
                raise
            line = f"error: {error}"
        else:
            lines = [*(f"rejected: {text}" for text in rejected), *losses.lines()]
            for text in lines:
                if text not in said:
                    say(text)
            said = set(lines)
            line = (
                f"{summary.read:,} records: {summary.unchanged:,} unchanged,"
                f" {summary.rejected:,} rejected, {summary.seconds:.1f} s"
            )
        rounds += 1
        if not quiet:
            say(f"{datetime.now().astimezone():%H:%M:%S} {line}")

    report = options.validation.report if options.validation is not None else None
    watch(sources, (options.out, *([report] if report is not None else [])), again)
