"""No spelling of SERVICE makes a worker call out; each of the two walls alone is enough."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport.serve.workers import guard
from rdfexport.serve.workers.jobs import Query, missing, pack_job, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROLOGUE = "PREFIX : <urn:> PREFIX u: <URL> "
OBJECTS = ("1", "1.5", "1e3", "true", "false", "-1", '"a"', '"a"@en', ":", ":x", "()")
# What may stand before the keyword, each of its last tokens with and without a blank after it.
BEFORE = (
    *("", " ", "\t", "\n", "#c\n", "#c\r", "{}", "FILTER(true)", "FILTER EXISTS{?s ?p ?o}"),
    *("BIND(1 AS ?x)", "VALUES ?v{1}", "VALUES(?v){(1)}", "{}UNION{}", "OPTIONAL{}", "?s ?p ?o;."),
    *(
        "MINUS{?q :none ?r}",
        "{SELECT*{}}",
        "?s ?p ?o.",
        "?s ?p ?o;",
        "?s ?p ?o ",
        "?s ?p :.",
        "{};",
    ),
    *(f"?s ?p {value}" for value in OBJECTS),
    *(f"?s ?p {value}." for value in OBJECTS),
    *("?s ?p '''a'''", '?s ?p "a"^^<urn:t>', "?s ?p <urn:x>", "?s ?p [] ", "?s ?p _:b ", "?s a :."),
)
AFTER = (
    *(" <URL>{}", "<URL>{}", "\n<URL>{?a ?b ?c}", "#c\n<URL>{}", "#c\r<URL>{}", " u:{}", "u:{}"),
    *(
        " SILENT<URL>{}",
        "SILENT <URL>{}",
        "silentu:{}",
        " ?e{}VALUES ?e{<URL>}",
        "?e{}BIND(u: AS ?e)",
    ),
)
KEYWORDS = ("SERVICE", "service", "SeRvIcE", r"\u0053ERVICE", r"SERVIC\U00000045")
FORMS = (
    "SELECT*{BODY}",
    "ASK{BODY}",
    "CONSTRUCT{:a :b :c}WHERE{BODY}",
    "DESCRIBE ?s{BODY}",
    "SELECT*{{SELECT*{BODY}}}",
    "SELECT*{OPTIONAL{BODY}}",
    "SELECT*{?s ?p ?o FILTER EXISTS{BODY}}",
    "SELECT*{{}UNION{BODY}}",
    "SELECT*{?s ?p ?o BIND(EXISTS{BODY}AS ?z)}",
)


def spellings(url: str) -> list[str]:
    forms, keywords = itertools.cycle(FORMS), itertools.cycle(KEYWORDS[:3] * 3 + KEYWORDS)
    texts = []
    for before, after in itertools.product(BEFORE, AFTER):
        body = f"{before}{next(keywords)}{after}"
        texts.append((PROLOGUE + next(forms)).replace("BODY", body).replace("URL", url))
    return texts


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("service") / "store"
    store = ox.Store(str(path))
    for value in OBJECTS:
        data = f"PREFIX : <urn:> INSERT DATA {{ :s a : ; :p {value} }}"
        store.update(data)
    store.flush()
    return path


@contextmanager
def listener() -> Iterator[tuple[str, list[float]]]:
    """A server that counts who calls it."""
    calls: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                calls.append(time.monotonic())
                connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", calls
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def evaluate(store: Path, texts: list[str], change: str) -> list[tuple[int, str]]:
    """What a worker says of each query, with a change to its code."""
    code = (
        "import socket, sys; from pathlib import Path\n"
        "from rdfexport.serve.workers import guard, sandbox, worker\n"
        "from rdfexport.serve.workers.jobs import Limits, Setup\n"
        f"{change}\n"
        "setup = Setup(Path(sys.argv[2]), 'https://x.example/', Limits())\n"
        "worker.work(setup, socket.socket(fileno=int(sys.argv[1])))"
    )
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-c", code, str(theirs.fileno()), str(store)]
    results = []
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        receive(ours)
        for text in texts:
            ours.sendall(pack_job(Query(text, "text/csv", "text/turtle")))
            values, body = receive(ours)
            results.append((int(str(values["status"])), body.decode()))
        ours.close()
        process.wait(20)
    return results


def receive(connection: socket.socket) -> tuple[dict[str, object], bytes]:
    frame = bytearray()
    while size := missing(frame):
        part = connection.recv(size)
        assert part, "the worker ended"
        frame += part
    return unpack(frame)


WITHOUT_KERNEL = "sandbox.close_network = lambda: False"
WITHOUT_GRAMMAR = "guard.check_service = lambda text: None"


def test_the_spellings_would_call_out_without_walls(store: Path) -> None:
    with listener() as (url, calls):
        evaluate(store, spellings(url), f"{WITHOUT_KERNEL}; {WITHOUT_GRAMMAR}")
        assert len(calls) >= 200


def test_the_grammar_alone_lets_no_spelling_call_out(store: Path) -> None:
    with listener() as (url, calls):
        results = evaluate(store, spellings(url), WITHOUT_KERNEL)
        # With some, the word is a part of a name: those are answered.
        assert [status for status, _ in results].count(403) >= 400
        assert not calls


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems have no such wall")
def test_the_kernel_alone_lets_no_spelling_call_out(store: Path) -> None:
    with listener() as (url, calls):
        evaluate(store, spellings(url), WITHOUT_GRAMMAR)
        assert not calls


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems have no such wall")
@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket()",
        "socket.socketpair()",
        "__import__('os').execv('/bin/true', ['true'])",
        "__import__('subprocess').run('/bin/true')",
    ],
)
def test_a_worker_opens_no_socket_and_starts_no_program(attempt: str) -> None:
    code = "import socket\nfrom rdfexport.serve.workers.sandbox import close_network\n"
    code += "assert close_network()\n"
    code += attempt
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "PermissionError: [Errno 1]" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?SERVICE ?zqjzzzz { ?service ?SERVICE ?zqjzzzz }",
        "SELECT * { ?s ?p 'SERVICE <http://127.0.0.1/> {}' } # SERVICE",
        "PREFIX service: <urn:service:> ASK { service:SERVICE a <urn:Service> }",
        "ASK { ?s ?p 'a\\u0053ERVICE' }",
        "ASK { _:service ?p 'x'@en-service }",
    ],
)
def test_the_word_may_stand_where_it_is_no_keyword(text: str) -> None:
    guard.check(text)
