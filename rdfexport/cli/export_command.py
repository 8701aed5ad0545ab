"""``rdfexport export``."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import (
    checked_base,
    diseases_by_label_option,
    engine_option,
    export_date,
    image_pattern_option,
    jobs_option,
    link_option,
    quiet_option,
    shapes_option,
    vocab_base_option,
)
from rdfexport.cli.progress import Losses, Messages, progress
from rdfexport.cli.status import FAULTS, WRONG_CALL, end_incomplete, exit_status
from rdfexport.cli.watching import watch
from rdfexport.errors import RdfExportError, UsageError
from rdfexport.printing import say, shown
from rdfexport.terms import FIGURE_BASE
from rdfexport.unused import refuse_unused

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.pipeline import ExportOptions, Observer, Summary

# The names stand here as well so that `--help` need not import the serializers; a test compares.
FORMATS: Final = ("turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml", "jsonld-graph")
COMPRESSIONS: Final = ("none", "gz", "zst")


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
    type=click.Choice(FORMATS),
    multiple=True,
    default=("turtle", "jsonld"),
    show_default=True,
    help="May be given several times.",
)
@click.option(
    "--layout",
    type=click.Choice(("auto", "files", "shards")),
    default="auto",
    show_default=True,
    help="A file a figure, shards of up to 500 figures, or by number (files up to 300).",
)
@click.option("--compress", type=click.Choice(COMPRESSIONS), default="none", show_default=True)
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
    type=click.Choice(("strict", "all")),
    default="strict",
    show_default=True,
    help="In that part: figures with 3 genes or more matched by their symbol, or everything.",
)
@link_option
@diseases_by_label_option
@click.option(
    "--validate/--no-validate",
    default=True,
    show_default=True,
    help="Hold each figure's graph against the shapes before it is written.",
)
@click.option(
    "--on-violation",
    type=click.Choice(("reject", "warn")),
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
@click.option("--figure-base", default=FIGURE_BASE, show_default=True, metavar="IRI")
@vocab_base_option
@image_pattern_option
@quiet_option
@click.option(
    "-v", "--verbose", is_flag=True, help="Say every warning, and the results of each shape."
)
def export(  # noqa: PLR0913 - one argument an option
    *,
    sources: tuple[str, ...],
    out: str,
    formats: tuple[str, ...],
    layout: Any,
    compress: str,
    jobs: int,
    runner: str,
    scheduler: str | None,
    full: bool,
    force: bool,
    watched: bool,
    max_rejected: str | None,
    strict: bool,
    compat: str | None,
    compat_rule: Any,
    link: bool,
    diseases_by_label: bool,
    validate: bool,
    on_violation: Any,
    shapes: tuple[Path, ...],
    engine: str,
    report: Path | None,
    data_version: str | None,
    date: str | None,
    figure_base: str,
    vocab_base: str,
    image_pattern: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Export figure records as RDF and JSON-LD.

    SOURCE is a record file, a folder (with all below it), a glob, a .zip or .tar archive (also
    packed: .gz, .zst, .xz, .bz2), the URL of a record or an archive (http://, https://), the URL
    of any of them in a store (s3://, gs://, az://, hdfs://, file://), or - for standard input.
    Faults are printed as `file:line: field: what is wrong: what to do`.

    In a folder that has an export already, only what has changed is made again.
    """
    from rdfexport.pipeline import (  # noqa: PLC0415 - keeps --help quick
        ExportOptions,
        FileOptions,
        Linking,
        Observer,
        RejectionLimit,
        Validation,
        export_to_url,
    )
    from rdfexport.pipeline import export as run  # noqa: PLC0415
    from rdfexport.remote import is_remote  # noqa: PLC0415
    from rdfexport.validate.report import summary as results_summary  # noqa: PLC0415

    values: dict[str, Any] = {
        "formats": tuple(dict.fromkeys(formats)),
        "layout": layout,
        "compress": compress,
        "jobs": jobs,
        "max_rejected": (
            RejectionLimit() if max_rejected is None else RejectionLimit.parse(max_rejected)
        ),
        "strict": strict,
        "wikipathways": compat == "wikipathways",
        "compat_rule": compat_rule,
        "data_version": data_version,
        "linking": Linking(diseases_by_label=diseases_by_label) if link else None,
        "validation": Validation(engine, shapes, on_violation, report) if validate else None,
        "date": export_date(date),
        "figure_base": checked_base(figure_base),
        "vocabulary_base": checked_base(vocab_base),
        "image_pattern": image_pattern,
    }
    _refuse_unused(compat, runner, validate=validate, link=link, watched=watched)
    say_fallbacks(engine if validate else None, reads=True, quiet=quiet)
    cluster = _scheduler(scheduler, out) if runner == "dask" else None
    work: Callable[[Observer], Summary]
    if is_remote(out):
        refuse_unused("with a URL: a folder there is an export's or empty", "force")
        if watched:
            raise UsageError("--watch: only for a folder of this machine")
        work = partial(export_to_url, sources, out, FileOptions(**values), scheduler=cluster)
    elif "://" in out:
        raise UsageError(
            f"{shown(str(out))}: not a store that can be written to: s3://, gs://, file://, ..."
        )
    else:
        options = ExportOptions(Path(out), full=full, force=force, **values)
        if watched:
            _watch(sources, options, quiet=quiet)
            return
        work = partial(run, sources, options)
    with progress("records", quiet=quiet) as bar:
        messages = Messages(bar, quiet=quiet, verbose=verbose, sources=sources)
        summary = work(
            Observer(
                on_start=bar.start,
                on_progress=bar.update,
                on_rejected=messages.rejected,
                on_finding=messages.finding,
                on_note=bar.say,
            )
        )
    messages.close(out)
    if not quiet:
        say(_summary_text(summary, out, max_rejected))
    if verbose and summary.results:
        say(results_summary(summary.results))
    if summary.incomplete:
        end_incomplete()
    may_be_rejected = 0 if max_rejected is None else summary.may_be_rejected
    if summary.rejected > may_be_rejected or summary.left_out:
        sys.exit(FAULTS)


