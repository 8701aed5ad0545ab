"""What Virtuoso, Oxigraph and nginx do to those who trust them, and that a load does not.

Each trap is first shown to be there, where it is the server's, and then shown to be avoided.
"""

from __future__ import annotations

import gzip
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
from requests.auth import HTTPBasicAuth

from rdfexport import ExportOptions, export
from support import servers
from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Outcome

G = "http://e/g"
ROWS = 50


def lines(number: int, name: str = "s") -> bytes:
    return b"".join(b"<http://e/%s%d> <http://e/p> <http://e/o> .\n" % (name.encode(), i)
                    for i in range(number))  # fmt: skip


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export([str(EXAMPLES)], ExportOptions(folder, formats=("nquads",)))
    return folder


@pytest.fixture(scope="module")
def known(exported: Path) -> dict[str, int]:
    """How many triples each graph of the export has."""
    found: dict[str, set[str]] = {}
    for file in exported.rglob("*.nq"):
        for line in file.read_text().splitlines():
            found.setdefault(line.rsplit(" ", 2)[1].strip("<>"), set()).add(line)
    return {graph: len(of_it) for graph, of_it in found.items()}


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("RDFEXPORT_USER", "RDFEXPORT_PASSWORD", "RDFEXPORT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))


@pytest.fixture(scope="module")
def virtuosos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso"), ROWS) as server:
        yield server


@pytest.fixture
def virtuoso(virtuosos: servers.Server, monkeypatch: pytest.MonkeyPatch) -> servers.Server:
    """An empty Virtuoso that gives 50 rows at most; who may write is in the environment."""
    virtuosos.empty()
    for name, value in virtuosos.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("RDFEXPORT_SQL_PASSWORD", servers.ADMINISTRATOR)
    return virtuosos


def without_books(counts: dict[str, int]) -> dict[str, int]:
    return {g: n for g, n in counts.items() if "/graph/load" not in g}


# --- Virtuoso --------------------------------------------------------------------------------


def graph_store(server: servers.Server, data: object, **headers: str) -> requests.Response:
    url = server.query.replace("sparql-auth", "sparql-graph-crud-auth")
    # Digest authentication sends a body twice, which a generator cannot: so ask first.
    session = requests.Session()
    session.auth = server.auth
    session.get(url, params={"graph": "urn:none"}, timeout=60)
    kinds = {"Content-Type": "text/turtle", **headers}
    return session.post(url, params={"graph": G}, data=data, headers=kinds, timeout=60)  # type: ignore[arg-type]


def test_virtuoso_loses_bodies_of_unknown_length(virtuoso: servers.Server) -> None:
    url = virtuoso.query.replace("sparql-auth", "sparql-graph-crud-auth")
    curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--digest"]
    who = ["-u", f"{virtuoso.env['RDFEXPORT_USER']}:{virtuoso.env['RDFEXPORT_PASSWORD']}"]
    chunked = ["-H", "Transfer-Encoding: chunked", "-H", "Content-Type: text/turtle"]
    if shutil.which("curl") is None:
        pytest.skip("curl is not on the PATH: the trap itself is not shown")
    command = [*curl, *who, *chunked, "--data-binary", "@-", f"{url}?graph={G}"]
    said = subprocess.run(command, input=lines(10), capture_output=True, check=True).stdout
    assert said == b"201"
    assert G not in virtuoso.counts()


def test_virtuoso_refuses_gzip(virtuoso: servers.Server) -> None:
    answer = graph_store(virtuoso, gzip.compress(lines(10)), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 500
    assert G not in virtuoso.counts()


def test_virtuoso_keeps_what_stands_before_a_syntax_error(
    virtuoso: servers.Server, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    bad = lines(3) + b"<http://e/x> nonsense .\n"
    assert graph_store(virtuoso, bad).status_code == 500
    assert virtuoso.counts()[G] == 3
    virtuoso.empty()
    file = tmp_path / "a.nt"
    file.write_bytes(bad)
    outcome = run("load", file, *virtuoso.options, "--graph", G)
    assert outcome.code == 1
    assert f"{file}:4: not well-formed" in outcome.stderr
    assert G not in virtuoso.counts()


def test_virtuoso_fails_at_large_updates(
    virtuoso: servers.Server, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    # With Debian's MaxQueryCostEstimationTime; without it at 5,000, as its memory is exhausted.
    with pytest.raises(AssertionError, match=r"SP031.*exceeded 10000 lines"):
        virtuoso.update(f"INSERT DATA {{ GRAPH <{G}> {{ {lines(1_500).decode()} }} }}")
    virtuoso.empty()
    figure, shared = tmp_path / "f.nq", tmp_path / "g.nt"
    page = "https://pfocr.wikipathways.org/figures/PMC1__f.html"
    figure.write_bytes(lines(6_500).replace(b" .\n", f" <{page}> .\n".encode()))
    shared.write_bytes(lines(20_000))
    for kind in ("auto", "update"):
        endpoint = virtuoso.options[1].replace("/sparql", "/sparql-auth")
        how = ("--endpoint", endpoint, *virtuoso.options[2:], "--kind", kind)
        assert run("load", figure, *how).code == 0
        assert run("load", shared, *how, "--graph", G).code == 0
        assert without_books(virtuoso.counts()) == {page: 6_500, G: 20_000}
        virtuoso.empty()


def test_virtuoso_copies_no_graph_beyond_the_size_of_a_transaction(
    run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A server of its own, as it was seen to keep locks after this: a copy exceeds the limit.
    (tmp_path / "limited").mkdir()
    with servers.virtuoso(tmp_path / "limited", transaction=600_000) as server:
        for part in range(70):
            some = " ".join(f'<urn:s{part}-{i}> <urn:p> "value {part} {i}" .' for i in range(1_000))
            server.update(f"INSERT DATA {{ GRAPH <urn:a> {{ {some} }} }}")
        with pytest.raises(AssertionError, match="SR325"):
            server.update("COPY <urn:a> TO <urn:b>")
    with servers.virtuoso(tmp_path, transaction=600_000) as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        for name in ("old", "new"):
            file = tmp_path / f"{name}.nt"
            each = (f'<http://e/{i}> <urn:p> "{name} {i}" .\n' for i in range(70_000))
            file.write_text("".join(each))
            how = ("--graph", G, "--replace", "--prune", "--yes")
            outcome = run("load", file, *server.options, *how)
            assert outcome.code == 0, outcome.stderr
            assert without_books(server.counts())[G] == 70_000
            assert server.select(f'SELECT * {{ GRAPH <{G}> {{ <http://e/7> ?p "{name} 7" }} }}')


def test_virtuoso_cuts_what_it_lists(
    virtuoso: servers.Server, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file = tmp_path / "a.nq"
    graphs = {f"http://e/g{number:03}": number % 7 + 1 for number in range(3 * ROWS)}
    file.write_bytes(
        b"".join(
            lines(number).replace(b" .\n", f" <{graph}> .\n".encode())
            for graph, number in graphs.items()
        )
    )
    assert len(virtuoso.select("SELECT * { ?s ?p ?o }")) == ROWS
    for mode in ("--replace", "--sync", "--append", "--sync"):
        outcome = run("load", file, *virtuoso.options, mode)
        assert outcome.code == 0, outcome.stderr
        assert without_books(virtuoso.counts()) == graphs
    # The list of what was loaded has more entries than are given at once, and all go.
    half = dict(list(graphs.items())[: len(graphs) // 2])
    folder = tmp_path / "export"
    (folder / "core").mkdir(parents=True)
    (folder / "index.tsv").write_text("figid\tfile\n")
    for shown in (graphs, half):
        kept = [line for line in file.read_bytes().splitlines(keepends=True)
                if line.rsplit(b" ", 2)[1].strip(b"<>").decode() in shown]  # fmt: skip
        (folder / "core" / "shard-00001.nq").write_bytes(b"".join(kept))
        outcome = run("load", folder, *virtuoso.options, "--prune", "--yes")
        assert outcome.code == 0, outcome.stderr
        assert without_books(virtuoso.counts()) == shown


def test_virtuoso_shortens_doubles_and_an_export_has_none(
    virtuoso: servers.Server, exported: Path, run: Callable[..., Outcome]
) -> None:
    double = '"0.9377394"^^<http://www.w3.org/2001/XMLSchema#double>'
    virtuoso.update(f"INSERT DATA {{ GRAPH <{G}> {{ <{G}> <{G}> {double} }} }}")
    assert virtuoso.select(f"SELECT ?o {{ GRAPH <{G}> {{ ?s ?p ?o }} }}") != [{"o": "0.9377394"}]
    virtuoso.empty()
    assert run("load", exported, *virtuoso.options).code == 0
    decimal = re.compile(r'<([^>]*)> <([^>]*)> "([0-9.]+)"\^\^<[^>]*#decimal>')
    text = "".join(file.read_text() for file in exported.rglob("*.nq"))
    scores = decimal.findall(text)
    assert scores
    assert "XMLSchema#double" not in text
    for subject, predicate, score in scores:
        rows = virtuoso.select(f"SELECT ?o {{ <{subject}> <{predicate}> ?o }}")
        assert float(rows[0]["o"]) == float(score)
        assert len(rows[0]["o"].rstrip("0")) >= len(score.rstrip("0"))


def test_virtuoso_takes_digest_only(
    virtuoso: servers.Server, exported: Path, run: Callable[..., Outcome]
) -> None:
    who = HTTPBasicAuth(virtuoso.env["RDFEXPORT_USER"], virtuoso.env["RDFEXPORT_PASSWORD"])
    assert requests.get(virtuoso.query, auth=who, timeout=60).status_code == 401
    for auth in ("basic", "none"):
        outcome = run("load", exported, *virtuoso.options[:2], "--auth", auth)
        assert outcome.code == 2
        assert "--auth digest" in outcome.stderr
    assert without_books(virtuoso.counts()) == {}


@pytest.fixture
def bulk(virtuoso: servers.Server) -> tuple[str, ...]:
    folder = virtuoso.folder / "shared"
    return (*virtuoso.options, "--bulk", virtuoso.sql, "--bulk-folder", str(folder))


def test_the_bulk_loader_loads_in_each_way(
    virtuoso: servers.Server,
    bulk: tuple[str, ...],
    exported: Path,
    known: dict[str, int],
    run: Callable[..., Outcome],
) -> None:
    for mode in ("--replace", "--replace", "--append", "--sync"):
        outcome = run("load", exported, *bulk, mode)
        assert outcome.code == 0, outcome.stderr
        assert without_books(virtuoso.counts()) == known
    outcome = run("load", exported, *bulk, "--graph", G)
    assert outcome.code == 0, outcome.stderr
    assert virtuoso.counts()[G] <= sum(known.values())
    assert not list((virtuoso.folder / "shared").iterdir())


def test_the_bulk_loader_says_nothing_of_errors(
    virtuoso: servers.Server,
    bulk: tuple[str, ...],
    exported: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    shared = virtuoso.folder / "shared"
    (shared / "bad.nt").write_bytes(lines(1) + b"<http://e/x y> <http://e/p> <http://e/o> .\n")
    script = (
        f"ld_dir('{shared}', 'bad.nt', '{G}');\nrdf_loader_run();\n"
        "select concat('state ', cast(ll_state as varchar), coalesce(ll_error, ' no error'))"
        " from DB.DBA.LOAD_LIST where ll_file like '%bad.nt';\n"
        "delete from DB.DBA.LOAD_LIST where ll_file like '%bad.nt';\n"
    )
    command = ["isql-vt", virtuoso.sql, "dba", servers.ADMINISTRATOR, "ERRORS=STDOUT"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
    (shared / "bad.nt").unlink()
    assert "state 2 no error" in done.stdout
    shutil.copytree(exported, tmp_path / "spoilt")
    file = sorted((tmp_path / "spoilt" / "core").glob("*.nq"))[1]
    text = file.read_text().splitlines(keepends=True)
    file.write_text("".join([*text[:3], text[3].replace("<", "<a b", 1), *text[4:]]))
    outcome = run("load", tmp_path / "spoilt", *bulk)
    assert outcome.code == 1
    assert f"{file}: {file.stem}: line 4 of its graph" in outcome.stderr


def test_what_the_bulk_loader_cannot_see_is_said(
    virtuoso: servers.Server, exported: Path, run: Callable[..., Outcome]
) -> None:
    # It may read all below the folder for temporary files.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as outside:
        how = (*virtuoso.options, "--bulk", virtuoso.sql, "--bulk-folder", outside)
        outcome = run("load", exported, *how)
        assert outcome.code == 2
        assert "DirsAllowed" in outcome.stderr
        assert not list(Path(outside).iterdir())


def test_the_password_of_the_bulk_loader_is_in_no_list_of_processes(
    bulk: tuple[str, ...], exported: Path
) -> None:
    command = [sys.executable, "-m", "rdfexport", "load", str(exported), *bulk]
    seen: set[bytes] = set()
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(path.read_bytes())
                except OSError:
                    continue
            time.sleep(0.005)
        assert process.stderr is not None
        assert process.returncode == 0, process.stderr.read()
    assert any(b"isql" in line for line in seen)
    assert not any(servers.ADMINISTRATOR.encode() in line for line in seen)


def test_a_wrong_password_of_the_bulk_loader_is_said(
    bulk: tuple[str, ...],
    exported: Path,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RDFEXPORT_SQL_PASSWORD", "wr0ng")
    outcome = run("load", exported, *bulk)
    assert outcome.code == 2
    assert "isql says that user or password is wrong" in outcome.stderr
    assert "wr0ng" not in outcome.stderr


# --- nginx before Oxigraph -------------------------------------------------------------------


@pytest.fixture(scope="module")
def oxigraphs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.oxigraph(tmp_path_factory.mktemp("oxigraph")) as server:
        yield server


@pytest.fixture
def oxigraph(oxigraphs: servers.Server) -> servers.Server:
    oxigraphs.empty()
    return oxigraphs


def asked(folder: Path) -> int:
    """How many requests nginx had."""
    time.sleep(0.2)  # it writes after it has answered
    return len((folder / "access.log").read_text().splitlines())


@contextmanager
def guarded(kind: str, folder: Path, behind: servers.Server) -> Iterator[str]:
    rules = servers.basic_rules(folder) if kind == "basic" else servers.BEARER_RULES
    with servers.nginx(folder, behind, rules) as url:
        yield url


@pytest.mark.parametrize("kind", ["basic", "bearer"])
def test_those_who_may_load_are_known_by_their_environment(
    kind: str,
    oxigraph: servers.Server,
    exported: Path,
    known: dict[str, int],
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "nginx"
    with guarded(kind, folder, oxigraph) as url:
        load = ("load", exported, "--endpoint", url, "--auth")
        monkeypatch.setenv("RDFEXPORT_USER", servers.USER)
        monkeypatch.setenv("RDFEXPORT_PASSWORD", "wr0ng")
        monkeypatch.setenv("RDFEXPORT_TOKEN", "wr0ng")
        for auth, said in ((kind, "wrong, says the server"), ("none", "add --auth")):
            before = asked(folder)
            outcome = run(*load, auth)
            assert outcome.code == 2
            assert said in outcome.stderr
            assert "wr0ng" not in outcome.stderr
            assert asked(folder) - before <= 2
        monkeypatch.setenv("RDFEXPORT_PASSWORD", servers.PASSWORD)
        monkeypatch.setenv("RDFEXPORT_TOKEN", servers.TOKEN)
        outcome = run(*load, kind)
        assert outcome.code == 0, outcome.stderr
        assert without_books(oxigraph.counts()) == known
        state = [path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file()]
        assert not any(servers.PASSWORD.encode() in data for data in state)


def test_those_who_may_load_are_known_by_their_netrc(
    oxigraph: servers.Server,
    exported: Path,
    known: dict[str, int],
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login {servers.USER} password {servers.PASSWORD}\n")
    netrc.chmod(0o600)
    with guarded("basic", tmp_path / "nginx", oxigraph) as url:
        load = ("load", exported, "--endpoint", url, "--auth", "basic")
        outcome = run(*load)
        assert outcome.code == 2
        assert "set RDFEXPORT_USER and RDFEXPORT_PASSWORD, or name the host in ~/.netrc" in (
            outcome.stderr
        )
        monkeypatch.setenv("NETRC", str(netrc))
        outcome = run(*load)
        assert outcome.code == 0, outcome.stderr
        assert without_books(oxigraph.counts()) == known
        # What nobody asked for is not sent.
        assert run(*load[:-1], "none").code == 2


def test_those_who_may_load_are_asked_at_a_terminal(
    oxigraph: servers.Server, exported: Path, known: dict[str, int], tmp_path: Path
) -> None:
    with guarded("basic", tmp_path / "nginx", oxigraph) as url:
        command = [sys.executable, "-m", "rdfexport", "load", str(exported)]
        leader, follower = pty.openpty()
        options = ["--endpoint", url, "--auth", "basic"]
        with subprocess.Popen(
            [*command, *options], stdin=follower, stdout=follower, stderr=follower,
            start_new_session=True,
        ) as process:  # fmt: skip
            os.close(follower)
            said = b""
            for prompt, answer in ((b"user at", servers.USER), (b"password of", servers.PASSWORD)):
                while prompt not in said:
                    said += os.read(leader, 1024)
                os.write(leader, f"{answer}\n".encode())
            while True:
                try:
                    said += os.read(leader, 1024)
                except OSError:
                    break
        os.close(leader)
        assert process.returncode == 0, said
        assert servers.PASSWORD.encode() not in said
        assert without_books(oxigraph.counts()) == known


@pytest.mark.parametrize("limit", ["1m", "20k"])
def test_bodies_that_nginx_refuses_are_cut(
    limit: str,
    oxigraph: servers.Server,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.nt"
    file.write_bytes(lines(40_000))
    rules = f"client_max_body_size {limit};"
    with servers.nginx(tmp_path / "nginx", oxigraph, rules) as url:
        refused = requests.post(f"{url}/store?graph={G}", data=lines(40_000), timeout=60)
        assert refused.status_code == 413
        outcome = run("load", file, "--endpoint", url, "--graph", G)
        assert outcome.code == 0, outcome.stderr
        assert oxigraph.counts()[G] == 40_000


def test_nginx_that_is_too_busy_is_asked_again(
    oxigraph: servers.Server,
    exported: Path,
    known: dict[str, int],
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "nginx"
    # One request a second is let through, and five more: the next are refused.
    inside = "limit_req zone=few burst=5 nodelay; limit_req_status 429;"
    with servers.nginx(folder, oxigraph, inside=inside, outside=LIMIT) as url:
        outcome = run("load", exported, "--endpoint", url, "--kind", "update")
        assert outcome.code == 0, outcome.stderr
        assert without_books(oxigraph.counts()) == known
        assert " 429 " in (folder / "access.log").read_text()


LIMIT = "limit_req_zone $binary_remote_addr zone=few:1m rate=60r/m;"


# --- blank nodes -----------------------------------------------------------------------------


def test_the_same_blank_node_twice_is_two_and_is_refused(
    oxigraph: servers.Server, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    text = b"_:x <http://e/p> <http://e/o> .\n"
    url = oxigraph.query.replace("/query", "/store")
    for _ in range(2):
        kind = {"Content-Type": "application/n-triples"}
        assert requests.post(f"{url}?graph={G}", data=text, headers=kind, timeout=60).ok
    assert oxigraph.counts()[G] == 2
    oxigraph.empty()
    file = tmp_path / "a.nt"
    file.write_bytes(lines(3) + text)
    outcome = run("load", file, *oxigraph.options, "--graph", G)
    assert outcome.code == 1
    assert f"{file}: has blank nodes" in outcome.stderr
    assert G not in oxigraph.counts()
