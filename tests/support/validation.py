"""What the tests of validation share: shapes of their own, exports, and endpoints."""

from __future__ import annotations

import http.client
import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from rdfexport.cli import main
from rdfexport.write import FORMATS
from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from support.records import Outcome

FIGURES = sorted(path.stem for path in EXAMPLES.glob("_figures/*.md"))
PAGE = "https://pfocr.wikipathways.org/figures/{}.html"
SHAPES = "https://pfocr.wikipathways.org/shapes#"
LEGACY, CURRENT = "PMC1__legacy.f1", "PMC2__current.f1"

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix my: <https://example.org/shapes#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pfocr: <https://pfocr.wikipathways.org/vocab#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def shape(target: str, path: str, constraint: str, name: str = "rule") -> str:
    """A shapes file with one property shape, for a class.

    ``not X`` is short for the constraint that X is none of the values.
    """
    if constraint.startswith("not "):
        constraint = f"sh:not [ sh:hasValue {constraint[4:]} ]"
    return f"""{PREFIXES}
my:{name}-of a sh:NodeShape ; sh:targetClass {target} ; sh:property my:{name} .
my:{name} a sh:PropertyShape ; sh:path {path} ; {constraint} ; sh:message "our rule" .
"""


CAPTION = shape("schema:ImageObject", "schema:caption", "sh:maxLength 10")
"""Any caption of the tests' records and of the examples violates it."""


EVERY_FIGURE = shape("schema:ImageObject", "schema:url", "sh:maxCount 0") + shape(
    "<http://vocabularies.wikipathways.org/wp#Pathway>",
    "<http://purl.org/dc/elements/1.1/source>",
    "sh:maxCount 0",
    "pathway",
).replace(PREFIXES, "")
"""Every figure violates it, and every pathway."""


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Path]:
    """Write a shapes file."""

    def write(text: str) -> Path:
        path = tmp_path / "rules.ttl"
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples in every format, plain and compressed; a folder each, named by the ending."""
    root = tmp_path_factory.mktemp("exported")
    for compression, more in (("none", ""), ("gz", ".gz"), ("zst", ".zst")):
        for name, form in FORMATS.items():
            options = ["--format", name, "--compress", compression, "--compat", "wikipathways"]
            out = ["--out", str(root / (form.extension + more)[1:])]
            arguments = ["export", str(EXAMPLES), *options, *out, "--jobs", "1", "--quiet"]
            main(arguments, standalone_mode=False)
    return root


class Validated(NamedTuple):
    """How ``validate --format json --least info`` ended, with results as far as they can agree."""

    code: int
    results: Counter[tuple[str, ...]]
    shapes: set[str]
    files: set[str]
    stderr: str


@pytest.fixture
def validate(run: Callable[..., Outcome]) -> Callable[..., Validated]:
    def call(*args: object) -> Validated:
        code, stdout, stderr = run("validate", *args, "--format", "json", "--least", "info")
        assert code in {0, 1}, stderr
        report = json.loads(stdout)
        assert report["conforms"] is (code == 0)
        results = report["results"]
        keys = ("shape", "severity", "focus", "path", "value", "component", "message")
        return Validated(
            code,
            Counter(tuple(str(result[key]) for key in keys) for result in results),
            {result["shape"].rpartition("#")[2] for result in results},
            {result["file"] for result in results},
            stderr,
        )

    return call


def load(path: Path, files: Iterable[Path], graph: str | None = None) -> Path:
    """Load files into a new store, into one named graph if it is given."""
    loaded = ox.Store(str(path))
    for file in files:
        loaded.load(path=file, to_graph=None if graph is None else ox.NamedNode(graph))
    loaded.flush()
    return path


class Handler(http.server.BaseHTTPRequestHandler):
    """Passes queries on to a server behind, unless it has something else to answer."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        (query,) = parse_qs(body)["query"]
        self.server.queries.append(query)
        answer = self.server.answer
        if answer is not None and (status := answer(query)) is not None:
            self.reply(*status)
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        headers = {name: self.headers[name] for name in ("Accept", "Content-Type")}
        try:
            connection.request("POST", "/query", body, headers)
            response = connection.getresponse()
            data = response.read()
        except OSError:
            self.reply(502, b"", "text/plain")
            return
        finally:
            connection.close()
        self.server.sizes.append(len(data.splitlines()))
        self.reply(response.status, self.server.cut(data), response.headers["Content-Type"])

    def do_GET(self) -> None:
        self.server.queries.append(self.path)
        self.reply(404, b"", "text/plain")

    def reply(self, code: int, body: bytes, content_type: str) -> None:
        if code == 0:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    """A SPARQL endpoint, or what stands in front of one at the port ``behind``.

    ``answer`` gives status, body and type of its own answer to a query, status 0 to hang up, and
    None to ask the server behind; ``cut`` is done to the answers of that.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = 0
        self.queries: list[str] = []
        self.sizes: list[int] = []
        self.answer: Callable[[str], tuple[int, bytes, str] | None] | None = None
        self.cut: Callable[[bytes], bytes] = lambda data: data

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


@pytest.fixture
def endpoint_server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def oxigraph(path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The real server over a store, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "-l", str(path), "-b", f"127.0.0.1:{port}"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    assert process.poll() is None, "the server ended"
                    assert time.monotonic() < deadline, "the server does not listen"
                    time.sleep(0.02)
            yield port, process
        finally:
            process.kill()
