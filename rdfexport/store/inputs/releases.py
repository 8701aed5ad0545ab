"""Reads the N-Quads and the description of a release as blocks."""

from __future__ import annotations

import gzip
import zlib
from itertools import groupby, islice
from typing import TYPE_CHECKING

from rdfexport.errors import LoadError, reading_error
from rdfexport.store.graph_names import DESCRIPTION
from rdfexport.store.inputs.blocks import LINES_AT_ONCE, Block, Source, split
from rdfexport.store.inputs.files import blocks
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def release_source(
    quads: Path, description: Path | None = None, graph: str | None = None
) -> Source:
    """Prepare a release to be loaded.

    Args:
        quads: Its gzipped N-Quads: each figure in a graph of its own, linkset and the part for
            WikiPathways in theirs.
        description: Its VoID in Turtle, which names no graph; None to leave it out.
        graph: The one graph that shall hold everything instead.
    """

    def read() -> Iterator[Block]:
        found = _blocks(quads)
        if description is not None:
            yield from blocks([description], graph or DESCRIPTION)
        yield from found if graph is None else (one.moved(graph) for one in found)

    key = ("release", str(graph), str(quads.absolute()), str(description))
    return Source(read, graph is None, key, graph)


def _blocks(path: Path) -> Iterator[Block]:
    """The graphs of a release: each figure's as a whole, others some lines at a time."""
    try:
        with gzip.open(path) as file:
            for graph, run in groupby(file, key=lambda line: _graph(path, line)):
                if not graph.startswith(GRAPH_BASE):
                    yield from split(graph, f"{path}: {graph}", b"".join(run), whole=True)
                    continue
                while lines := b"".join(islice(run, LINES_AT_ONCE)):
                    yield from split(graph, f"{path}: {graph}", lines, whole=False)
    except (OSError, EOFError, zlib.error) as error:
        raise reading_error(error)(f"{path}: cannot be read ({error})") from error


def _graph(path: Path, line: bytes) -> str:
    head, _, tail = line.removesuffix(b"> .\n").rpartition(b" <")
    # Without a graph, what is left has two terms, and so one space.
    if not line.endswith(b"> .\n") or b">" in tail or head.count(b" ") < 2:
        raise LoadError(f"{path}: has a line that names no graph: make the release again")
    return tail.decode()