def _refuse_unused(
    compat: str | None, runner: str, *, validate: bool, link: bool, watched: bool
) -> None:
    if compat is None:
        refuse_unused("without --compat", "compat_rule", "date")
    if not validate:
        refuse_unused("with --no-validate", "on_violation", "shapes", "engine", "report")
    if not link:
        refuse_unused("with --no-link", "diseases_by_label")
    if runner == "dask":
        refuse_unused("with --engine dask: its workers do the work", "jobs")
    else:
        refuse_unused("without --engine dask", "scheduler")
    if watched:
        refuse_unused("with --watch, which prints one line a round", "verbose")


def _scheduler(address: str | None, out: str) -> str:
    """The scheduler of the cluster that is asked for.

    Raises:
        UsageError: It is not named, or its workers could not write to where they shall.
    """
    from rdfexport.remote import is_remote  # noqa: PLC0415 - keeps --help quick

    if address is None:
        raise UsageError("--engine dask: name a --scheduler (tcp://HOST:8786)")
    if not is_remote(out):
        raise UsageError(
            f"--engine dask: other machines cannot write to {out}: give --out as a URL"
            " (s3://..., or file://... for a folder that all of them share)"
        )
    return address


def _watch(sources: tuple[str, ...], options: ExportOptions, *, quiet: bool) -> None:
    """Export whenever a source changes; print a line for each run and each new fault."""
    from rdfexport.pipeline import Observer, export  # noqa: PLC0415 - keeps --help quick

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
            summary = export(sources, now, observer)
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


def _results_lines(summary: Summary) -> list[str]:
    severities: dict[str, int] = {}
    for (severity, _), number in summary.results.items():
        severities[severity.value] = severities.get(severity.value, 0) + number
    counts = ", ".join(
        f"{severities[name]:,} {name.lower()}s"
        for name in ("Violation", "Warning", "Info")
        if name in severities
    )
    return [f"validation        {counts}"] if counts else []


def _rejections_text(summary: Summary, max_rejected: str | None) -> str:
    """How many records were rejected, and whether so many may be."""
    text = f"records rejected  {summary.rejected:,}"
    if max_rejected is None or not summary.rejected:
        return text
    word = "more than" if summary.rejected > summary.may_be_rejected else "within"
    limit = f"--max-rejected {max_rejected}"
    if "%" in max_rejected:
        limit += f", which is {summary.may_be_rejected:,}"
    return f"{text} ({word} {limit})"


def _summary_text(summary: Summary, out: str, max_rejected: str | None) -> str:
    seconds = max(summary.seconds, 0.001)
    triples = ", ".join(f"{part} {number:,}" for part, number in summary.triples.items())
    removed = f" ({summary.removed} of an earlier export removed)" if summary.removed else ""
    return "\n".join(
        (
            f"records read      {summary.read:,}",
            f"records exported  {summary.exported:,}",
            _rejections_text(summary, max_rejected),
            *([f"unchanged         {summary.unchanged:,}"] if summary.unchanged else []),
            *([f"kept as before    {summary.kept:,}"] if summary.kept else []),
            *([f"nodes left out    {summary.left_out:,}"] if summary.left_out else []),
            *_results_lines(summary),
            f"triples           {triples}",
            f"files             {summary.files:,} in {out}{removed}",
            f"bytes             {summary.bytes:,}",
            f"seconds           {seconds:.1f} ({summary.read / seconds:,.0f} records a second)",
        )
    )
