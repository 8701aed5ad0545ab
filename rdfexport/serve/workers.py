"""Queries are evaluated by worker processes, which can be killed; a thread could not be."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import resource
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import pyoxigraph as ox

from rdfexport.query import write_turtle
from rdfexport.query.text import words
from rdfexport.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.connection import Connection

ROWS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Media types of rows, and of true and false; the first is the default."""

TRIPLES: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""Media types of triples; the first is the default."""


class Task(NamedTuple):
    """A query to evaluate.

    ``rows`` and ``triples`` are the media types for either kind of answer, None for none that
    will do; ``default`` and ``named`` are the graphs that the request named, None if it named none.
    """

    text: str
    rows: str | None
    triples: str | None
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Reply(NamedTuple):
    """What came of it: ``status`` as in HTTP, with a message for all but 200."""

    status: int
    media: str
    body: bytes


class Limits(NamedTuple):
    """How much a query may take.

    Args:
        seconds: For evaluation and writing; also how long a query waits for its turn.
        size: Bytes of the answer.
        memory: Bytes that a worker may allocate beside those that it needs to begin.
    """

    seconds: float = 30.0
    size: int = 64 * 1024**2
    memory: int = 2 * 1024**3


class _TooLargeError(Exception):
    """The answer grows beyond the limit."""


class _Buffer:
    """Takes bytes up to a limit."""

    def __init__(self, limit: int) -> None:
        self.data = bytearray()
        self._limit = limit

    def write(self, data: bytes) -> int:
        self.data += data
        if len(self.data) > self._limit:
            raise _TooLargeError
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _work(path: str, limits: Limits, connection: Connection) -> None:
    """What a worker does: wait for a task, answer it, and again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ends with the process that began it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    store = ox.Store.read_only(path)
    most = _memory() + limits.memory
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    connection.send(None)
    with contextlib.suppress(EOFError):
        while True:
            connection.send(_evaluate(store, connection.recv(), limits))


def _memory() -> int:
    """Bytes that this process has allocated, where the system tells (proc_pid_statm(5))."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
    except OSError:
        return 0


def _evaluate(store: ox.Store, task: Task, limits: Limits) -> Reply:
    buffer: Any = _Buffer(limits.size)
    try:
        media = _write(store.query(task.text, **_dataset(task)), task, buffer)
    except _TooLargeError:
        return _message(
            413,
            f"the answer is larger than {limits.size:,} bytes, which this server does not send:"
            " narrow the query, or ask in parts with LIMIT and OFFSET",
        )
    except SyntaxError as error:
        return _message(400, f"not a SPARQL query: {error.msg}")
    except (RuntimeError, ValueError, OSError) as error:
        return _message(400, f"the query cannot be answered: {error}")
    except MemoryError:
        return _message(503, "the query needed more memory than this server gives")
    if media is None:
        return _message(406, "the answer comes as one of " + ", ".join((*ROWS, *TRIPLES)))
    return Reply(200, media, bytes(buffer.data))


def _write(results: Any, task: Task, buffer: Any) -> str | None:
    """Write an answer; gives its media type, None if none is accepted for such an answer."""
    if isinstance(results, ox.QueryTriples):
        if task.triples is not None:
            serialize(results, buffer, task.triples)
        return task.triples
    if task.rows is not None:
        results.serialize(buffer, ROWS[task.rows])
    return task.rows


def serialize(triples: Iterable[ox.Triple], out: Any, media: str) -> None:
    """Write triples as one of ``TRIPLES``."""
    if media == "text/turtle":
        write_turtle(triples, out)
    else:
        ox.serialize(triples, out, format=TRIPLES[media], prefixes=PREFIXES)


def _dataset(task: Task) -> dict[str, Any]:
    """https://www.w3.org/TR/sparql11-protocol/, section 2.1.4: a request's dataset goes first."""
    if task.default is None and task.named is None:
        return {"use_default_graph_as_union": "FROM" not in words(task.text)}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in task.default or ()],
        "named_graphs": [ox.NamedNode(iri) for iri in task.named or ()],
    }


def _message(status: int, text: str) -> Reply:
    return Reply(status, "text/plain", f"{text}\n".encode())


class _Worker:
    """A process that evaluates one query at a time."""

    def __init__(self, path: Path, limits: Limits) -> None:
        # Not forked: this process has threads, and a store cannot be shared by a fork.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(str(path), limits, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._connection.recv()

    def ask(self, task: Task, seconds: float) -> Reply:
        """Raises TimeoutError, and EOFError or another OSError when the process has ended."""
        self._connection.send(task)
        if not self._connection.poll(seconds):
            raise TimeoutError
        reply: Reply = self._connection.recv()
        return reply

    def end(self) -> None:
        self._process.kill()
        self._process.join()


class Pool:
    """Workers over a store, each with a handle of its own that can only read.

    Args:
        path: The store.
        number: How many queries run at once; more wait for their turn.
        limits: What each may take.
    """

    def __init__(self, path: Path, number: int, limits: Limits) -> None:
        self.limits = limits
        self._path = path
        self._number = number
        # A place without a worker gets one when it is next used.
        self._places: asyncio.Queue[_Worker | None] = asyncio.Queue()
        self._workers: set[_Worker] = set()

    async def __aenter__(self) -> Self:
        for _ in range(self._number):
            self._places.put_nowait(await asyncio.to_thread(self._begin))
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    async def ask(self, task: Task) -> Reply:
        """Evaluate a query within the limits."""
        try:
            place = await asyncio.wait_for(self._places.get(), self.limits.seconds)
        except TimeoutError:
            return _message(503, "this server is busy: try again later")
        try:
            worker = place if place is not None else await asyncio.to_thread(self._begin)
        except (EOFError, OSError):
            self._places.put_nowait(None)
            return _message(503, "this server cannot read its store")
        kept: _Worker | None = None
        try:
            reply = await asyncio.to_thread(worker.ask, task, self.limits.seconds)
            kept = worker
        except TimeoutError:
            return _message(
                503,
                f"the query took longer than {self.limits.seconds:g} seconds and was stopped:"
                " narrow it, or load the data into a store of your own",
            )
        except (EOFError, OSError):
            return _message(
                503,
                "the query broke off: most likely it needed more memory than this server gives",
            )
        finally:
            if kept is None:
                self._workers.discard(worker)
                worker.end()
            self._places.put_nowait(kept)
        return reply

    def _begin(self) -> _Worker:
        worker = _Worker(self._path, self.limits)
        self._workers.add(worker)
        return worker
