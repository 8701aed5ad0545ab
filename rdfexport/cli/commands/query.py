"""``rdfexport query``."""

from __future__ import annotations

import difflib
import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rdfexport.cli.options import name_and_value
from rdfexport.cli.status import WRONG_CALL
from rdfexport.cli.unused import refuse_unused
from rdfexport.errors import UnreadableError, UsageError
from rdfexport.printing import named, say
from rdfexport.query import FORMATS, Endpoint, Store, bundled, bundled_names, read_query, write
from rdfexport.untrusted.encoding import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.query import Query


@click.command(epilog="Example: rdfexport query figures-of-gene --param gene=MTOR")
@click.argument("query", required=False, metavar="NAME|FILE|-")
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    default=Path("out/store"),
    show_default=True,
    help="Folder of an embedded store.",
)
@click.option("--endpoint", metavar="URL", help="SPARQL endpoint, instead of a store.")
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of a parameter; several times, also for several values of one.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Of the answer; json is SPARQL results in JSON.  [default: table; ttl for triples]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300,
    show_default=True,
    help="Seconds to wait for a complete answer.",
)
@click.option(
    "--union/--no-union",
    default=True,
    show_default=True,
    help="Query all graphs as one, or the default graph as it is.",
)
@click.option("--list", "list_", is_flag=True, help="List the bundled queries.")
@click.option("--show", is_flag=True, help="Print the query, with the values of its parameters.")
def query(  # noqa: PLR0913 - one argument an option
    *,
    query: str | None,
    store: Path,
    endpoint: str | None,
    parameters: tuple[str, ...],
    form: str | None,
    timeout: float,
    union: bool,
    list_: bool,
    show: bool,
) -> None:
    """Answer a bundled query, a file's, or one that is typed (-).

    A file declares its parameters as the bundled queries do: see one with --show.
    """
    if list_:
        others = ("query", "store", "endpoint", "parameters", "form", "timeout", "union", "show")
        refuse_unused("with --list", *others)
        click.echo(_listing([bundled(name) for name in bundled_names()]), nl=False)
        return
    if query is None:
        raise UsageError("which query? Give a name of `rdfexport query --list`, a file, or -")
    if show:
        refuse_unused("with --show", "store", "endpoint", "form", "timeout", "union")
    if endpoint is not None:
        refuse_unused("with --endpoint", "store")
    read = _read(query)
    text = read.text
    if parameters or (read.parameters and not show):
        text, notes = read.bound(name_and_value("--param", text) for text in parameters)
        for note in notes:
            say(f"note: {note}")
    if show:
        click.echo(text, nl=not text.endswith("\n"))
        return
    out = sys.stdout.buffer
    if endpoint is not None:
        write(Endpoint(endpoint, timeout=timeout, union=union).ask(text), form, out)
    else:
        with _at_most(timeout):
            write(Store(store, union=union).ask(text), form, out)
    out.flush()


def _read(name: str) -> Query:
    if name in bundled_names():
        return bundled(name)
    try:
        if name == "-":
            return read_query("the query", decoded(sys.stdin.buffer.read()))
        return read_query(name, decoded(Path(name).read_bytes()))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{named(name)}: not a query: not text in UTF-8") from error
    except OSError as error:
        near = difflib.get_close_matches(name, bundled_names(), n=1)
        hint = f"did you mean {near[0]}?" if near else "`rdfexport query --list` lists the bundled"
        raise UsageError(f"{named(name)}: neither a bundled query nor a file: {hint}") from error


def _listing(queries: list[Query]) -> str:
    width = max(len(one.name) for one in queries)
    lines = []
    for one in queries:
        options = "".join(
            f" --param {parameter.name}={example}"
            for parameter in one.parameters
            for example in parameter.examples
        )
        lines.append(f"{one.name.ljust(width)}  {one.title}")
        if options:
            lines.append(f"{' ' * width}   {options}")
    return "\n".join(lines) + "\n"


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """End the process if the block takes longer, or if a signal asks it to stop.

    A query that is being evaluated does not return to Python, so no exception can end it.
    """
    timer = threading.Timer(seconds, _give_up, (seconds,))
    timer.daemon = True
    timer.start()
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)}
    for one, handler in before.items():
        if handler != signal.SIG_IGN:
            signal.signal(one, signal.SIG_DFL)
    try:
        yield
    finally:
        timer.cancel()
        for one, handler in before.items():
            signal.signal(one, handler)


def _give_up(seconds: float) -> None:
    message = f"error: no complete answer in {seconds:g} seconds: --timeout sets how long to wait"
    print(message, file=sys.stderr, flush=True)
    os._exit(WRONG_CALL)
