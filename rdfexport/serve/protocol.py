"""Requests of the SPARQL 1.1 Protocol → tasks (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

import pyoxigraph as ox

from rdfexport.encoding import decoded
from rdfexport.errors import UsageError
from rdfexport.query.text import form, words
from rdfexport.serve.negotiate import best
from rdfexport.serve.workers import ROWS, TRIPLES, Task

if TYPE_CHECKING:
    from starlette.requests import Request

HTML: Final = "text/html"
_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_READ_ONLY: Final = "this endpoint is read-only: it takes no updates"
_UPDATES: Final = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
)
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


class Asked(NamedTuple):
    """A query to evaluate, and whether the answer shall be shown on a page."""

    task: Task
    as_page: bool


async def asked(request: Request) -> Asked | None:
    """Read a request; None if it asks nothing, and so for the description of the service.

    Raises:
        RequestError: It is not one of the protocol's, or asks for what this server does not do.
    """
    parameters = _pairs(request.url.query)
    if request.method == "POST":
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media == _UPDATE:
            raise RequestError(403, _READ_ONLY)
        if media not in {_FORM, _QUERY}:
            raise RequestError(415, f"send a query as {_FORM} or {_QUERY}")
        body = await _body(request)
        parameters += [("query", body)] if media == _QUERY else _pairs(body)
    names = [name for name, _ in parameters]
    if "update" in names:
        raise RequestError(403, _READ_ONLY)
    if names.count("query") != 1:
        if request.method == "POST" or "query" in names:
            raise RequestError(400, "send one query")
        return None
    text = next(value for name, value in parameters if name == "query")
    _check(text)
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
        return Asked(Task(text, next(iter(ROWS)), next(iter(TRIPLES)), *dataset), as_page=True)
    task = Task(
        text,
        _ALIASES.get(rows or "", rows),
        _TRIPLE_ALIASES.get(triples or "", triples),
        *dataset,
    )
    return Asked(task, as_page=False)


def _chosen(parameters: list[tuple[str, str]]) -> str:
    """The media type that the form without JavaScript offers, as it cannot set a header."""
    return next((value for name, value in parameters if name == "accept"), "")


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise RequestError(400, "the parameters are not a form in UTF-8") from error


async def _body(request: Request) -> str:
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > _MAX_BODY:
            raise RequestError(413, f"the request is larger than {_MAX_BODY:,} bytes")
    try:
        return decoded(data)
    except UnicodeDecodeError as error:
        raise RequestError(400, "the request is not UTF-8") from error


def _check(text: str) -> None:
    """Refuse what would change the store, or have this server ask others.

    Those others could be machines that its clients cannot reach.
    """
    # Some parsers read \u0053 as S before all else, and some do not.
    plain = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U000([0-9A-Fa-f]{5})", _character, text)
    if "SERVICE" in words(text) or "SERVICE" in words(plain):
        raise RequestError(403, "this endpoint does not ask other endpoints: SERVICE is refused")
    try:
        form(text)
    except UsageError as error:
        verb = next((word for word in words(text) if word not in {"BASE", "PREFIX"}), "")
        if verb in _UPDATES:
            raise RequestError(403, _READ_ONLY) from error
        raise RequestError(400, str(error)) from error


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF else match[0]
