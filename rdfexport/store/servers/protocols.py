"""Servers by the protocol that loads them: SPARQL UPDATE, Graph Store, N-Quads, QLever."""

from __future__ import annotations

import gzip
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import LoadError, RefusedError, TooLargeError
from rdfexport.net.session import check
from rdfexport.net.sparql import Endpoint
from rdfexport.printing import shown
from rdfexport.store.graph_names import staging
from rdfexport.store.interface import Solution, counts, drop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdfexport.store.inputs.blocks import Block
    from rdfexport.store.servers.connection import Server

# Oxigraph takes updates up to 128 MiB, Virtuoso fails near 5,000 triples.
_UPDATE_TRIPLES: Final = 1_000
_MIN_BODY: Final = 10_000
_GZIP_LEVEL: Final = 1


class Addresses(NamedTuple):
    """Addresses for queries, updates and graphs; ``data`` is None where no graphs are accepted."""

    query: str
    update: str
    data: str | None = None


class UpdateStore:
    """A server that is loaded by ``INSERT DATA`` (SPARQL 1.1 Update), whichever it is.

    Args:
        server: Its address, and the session for its requests.
        addresses: For queries, updates and graphs.
    """

    copies = True
    chunk_triples = 50_000
    chunk_graphs = 100

    def __init__(self, server: Server, addresses: Addresses) -> None:
        self.name = shown(server.url)
        # Identifies the store; it may hold a token, so no message or file shows it.
        self.address = server.url
        self._session = server.session
        self._addresses = addresses
        self._endpoint = Endpoint(addresses.query, server.session, update_url=addresses.update)
        self.gzip = False
        self._max_body: int | None = None

    def select(self, query: str) -> list[Solution]:
        return [Solution(self.name, row) for row in self._endpoint.select(query)]

    def update(self, text: str) -> None:
        self._endpoint.update(text)

    def upload(self, blocks: Sequence[Block]) -> None:
        for some in cut(blocks, _UPDATE_TRIPLES):
            self._part(some)

    def replace(self, blocks: Sequence[Block]) -> None:
        small = [one for one in blocks if one.triples <= _UPDATE_TRIPLES]
        large = [one for one in blocks if one.triples > _UPDATE_TRIPLES]
        for one in small:
            # One request is one step for readers (SPARQL 1.1 Update, section 2.2).
            try:
                with _refusal_of(one):
                    self.update(f"DROP SILENT GRAPH <{one.graph}> ;\n{insert_data([one])}")
            except TooLargeError:
                large.append(one)
        self._replace_by_moving(large)

    def _replace_by_moving(self, blocks: Sequence[Block]) -> None:
        """Fill other graphs, count them, and give them the names of the old ones."""
        if not blocks:
            return
        staged = [one.moved(staging(one.graph)) for one in blocks]
        drop(self, [one.graph for one in staged])
        self.upload(staged)
        found = counts(self, [one.graph for one in staged])
        for one in staged:
            if found[one.graph] != one.triples:
                raise LoadError(
                    f"{one.label}: the server holds {found[one.graph]:,} of {one.triples:,} triples"
                    " that it accepted; the earlier graph was not changed"
                )
        # A MOVE that is sent again, since its answer was lost, would move an empty graph there.
        self.update(
            ";\n".join(
                f"COPY <{new.graph}> TO <{old.graph}>"
                for new, old in zip(staged, blocks, strict=True)
            )
        )
        drop(self, [one.graph for one in staged])

    def _part(self, blocks: Sequence[Block]) -> None:
        """Send blocks; where that is refused, find the faulty one, or send fewer at once."""
        if not blocks:
            return
        size = sum(len(one.data) for one in blocks)
        if self._max_body is not None and size > max(self._max_body, _MIN_BODY):
            self._halves(blocks)
            return
        try:
            self.send(blocks)
        except RefusedError as error:
            too_large = isinstance(error, TooLargeError) and size >= _MIN_BODY
            if sum(one.triples for one in blocks) < 2 or not (too_large or len(blocks) > 1):
                raise LoadError(f"{blocks[0].label}: {error.problem}") from error
            if isinstance(error, TooLargeError):
                self._max_body = size // 2
            self._halves(blocks)

    def _halves(self, blocks: Sequence[Block]) -> None:
        if len(blocks) == 1:
            blocks = blocks[0].halves()
        middle = len(blocks) // 2
        self._part(blocks[:middle])
        self._part(blocks[middle:])

    def send(self, blocks: Sequence[Block]) -> None:
        """Add lines to their graphs in one request."""
        self.update(insert_data(blocks))


