"""``rdfexport load``: an export, RDF files or figure records into a SPARQL store."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

import click
import pyoxigraph as ox

from rdfexport.cli.load_sources import Rejected, open_source
from rdfexport.cli.load_summary import load_summary, preview_text, removal_text
from rdfexport.cli.messages import Messages
from rdfexport.cli.options import (
    choice,
    export_date,
    jobs_option,
    quiet_option,
    signers_option,
    validate_option,
    verbose_option,
)
from rdfexport.cli.progress import progress
from rdfexport.cli.prompts import terminal_prompt
from rdfexport.cli.status import FAULTS, end_incomplete
from rdfexport.cli.unused import refuse_unused
from rdfexport.errors import LoadError, UsageError
from rdfexport.pipeline import GraphOptions, Validation
from rdfexport.printing import named, say, visible_lines
from rdfexport.store import (
    SHARE,
    AuthKind,
    BulkLoader,
    EmbeddedReader,
    Kind,
    LoadOptions,
    LoadSummary,
    Mode,
    Preview,
    Prune,
    Source,
    connect,
    connect_reader,
    is_reserved,
    load_server,
    load_store,
    preview,
)

_DEFAULT_STORE: Final = Path("out/store")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """The options and arguments of the command, as they were given."""

    sources: tuple[str, ...]
    store: Path | None
    endpoint: str | None
    kind: Kind
    graph: str | None
    auth: AuthKind
    replace: bool
    append: bool
    sync: bool
    prune: bool
    yes: bool
    dry_run: bool
    bulk: str | None
    bulk_folder: Path | None
    compat: str | None
    validate: bool
    signers: Path | None
    jobs: int
    quiet: bool
    verbose: bool

    @property
    def mode(self) -> Mode | None:
        """The one of ``--replace``, ``--append`` and ``--sync`` that was given, if one was."""
        given: list[Mode] = [mode for mode in get_args(Mode) if getattr(self, mode)]
        if len(given) > 1:
            raise UsageError(" and ".join(f"--{name}" for name in given) + ": choose one of them")
        return given[0] if given else None

    @property
    def folder(self) -> Path:
        """The folder of the embedded store, where there is no endpoint."""
        return self.store or _DEFAULT_STORE


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
    type=choice(Kind),
    default="auto",
    show_default=True,
    help="What takes the data: the Graph Store Protocol, SPARQL UPDATE, or a server of this name.",
)
@click.option("--graph", metavar="IRI", help="One graph for all, instead of a graph a figure.")
@click.option(
    "--auth",
    type=choice(AuthKind),
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
@validate_option("Records: validate each figure's graph.")
@signers_option
@jobs_option
@quiet_option("what goes wrong")
@verbose_option("every warning about records")
def load(**given: Any) -> None:
    """Load figures into a SPARQL store, safely as often as you like.

    SOURCE is a folder that `rdfexport export` wrote, the folder or URL of a release, RDF files (.nq
    .nt .trig .ttl .rdf, also with .gz or .zst), or figure records, which need no files between.
    Figures that are sent are replaced, and all others stay unless --prune is given. A load that was
    stopped continues when the same command is given again. Exit status 0: the store holds what was
    sent, counted graph by graph; 1: it does not, or data was refused; 2: it could not be done, or
    --prune was refused.
    """
    call = _Call(**given)
    mode = call.mode
    _check_place(call)
    _check_mode(call)
    graphs = GraphOptions(
        jobs=call.jobs,
        wikipathways=call.compat is not None,
        validation=Validation() if call.validate else None,
        date=export_date(None),
    )
    with progress("triples", quiet=call.quiet) as bar:
        messages = Messages(bar, quiet=call.quiet, verbose=call.verbose, sources=call.sources)
        rejected, refusal = Rejected(messages), ""
        prune = Prune(1.0 if call.yes else SHARE, lambda removal: bar.say(removal_text(removal)))
        options = LoadOptions(
            mode or "replace", prune if call.prune else None, mode == "replace", bar.update
        )
        try:
            with open_source(
                call.sources, call.graph, graphs, rejected, call.signers, quiet=call.quiet
            ) as source:
                if call.dry_run:
                    found = _preview(call, source, options)
                    text, refusal = preview_text(found, names=call.verbose), found.refusal
                else:
                    summary = _load(call, source, options)
                    text = load_summary(summary, messages, named(call.endpoint or str(call.folder)))
        except LoadError as error:
            if not messages.incomplete:
                raise
            say(f"error: {error}")
            end_incomplete()
    messages.close(None)
    if call.dry_run or not call.quiet:
        click.echo(visible_lines(text), err=not call.dry_run)
    if refusal:
        raise UsageError(f"without --dry-run, {refusal}")
    if messages.incomplete:
        end_incomplete()
    if messages.rejections:
        sys.exit(FAULTS)


def _load(call: _Call, source: Source, options: LoadOptions) -> LoadSummary:
    if call.endpoint is None:
        return load_store(source, call.folder, options)
    prompt = terminal_prompt()
    loader = None
    if call.bulk and call.bulk_folder:
        loader = BulkLoader(call.bulk, call.bulk_folder, prompt)
    target = connect(call.endpoint, call.kind, call.auth, loader, prompt)
    return load_server(source, target, options)


def _preview(call: _Call, source: Source, options: LoadOptions) -> Preview:
    if call.endpoint is None:
        return preview(source, EmbeddedReader(call.folder), options)
    reader = connect_reader(call.endpoint, call.kind, call.auth, terminal_prompt())
    return preview(source, reader, options)


def _check_place(call: _Call) -> None:
    if call.store is not None and call.endpoint is not None:
        raise UsageError("name either --store or --endpoint")
    if (call.bulk is None) != (call.bulk_folder is None):
        raise UsageError("--bulk and --bulk-folder go together")
    if call.bulk is not None and call.endpoint is None:
        raise UsageError("--bulk needs --endpoint: the server's address for SPARQL")
    if call.endpoint is None:
        refuse_unused("without --endpoint", "kind", "auth")
    if call.graph is None:
        return
    try:
        ox.NamedNode(call.graph)
    except ValueError as error:
        raise UsageError(f"--graph {named(call.graph)}: not an IRI") from error
    if is_reserved(call.graph):
        raise UsageError(f"--graph {call.graph}: is where rdfexport keeps what it has loaded")


def _check_mode(call: _Call) -> None:
    if call.mode == "sync" and call.graph is not None:
        raise UsageError("--sync needs a graph for each figure: leave out --graph")
    if call.mode == "append" and call.prune:
        raise UsageError("--append keeps everything: leave out --prune")
    if call.yes and not call.prune:
        raise UsageError("--yes is about what --prune removes: add --prune")
