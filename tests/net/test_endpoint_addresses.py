"""Any address of a server will do for `--endpoint`, in load, query and validate alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import servers
from support.standins import StandIn, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome

ADDRESSES = {
    "oxigraph": ("", "/", "/query", "/update", "/store", "/sparql"),
    "virtuoso": ("", "/", "/sparql", "/sparql-auth", "/sparql-graph-crud-auth"),
}
KINDS = {"oxigraph": servers.oxigraph, "virtuoso": servers.virtuoso}


@pytest.fixture(scope="module", params=KINDS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    with KINDS[request.param](tmp_path_factory.mktemp(request.param)) as server:
        yield server


def test_each_address_of_a_server_is_understood(
    server: servers.Server,
    graphs: Path,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name, value in server.env.items():
        monkeypatch.setenv(name, value)
    base = f"http://127.0.0.1:{server.port}"
    for ending in ADDRESSES[server.kind]:
        named = ("--endpoint", base + ending)
        outcome = run("load", graphs, *named, *server.options[2:], "--sync")
        assert outcome.code == 0, (ending, outcome.stderr)
        outcome = run("load", graphs, *named, *server.options[2:], "--dry-run")
        assert "added     0\nreplaced  0\n" in outcome.stdout, (ending, outcome)
        if "-auth" in ending:
            continue  # which asks who reads, too
        query = ("query", "-", *named, "--format", "csv")
        outcome = run(*query, stdin=b"SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
        assert outcome.code == 0, (ending, outcome.stderr)
        assert int(outcome.stdout.split()[1]) > 100
    for ending in ("", "/update", "/sparql"):
        if server.kind == "virtuoso" and ending == "/update":
            continue
        outcome = run("validate", "--endpoint", base + ending, "-q")
        assert outcome.code in {0, 1}, (ending, outcome.stderr)


@pytest.mark.parametrize("takes", ["/sparql", "/query"])
def test_of_the_two_addresses_for_queries_either_finds_the_other(
    takes: str, graphs: Path, run: Callable[..., Outcome]
) -> None:
    with running(StandIn(takes, takes)) as server:
        loaded = run("load", graphs, "--endpoint", f"{server.url}{takes}")
        assert loaded.code == 0, loaded.stderr
        for ending in ("/sparql", "/query"):
            named = ("--endpoint", server.url + ending)
            text = b"SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
            outcome = run("query", "-", *named, "--format", "csv", stdin=text)
            assert outcome.code == 0, (ending, outcome.stderr)
            assert len(outcome.stdout.splitlines()) > 100


def test_what_is_no_endpoint_says_what_was_tried(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "oxigraph").mkdir()
    with servers.oxigraph(tmp_path / "oxigraph") as server:
        for command in (("query", "-"), ("validate",)):
            url = f"http://127.0.0.1:{server.port}/elsewhere/update"
            outcome = run(*command, "--endpoint", url, stdin=b"ASK {}")
            assert outcome.code == 2
            assert "/elsewhere/query, /elsewhere/sparql" in outcome.stderr
            assert "name the address for queries" in outcome.stderr
