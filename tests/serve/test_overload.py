"""`rdfexport serve` among clients that ask too much, do not read, do not go on, or go."""

from __future__ import annotations

import re
import resource
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil
import pytest
import requests

from support.querying import Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ASK = "ASK { ?figure a <http://schema.org/Dataset> }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000"


@pytest.fixture(scope="module")
def server(serving: Callable[..., Served]) -> Served:
    return serving("--timeout", "20")


def status(server: Served, query: str) -> int:
    return requests.get(server.endpoint, {"query": query}, timeout=60).status_code


def head(query: str) -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n".encode()


def connect(server: Served, stack: ExitStack, data: bytes) -> socket.socket:
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 30))
    connection.sendall(data)
    return connection


def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_any_busy(server: Served) -> bool:
    return any(Served.is_busy(pid) for pid in server.workers() if Served.runs(pid))


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    "query", ["ASK {} #\n" + "a-" * 40_000, 'ASK { "' + '\\"' * 40_000, "ASK {" + "(" * 80_000]
)
def test_no_query_stops_the_others(server: Served, query: str) -> None:
    with ThreadPoolExecutor() as clients:
        asked = clients.submit(requests.post, server.endpoint, {"query": query}, timeout=30)
        began = time.monotonic()
        for _ in range(5):
            assert requests.get(f"{server.url}health", timeout=30).status_code == 200
        assert asked.result().status_code in {200, 400}
        assert time.monotonic() - began < 10


def test_queries_and_pages_do_not_wait_for_endless_queries(server: Served) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            connect(server, stack, head(ENDLESS) + b"\r\n")
        time.sleep(2)  # their slices
        began = time.monotonic()
        for path in ("health", "figures/PMC9000001__f1.html", "sparql?query=" + quote(ASK)) * 10:
            assert requests.get(server.url + path, timeout=30).status_code == 200
        assert time.monotonic() - began < 10  # one endless query takes 20


def test_one_client_does_not_take_the_slow_lane(server: Served) -> None:
    with ExitStack() as stack:
        connections = [connect(server, stack, head(ENDLESS) + b"\r\n") for _ in range(30)]
        connections[-1].settimeout(15)
        assert connections[-1].recv(100).startswith(b"HTTP/1.1 429 ")


def test_a_query_ends_with_its_client(server: Served) -> None:
    until(lambda: not is_any_busy(server), 10)
    with ExitStack() as stack:
        connect(server, stack, head(ENDLESS) + b"\r\n")
        until(lambda: is_any_busy(server), 10)
    time.sleep(1)
    assert not is_any_busy(server)


@pytest.mark.usefixtures("many_files")
def test_requests_that_are_not_complete_hold_up_nobody(server: Served) -> None:
    with ExitStack() as stack:
        for _ in range(1_100):
            connect(server, stack, b"GET /health HTTP/1.1\r\nHo")
        began = time.monotonic()
        for _ in range(5):
            assert status(server, ASK) == 200
        assert time.monotonic() - began < 5


def test_slow_readers_take_no_memory(server: Served) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            connection = connect(server, stack, head(LARGE) + b"\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        assert status(server, ASK) == 200
        assert psutil.Process(server.process.pid).memory_info().rss < 200 * 1024**2


def test_a_large_answer_is_whole(server: Served) -> None:
    parameters = {"query": LARGE}
    response = requests.get(server.endpoint, parameters, headers={"Accept": "text/csv"}, timeout=60)
    assert len(response.content) == int(response.headers["Content-Length"]) > 500_000
    assert response.text.count("\r\n") == 10_001


def test_requests_on_one_connection_do_not_wait_for_acknowledgements(server: Served) -> None:
    with requests.Session() as session:
        session.get(f"{server.url}health", timeout=30)
        began = time.monotonic()
        for _ in range(50):
            session.get(f"{server.url}health", timeout=30)
        assert time.monotonic() - began < 50 * 0.040


def test_it_ends_within_five_seconds_whatever_runs(stores: dict[str, Path]) -> None:
    with Served.begin(stores["one graph"], ()) as server, ExitStack() as stack:
        for query in [ENDLESS] * 4:
            connect(server, stack, head(query) + b"\r\n")
        connect(server, stack, b"GET /hea")
        until(lambda: is_any_busy(server), 10)
        began = time.monotonic()
        server.process.terminate()
        server.process.wait(timeout=30)
        assert time.monotonic() - began < 5


def test_busy_workers_end_with_a_server_that_is_killed(stores: dict[str, Path]) -> None:
    with Served.begin(stores["one graph"], ()) as server, ExitStack() as stack:
        for _ in range(3):
            connect(server, stack, head(ENDLESS) + b"\r\n")
        until(lambda: is_any_busy(server), 10)
        pids = server.workers()
        server.process.kill()
        server.process.wait()
        until(lambda: not any(map(Served.runs, pids)), 3)


SENT = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
ENDLESS_HEADS = {
    "address": (b"GET /" + b"a" * 8192, b"a" * 8192),
    "name of a header": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"a" * 8192),
    "value of a header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"a" * 8192),
    "headers": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X: y\r\n" * 1024),
    "trailers": (
        SENT + b"0\r\n",
        b"X: y\r\n" * 1024,
    ),
    "extension of a chunk": (
        SENT + b"1;",
        b"a" * 8192,
    ),
}


@pytest.mark.parametrize("name", ENDLESS_HEADS)
def test_what_is_not_a_body_has_an_end(server: Served, name: str) -> None:
    first, more = ENDLESS_HEADS[name]
    sent = 0
    with ExitStack() as stack:
        connection = connect(server, stack, first)
        with suppress(ConnectionError):
            while sent < 4 * 1024**2:
                sent += connection.send(more)
        assert sent < 4 * 1024**2
        with suppress(ConnectionError):
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_requests_that_do_not_wait_for_answers_get_all_in_order(server: Served) -> None:
    queries = [f"SELECT ({number} AS ?n) {{}}" for number in range(300)]
    with ExitStack() as stack:
        connection = connect(server, stack, b"".join(head(one) + b"\r\n" for one in queries))
        received = b""
        while received.count(b"HTTP/1.1 200 ") < 300 or not received.endswith(b"299\r\n"):
            part = connection.recv(65536)
            assert part
            received += part
    assert re.findall(rb"\r\nn\r\n(\d+)\r\n", received) == [b"%d" % n for n in range(300)]


NOT_HTTP = {
    "without a host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "no version": b"GET /health\r\n\r\n",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\n",
    "length and chunks": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "line feeds": b"GET /health HTTP/1.1\nHost: x\n\n",
    "folded header": b"GET /health HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
}


@pytest.mark.parametrize("name", NOT_HTTP)
def test_what_proxies_may_read_otherwise_is_refused(server: Served, name: str) -> None:
    with ExitStack() as stack:
        connection = connect(server, stack, NOT_HTTP[name])
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_client_that_goes_before_it_has_sent_its_request_is_no_error(
    stores: dict[str, Path],
) -> None:
    with Served.begin(stores["one graph"], ()) as server:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
                connection.sendall(SENT + b"4\r\nASK ")
                time.sleep(0.1)
        assert requests.get(f"{server.url}health", timeout=30).status_code == 200
        server.process.terminate()
        server.process.wait(timeout=30)
        until(lambda: any("stopped" in line for line in server.said), 10)
        assert not any("Traceback" in line for line in server.said)
