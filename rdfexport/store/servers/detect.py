"""Finds out what a server is and how it accepts data, by trying it with one triple."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

from rdfexport.errors import (
    AuthError,
    LoadError,
    NotFoundError,
    RefusedError,
    RemoteError,
    TransientError,
    UsageError,
)
from rdfexport.net.endpoints import base_address
from rdfexport.net.sparql import Endpoint
from rdfexport.printing import shown
from rdfexport.store.graph_names import staging
from rdfexport.store.inputs.blocks import from_ntriples
from rdfexport.store.interface import counts, drop
from rdfexport.store.servers.connection import open_server
from rdfexport.store.servers.protocols import Addresses, GraphStore, QLever, QuadStore, UpdateStore
from rdfexport.store.servers.virtuoso import Virtuoso, VirtuosoBulk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.net.auth import Prompt
    from rdfexport.store.servers.connection import AuthKind, Server
    from rdfexport.store.servers.virtuoso import BulkLoader

Kind = Literal["auto", "gsp", "update", "virtuoso", "qlever"]

_TRIPLE: Final = "<urn:rdfexport:probe> <urn:rdfexport:probe> <urn:rdfexport:probe>"
_PROBE: Final = from_ntriples(staging("probe"), "a first triple", [f"{_TRIPLE} .\n".encode()])
_FIND_PROBE: Final = (
    "SELECT ?s WHERE { VALUES ?s { <urn:rdfexport:probe> }"
    " { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } } LIMIT 1"
)
_REMOVE_PROBE: Final = (
    f"DELETE WHERE {{ {_TRIPLE} }} ;\nDELETE WHERE {{ GRAPH ?g {{ {_TRIPLE} }} }}"
)
# Where N-Quads may be tried: elsewhere a POST without a graph makes a new graph, says the protocol.
_TAKES_QUADS: Final = "/store"
_NAME_IT: Final = "name its update address"


def connect(
    url: str,
    kind: Kind,
    auth: AuthKind,
    bulk: BulkLoader | None = None,
    prompt: Prompt | None = None,
) -> UpdateStore:
    """Find out how a server can be loaded.

    The result was tried: a triple was written into a graph of its own, counted, and removed.

    Args:
        url: The server's address, or one of its addresses for queries, updates or graphs.
        kind: What it is, or ``auto``.
        auth: How the user is authenticated.
        bulk: The bulk loader to use, of Virtuoso only.
        prompt: Asks for credentials that are not found; None where nobody can be asked.

    Raises:
        UsageError: The address is not valid, the server is not of this kind, or there are no
            credentials.
        RemoteError: There is no SPARQL server, or it does not allow writing.
    """
    server = open_server(url, auth, prompt)
    store = _found(server, kind, bulk)
    server.expect_restarts()
    return store


def connect_reader(
    url: str, kind: Kind, auth: AuthKind, prompt: Prompt | None = None
) -> UpdateStore:
    """Find out how a server can be queried; nothing is written to it.

    Args:
        url: As for ``connect``.
        kind: As for ``connect``.
        auth: As for ``connect``.
        prompt: As for ``connect``.

    Raises:
        UsageError: The address is not valid, or there are no credentials.
        RemoteError: There is no SPARQL server.
    """
    server = open_server(url, auth, prompt)
    base = base_address(server.url)
    if kind == "virtuoso" or (kind == "auto" and _software(server).startswith("Virtuoso")):
        query = f"{base}/sparql" if auth == "none" else f"{base}/sparql-auth"
        _ask(server, query)
    else:
        query = _query_address(server, base)
    return UpdateStore(server, Addresses(query, query))


def _found(server: Server, kind: Kind, bulk: BulkLoader | None) -> UpdateStore:
    base = base_address(server.url)
    if kind == "virtuoso" or (kind == "auto" and _software(server).startswith("Virtuoso")):
        return _virtuoso(server, base, bulk)
    if bulk is not None:
        raise UsageError(f"{shown(server.url)}: is not Virtuoso, which --bulk is for")
    if kind == "qlever":
        qlever = QLever(server, Addresses(server.url, server.url, server.url))
        _ask(server, server.url)
        _try(qlever)
        return qlever
    query = _query_address(server, base)
    if kind in {"auto", "gsp"}:
        for data in dict.fromkeys(
            (f"{base}/store", f"{base}/data", f"{base}/rdf-graphs/service", server.url)
        ):
            found = _graph_store(server, query, data, base)
            if found is not None:
                _remove_probe(server, query, base)
                return found
        if kind == "gsp":
            raise NotFoundError(shown(server.url), "no Graph Store is there", "try --kind update")
    for update in _update_addresses(server.url, base):
        store = UpdateStore(server, Addresses(query, update))
        if _works(store):
            return store
    raise NotFoundError(shown(server.url), "takes neither graphs nor updates", _NAME_IT)


def _software(server: Server) -> str:
    """The name that the server gives itself in its answer, whatever that is."""
    with server.session.open("GET", server.url, expected=range(300, 600)) as answer:
        return answer.headers.get("Server", "")


def _virtuoso(server: Server, base: str, bulk: BulkLoader | None) -> Virtuoso:
    sparql = f"{base}/sparql-auth"
    addresses = Addresses(sparql, sparql, f"{base}/sparql-graph-crud-auth")
    store = Virtuoso(server, addresses) if bulk is None else VirtuosoBulk(server, addresses, bulk)
    try:
        _ask(server, sparql)
    except AuthError as error:
        # It does not say so to those who try something else.
        remedy = "Virtuoso takes --auth digest only"
        raise AuthError(error.where, error.problem, remedy) from error
    _try(store)
    return store


def _query_address(server: Server, base: str) -> str:
    problem: NotFoundError | None = None
    for address in dict.fromkeys((f"{base}/query", server.url, base, f"{base}/sparql")):
        try:
            _ask(server, address)
        except NotFoundError as error:
            if problem is None or address == server.url:
                problem = error
        else:
            return address
    assert problem is not None
    raise problem


def _ask(server: Server, address: str) -> None:
    """Check that a SPARQL endpoint answers at an address.

    Raises:
        NotFoundError: Something else answers, or nothing.
        AuthError: It requires other credentials.
        TransientError: It does not answer, or fails.
    """
    try:
        Endpoint(address, server.session).ask("ASK {}")
    except (AuthError, TransientError):
        raise
    except RemoteError as error:
        problem = f"no SPARQL endpoint is there ({shown(address)}: {error.problem})"
        raise NotFoundError(shown(server.url), problem, error.remedy) from error


def _update_addresses(url: str, base: str) -> Iterator[str]:
    yield from dict.fromkeys(
        (f"{base}/update", f"{base}/statements", url, base, f"{base}/sparql", f"{base}/query")
    )


def _graph_store(server: Server, query: str, data: str, base: str) -> GraphStore | None:
    """The Graph Store at an address, if one is there."""
    store = GraphStore(server, Addresses(query, "", data))
    try:
        store.send([_PROBE])
        is_there = counts(store, [_PROBE.graph])[_PROBE.graph] == 1
    except (NotFoundError, RefusedError):
        is_there = False
    if not is_there:
        _remove_probe(server, query, base)
        return None
    for update in _update_addresses(server.url, base):
        addresses = Addresses(query, update, data)
        try:
            drop(GraphStore(server, addresses), [_PROBE.graph])
        except (NotFoundError, RefusedError):
            continue
        kinds = [GraphStore, QuadStore] if data.endswith(_TAKES_QUADS) else [GraphStore]
        for compressed in (True, False):
            for store_class in reversed(kinds):
                store = store_class(server, addresses)
                store.gzip = compressed
                if _works(store):
                    return store
    raise NotFoundError(shown(server.url), "takes graphs, but no updates", _NAME_IT)


def _remove_probe(server: Server, query: str, base: str) -> None:
    """Remove the triple that was written, wherever the server put it.

    Some put it into the default graph whatever graph is named, or into a graph of their own making.

    Raises:
        RemoteError: It cannot be removed.
    """
    for update in _update_addresses(server.url, base):
        store = UpdateStore(server, Addresses(query, update))
        if not store.select(_FIND_PROBE):
            return
        with suppress(NotFoundError, RefusedError):
            store.update(_REMOVE_PROBE)
    raise RemoteError(
        shown(server.url),
        f"a triple that was written to try the server cannot be removed: {_TRIPLE}",
        "remove it, and name its update address",
    )


def _works(store: UpdateStore) -> bool:
    try:
        _try(store)
    except (LoadError, NotFoundError, RefusedError):
        return False
    except TransientError:
        # Gzip makes some servers fail, and others misread the body.
        if not store.gzip:
            raise
        return False
    return True


def _try(store: UpdateStore) -> None:
    """Write a triple, count it, remove it."""
    store.send([_PROBE])
    if counts(store, [_PROBE.graph])[_PROBE.graph] != 1:
        raise RefusedError(store.name, "accepted a triple but does not have it", "")
    drop(store, [_PROBE.graph])
