"""``rdfexport load``: an export, RDF files or figure records into a SPARQL store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rdfexport.cli.options import export_date, jobs_option
from rdfexport.cli.progress import Messages, progress
from rdfexport.cli.prompts import terminal_prompt
from rdfexport.cli.status import FAULTS, end_incomplete
from rdfexport.errors import LoadError, UsageError
from rdfexport.unused import refuse_unused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.pipeline import GraphOptions
    from rdfexport.store import Block, Manner, Mode, Source, Summary

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
    help="The store's graphs are this export when done (default; the option itself says that"
    " graphs may be replaced, too, that no load wrote).",
)
@click.option("--append", is_flag=True, help="Add to what is there.")
@click.option("--sync", is_flag=True, help="Change only figures that changed or are no more.")
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
    bulk: str | None,
    bulk_folder: Path | None,
    compat: str | None,
    validate: bool,
    jobs: int,
    quiet: bool,
    verbose: bool,
) -> None:
    """Load figures into a SPARQL store, safely as often as you like.

    SOURCE is a folder that `rdfexport export` wrote, RDF files (.nq .nt .trig .ttl .rdf, also with
    .gz or .zst), or figure records, which need no files between. A load that was stopped goes on
    where it was when the same command is given again. Exit status 0: the store holds what was
    sent, counted graph by graph; 1: it does not, or data was refused; 2: it could not be done.
    """
    from rdfexport.pipeline import GraphOptions, Validation  # noqa: PLC0415
    from rdfexport.store import Manner  # noqa: PLC0415 - keeps --help quick

    mode = _mode(replace=replace, append=append, sync=sync)
    _check(store, endpoint, graph, mode, bulk, bulk_folder)
    options = GraphOptions(
        jobs=jobs,
        wikipathways=compat is not None,
        validation=Validation() if validate else None,
        date=export_date(None),
    )
    with progress("triples", quiet=quiet) as bar:
        messages = Messages(bar, quiet=quiet, verbose=verbose, sources=sources)
        source = _source(sources, graph, options, messages)
        manner = Manner(mode or "replace", mode == "replace", bar.update)
        try:
            if endpoint is not None:
                summary = _load_server(source, manner, endpoint, kind, auth, bulk, bulk_folder)
            else:
                summary = _load_store(source, manner, store or _DEFAULT_STORE)
        except LoadError as error:
            if not messages.incomplete:
                raise
            click.echo(f"error: {error}", err=True)
            end_incomplete()
    messages.close(None)
    if not quiet:
        click.echo(
            _text(summary, messages.rejections, endpoint or store or _DEFAULT_STORE), err=True
        )
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


def _check(  # noqa: PLR0913, PLR0917 - what can contradict each other
    store: Path | None,
    endpoint: str | None,
    graph: str | None,
    mode: Mode | None,
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
    if mode == "sync":
        raise UsageError("--sync tells figures apart by their graphs: leave out --graph")
    try:
        ox.NamedNode(graph)
    except ValueError as error:
        raise UsageError(f"--graph {graph}: not an IRI ({error})") from error
    if is_reserved(graph):
        raise UsageError(f"--graph {graph}: is where rdfexport keeps what it has loaded")


def _source(
    sources: tuple[str, ...], graph: str | None, options: GraphOptions, messages: Messages
) -> Source:
    from rdfexport.pipeline import Observer  # noqa: PLC0415 - keeps --help quick
    from rdfexport.store import Source, file_source  # noqa: PLC0415 - keeps --help quick

    files = file_source(sources, graph)
    if files is not None:
        refuse_unused("where no records are loaded", "compat", "validate", "jobs")
        return files

    observers = iter([Observer(on_rejected=messages.rejected, on_finding=messages.finding)])

    def read() -> Iterator[Block]:
        # Records may be read more than once; what is wrong with them is said once.
        observer = next(observers, Observer(on_rejected=messages.rejected_again))
        from rdfexport.pipeline import stream  # noqa: PLC0415
        from rdfexport.store import split  # noqa: PLC0415

        for text in stream(sources, options, observer):
            data, whole = text.nquads.encode(), text.part == "core"
            for one in split(text.graph, text.name, data, whole=whole):
                yield one if graph is None else one.moved(graph)

    key = ("records", str(graph), str(options.wikipathways), *map(_absolute, sources))
    return Source(read, graph is None, key, lambda: not messages.incomplete)


def _absolute(source: str) -> str:
    return str(Path(source).absolute()) if Path(source).exists() else source


def _load_server(  # noqa: PLR0913, PLR0917 - what the options say of a server
    source: Source,
    manner: Manner,
    endpoint: str,
    kind: Any,
    auth: Any,
    bulk: str | None,
    bulk_folder: Path | None,
) -> Summary:
    from rdfexport.store import BulkLoader, connect, load_server  # noqa: PLC0415

    prompt = terminal_prompt()
    loader = BulkLoader(bulk, bulk_folder, prompt) if bulk and bulk_folder else None
    return load_server(source, connect(endpoint, kind, auth, loader, prompt), manner)


def _load_store(source: Source, manner: Manner, store: Path) -> Summary:
    from rdfexport.store import load_store  # noqa: PLC0415 - keeps --help quick

    return load_store(source, store, manner)


def _text(summary: Summary, rejected: int, place: object) -> str:
    seconds = max(summary.seconds, 0.001)
    graphs = "1 graph" if summary.graphs == 1 else f"{summary.graphs:,} graphs"
    lines = [f"triples   {summary.triples:,} in {graphs}, all counted in {place}"]
    if summary.unchanged:
        lines.append(f"unchanged {summary.unchanged:,} graphs")
    if summary.removed:
        lines.append(f"removed   {summary.removed:,} graphs")
    if summary.mended:
        lines.append(f"mended    {summary.mended:,} graphs that were not as they had been loaded")
    if summary.chunks_resumed:
        lines.append(f"resumed   behind {summary.chunks_resumed:,} chunks that were there already")
    if rejected:
        lines.append(f"rejected  {rejected:,} records")
    rate = summary.triples / seconds
    lines.append(f"seconds   {seconds:.1f} ({rate:,.0f} triples a second)")
    return "\n".join(lines)
