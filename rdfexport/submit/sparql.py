"""``sparql:URL``: a release in a SPARQL store, loaded as ``load --sync --prune`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.errors import UnreadableError
from rdfexport.store import SHARE, LoadOptions, Prune, connect, load_server, release_source
from rdfexport.submit.target import checked_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdfexport.release.model import Release
    from rdfexport.submit.target import Options

_KIND: Final = "nquads"


class Sparql:
    """A SPARQL server.

    Args:
        url: Its address.
        options: How to log in.

    Raises:
        UsageError: It is no address.
    """

    def __init__(self, url: str, options: Options) -> None:
        self._url = checked_url(url)
        self._options = options

    def plan(self, release: Release) -> Iterator[str]:
        quads = _quads(release)
        yield f"load {quads} into {self._url}: only figures that changed"
        yield (
            f"remove from {self._url} the figures that this release lacks, if they are no more than"
            f" {SHARE:.0%}: rdfexport load {release.folder} --endpoint {self._url} --sync --prune"
            " --dry-run names them"
        )

    def submit(self, release: Release) -> Iterator[str]:
        path = _quads(release)
        source = release_source(path)
        target = connect(self._url, "auto", self._options.auth, prompt=self._options.prompt)
        by_hand = f"rdfexport load {release.folder} --endpoint {self._url} --sync --prune --yes"
        prune = Prune(remedy=f"if that is what you want, {by_hand}")
        summary = load_server(source, target, LoadOptions("sync", prune))
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
