"""``sparql:URL``: the graphs of a release in a SPARQL store, loaded as ``load --sync`` does."""

from __future__ import annotations

import gzip
import zlib
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final

from rdfexport.errors import LoadError, UnreadableError, reading_error
from rdfexport.store import Block, Manner, Source, connect, load_server, split
from rdfexport.submit.target import checked_url
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdfexport.release.model import Release
    from rdfexport.submit.target import Options

_KIND: Final = "nquads"
_LINES_AT_ONCE: Final = 2_000


class Sparql:
    """A SPARQL server.

    Args:
        url: Its address.
        options: How it knows who asks.

    Raises:
        UsageError: It is no address.
    """

    def __init__(self, url: str, options: Options) -> None:
        self._url = checked_url(url)
        self._options = options

    def plan(self, release: Release) -> Iterator[str]:
        yield f"load {_quads(release)} into {self._url}: only figures that changed"

    def submit(self, release: Release) -> Iterator[str]:
        path = _quads(release)
        source = Source(lambda: _blocks(path), complete=True, key=("release", str(path.absolute())))
        target = connect(self._url, "auto", self._options.auth, prompt=self._options.prompt)
        summary = load_server(source, target, Manner("sync"))
        changed = summary.graphs - summary.unchanged
        if changed or summary.removed:
            yield (
                f"loaded {changed:,} graphs and removed {summary.removed:,}:"
                f" {summary.triples:,} triples in {self._url}, counted"
            )


def _quads(release: Release) -> Path:
    for file in release.files:
        if file.kind == _KIND:
            return release.folder / file.path
    raise UnreadableError(f"{release.folder}: has no N-Quads, which are what is loaded")


def _blocks(path: Path) -> Iterator[Block]:
    """The graphs of a release: each figure's as a whole, others some lines at a time."""
    try:
        with gzip.open(path) as file:
            for graph, run in groupby(file, key=lambda line: _graph(path, line)):
                if not graph.startswith(GRAPH_BASE):
                    yield from split(graph, f"{path}: {graph}", b"".join(run), whole=True)
                    continue
                while lines := b"".join(islice(run, _LINES_AT_ONCE)):
                    yield from split(graph, f"{path}: {graph}", lines, whole=False)
    except (OSError, EOFError, zlib.error) as error:
        raise reading_error(error)(f"{path}: cannot be read ({error})") from error


def _graph(path: Path, line: bytes) -> str:
    head, _, tail = line.removesuffix(b"> .\n").rpartition(b" <")
    # Without a graph, what is left has two terms, and so one space.
    if not line.endswith(b"> .\n") or b">" in tail or head.count(b" ") < 2:
        raise LoadError(f"{path}: has a line that names no graph: make the release again")
    return tail.decode()
