"""Servers by the protocol that they speak, and what they do wrong."""

from __future__ import annotations

import socket
import time
from dataclasses import replace
from email.utils import formatdate
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rdfexport import ExportOptions, export
from rdfexport.errors import UsageError
from rdfexport.store import connect, session
from support.paths import EXAMPLES
from support.standins import Handler, StandIn, blazegraph, fuseki, graphdb, qlever, running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdfexport.store import AuthKind
    from support.records import Outcome


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    options = ExportOptions(folder, formats=("nquads",), wikipathways=True, date="2026-01-01")
    export([str(EXAMPLES)], options)
    return folder


@pytest.fixture(scope="module")
def sent(exported: Path) -> set[ox.Quad]:
    return {quad for path in exported.rglob("*.nq") for quad in ox.parse(path=path)}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Journals of its own for each test, and no long waits between tries."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(session, "LOADING", replace(session.LOADING, backoff=0.01))


LAYOUTS: dict[str, tuple[Callable[[], StandIn], str, tuple[str, ...]]] = {
    "Fuseki": (fuseki, "/ds", ()),
    "Fuseki, by its address of queries": (fuseki, "/ds/query", ()),
    "GraphDB": (graphdb, "/repositories/pfocr", ()),
    "QLever": (qlever, "/", ("--kind", "qlever", "--auth", "bearer")),
    "GraphDB, by its address of updates": (graphdb, "/repositories/pfocr/statements", ()),
    "Blazegraph": (blazegraph, "/namespace/kb/sparql", ()),
    "updates only": (StandIn, "/update", ()),
    "updates only, at one address": (lambda: StandIn("/sparql", "/sparql"), "/sparql", ()),
    "graphs, and updates for what these cannot": (lambda: StandIn(graphs="/data"), "", ()),
    "gzip refused, 415": (lambda: StandIn(graphs="/data", gzip=415), "", ()),
    "gzip refused, 400": (lambda: StandIn(graphs="/data", gzip=400), "", ()),
    "gzip refused, 500": (lambda: StandIn(graphs="/data", gzip=500), "", ()),
    "gzip answered and lost": (lambda: StandIn(graphs="/data", gzip="ignored"), "", ()),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_is_left_of_what_a_server_was_tried_with(
    layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RDFEXPORT_TOKEN", "t0ken")
    make, path, options = LAYOUTS[layout]
    given = dict(zip(options[::2], options[1::2], strict=True))
    kind, auth = given.get("--kind", "auto"), given.get("--auth", "none")
    with running(make()) as server:
        connect(server.url + path, kind, auth)  # type: ignore[arg-type]
        assert len(server.store) == 0


def test_an_answer_that_virtuoso_has_cut_is_refused_by_every_reader(
    exported: Path, run: Callable[..., Outcome]
) -> None:
    with running(fuseki()) as server:
        assert run("load", exported, "--endpoint", f"{server.url}/ds").code == 0
        held = server.triples()
        server.cut = True
        endpoint = ("--endpoint", f"{server.url}/ds/query")
        for call in (
            ("load", exported, *endpoint),
            ("load", exported, *endpoint, "--dry-run"),
            ("validate", *endpoint),
            ("query", "figures-of-gene", "--param", "gene=MTOR", *endpoint),
        ):
            outcome = run(*call)
            assert outcome.code == 2, outcome
            assert "gave a part of the answer" in outcome.stderr
        assert server.triples() == held


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_server_is_found_out_and_loaded(
    layout: str,
    exported: Path,
    sent: set[ox.Quad],
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RDFEXPORT_TOKEN", "t0ken")
    make, path, options = LAYOUTS[layout]
    with running(make()) as server:
        load = ("load", exported, "--endpoint", server.url + path, *options)
        for more in ((), (), ("--sync",), ("--append",)):
            outcome = run(*load, *more)
            assert outcome.code == 0, outcome.stderr
            assert server.triples() == sent
        outcome = run(*load, "--graph", "urn:one")
        assert outcome.code == 0, outcome.stderr
        one = server.store.quads_for_pattern(None, None, None, ox.NamedNode("urn:one"))
        assert {quad.triple for quad in one} == {quad.triple for quad in sent}
        names = {str(q.graph_name) for q in server.triples()} - {str(q.graph_name) for q in sent}
        assert names == {"<urn:one>"}


def test_a_wrong_token_is_tried_once(
    exported: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RDFEXPORT_TOKEN", "wr0ng")
    with running(qlever()) as server:
        outcome = run(
            "load", exported, "--endpoint", server.url, "--kind", "qlever", "--auth", "bearer"
        )
        assert outcome.code == 2
        assert "the token is wrong, says the server (401)" in outcome.stderr
        assert "wr0ng" not in outcome.stderr
        assert len(server.requests) <= 3


# --- what goes wrong on the way ------------------------------------------------------------------


def nothing(_handler: Handler, _body: bytes) -> bool:
    return False


def status(
    code: int, text: bytes = b"not now", media: str = "text/plain", **headers: str
) -> object:
    def fault(handler: Handler, _body: bytes) -> bool:
        handler.answer(code, text, media, **headers)
        return True

    return fault


def drop(handler: Handler, _body: bytes) -> bool:
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
    return True


def do_and_drop(handler: Handler, body: bytes) -> bool:
    """What is asked is done, and nobody hears of it."""
    handler.server.me.store.update(body.decode())
    return drop(handler, body)


FAULTS = {
    "broken off before": [drop, drop],
    "broken off after it was done": [do_and_drop],
    "500 once": [status(500)],
    "503 twice": [status(503), status(503)],
    "502, 504": [status(502), status(504)],
}


@pytest.mark.parametrize("at", [0, 2, 4])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_passes_is_tried_again(
    fault: str, at: int, exported: Path, sent: set[ox.Quad], run: Callable[..., Outcome]
) -> None:
    faults = [nothing] * at + FAULTS[fault]
    with running(StandIn(faults=faults)) as server:  # type: ignore[arg-type]
        outcome = run("load", exported, "--endpoint", server.url, "--kind", "update")
        assert outcome.code == 0, outcome.stderr
        assert not server.faults
        assert server.triples() == sent


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_is_asked_again_when_it_says(
    form: str, code: int, exported: Path, sent: set[ox.Quad], run: Callable[..., Outcome]
) -> None:
    def not_yet(handler: Handler, _body: bytes) -> bool:
        when = "2" if form == "seconds" else formatdate(time.time() + 2, usegmt=True)
        handler.answer(code, b"not yet", Retry_After=when)
        refused.append(time.monotonic())
        handler.server.me.faults.append(next_one)
        return True

    def next_one(_handler: Handler, _body: bytes) -> bool:
        again.append(time.monotonic())
        return False

    refused: list[float] = []
    again: list[float] = []
    faults = [nothing, nothing, not_yet]
    with running(StandIn(faults=faults)) as server:  # type: ignore[arg-type]
        outcome = run("load", exported, "--endpoint", server.url, "--kind", "update")
        assert outcome.code == 0, outcome.stderr
        assert server.triples() == sent
    # A date is in whole seconds.
    assert 0.9 < again[0] - refused[0] < 10


def test_a_server_that_asks_for_an_hour_is_not_waited_for(
    exported: Path, run: Callable[..., Outcome]
) -> None:
    faults = [nothing, nothing, status(429, Retry_After="3600")]
    with running(StandIn(faults=faults)) as server:  # type: ignore[arg-type]
        outcome = run("load", exported, "--endpoint", server.url, "--kind", "update")
    assert outcome.code == 2
    assert "429" in outcome.stderr
    assert "3,600 seconds" in outcome.stderr


@pytest.mark.parametrize("count", [(206, {}), (200, {"X_SQL_State": "S1TAT"})])
def test_a_part_of_an_answer_is_refused(
    count: tuple[int, dict[str, str]], exported: Path, run: Callable[..., Outcome]
) -> None:
    with running(StandIn(count=count)) as server:
        outcome = run("load", exported, "--endpoint", server.url, "--kind", "update")
    assert outcome.code == 2
    assert "a part of the answer" in outcome.stderr


def test_a_token_that_the_server_repeats_is_not_shown(
    exported: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def repeat(handler: Handler, _body: bytes) -> bool:
        handler.answer(403, f"not with {handler.headers['Authorization']}".encode())
        return True

    monkeypatch.setenv("RDFEXPORT_TOKEN", "s3cret-t0ken")
    with running(StandIn(token="s3cret-t0ken", faults=[repeat])) as server:
        outcome = run(
            "load", exported, "--endpoint", server.url, "--kind", "update", "--auth", "bearer"
        )
    assert outcome.code == 2
    assert "not with Bearer …" in outcome.stderr
    assert "s3cret" not in outcome.stderr


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_a_library_call_asks_nobody(
    auth: AuthKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(*_: object, **__: object) -> str:
        raise AssertionError("nobody is to be asked")

    for name in ("RDFEXPORT_USER", "RDFEXPORT_PASSWORD", "RDFEXPORT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("click.prompt", prompt)
    with pytest.raises(UsageError, match="RDFEXPORT_"):
        connect("http://127.0.0.1:1/", "auto", auth)


@pytest.mark.parametrize("at", [0, 2, 3, 4, 5, 6])
def test_what_does_not_pass_is_said_and_the_next_load_goes_on(
    at: int, exported: Path, sent: set[ox.Quad], run: Callable[..., Outcome]
) -> None:
    faults = [nothing] * at + [drop] * 40
    with running(StandIn(faults=faults)) as server:  # type: ignore[arg-type]
        load = ("load", exported, "--endpoint", server.url, "--kind", "update")
        outcome = run(*load)
        assert outcome.code == 2
        assert "error: " in outcome.stderr
        server.faults.clear()
        outcome = run(*load)
        assert outcome.code == 0, outcome.stderr
        assert server.triples() == sent


def test_triples_that_a_server_loses_are_missed(
    exported: Path, run: Callable[..., Outcome]
) -> None:
    def half(quads: list[ox.Quad]) -> list[ox.Quad]:
        return quads if len(quads) < 2 else quads[::2]

    with running(StandIn(graphs="/data", keep=half)) as server:
        outcome = run("load", exported, "--endpoint", server.url)
        assert outcome.code == 1
        assert "holds " in outcome.stderr
        assert "triples" in outcome.stderr
        assert ".html" in outcome.stderr or "graph/" in outcome.stderr


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (status(308, b"", Location="http://127.0.0.1:1/x"), 2, "http://127.0.0.1:1/x"),
        (status(403, b"read only"), 2, "does not allow writing (403: read only)"),
        (status(400, b"\x1b[31mno\x07 \xe2\x80\xae" * 9 + b"x" * 9_999), 1, "no"),
        (status(400, b"<script>alert(1)</script><b>bad</b> &lt;IRI>", "text/html"), 1, "bad <IRI>"),
    ],
)
def test_what_a_server_says_is_shown_short_and_clean(
    answer: object, code: int, said: str, exported: Path, run: Callable[..., Outcome]
) -> None:
    faults = [nothing] * 3 + [answer] * 999
    with running(StandIn(faults=faults)) as server:  # type: ignore[arg-type]
        outcome = run("load", exported, "--endpoint", server.url, "--kind", "update")
        assert outcome.code == code
        assert said in outcome.stderr
        assert "\x1b" not in outcome.stderr
        assert "script" not in outcome.stderr
        assert len(outcome.stderr) < 1_000


def test_a_page_answered_to_updates_does_not_pass_for_their_success(
    exported: Path, run: Callable[..., Outcome]
) -> None:
    faults = [nothing] * 3 + [status(200, b"<html><p>Log in", "text/html")] * 999
    with running(StandIn(faults=faults)) as server:  # type: ignore[arg-type]
        outcome = run("load", exported, "--endpoint", server.url, "--kind", "update")
        assert outcome.code == 1
        assert "holds 0 of the " in outcome.stderr


def test_a_web_page_is_no_endpoint(exported: Path, run: Callable[..., Outcome]) -> None:
    with running(StandIn()) as server:
        outcome = run("load", exported, "--endpoint", f"{server.url}/elsewhere")
        assert outcome.code == 2
        assert f"{server.url}/elsewhere: no SPARQL endpoint is there" in outcome.stderr


def test_nobody_listens(exported: Path, run: Callable[..., Outcome]) -> None:
    outcome = run("load", exported, "--endpoint", "http://127.0.0.1:1/sparql")
    assert outcome.code == 2
    assert "127.0.0.1:1" in outcome.stderr
    assert "the connection is refused" in outcome.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://127.0.0.1/x", "not the address of an endpoint"),
        ("http://me:secret@127.0.0.1/x", "leave user and password out of the address"),
    ],
)
def test_a_wrong_address_is_said(
    url: str, said: str, exported: Path, run: Callable[..., Outcome]
) -> None:
    outcome = run("load", exported, "--endpoint", url)
    assert outcome.code == 2
    assert said in outcome.stderr
    assert "secret" not in outcome.stderr


def test_requests_are_of_bounded_size(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "large.nt"
    with file.open("w") as out:
        for number in range(60_000):
            out.write(f'<http://e/{number}> <http://e/p> "{"x" * 200}" .\n')
    for layout in (StandIn(), StandIn(graphs="/data", gzip=415)):
        with running(layout) as server:
            outcome = run("load", file, "--endpoint", server.url, "--graph", "http://e/g")
            assert outcome.code == 0, outcome.stderr
            assert server.largest < 20_000_000
            assert len(server.triples()) == 60_000


def test_a_body_that_is_too_large_is_cut(
    exported: Path, sent: set[ox.Quad], run: Callable[..., Outcome]
) -> None:
    for limit in (100_000, 15_000):

        def small(handler: Handler, body: bytes, limit: int = limit) -> bool:
            if len(body) <= limit:
                return False
            handler.answer(413, b"too large")
            return True

        for layout in (StandIn(), StandIn(graphs="/data", gzip=415)):
            layout.faults = [small] * 9_999
            with running(layout) as server:
                outcome = run("load", exported, "--endpoint", server.url)
                assert outcome.code == 0, outcome.stderr
                assert server.triples() == sent


SIZES = {
    "413": (413, b"too large"),
    "400 of Virtuoso": (400, b"Error SP031: The length of generated SQL text has exceeded 10000"),
    "400 of Oxigraph": (400, b"The payload is too big"),
    "500 of Virtuoso": (500, b"Virtuoso 40005 Error SR325: Transaction aborted"),
}


@pytest.mark.parametrize("said", SIZES)
def test_what_is_refused_for_its_size_is_sent_in_parts_whatever_the_status(
    said: str, exported: Path, sent: set[ox.Quad], run: Callable[..., Outcome]
) -> None:
    def small(handler: Handler, body: bytes) -> bool:
        if len(body) <= 50_000:
            return False
        handler.answer(*SIZES[said])
        return True

    layout = StandIn(faults=[small] * 9_999)
    with running(layout) as server:
        outcome = run("load", exported, "--endpoint", server.url)
        assert outcome.code == 0, outcome.stderr
        assert server.triples() == sent


def test_one_line_that_is_too_large_is_said(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "a.nt"
    file.write_text(f'<http://e/s> <http://e/p> "{"x" * 60_000}" .\n')

    def small(handler: Handler, body: bytes) -> bool:
        if len(body) <= 50_000:
            return False
        handler.answer(413, b"too large")
        return True

    with running(StandIn(faults=[small] * 999)) as server:
        outcome = run("load", file, "--endpoint", server.url, "--graph", "http://e/g")
    assert outcome.code == 1
    assert f"{file}: the server does not accept so much at once" in outcome.stderr


# --- escaping --------------------------------------------------------------------------------

TEXTS = st.text(
    st.one_of(
        st.sampled_from("\"\\'\n\r\t\x0b\x0c\x7f\u2028\u2029}{<>;.#@^?$ 🧬\U0010ffff"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8))
@pytest.mark.parametrize("kind", ["update", "gsp"])
def test_any_text_arrives_as_it_is(
    kind: str, texts: list[str], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    graph = ox.NamedNode("http://e/g")
    known = {
        ox.Quad(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal(text), graph)
        for n, text in enumerate(texts)
    }
    file = tmp_path / "a.nq"
    file.write_bytes(ox.serialize(known, format=ox.RdfFormat.N_QUADS) or b"")
    with running(StandIn(graphs="/data")) as server:
        outcome = run("load", file, "--endpoint", server.url, "--kind", kind, "--replace")
        assert outcome.code == 0, outcome.stderr
        assert server.triples() == known
