"""How `rdfexport serve` and Oxigraph's own server stand load, one after the other on one store.

    python benchmarks/serve.py out/store

Needs `wrk` (Debian: wrk) and the package oxigraph. Everything runs on this machine; each load lasts
`--seconds`, and the endless queries of a load end with it.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import psutil
import pyoxigraph as ox
import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

FIGURE = "SELECT ?f { ?f a <http://schema.org/Dataset> } LIMIT 1"
CHEAP = "SELECT ?p ?o { <%s> ?p ?o } LIMIT 20"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?s ?p ?o } LIMIT 20000"
CONNECTIONS = 64
OTHERS = "127.0.0.2"
"""The address of the clients beside which cheap queries are asked."""


class Server(NamedTuple):
    """A running server; `pages` are addresses of which the longest wait is measured."""

    name: str
    port: int
    process: psutil.Process
    query_path: str
    cheap: str
    pages: tuple[str, ...]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def running(name: str, store: Path, figure: str) -> Iterator[Server]:
    port = free_port()
    if name == "oxigraph":
        program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
        command = [program, "serve-read-only", "-l", str(store), "-b", f"127.0.0.1:{port}"]
        command += ["--union-default-graph", "--timeout-s", "30"]
        path, pages = "/query", (f"/query?query={quote('ASK {}')}",)
    else:
        command = [sys.executable, "-m", "rdfexport", "serve", "--store", str(store)]
        command += ["--port", str(port)]
        path, pages = "/sparql", ("/health", f"/figures/{figure.rpartition('/')[2]}")
    cheap = f"{path}?query={quote(CHEAP % figure)}"
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            server = Server(name, port, psutil.Process(process.pid), path, cheap, pages)
            for _ in range(300):
                try:
                    requests.get(f"http://127.0.0.1:{port}{cheap}", timeout=10)
                    break
                except requests.ConnectionError:
                    time.sleep(0.1)
            yield server
        finally:
            process.kill()


def wrk(server: Server, seconds: int) -> str:
    """Cheap queries from kept-alive connections: how many a second, and how long they take."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    command.append(f"http://127.0.0.1:{server.port}{server.cheap}")
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s*([\d.]+)", text)
    slowest = re.search(r"99%\s*(\S+)", text)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    parts = [f"{float(rate[1]) if rate else 0:,.0f}/s", f"p99 {slowest[1] if slowest else '?'}"]
    return ", ".join(parts + ([f"{wrong[1]} refused"] if wrong else []))


def pages(server: Server, done: threading.Event) -> str:
    """How long pages take while a load lasts, asked ten times a second on new connections."""
    times = []
    while not done.wait(0.1):
        for page in server.pages:
            began = time.monotonic()
            try:
                requests.get(f"http://127.0.0.1:{server.port}{page}", timeout=5)
            except requests.RequestException:
                return "not answered within 5 s"
            times.append(time.monotonic() - began)
    times.sort()
    return f"p99 {times[int(len(times) * 0.99)] * 1000:,.0f} ms"


def connect(server: Server, stack: ExitStack, data: str, buffer: int = 0) -> socket.socket:
    connection = stack.enter_context(socket.socket())
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.bind((OTHERS, 0))
    connection.settimeout(10)
    connection.connect(("127.0.0.1", server.port))
    connection.sendall(data.encode())
    return connection


def request(server: Server, query: str) -> str:
    return f"GET {server.query_path}?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n"


def loaded(server: Server, seconds: int) -> tuple[str, str, float]:
    """The rate of cheap queries, the wait for pages, and the memory of the process in MB."""
    done = threading.Event()
    waits: list[str] = []
    thread = threading.Thread(target=lambda: waits.append(pages(server, done)))
    thread.start()
    rate = wrk(server, seconds)
    memory = server.process.memory_info().rss / 1024**2
    done.set()
    thread.join()
    return rate, waits[0], memory


def settle(server: Server) -> None:
    """Wait until what was asked at once has begun, 30 seconds at most."""
    for _ in range(60):
        began = time.monotonic()
        try:
            requests.get(f"http://127.0.0.1:{server.port}{server.cheap}", timeout=10)
        except requests.RequestException:
            break
        if time.monotonic() - began < 0.1:
            break
        time.sleep(0.5)


def hang_ups(server: Server) -> str:
    """How long queries go on after their clients have gone, in seconds of processors' time."""
    with ExitStack() as stack:
        for _ in range(3):
            connect(server, stack, request(server, ENDLESS))
        time.sleep(2)
    time.sleep(1)
    before = used(server)
    time.sleep(2)
    return f"{(used(server) - before) / 2:.2f} cores busy 1 s later"


def used(server: Server) -> float:
    total = 0.0
    for process in (server.process, *server.process.children(recursive=True)):
        times = process.cpu_times()
        total += times.user + times.system
    return total


def measure(server: Server, seconds: int) -> Iterator[tuple[str, str]]:
    """What a server does under each load."""

    def row(load: str) -> tuple[str, str]:
        rate, wait, memory = loaded(server, seconds)
        return load, f"{rate}; pages {wait}; {memory:.0f} MB"

    rate = wrk(server, seconds)
    memory = server.process.memory_info().rss / 1024**2
    yield "cheap queries alone", f"{rate}; {memory:.0f} MB"
    yield "clients that hang up", hang_ups(server)
    with ExitStack() as stack:
        for _ in range(8):
            connect(server, stack, request(server, ENDLESS))
        time.sleep(3)
        yield row("beside 8 endless queries")
    load = "beside 1,000 half-sent requests and 100 slow readers"
    with ExitStack() as stack:
        try:
            for _ in range(1_000):
                connect(server, stack, "GET /health HTTP/1.1\r\nHo")
            for _ in range(100):
                connect(server, stack, request(server, LARGE), 4096)
        except TimeoutError:
            yield load, "takes no more connections"
            return
        time.sleep(2)
        settle(server)
        yield row(load)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--server", choices=["rdfexport", "oxigraph"], action="append")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    store = ox.Store.read_only(str(options.store))
    found: ox.QuerySolutions = store.query(FIGURE, use_default_graph_as_union=True)
    figure = next(iter(found))["f"].value
    print(f"{len(store):,} triples")
    del store
    for name in options.server or ["rdfexport", "oxigraph"]:
        with running(name, options.store, figure) as server:
            try:
                for load, result in measure(server, options.seconds):
                    print(f"{name} | {load} | {result}", flush=True)
            except ConnectionError:
                print(f"{name} | the server takes no connections any more", flush=True)


if __name__ == "__main__":
    main()
