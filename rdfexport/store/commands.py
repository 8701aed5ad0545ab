"""``rdfexport load``: exports into a store."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(epilog="Example: rdfexport load out --store out/store")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE...",
)
@click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/store"),
    show_default=True,
    help="Folder of the embedded store.",
)
@click.option(
    "--append",
    is_flag=True,
    help="Keep what the store holds; without it, it ends up holding just these files.",
)
@click.option(
    "--graph",
    metavar="IRI",
    help="Named graph for triples of formats that know no graphs.  [default: the default graph]",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing.")
def load(
    *, files: tuple[Path, ...], store: Path, append: bool, graph: str | None, quiet: bool
) -> None:
    """Load RDF files into an embedded store, which needs no server.

    FILE is an RDF file (.nq .trig .nt .ttl .rdf .graph.jsonld, also with .gz or .zst) or a folder
    of them, such as that of an export. N-Quads keep each figure in its named graph.
    """
    from rdfexport.errors import CallError  # noqa: PLC0415 - keeps --help quick
    from rdfexport.store import load as run  # noqa: PLC0415

    if graph is not None and not graph.startswith(("http://", "https://", "urn:")):
        raise CallError(f"--graph {graph}: write an absolute IRI")
    loaded = run(files, store, append=append, graph=graph)
    if not quiet:
        click.echo(
            f"files             {loaded.files:,}\n"
            f"triples           {loaded.triples:,} in {store}\n"
            f"named graphs      {loaded.graphs:,}",
            err=True,
        )
