"""Finds out what a server is and how it takes data: by trying it with one triple."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from rdfexport.errors import AuthError, LoadError, NotFoundError, UsageError
from rdfexport.store.blocks import from_ntriples
from rdfexport.store.http import (
    AbsentError,
    FailingError,
    Http,
    RefusedError,
    UnknownUserError,
    readable,
)
from rdfexport.store.servers import Addresses, GraphStore, QLever, QuadStore, UpdateStore
from rdfexport.store.target import counts, drop, staging
from rdfexport.store.virtuoso import Virtuoso, VirtuosoBulk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.store.http import AuthKind
    from rdfexport.store.virtuoso import BulkLoader

Kind = Literal["auto", "gsp", "update", "virtuoso", "qlever"]

# Each address that a server may have been named by, without which the others are found.
_ENDINGS: Final = (
    "/sparql-graph-crud-auth",
    "/sparql-graph-crud",
    "/sparql-auth",
    "/sparql",
    "/query",
    "/update",
    "/store",
    "/data",
)
_PROBE: Final = from_ntriples(
    staging("probe"),
    "a first triple",
    [b"<urn:rdfexport:probe> <urn:rdfexport:probe> <urn:rdfexport:probe> .\n"],
)
# Where N-Quads may be tried: elsewhere a POST without a graph makes a new graph, says the protocol.
_TAKES_QUADS: Final = "/store"


def connect(url: str, kind: Kind, auth: AuthKind, bulk: BulkLoader | None = None) -> UpdateStore:
    """Find the way into a server.

    What is found was tried: a triple was written into a graph of its own, counted, and removed.

    Args:
        url: The server's address, or one of its addresses for queries, updates or graphs.
        kind: What it is, or ``auto``.
        auth: How it knows who asks.
        bulk: The bulk loader to use, of Virtuoso only.

    Raises:
        UsageError: It is not of this kind.
        RemoteError: There is no SPARQL server, or it does not let us write.
    """
    http = Http(url, auth)
    base = _base(http.url)
    if kind == "virtuoso" or (kind == "auto" and http.server().startswith("Virtuoso")):
        return _ready(http, _virtuoso(http, base, bulk))
    if bulk is not None:
        raise UsageError(f"{http.url}: is no Virtuoso, which --bulk is for")
    if kind == "qlever":
        qlever = QLever(http, Addresses(http.url, http.url, http.url))
        _ask(http, http.url)
        _try(qlever)
        return _ready(http, qlever)
    query = _query_address(http, base)
    if kind in {"auto", "gsp"}:
        for data in dict.fromkeys(
            (f"{base}/store", f"{base}/data", f"{http.url}/rdf-graphs/service", http.url)
        ):
            found = _graph_store(http, query, data, base)
            if found is not None:
                return _ready(http, found)
        if kind == "gsp":
            raise NotFoundError(f"{http.url}: no Graph Store is there: try --kind update")
    for update in _update_addresses(http.url, base):
        store = UpdateStore(http, Addresses(query, update))
        if _works(store):
            return _ready(http, store)
    raise NotFoundError(f"{http.url}: takes neither graphs nor updates: name its update address")


def _ready(http: Http, store: UpdateStore) -> UpdateStore:
    http.retry()
    return store


def _base(url: str) -> str:
    for ending in _ENDINGS:
        if url.endswith(ending):
            return url.removesuffix(ending)
    return url


def _virtuoso(http: Http, base: str, bulk: BulkLoader | None) -> Virtuoso:
    sparql = f"{base}/sparql-auth"
    addresses = Addresses(sparql, sparql, f"{base}/sparql-graph-crud-auth")
    store = Virtuoso(http, addresses) if bulk is None else VirtuosoBulk(http, addresses, bulk)
    try:
        _ask(http, sparql)
    except UnknownUserError as error:
        # It does not say so to those who try something else.
        raise AuthError(f"{error}; Virtuoso takes --auth digest only") from error
    _try(store)
    return store


def _query_address(http: Http, base: str) -> str:
    problem: NotFoundError | None = None
    for address in dict.fromkeys((f"{base}/query", http.url, f"{base}/sparql")):
        try:
            _ask(http, address)
        except _NoSparqlError as error:
            problem = error
        except (AbsentError, RefusedError):
            continue
        else:
            return address
    raise problem or NotFoundError(f"{http.url}: no SPARQL endpoint is there")


class _NoSparqlError(NotFoundError):
    pass


def _ask(http: Http, address: str) -> None:
    headers = {"Accept": "application/sparql-results+json"}
    answer = http.send("POST", address, {"query": "ASK {}"}, headers)
    try:
        document = json.loads(answer.body)
        good = isinstance(document, dict) and "head" in document
    except ValueError:
        good = False
    if not good:
        path = urlsplit(address).path or "/"
        raise _NoSparqlError(
            f"{http.url}: no SPARQL endpoint is there ({path} answers: {readable(answer)})"
        )


def _update_addresses(url: str, base: str) -> Iterator[str]:
    yield from dict.fromkeys(
        (f"{base}/update", f"{url}/statements", url, f"{base}/sparql", f"{base}/query")
    )


def _graph_store(http: Http, query: str, data: str, base: str) -> GraphStore | None:
    """The Graph Store at an address, if one is there."""
    store = GraphStore(http, Addresses(query, "", data))
    try:
        store.send([_PROBE])
        if counts(store, [_PROBE.graph])[_PROBE.graph] != 1:
            return None
    except (AbsentError, RefusedError):
        return None
    for update in _update_addresses(http.url, base):
        addresses = Addresses(query, update, data)
        try:
            drop(GraphStore(http, addresses), [_PROBE.graph])
        except (AbsentError, RefusedError):
            continue
        kinds = [GraphStore, QuadStore] if data.endswith(_TAKES_QUADS) else [GraphStore]
        for compressed in (True, False):
            for store_class in reversed(kinds):
                store = store_class(http, addresses)
                store.gzip = compressed
                if _works(store):
                    return store
    raise NotFoundError(f"{http.url}: takes graphs, but no updates: name its update address")


def _works(store: UpdateStore) -> bool:
    try:
        _try(store)
    except (AbsentError, LoadError):
        return False
    except FailingError:
        # Gzip makes some fail, and others not know what came.
        if not store.gzip:
            raise
        return False
    return True


def _try(store: UpdateStore) -> None:
    """Write a triple, count it, remove it."""
    store.send([_PROBE])
    if counts(store, [_PROBE.graph])[_PROBE.graph] != 1:
        raise RefusedError(f"{store.name}: took a triple and does not have it")
    drop(store, [_PROBE.graph])
