"""A release into a SPARQL server."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from support.catalogs import FIGURE, small_release
from support.servers import Server, oxigraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome

LINKSET = "https://pfocr.wikipathways.org/graph/linkset"
BOOK = "https://pfocr.wikipathways.org/graph/load"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as running:
        yield running


@pytest.fixture
def submit(
    server: Server,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Callable[..., Outcome]:
    server.empty()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    url = server.query.removesuffix("/query")

    def call(release: Path, *options: str) -> Outcome:
        return run("submit", release, "--to", f"sparql:{url}", *options)

    return call


def graphs(server: Server) -> set[str]:
    return set(server.counts()) - {BOOK}


def test_the_store_holds_the_release_and_later_the_next(
    server: Server, submit: Callable[..., Outcome], tmp_path: Path
) -> None:
    server.update('INSERT DATA { GRAPH <urn:others> { <urn:a> <urn:b> "theirs" } }')
    figids = tuple(f"PMC{number}__f{number}" for number in range(1, 8))
    first = small_release(tmp_path / "out", "20261110", figids[:6])
    outcome = submit(first)
    assert outcome.code == 0, outcome.stderr
    assert "loaded 7 graphs and removed 0" in outcome.stderr
    both = {*(FIGURE.format(figid) for figid in figids[:6]), LINKSET, "urn:others"}
    assert graphs(server) == both
    outcome = submit(first)
    assert outcome.code == 0
    assert "all is there already" in outcome.stderr
    later = small_release(tmp_path / "out", "20261210", figids[1:])
    outcome = submit(later)
    assert "loaded 1 graphs and removed 1" in outcome.stderr
    held = both - {FIGURE.format(figids[0])} | {FIGURE.format(figids[6])}
    assert graphs(server) == held
    # A release that lacks most of what is there may be another collection's.
    outcome = submit(small_release(tmp_path / "out", "20270110", figids[:1]))
    assert outcome.code == 2
    assert "this would remove 6 of " in outcome.stderr
    assert "rdfexport load " in outcome.stderr
    assert graphs(server) >= held


def test_a_dry_run_loads_nothing(
    server: Server, submit: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = submit(small_release(tmp_path / "out"), "--dry-run")
    assert outcome.code == 0
    assert "rdf.nq.gz into http" in outcome.stdout
    assert server.counts() == {}


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"no gzip", 2, "cannot be read"),
        (gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n", mtime=0), 1, "names no graph"),
        (gzip.compress(b"", mtime=0), 1, "nothing in the sources"),
    ],
)
def test_a_release_that_is_damaged_is_not_loaded(
    data: bytes,
    code: int,
    said: str,
    server: Server,
    submit: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    release = small_release(tmp_path / "out")
    (path,) = release.rglob("*.nq.gz")
    size = path.stat().st_size
    path.write_bytes(data)
    facts = release / "release.json"
    facts.write_text(facts.read_text().replace(f'"size": {size}', f'"size": {len(data)}'))
    outcome = submit(release)
    assert outcome.code == code
    assert said in outcome.stderr
    assert graphs(server) == set()
