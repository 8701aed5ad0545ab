"""``rdfexport link``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import (
    diseases_by_label_option,
    jobs_option,
    quiet_option,
)
from rdfexport.cli.progress import Messages, progress
from rdfexport.cli.status import FAULTS, end_incomplete
from rdfexport.printing import visible_lines


@click.command(epilog="Example: rdfexport link pfocr-database/ --report links.tsv")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TSV file for each mention: what it was linked to, how, and how sure.",
)
@click.option(
    "--sssom",
    type=click.Path(dir_okay=False, path_type=Path),
    help="SSSOM/TSV file for the mappings used between identifiers.",
)
@diseases_by_label_option
@jobs_option
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Say every warning.")
def link(  # noqa: PLR0913 - one argument an option
    *,
    sources: tuple[str, ...],
    report: Path | None,
    sssom: Path | None,
    diseases_by_label: bool,
    jobs: int,
    quiet: bool,
    verbose: bool,
) -> None:
    """Report what the identifiers of records are linked to, and how well.

    SOURCE is what `rdfexport export` takes. Prints the shares of mentions that have identifiers and
    labels, and what the records and the reference tables do not agree on.
    """
    from rdfexport.pipeline.link_report import (  # noqa: PLC0415 - keeps --help quick
        LinkOptions,
        link_records,
    )
    from rdfexport.pipeline.options import Linking, Observer  # noqa: PLC0415

    say_fallbacks(None, reads=True, quiet=quiet)
    with progress("records", quiet=quiet) as bar:
        messages = Messages(bar, quiet=quiet, verbose=verbose, sources=sources)
        outcome = link_records(
            sources,
            LinkOptions(report, sssom, Linking(diseases_by_label=diseases_by_label), jobs),
            Observer(
                on_start=bar.start,
                on_progress=bar.update,
                on_rejected=messages.rejected,
                on_finding=messages.finding,
            ),
        )
    messages.close(None)
    click.echo(visible_lines("\n".join(outcome.lines())))
    if messages.incomplete:
        end_incomplete()
    if outcome.rejected:
        sys.exit(FAULTS)
