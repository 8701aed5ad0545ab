"""``rdfexport serve``."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from rdfexport.cli.options import figure_base_option
from rdfexport.errors import LocalError, MissingPackageError, UsageError
from rdfexport.net.address import refuse_secrets
from rdfexport.printing import say, shown, visible
from rdfexport.query import Store

_MEGABYTE = 1024**2


@click.command(epilog="Example: rdfexport serve --store out/store")
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    default=Path("out/store"),
    show_default=True,
    help="Folder of the store; it is only read.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="0: any."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; 0.0.0.0 lets other machines in.",
)
@click.option("--cors", is_flag=True, help="Let pages of other sites ask.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30,
    show_default=True,
    help="Seconds after which a query is stopped.",
)
@click.option(
    "--max-size",
    type=click.FloatRange(min=0, min_open=True),
    default=64,
    show_default=True,
    help="Megabytes of an answer; a larger one is refused.",
)
@click.option(
    "--max-memory",
    type=click.IntRange(min=16),
    default=2048,
    show_default=True,
    help="Megabytes for a query.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Queries that run at once.",
)
@figure_base_option
@click.option(
    "--public-url",
    metavar="URL",
    help="Where clients find the server, if it is behind another.",
)
def serve(  # noqa: PLR0913 - one argument an option
    *,
    store: Path,
    port: int,
    host: str,
    cors: bool,
    timeout: float,
    max_size: float,
    max_memory: int,
    workers: int,
    figure_base: str,
    public_url: str | None,
) -> None:
    """Serve a store: SPARQL endpoint, query page, and a page for each figure.

    Nothing can be changed through it. It needs the extra: pip install 'rdfexport[serve]'.
    """
    try:
        from rdfexport.serve.app import (  # noqa: PLC0415 - an extra, and slow to import
            Options,
            application,
        )
        from rdfexport.serve.server import run  # noqa: PLC0415
        from rdfexport.serve.workers.jobs import Limits  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            f"{error.name} is missing: install what serving needs: pip install 'rdfexport[serve]'"
        ) from error
    Store(store)  # says what is wrong with it
    if public_url is not None:
        refuse_secrets(public_url, "--public-url")
        if not public_url.startswith(("http://", "https://")):
            raise UsageError(f"--public-url {shown(public_url)}: write it with http:// or https://")
    options = Options(
        store,
        figure_base,
        public_url.rstrip("/") + "/" if public_url else None,
        cors,
        workers,
        Limits(timeout, int(max_size * _MEGABYTE), max_memory * _MEGABYTE),
    )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        name = host.encode("idna").decode()  # the socket would raise what is no OSError
        listening = socket.create_server((name, port), family=family)
    except (OSError, UnicodeError) as error:
        raise LocalError(
            f"{visible(host)}:{port}: cannot listen there ({error}): --host and --port choose where"
        ) from error
    with listening:
        address, number = listening.getsockname()[:2]
        where = f"[{address}]" if ":" in address else address
        say(f"serving {store} at http://{where}:{number}/ (stop with Ctrl-C)")
        started = run(application(options, say), listening)
    if not started:
        raise LocalError("the server could not start: see above")
