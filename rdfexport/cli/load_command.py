"""``rdfexport load``: an export, RDF files or figure records into a SPARQL store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from rdfexport.cli.load_report import preview_text, removal_text, summary_text
from rdfexport.cli.options import export_date, jobs_option, signers_option
from rdfexport.cli.progress import Messages, progress
from rdfexport.cli.prompts import terminal_prompt
from rdfexport.cli.status import FAULTS, end_incomplete
from rdfexport.errors import LoadError, UsageError
from rdfexport.printing import named, say, visible_lines
from rdfexport.unused import refuse_unused

if TYPE_CHECKING:
    from rdfexport.store import AuthKind, Kind, Manner, Mode, Preview, Source, Summary

# The share stands here as well so that `--help` need not import the store; a test compares.
SHARE: Final = 0.2
_DEFAULT_STORE: Final = Path("out/store")


@click.command(epilog="Example: rdfexport load out --endpoint http://localhost:7878")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Folder of an embedded Oxigraph store.  [default: {_DEFAULT_STORE}]",
)
@click.option("--endpoint", metavar="URL", help="Server, instead of an embedded store.")
@click.option(
    "--kind",
    type=click.Choice(("auto", "gsp", "update", "virtuoso", "qlever")),
    default="auto",
    show_default=True,
    help="What takes the data: the Graph Store Protocol, SPARQL UPDATE, or a server of this name.",
)
@click.option("--graph", metavar="IRI", help="One graph for all, instead of a graph a figure.")
@click.option(
    "--auth",
    type=click.Choice(("none", "basic", "digest", "bearer")),
    default="none",
    show_default=True,
    help="User and password are RDFEXPORT_USER and RDFEXPORT_PASSWORD, or in ~/.netrc, or asked"
    " for; a bearer's token is RDFEXPORT_TOKEN.",
)
@click.option(
    "--replace",
    is_flag=True,
    help="Send everything (default; the option itself says that graphs may be replaced, too, that"
    " no load wrote).",
)
@click.option("--sync", is_flag=True, help="Send only what differs from what was loaded.")
@click.option("--append", is_flag=True, help="Add to what is there.")
@click.option(
    "--prune",
    is_flag=True,
    help="Remove the figures that the source lacks: name the whole collection. Without it nothing"
    " is removed.",
)
@click.option(
    "--yes", is_flag=True, help=f"Let --prune remove more than {SHARE:.0%} of the figures."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Say what would be done, with the names of all that would be removed (-v: of everything);"
    " do nothing.",
)
@click.option(
    "--bulk",
    metavar="HOST:PORT",
    help="SQL port of Virtuoso, to use its bulk loader; needs --bulk-folder. Its user and password"
    " are RDFEXPORT_SQL_USER (or dba) and RDFEXPORT_SQL_PASSWORD.",
)
@click.option(
    "--bulk-folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that Virtuoso reads, under the same name (DirsAllowed in virtuoso.ini).",
)
@click.option(
    "--compat",
    type=click.Choice(("wikipathways",)),
    help="Records: load the part for WikiPathways' queries too.",
)
@click.option(
    "--validate/--no-validate",
    default=True,
    show_default=True,
    help="Records: hold each figure's graph against the shapes.",
)
@signers_option
@jobs_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Say every warning about records.")
def load(  # noqa: PLR0913 - one argument an option
    *,
    sources: tuple[str, ...],
    store: Path | None,
    endpoint: str | None,
    kind: Any,
    graph: str | None,
    auth: Any,
    replace: bool,
    append: bool,
    sync: bool,
    prune: bool,
    yes: bool,
    dry_run: bool,
    bulk: str | None,
    bulk_folder: Path | None,
    compat: str | None,
    validate: bool,
    signers: Path | None,
    jobs: int,
    quiet: bool,
    verbose: bool,
) -> None:
    """Load figures into a SPARQL store, safely as often as you like.

    SOURCE is a folder that `rdfexport export` wrote, the folder or URL of a release, RDF files (.nq
    .nt .trig .ttl .rdf, also with .gz or .zst), or figure records, which need no files between.
    Figures that are sent are replaced, and all others stay unless --prune is given. A load that was
    stopped continues when the same command is given again. Exit status 0: the store holds what was
    sent, counted graph by graph; 1: it does not, or data was refused; 2: it could not be done, or
    --prune was refused.
    """
    from rdfexport.cli.load_sources import Rejected, open_source  # noqa: PLC0415
    from rdfexport.pipeline import GraphOptions, Validation  # noqa: PLC0415
    from rdfexport.store import Manner, Prune  # noqa: PLC0415 - keeps --help quick

    mode = _mode(replace=replace, append=append, sync=sync)
    _check(store, endpoint, graph, bulk, bulk_folder)
    _check_mode(mode, graph, prune=prune, yes=yes)
    options = GraphOptions(
        jobs=jobs,
        wikipathways=compat is not None,
        validation=Validation() if validate else None,
        date=export_date(None),
    )
    place = Place(endpoint, kind, auth, bulk, bulk_folder, store or _DEFAULT_STORE)
    with progress("triples", quiet=quiet) as bar:
        messages = Messages(bar, quiet=quiet, verbose=verbose, sources=sources)
        rejected, refusal = Rejected(messages), ""
        order = Prune(1.0 if yes else SHARE, lambda removal: bar.say(removal_text(removal)))
        manner = Manner(mode or "replace", order if prune else None, mode == "replace", bar.update)
        try:
            with open_source(sources, graph, options, rejected, signers, quiet=quiet) as source:
                if dry_run:
                    found = place.preview(source, manner)
                    said, refusal = preview_text(found, names=verbose), found.refusal
                else:
                    said = summary_text(place.load(source, manner), messages, place.name)
        except LoadError as error:
            if not messages.incomplete:
                raise
            say(f"error: {error}")
            end_incomplete()
    messages.close(None)
    if dry_run or not quiet:
        click.echo(visible_lines(said), err=not dry_run)
    if refusal:
        raise UsageError(f"without --dry-run, {refusal}")
    if messages.incomplete:
        end_incomplete()
    if messages.rejections:
        sys.exit(FAULTS)


def _mode(**given: bool) -> Mode | None:
    """The one of ``--replace``, ``--append`` and ``--sync`` that was given, if one was."""
    modes: list[Any] = [name for name, is_given in given.items() if is_given]
    if len(modes) > 1:
        raise UsageError(" and ".join(f"--{name}" for name in modes) + ": choose one of them")
    return modes[0] if modes else None


class Place(NamedTuple):
    """Where to load: a server if there is an endpoint, else a folder."""

    endpoint: str | None
    kind: Kind
    auth: AuthKind
    bulk: str | None
    bulk_folder: Path | None
    store: Path

    @property
    def name(self) -> str:
        return named(self.endpoint or str(self.store))

    def load(self, source: Source, manner: Manner) -> Summary:
        from rdfexport.store import (  # noqa: PLC0415 - keeps --help quick
            BulkLoader,
            connect,
            load_server,
            load_store,
        )

        if self.endpoint is None:
            return load_store(source, self.store, manner)
        prompt = terminal_prompt()
        loader = None
        if self.bulk and self.bulk_folder:
            loader = BulkLoader(self.bulk, self.bulk_folder, prompt)
        target = connect(self.endpoint, self.kind, self.auth, loader, prompt)
        return load_server(source, target, manner)

    def preview(self, source: Source, manner: Manner) -> Preview:
        from rdfexport.store import EmbeddedReader, connect_reader, preview  # noqa: PLC0415

        if self.endpoint is None:
            return preview(source, EmbeddedReader(self.store), manner)
        reader = connect_reader(self.endpoint, self.kind, self.auth, terminal_prompt())
        return preview(source, reader, manner)


def _check(
    store: Path | None,
    endpoint: str | None,
    graph: str | None,
    bulk: str | None,
    bulk_folder: Path | None,
) -> None:
    import pyoxigraph as ox  # noqa: PLC0415 - keeps --help quick

    from rdfexport.store import is_reserved  # noqa: PLC0415

    if store is not None and endpoint is not None:
        raise UsageError("name either --store or --endpoint")
    if (bulk is None) != (bulk_folder is None):
        raise UsageError("--bulk and --bulk-folder go together")
    if bulk is not None and endpoint is None:
        raise UsageError("--bulk needs --endpoint: the server's address for SPARQL")
    if endpoint is None:
        refuse_unused("without --endpoint", "kind", "auth")
    if graph is None:
        return
    try:
        ox.NamedNode(graph)
    except ValueError as error:
        raise UsageError(f"--graph {named(graph)}: not an IRI") from error
    if is_reserved(graph):
        raise UsageError(f"--graph {graph}: is where rdfexport keeps what it has loaded")


def _check_mode(mode: Mode | None, graph: str | None, *, prune: bool, yes: bool) -> None:
    if mode == "sync" and graph is not None:
        raise UsageError("--sync needs a graph for each figure: leave out --graph")
    if mode == "append" and prune:
        raise UsageError("--append keeps everything: leave out --prune")
    if yes and not prune:
        raise UsageError("--yes is about what --prune removes: add --prune")
