"""The bundled queries in Virtuoso, which institutions run; skipped where it is not installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from rdfexport.query import Endpoint, Store, bundled, bundled_names
from rdfexport.query.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Outcome

SETTINGS = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 3
[SPARQL]
ResultSetMaxRows = 3000
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def virtuoso(graphs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with each figure in its graph, that gives 3,000 rows at most."""
    if shutil.which("virtuoso-t") is None:
        pytest.skip("virtuoso-t is not on the PATH: the queries are not tried in Virtuoso")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(SETTINGS.format(sql=sql, http=http))
    data = b"".join(file.read_bytes() for file in sorted(graphs.rglob("*.nq")))
    (folder / "all.nq").write_bytes(data)
    command = ["virtuoso-t", "-f", "-c", "virtuoso.ini"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not listens(http):
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server does not listen"
                time.sleep(0.05)
            load = "ld_dir('.', 'all.nq', 'urn:none');\nrdf_loader_run();\ncheckpoint;\n"
            command = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "ERRORS=STDOUT"]
            subprocess.run(command, input=load.encode(), cwd=folder, check=True, timeout=120)
            yield f"http://127.0.0.1:{http}/sparql"
        finally:
            process.kill()


def answer_set(results: Any) -> set[Any]:
    if isinstance(results, ox.QuerySolutions):
        return {tuple("" if term is None else term.value for term in row) for row in results}
    return set(map(str, results))


@pytest.mark.parametrize(
    "name", [name for name in bundled_names() if "SERVICE" not in words(bundled(name).text)]
)
def test_virtuoso_gives_the_same_answer(name: str, virtuoso: str, stores: dict[str, Path]) -> None:
    known = answer_set(Store(stores["a graph each"]).ask(bundled(name).text).results)
    assert known
    got = answer_set(Endpoint(virtuoso, timeout=60).ask(bundled(name).text).results)
    assert got == known


def test_what_virtuoso_cuts_off_is_said(virtuoso: str, run: Callable[..., Outcome]) -> None:
    ask = ("query", "-", "--endpoint", virtuoso, "--format", "csv")
    whole = run(*ask, stdin=b"SELECT * { ?s ?p ?o } LIMIT 300")
    assert (whole.code, len(whole.stdout.splitlines())) == (0, 301)
    cut = run(*ask, stdin=b"SELECT * { ?s ?p ?o }")
    assert cut.code == 2
    assert "the answer is not whole: the server gives no more than 3000 rows" in cut.stderr
    assert run(*ask, stdin=b"ASK { ?s ?p ?o }").stdout == "true\n"
    assert run(*ask, stdin=b"ASK { ?s ?p 'no such' }").stdout == "false\n"
    wrong = run(*ask, stdin=b"SELECT * { ?s ?p }")
    assert wrong.code == 2
    assert "the endpoint answered 400: Virtuoso 37000 Error SP030" in wrong.stderr