class GraphStore(UpdateStore):
    """A server that is loaded by the Graph Store Protocol, a graph at a time.

    https://www.w3.org/TR/sparql11-http-rdf-update/
    """

    media_type = "application/n-triples"

    def upload(self, blocks: Sequence[Block]) -> None:
        by_graph: defaultdict[str, list[Block]] = defaultdict(list)
        for one in blocks:
            by_graph[one.graph].append(one)
        for same in by_graph.values():
            self._part(same)

    def replace(self, blocks: Sequence[Block]) -> None:
        for one in blocks:
            if self._max_body is None or len(one.data) <= self._max_body:
                try:
                    with _refusal_of(one):
                        self.send_graph("PUT", one.graph, one.ntriples)
                except TooLargeError:
                    self._max_body = len(one.data) // 2
                else:
                    continue
            self._replace_by_moving([one])

    def send_graph(self, method: str, graph: str, ntriples: bytes) -> None:
        """``PUT`` or ``POST`` a graph."""
        self._send_body(method, ntriples, self.media_type, {"graph": graph})

    def send(self, blocks: Sequence[Block]) -> None:
        self.send_graph("POST", blocks[0].graph, b"".join(one.ntriples for one in blocks))

    def _send_body(
        self, method: str, data: bytes, media_type: str, params: dict[str, str] | None
    ) -> None:
        assert self._addresses.data is not None
        headers = {"Content-Type": media_type}
        if self.gzip:
            # The same bytes each time, should they be sent again.
            data = gzip.compress(data, _GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        url, session = self._addresses.data, self._session
        check(
            session.send(method, url, body=data, headers=headers, params=params or {}),
            url,
            session.policy,
        )


class QuadStore(GraphStore):
    """A server that takes N-Quads for many graphs at once, as Oxigraph does."""

    def upload(self, blocks: Sequence[Block]) -> None:
        self._part(blocks)

    def send(self, blocks: Sequence[Block]) -> None:
        data = b"".join(one.data for one in blocks)
        self._send_body("POST", data, "application/n-quads", None)


class QLever(GraphStore):
    """QLever, which takes graphs at its one address and cannot move them.

    https://github.com/ad-freiburg/qlever/pull/2117
    """

    copies = False

    def _replace_by_moving(self, blocks: Sequence[Block]) -> None:
        """Empty and fill graphs too large to be put in one request: readers see that."""
        drop(self, [one.graph for one in blocks])
        self.upload(blocks)


@contextmanager
def _refusal_of(one: Block) -> Iterator[None]:
    """Name the figure that the server refuses."""
    try:
        yield
    except TooLargeError:
        raise
    except RefusedError as error:
        raise LoadError(f"{one.label}: {error.problem}") from error


def cut(blocks: Sequence[Block], triples: int) -> Iterator[list[Block]]:
    """Group blocks by at most so many triples; larger blocks are cut."""
    waiting = list(reversed(blocks))
    group: list[Block] = []
    size = 0
    while waiting:
        one = waiting.pop()
        if one.triples > triples:
            waiting.extend(reversed(one.halves()))
            continue
        if group and size + one.triples > triples:
            yield group
            group, size = [], 0
        group.append(one)
        size += one.triples
    if group:
        yield group


def insert_data(blocks: Sequence[Block]) -> str:
    """Write an UPDATE that adds the lines of blocks to their graphs."""
    graphs = "".join(f"GRAPH <{one.graph}> {{\n{one.ntriples.decode()}}}\n" for one in blocks)
    return f"INSERT DATA {{\n{graphs}}}"
