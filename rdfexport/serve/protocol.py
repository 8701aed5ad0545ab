"""Requests of the SPARQL 1.1 Protocol → queries (https://www.w3.org/TR/sparql11-protocol/).

The text of a query is not looked at here, where every client would wait for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

import pyoxigraph as ox

from rdfexport.serve.media import HTML, ROWS, TRIPLES
from rdfexport.serve.negotiate import best
from rdfexport.serve.workers.guard import READ_ONLY
from rdfexport.serve.workers.jobs import Query
from rdfexport.untrusted.encoding import decoded

if TYPE_CHECKING:
    from starlette.requests import Request

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_MAX_BODY: Final = 1024**2
# Other names of media types that clients use for the same.
_ALIASES: Final = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
_TRIPLE_ALIASES: Final = {
    "application/json": "application/ld+json",
    "text/plain": "application/n-triples",
    "text/n3": "text/turtle",
}


class RequestError(Exception):
    """The request is refused, with a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def asked(request: Request) -> Query | None:
    """Read a request; None if it has no query, and so asks for the description of the service.

    Raises:
        RequestError: It does not follow the protocol, or asks for what this server does not do.
    """
    parameters = pairs(request.url.query)
    if request.method == "POST":
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media == _UPDATE:
            raise RequestError(403, READ_ONLY)
        if media not in {_FORM, _QUERY}:
            raise RequestError(415, f"send a query as {_FORM} or {_QUERY}")
        body = await _body(request)
        parameters += [("query", body)] if media == _QUERY else pairs(body)
    names = [name for name, _ in parameters]
    if "update" in names:
        raise RequestError(403, READ_ONLY)
    if names.count("query") != 1:
        if request.method == "POST" or "query" in names:
            raise RequestError(400, "send one query")
        return None
    text = next(value for name, value in parameters if name == "query")
    default = tuple(value for name, value in parameters if name == "default-graph-uri")
    named = tuple(value for name, value in parameters if name == "named-graph-uri")
    for iri in (*default, *named):
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise RequestError(400, f"{iri}: not an absolute IRI of a graph") from error
    accept = _chosen(parameters) or request.headers.get("accept", "")
    rows = best(accept, (*ROWS, *_ALIASES, HTML))
    triples = best(accept, (*TRIPLES, *_TRIPLE_ALIASES))
    dataset = (default, named) if default or named else (None, None)
    if rows == HTML:
        return Query(text, None, None, *dataset)._replace(page=True)
    return Query(
        text,
        _ALIASES.get(rows or "", rows),
        _TRIPLE_ALIASES.get(triples or "", triples),
        *dataset,
    )


def _chosen(parameters: list[tuple[str, str]]) -> str:
    """The media type that the form without JavaScript offers, as it cannot set a header."""
    return next((value for name, value in parameters if name == "accept"), "")


def pairs(text: str) -> list[tuple[str, str]]:
    """The names and values of a form or of an address, of which there are 100 at most.

    Raises:
        RequestError: It is not valid.
    """
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise RequestError(400, "the parameters are not a form in UTF-8") from error


async def _body(request: Request) -> str:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MAX_BODY:
            raise RequestError(413, f"the request is larger than {_MAX_BODY:,} bytes")
    try:
        return decoded(bytes(data))
    except UnicodeDecodeError as error:
        raise RequestError(400, "the request is not UTF-8") from error
