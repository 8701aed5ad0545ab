"""Stand-ins for servers that cannot be had here: their addresses and habits over a small store."""

from __future__ import annotations

import gzip
import http.server
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

JSON = "application/sparql-results+json"
FORMATS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
Fault = "Callable[[Handler, bytes], bool]"


@dataclass
class StandIn:
    """What a server does.

    ``query``, ``update`` and ``graphs`` are paths. ``ignores_graph`` puts what is posted into the
    default graph; ``cut`` says, as Virtuoso does, that its time was up before all rows were there.
    ``count`` is the status, and the headers, of the
    answer to a query that counts. ``faults`` are tried in turn, one a request that
    writes: each may answer in the server's place (True), or let it go on.
    """

    query: str = "/query"
    update: str | None = "/update"
    graphs: str | None = None
    moves: bool = True
    token: str | None = None
    count: tuple[int, dict[str, str]] = (200, {})
    gzip: int | Literal["yes", "ignored"] = "yes"
    ignores_graph: bool = False
    cut: bool = False
    keep: Callable[[list[ox.Quad]], list[ox.Quad]] = lambda quads: quads
    faults: list[Fault] = field(default_factory=list)
    store: ox.Store = field(default_factory=ox.Store)
    requests: list[str] = field(default_factory=list)
    largest: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def triples(self) -> set[ox.Quad]:
        """What it holds, but for the list of loads."""
        return {q for q in self.store if "/graph/load" not in str(q.graph_name)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.answer(404, b"nothing here")

    def do_PUT(self) -> None:
        self.write("PUT")

    def do_POST(self) -> None:
        self.write("POST")

    def write(self, method: str) -> None:
        me = self.server.me
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        me.requests.append(f"{method} {url.path}")
        media = self.headers["Content-Type"].partition(";")[0]
        is_query = media == "application/x-www-form-urlencoded"
        if not is_query:
            me.largest = max(me.largest, len(body))
            if me.token is not None and self.headers.get("Authorization") != f"Bearer {me.token}":
                self.answer(401, b"who are you?")
                return
            if me.faults and me.faults.pop(0)(self, body):
                return
        try:
            if is_query and url.path == me.query:
                self.select(parse_qs(body.decode())["query"][0])
            elif media == "application/sparql-update" and url.path == me.update:
                text = body.decode()
                if not me.moves and "MOVE" in text:
                    self.answer(400, b"MOVE is not supported")
                    return
                me.store.update(text)
                self.answer(204, b"")
            elif url.path == me.graphs and media in FORMATS:
                self.graph(method, parse_qs(url.query).get("graph"), media, body)
            else:
                self.answer(404, b"nothing here")
        except SyntaxError as error:
            self.answer(400, f"<html><b>Error</b>: {error.msg}</html>".encode(), "text/html")

    def select(self, query: str) -> None:
        results = self.server.me.store.query(query)
        assert isinstance(results, (ox.QuerySolutions, ox.QueryBoolean))
        data = results.serialize(format=ox.QueryResultsFormat.JSON)
        assert data is not None
        status, headers = self.server.me.count if "COUNT" in query else (200, {})
        more = {"X-SQL-State": "S1TAT"} if self.server.me.cut else {}
        self.answer(status, data, JSON, **headers, **more)

    def graph(self, method: str, graph: list[str] | None, media: str, body: bytes) -> None:
        me = self.server.me
        if self.headers.get("Content-Encoding") == "gzip":
            if isinstance(me.gzip, int):
                self.answer(me.gzip, b"gzip?")
                return
            if me.gzip == "ignored":
                self.answer(200, b"thanks")
                return
            body = gzip.decompress(body)
        if graph is None:
            self.answer(400, b"which graph?")
            return
        name = ox.DefaultGraph() if me.ignores_graph else ox.NamedNode(graph[0])
        quads = [ox.Quad(*quad.triple, name) for quad in ox.parse(body, format=FORMATS[media])]
        if method == "PUT":
            me.store.clear_graph(name)
        me.store.extend(me.keep(quads))
        self.answer(201, b"")

    def answer(self, status: int, body: bytes, media: str = "text/plain", **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, me: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.me = me

    def handle_error(self, *_: object) -> None:
        pass  # a client that goes away is part of the tests


@contextmanager
def running(me: StandIn) -> Iterator[StandIn]:
    with Server(me) as server:
        me.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield me
        finally:
            server.shutdown()
            thread.join()


def fuseki() -> StandIn:
    return StandIn("/ds/query", "/ds/update", "/ds/data")


def graphdb() -> StandIn:
    at = "/repositories/pfocr"
    return StandIn(at, f"{at}/statements", f"{at}/rdf-graphs/service")


def blazegraph() -> StandIn:
    """One address for all, which puts what is posted into the default graph."""
    at = "/namespace/kb/sparql"
    return StandIn(at, at, at, ignores_graph=True)


def qlever(token: str = "t0ken") -> StandIn:
    return StandIn("/", "/", "/", moves=False, token=token)
