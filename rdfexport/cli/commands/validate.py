"""``rdfexport validate``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rdfexport.cli.fallbacks import say_fallbacks
from rdfexport.cli.options import engine_option, shapes_option, vocab_base_option
from rdfexport.cli.progress import progress
from rdfexport.cli.release_folders import refuse_folders_of_releases
from rdfexport.cli.status import FAULTS
from rdfexport.diagnostics import Severity
from rdfexport.pipeline.check import Check, check
from rdfexport.printing import say
from rdfexport.terms import checked_base
from rdfexport.validate.report import REPORTS


@click.command(epilog="Example: rdfexport validate out/core --format github --report report.ttl")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@click.option(
    "--store",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of an Oxigraph store, instead of files.",
)
@click.option("--endpoint", metavar="URL", help="SPARQL server, instead of files.")
@shapes_option
@engine_option
@vocab_base_option
@click.option(
    "--format",
    "report_format",
    type=click.Choice(tuple(REPORTS)),
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
    type=click.Choice([one.value.lower() for one in Severity]),
    default="warning",
    show_default=True,
    help="Print results of this severity and worse; the summary counts all.",
)
@click.option(
    "--allow-empty", is_flag=True, help="Accept files and stores in which there is no figure."
)
@click.option("-q", "--quiet", is_flag=True, help="Print results only, no summary.")
def validate(  # noqa: PLR0913 - one argument an option
    *,
    files: tuple[Path, ...],
    store: Path | None,
    endpoint: str | None,
    shapes: tuple[Path, ...],
    engine: str,
    vocab_base: str,
    report_format: str,
    report: Path | None,
    least: str,
    allow_empty: bool,
    quiet: bool,
) -> None:
    """Validate graphs that already exist: files, a store, or a SPARQL endpoint.

    FILE is an RDF file (.ttl .nt .nq .trig .rdf .jsonld, also with .gz or .zst) or a folder of
    them; of one that `rdfexport export` wrote, only the export is read. Exit status 0: no
    violation; 1: violations; 2: it could not be done.
    """
    refuse_folders_of_releases(files)
    say_fallbacks(engine, reads=False, quiet=quiet)
    with progress("files" if files else "pieces", quiet=quiet) as bar:
        outcome = check(
            Check(
                files=files,
                store=store,
                endpoint=endpoint,
                shapes=shapes,
                engine=engine,
                vocabulary_base=checked_base(vocab_base),
                report=report,
                print_format=report_format,
                print_least=least.capitalize(),
                allow_empty=allow_empty,
            ),
            write=sys.stdout.write,
            on_start=bar.start,
            on_progress=bar.update,
        )
    if not quiet:
        say(outcome.summary)
    if not outcome.conforms:
        sys.exit(FAULTS)
