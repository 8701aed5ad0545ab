"""The command line: arguments, progress, messages, exit statuses. Thin.

Exit status: 0 all good, 1 the data has faults (said where), 2 the call or the environment is wrong.
"""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import click

from rdfexport.errors import CallError, RecordError
from rdfexport.references.commands import references
from rdfexport.version import __version__
from rdfexport.vocab import FIGURE_BASE, VOCABULARY_BASE

if TYPE_CHECKING:
    from rdfexport.model import Finding
    from rdfexport.pipeline import Summary

_FAULTS, _WRONG_CALL, _INTERRUPTED = 1, 2, 130
_LINES_SHOWN: Final = 20
_SECONDS_BETWEEN_LINES: Final = 10.0
# The names stand here as well so that `--help` need not import the serializers; a test compares.
_FORMATS: Final = ("turtle", "jsonld", "ntriples", "nquads", "trig", "rdfxml", "jsonld-graph")
_COMPRESSIONS: Final = ("none", "gz", "zst")
_ENGINES: Final = ("shacl", "pyshacl")
_REPORTS: Final = ("table", "json", "github", "sarif", "turtle")


class _Commands(click.Group):
    """Turns this package's errors into messages and exit statuses, for every command."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CallError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(_WRONG_CALL)
        except RecordError as error:
            click.echo(f"error: {error}", err=True)
            ctx.exit(_FAULTS)
        except KeyboardInterrupt:
            click.echo("stopped: no file was left half written", err=True)
            ctx.exit(_INTERRUPTED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rdfexport")
def main() -> None:
    """PFOCR pathway-figure records as schema.org JSON-LD and RDF."""


main.add_command(references)


_shapes_option = click.option(
    "--shapes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Shapes file of your own, beside those that come with rdfexport; several times.",
)
_engine_option = click.option(
    "--engine",
    type=click.Choice(_ENGINES),
    default="shacl",
    show_default=True,
    help="SHACL engine; pyshacl is the reference, and slow.",
)


@main.command(
    epilog="Example: rdfexport export pfocr-database/ --out out --format turtle --format jsonld"
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder for the export; it ends up holding this export only.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(_FORMATS),
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
    help="A file a figure, numbered shards of 500 figures, or by number (files up to 300).",
)
@click.option("--compress", type=click.Choice(_COMPRESSIONS), default="none", show_default=True)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=lambda: len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
    show_default="one a processor",
    help="Worker processes.",
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
    help="Leave a figure out whose graph violates a shape, or export it all the same.",
)
@_shapes_option
@_engine_option
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
@click.option("--vocab-base", default=VOCABULARY_BASE, show_default=True, metavar="IRI")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what is rejected.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Say every warning, and the results of each shape."
)
def export(  # noqa: PLR0913 - one argument an option
    *,
    sources: tuple[str, ...],
    out: Path,
    formats: tuple[str, ...],
    layout: Any,
    compress: str,
    jobs: int,
    strict: bool,
    compat: str | None,
    compat_rule: Any,
    validate: bool,
    on_violation: Any,
    shapes: tuple[Path, ...],
    engine: str,
    report: Path | None,
    data_version: str | None,
    date: str | None,
    figure_base: str,
    vocab_base: str,
    quiet: bool,
    verbose: bool,
) -> None:
    """Export figure records as RDF and JSON-LD.

    SOURCE is a record file, a folder (with all below it), a glob, a .zip, .tar, .tar.gz or
    .tar.zst archive, the URL of a record or an archive, or - for standard input. Faults are
    printed as `file:line: field: what is wrong: what to do`.
    """
    from rdfexport.pipeline import (  # noqa: PLC0415 - keeps --help quick
        ExportOptions,
        Observer,
        Validation,
    )
    from rdfexport.pipeline import export as run  # noqa: PLC0415
    from rdfexport.validate.report import summary as results_summary  # noqa: PLC0415

    options = ExportOptions(
        out=out,
        formats=tuple(dict.fromkeys(formats)),
        layout=layout,
        compress=compress,
        jobs=jobs,
        strict=strict,
        wikipathways=compat == "wikipathways",
        compat_rule=compat_rule,
        data_version=data_version,
        validation=Validation(engine, shapes, on_violation, report) if validate else None,
        date=_date(date),
        figure_base=_base(figure_base),
        vocabulary_base=_base(vocab_base),
    )
    with _progress(quiet=quiet) as progress:
        messages = _Messages(progress, quiet=quiet, verbose=verbose)
        summary = run(
            sources,
            options,
            Observer(
                on_start=progress.start,
                on_progress=progress.update,
                on_rejected=messages.rejected,
                on_finding=messages.finding,
            ),
        )
    messages.close(out)
    if not quiet:
        click.echo(_summary_text(summary, out), err=True)
    if verbose and summary.results:
        click.echo(results_summary(summary.results), err=True)
    if summary.rejected:
        sys.exit(_FAULTS)


@main.command(epilog="Example: rdfexport validate out/core --format github --report report.ttl")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@click.option(
    "--store",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of an Oxigraph store, instead of files.",
)
@click.option("--endpoint", metavar="URL", help="SPARQL query endpoint, instead of files.")
@_shapes_option
@_engine_option
@click.option(
    "--format",
    "report_format",
    type=click.Choice(_REPORTS),
    default="table",
    show_default=True,
    help="Form of what is printed; github and sarif are for CI systems.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for all results as well: .ttl (a W3C report), .json or .sarif.",
)
@click.option(
    "--least",
    type=click.Choice(("violation", "warning", "info")),
    default="warning",
    show_default=True,
    help="Print results of this severity and worse; the summary counts all.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print results only, no summary.")
def validate(  # noqa: PLR0913 - one argument an option
    *,
    files: tuple[Path, ...],
    store: Path | None,
    endpoint: str | None,
    shapes: tuple[Path, ...],
    engine: str,
    report_format: str,
    report: Path | None,
    least: str,
    quiet: bool,
) -> None:
    """Validate graphs that already exist: files, a store, or a SPARQL endpoint.

    FILE is an RDF file (.ttl .nt .nq .trig .rdf .jsonld, also with .gz or .zst) or a folder of
    them. Exit status 0: no violation; 1: violations; 2: it could not be done.
    """
    from rdfexport.pipeline.check import Check, check  # noqa: PLC0415 - keeps --help quick

    with _progress(quiet=quiet) as progress:
        outcome = check(
            Check(
                files=files,
                store=store,
                endpoint=endpoint,
                shapes=shapes,
                engine=engine,
                report=report,
                print_format=report_format,
                print_least=least.capitalize(),
            ),
            write=sys.stdout.write,
            on_start=progress.start,
            on_progress=progress.update,
        )
    if not quiet:
        click.echo(outcome.summary, err=True)
    if not outcome.conforms:
        sys.exit(_FAULTS)


def _date(text: str | None) -> str:
    if text is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if epoch and not epoch.isdecimal():
            raise CallError(f"SOURCE_DATE_EPOCH is {epoch!r}: set it to seconds since 1970")
        moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
        return moment.strftime("%Y-%m-%d")
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).strftime("%Y-%m-%d")
    except ValueError as error:
        raise CallError(f"--date {text}: write a day as YYYY-MM-DD") from error


def _base(iri: str) -> str:
    if re.fullmatch(r"https?://[A-Za-z0-9.:-]+/[A-Za-z0-9._~/%-]*#?", iri) is None:
        raise CallError(f"{iri}: a base is an http(s) IRI that ends in / or #")
    if not iri.endswith(("/", "#")):
        raise CallError(f"{iri}: a base ends in / or #")
    return iri


class _Messages:
    """Prints faults, the first ones each and then their number."""

    def __init__(self, progress: _Progress, *, quiet: bool, verbose: bool) -> None:
        self._progress = progress
        self._quiet = quiet
        self._verbose = verbose
        self._rejected = 0
        self._findings = 0

    def rejected(self, error: RecordError) -> None:
        self._rejected += 1
        if self._verbose or self._rejected <= _LINES_SHOWN:
            self._progress.say(f"rejected: {error}")

    def finding(self, finding: Finding) -> None:
        self._findings += 1
        if self._verbose:
            self._progress.say(f"warning: {finding}")

    def close(self, out: Path) -> None:
        if self._rejected > _LINES_SHOWN and not self._verbose:
            more = self._rejected - _LINES_SHOWN
            click.echo(f"rejected: {more} more, all in {out / 'rejected.jsonl'}", err=True)
        if self._findings and not (self._verbose or self._quiet):
            click.echo(
                f"warnings: {self._findings}, all in {out / 'warnings.jsonl'} (-v prints them)",
                err=True,
            )


class _Progress(AbstractContextManager["_Progress"]):
    """Progress as plain lines, for logs."""

    def __init__(self) -> None:
        self._total = 0
        self._said = self._began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        pass

    def start(self, total: int) -> None:
        self._total = total

    def update(self, done: int) -> None:
        now = time.monotonic()
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            rate = done / (now - self._began)
            self.say(f"{done:,} of {self._total:,} records, {rate:,.0f} a second")

    def say(self, line: str) -> None:
        click.echo(line, err=True)


class _Silent(_Progress):
    def update(self, done: int) -> None:
        pass


class _Bar(_Progress):
    """Progress as a bar, on a terminal."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - slow to import, only for terminals
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        super().__init__()
        self._bar = Progress(
            TextColumn("exporting"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task("exporting", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def start(self, total: int) -> None:
        self._bar.update(self._task, total=total)

    def update(self, done: int) -> None:
        self._bar.update(self._task, completed=done)

    def say(self, line: str) -> None:
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _progress(*, quiet: bool) -> AbstractContextManager[_Progress]:
    if quiet:
        return nullcontext(_Silent())
    return _Bar() if sys.stderr.isatty() else nullcontext(_Progress())


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


def _summary_text(summary: Summary, out: Path) -> str:
    seconds = max(summary.seconds, 0.001)
    triples = ", ".join(f"{part} {number:,}" for part, number in summary.triples.items())
    removed = f" ({summary.removed} of an earlier export removed)" if summary.removed else ""
    return "\n".join(
        (
            f"records read      {summary.read:,}",
            f"records exported  {summary.exported:,}",
            f"records rejected  {summary.rejected:,}",
            *_results_lines(summary),
            f"triples           {triples}",
            f"files             {summary.files:,} in {out}{removed}",
            f"bytes             {summary.bytes:,}",
            f"seconds           {seconds:.1f} ({summary.read / seconds:,.0f} records a second)",
        )
    )
