"""Which address of a SPARQL server takes queries, whichever of its addresses was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rdfexport.errors import (
    AuthError,
    NotFoundError,
    RefusedError,
    RemoteError,
    TransientError,
)
from rdfexport.net.address import checked
from rdfexport.net.sparql import Endpoint
from rdfexport.printing import shown

if TYPE_CHECKING:
    from rdfexport.net.session import Session

_QUERIES: Final = ("/query", "/sparql")
_OTHERS: Final = (
    "/sparql-graph-crud-auth",
    "/sparql-graph-crud",
    "/rdf-graphs/service",
    "/sparql-auth",
    "/statements",
    "/update",
    "/store",
    "/data",
)


def base_address(url: str) -> str:
    """The address without what servers add to it for queries, updates or graphs."""
    url = url.rstrip("/")
    ending = next((one for one in (*_OTHERS, *_QUERIES) if url.endswith(one)), "")
    return url.removesuffix(ending)


def find_endpoint(url: str, session: Session) -> Endpoint:
    """Find where a server takes queries.

    An address with a name of its own is taken at its word. One that is called as servers call
    theirs, or that has no path, is asked, and where nothing takes queries, so are those beside it.

    Args:
        url: An address of the server.
        session: Sends the requests.

    Raises:
        UsageError: It is not an address.
        NotFoundError: None of them takes queries.
        AuthError: The server asks for other credentials.
        TransientError: It does not answer, or fails.
        RemoteError: What it answers is not SPARQL.
    """
    path = checked(url, "an endpoint").path.rstrip("/")
    for_queries = path.endswith(_QUERIES)
    if path and not for_queries and not path.endswith(_OTHERS):
        return Endpoint(url, session)
    base = base_address(url)
    problem = ""
    for address in dict.fromkeys((url, *(base + ending for ending in _QUERIES))):
        found = Endpoint(address, session)
        try:
            found.ask("ASK {}")
        except (AuthError, TransientError):
            raise
        except RemoteError as error:
            if for_queries and address == url and not isinstance(error, NotFoundError):
                if isinstance(error, RefusedError):
                    return found  # it is there, and what it has against the query, it says of any
                raise  # what it sends is no answer, and may be endless: it is not asked again
            problem = problem or error.problem
        else:
            return found
    tried = ", ".join(urlsplit(base + ending).path for ending in _QUERIES)
    raise NotFoundError(
        shown(url),
        f"accepts no queries, and neither do {tried} beside it ({problem})",
        "name the address for queries",
    )
