"""``rdfexport references``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from rdfexport.cli.options import name_and_value, quiet_option
from rdfexport.cli.status import FAULTS
from rdfexport.cli.unused import refuse_unused
from rdfexport.printing import say, shown, visible
from rdfexport.references import References
from rdfexport.references.tables import TABLES
from rdfexport.references.update import UpdateOptions
from rdfexport.references.update import update as update_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdfexport.references.update import Outcome

_SECONDS_BETWEEN_LINES: Final = 5.0


@click.group(epilog="Example: rdfexport references status")
def references() -> None:
    """Reference tables: genes, chemicals, diseases and organisms.

    They come with rdfexport, and are used without any network. An update is never made unasked.
    """


@references.command(epilog="Example: rdfexport references update --only hgnc,mesh")
@click.option(
    "--only",
    metavar="TABLE,...",
    default="",
    help=f"Tables to update: {', '.join(TABLES)}.  [default: all]",
)
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of files already downloaded, to be read instead.",
)
@click.option(
    "--url",
    "urls",
    multiple=True,
    metavar="NAME=URL",
    help="Another address for a file, by its name in `references status`; several times.",
)
@click.option(
    "--organisms",
    metavar="TAXON,...",
    default="",
    help="Organisms of the tables of genes, by NCBI taxonomy number, or all."
    "  [default: those that figures have]",
)
@quiet_option("what goes wrong")
def update(
    *, only: str, folder: Path | None, urls: tuple[str, ...], organisms: str, quiet: bool
) -> None:
    """Update the reference tables from where they are published.

    A table whose files cannot be downloaded whole and sound stays as it is. Exit status 0: all
    are up to date; 1: a table could not be updated; 2: nothing could be done.
    """
    if folder is not None:
        refuse_unused("with --from: nothing is downloaded", "urls")
    progress = _Progress(quiet=quiet)
    outcomes = []
    for outcome in update_tables(
        UpdateOptions(
            only=_listed(only),
            source_folder=folder,
            urls=dict(name_and_value("--url", text, "NAME=URL") for text in urls),
            taxa=_listed(organisms),
            on_progress=progress.update,
        )
    ):
        outcomes.append(outcome)
        if outcome.status == "failed":
            say(f"error: {outcome.table}: {outcome.problem}")
        elif not quiet:
            say(_line(outcome))
    if any(outcome.status == "failed" for outcome in outcomes):
        sys.exit(FAULTS)


@references.command(epilog="Example: rdfexport references status")
def status() -> None:
    """Show what each table is: its date, rows, licence and source, and where the database is."""
    with References.open() as tables:
        rows: list[Sequence[str]] = [("table", "date", "rows", "origin", "licence")]
        rows += [
            (state.name, state.date, f"{state.rows:,}", state.origin, state.licence)
            for state in tables.provenance()
        ]
        held = {row[0] for row in rows}
        missing = [table for table in TABLES.values() if table.name not in held]
        rows += [(one.name, "-", "-", "not downloaded", one.licence) for one in missing]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            click.echo("  ".join(cells).rstrip())
        click.echo("\nsources")
        for state in tables.provenance():
            click.echo(f"  {state.name}: {visible(state.source)}")
        click.echo("\nfiles that an update downloads (--url NAME=URL, or the variable)")
        for table in TABLES.values():
            for source in table.sources:
                click.echo(f"  {source.name} = {shown(source.url)}  ({source.variable})")
        click.echo(f"\ndatabase  {tables.path}\ndigest    {tables.digest()}")


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _line(outcome: Outcome) -> str:
    state = outcome.state
    what = f"{state.rows:,} rows of {state.date}"
    if outcome.status == "absent":
        return f"{outcome.table}: left as it is, the folder has no file for it ({what})"
    return f"{outcome.table}: {outcome.status}, {what}"


class _Progress:
    """Prints every few seconds how far a download is."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = time.monotonic()

    def update(self, source: str, size: int, total: int | None) -> None:
        now = time.monotonic()
        if not self._quiet and now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            of = f" of {total / 1e6:,.0f}" if total else ""
            say(f"{source}: {size / 1e6:,.0f}{of} MB")
