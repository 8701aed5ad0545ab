"""Where questions are put: a store in a folder, or an endpoint."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol
from urllib.parse import urlsplit

import pyoxigraph as ox

from rdfexport.errors import CallError
from rdfexport.query.text import form, words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from requests import Response

_SECONDS_TO_CONNECT: Final = 10
_MAX_MESSAGE: Final = 300
_ACCEPT: Final = {
    "rows": "application/sparql-results+json",
    "truth": "application/sparql-results+json",
    "triples": "application/n-triples, text/turtle;q=0.5",
}
_TRIPLES: Final = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/ntriples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
}
# How an endpoint whose default graph is not all its graphs is asked to query them all.
_WHOLE: Final[tuple[dict[str, str], ...]] = (
    {},  # Virtuoso, GraphDB and QLever do so by themselves
    {"union-default-graph": ""},  # Oxigraph
    {"default-graph-uri": "urn:x-arq:UnionGraph"},  # Jena Fuseki
)
_ANY_FIGURE: Final = "ASK { ?figure a <http://schema.org/Dataset> }"


class Answer(NamedTuple):
    """What a query is answered with: a truth, rows or triples, which come as they are read.

    ``source`` is the name of what gave it, ``cut_at`` the number of rows after which the server
    stopped, where it said that it did.
    """

    source: str
    results: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]
    cut_at: str = ""


class Source(Protocol):
    """What can be queried."""

    name: str

    def ask(self, text: str) -> Answer:
        """Answer a query; errors may also come while the answer is read."""


class Store:
    """An Oxigraph store in a folder, opened to be read only.

    Args:
        path: The folder.
        union: Query all graphs as one, unless the query says FROM which.

    Raises:
        CallError: There is no store in the folder.
    """

    def __init__(self, path: Path, *, union: bool = True) -> None:
        self.name = str(path)
        self._union = union
        if not path.is_dir():
            raise CallError(f"{path}: there is no store: make one with rdfexport load")
        try:
            self._store = ox.Store.read_only(str(path))
        except (OSError, ValueError) as error:
            raise CallError(f"{path}: not a store that can be opened ({error})") from error

    def ask(self, text: str) -> Answer:
        """Answer a query.

        Raises:
            CallError: It is no SPARQL query; says the line.
        """
        form(text)
        try:
            return Answer(
                self.name,
                self._store.query(
                    text, use_default_graph_as_union=self._union and not _says_from(text)
                ),
            )
        except SyntaxError as error:
            raise CallError(f"not a SPARQL query: {error.msg}") from error


class Endpoint:
    """A SPARQL 1.1 endpoint (https://www.w3.org/TR/sparql11-protocol/).

    Args:
        url: Where queries go. User and password come from ``~/.netrc``.
        timeout: Seconds after which an answer that is not complete is given up.
        union: Query all graphs as one, unless the query says FROM which.
    """

    def __init__(self, url: str, *, timeout: float, union: bool = True) -> None:
        import requests  # noqa: PLC0415 - slow to import

        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CallError(f"{url}: not an endpoint: its address begins with http:// or https://")
        if parts.username is not None:
            raise CallError("--endpoint: put user and password into ~/.netrc, not into the address")
        self.name = url
        self._timeout = timeout
        self._union = union
        self._session = requests.Session()
        self._whole: dict[str, str] | None = None

    def ask(self, text: str) -> Answer:
        """Answer a query.

        Raises:
            CallError: The endpoint does not answer, or not with what was asked for; says what.
        """
        kind = form(text)
        dataset = self._dataset() if self._union and not _says_from(text) else {}
        return self._ask(text, kind, dataset)

    def _dataset(self) -> dict[str, str]:
        """The parameters with which figures are found."""
        if self._whole is None:
            for parameters in _WHOLE:
                if bool(self._ask(_ANY_FIGURE, "truth", parameters).results):
                    self._whole = parameters
                    break
            else:
                self._whole = {}
        return self._whole

    def _ask(self, text: str, kind: str, dataset: dict[str, str]) -> Answer:
        import requests  # noqa: PLC0415

        try:
            response = self._session.post(
                self.name,
                data={"query": text, **dataset},
                headers={"Accept": _ACCEPT[kind]},
                timeout=(_SECONDS_TO_CONNECT, self._timeout),
                # A redirected POST would become a GET without the query.
                allow_redirects=False,
                stream=True,
            )
        except requests.Timeout as error:
            raise CallError(f"{self.name}: no answer in {self._timeout:g} seconds") from error
        except requests.RequestException as error:
            raise CallError(
                f"{self.name}: the endpoint does not answer ({type(error).__name__})"
            ) from error
        except ValueError as error:  # of a redirect, though it is not followed
            raise CallError(f"{self.name}: leads to what is no address") from error
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != requests.codes.ok:
            raise CallError(f"{self.name}: {_refusal(response, media)}")
        body: Any = _Body(self.name, response, self._timeout)
        if kind == "triples" and media in _TRIPLES:
            triples = ox.parse(body, format=_TRIPLES[media])
            return Answer(self.name, (quad.triple for quad in triples))
        if kind != "triples" and media in {"application/sparql-results+json", "application/json"}:
            try:
                results: Any = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
                if kind == "truth" and isinstance(results, ox.QuerySolutions):
                    results = _truth(results)
            except SyntaxError as error:
                raise CallError(f"{self.name}: not SPARQL results in JSON ({error.msg})") from error
            # Virtuoso sends this when it has cut an answer short; of triples it says nothing.
            return Answer(self.name, results, _shown(response.headers.get("X-SPARQL-MaxRows", "")))
        what = "a web page" if media == "text/html" else f"{media or 'something without a type'}"
        raise CallError(
            f"{self.name}: answered with {what}, not with SPARQL results: is this the address"
            " of the endpoint?"
        )


def _says_from(text: str) -> bool:
    return "FROM" in words(text)


def _truth(rows: ox.QuerySolutions) -> Any:
    """Virtuoso 7 answers ASK with one row that holds a number."""
    true = any(term is not None and term.value != "0" for row in rows for term in row)
    text = f'{{"head":{{}},"boolean":{"true" if true else "false"}}}'
    return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)


def _refusal(response: Response, media: str) -> str:
    """What an answer that is none says, as far as it can be shown."""
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - slow to import

    status = response.status_code
    if status == 401:
        return "the endpoint asks who you are (401): put user and password into ~/.netrc"
    if 300 <= status < 400:
        return (
            f"the endpoint is elsewhere ({status}): {_shown(response.headers.get('Location', ''))}"
        )
    said = ""
    if media != "text/html":
        with suppress(HTTPError):  # what is said is not what it is said to be
            data = response.raw.read(4 * _MAX_MESSAGE, decode_content=True)
            said = _shown(data.decode(errors="replace"))
    return f"the endpoint answered {status}" + (f": {said}" if said else "")


def _shown(text: str) -> str:
    """A server's words on one line, without what a terminal would obey."""
    line = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
    return line if len(line) <= _MAX_MESSAGE else line[:_MAX_MESSAGE] + "…"


class _Body:
    """The body of an answer as a file, to be complete in time."""

    def __init__(self, name: str, response: Response, timeout: float) -> None:
        self._name = name
        self._response = response
        self._timeout = timeout
        self._end = time.monotonic() + timeout

    def read(self, size: int = -1) -> bytes:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        if time.monotonic() > self._end:
            raise CallError(f"{self._name}: the answer took longer than {self._timeout:g} seconds")
        try:
            data: bytes = self._response.raw.read(size if size > 0 else None, decode_content=True)
        except (HTTPError, OSError) as error:
            raise CallError(
                f"{self._name}: the answer broke off ({type(error).__name__})"
            ) from error
        return data
