"""A client of SPARQL 1.1 endpoints (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, Self

import pyoxigraph as ox

from rdfexport.errors import RemoteError
from rdfexport.net.address import checked
from rdfexport.net.policy import readable
from rdfexport.net.session import check
from rdfexport.printing import shown
from rdfexport.untrusted.parsing import Shallow, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.net.session import Session
    from rdfexport.net.stream import Stream

Kind = Literal["rows", "truth", "triples"]

_RESULTS: Final = "application/sparql-results+json"
_ACCEPT: Final[dict[Kind, str]] = {
    "rows": _RESULTS,
    "truth": _RESULTS,
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
_UNIONS: Final[tuple[dict[str, str], ...]] = (
    {},  # Virtuoso, GraphDB and QLever do so by themselves
    {"union-default-graph": ""},  # Oxigraph
    {"default-graph-uri": "urn:x-arq:UnionGraph"},  # Jena Fuseki
)
_ANY_FIGURE: Final = "ASK { ?figure a <http://schema.org/Dataset> }"
# What Virtuoso says where its time was up before it had all rows.
_CUT_IN_TIME: Final = "S1TAT"


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a query; rows and triples come as they are read.

    Args:
        results: The rows, the truth, or the triples.
        cut_at: After how many rows the server stopped, where it says that it did.
    """

    results: ox.QuerySolutions | ox.QueryBoolean | Iterable[ox.Triple]
    cut_at: str = ""


class Endpoint:
    """Asks a SPARQL endpoint, and changes what is in it.

    Args:
        url: Where queries go.
        session: Sends the requests. Redirects are not to be followed, but named.
        update_url: Where updates go, by default to the same address.

    Raises:
        UsageError: It is not an address.
    """

    def __init__(
        self,
        url: str,
        session: Session,
        *,
        update_url: str | None = None,
    ) -> None:
        checked(url, "an endpoint")
        self.name = shown(url)
        self._url = url
        self._update_url = update_url or url
        self._session = session
        self._union: dict[str, str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def select(self, text: str, *, union: bool = False) -> list[dict[str, str]]:
        """The rows of a SELECT, each a mapping of variable to IRI or text.

        Raises:
            RemoteError: The endpoint does not answer, or not with what was asked for.
        """

        def rows() -> list[dict[str, str]]:
            with self._open(text, "rows", self._dataset(union)) as stream, self._parsing():
                found: Any = self._reply(stream, "rows").results
                names = [variable.value for variable in found.variables]
                result = []
                try:
                    for row in found:
                        bound = {name: row[name] for name in names}
                        result.append({n: _value(v) for n, v in bound.items() if v is not None})
                finally:
                    del found  # no traceback may keep it: it has to end in the thread it began in
                return result

        # An answer that is cut off is asked for once more.
        return self._session.retried("POST", self._url, rows)

    def ask(self, text: str, *, union: bool = False) -> bool:
        """The answer to an ASK.

        Raises:
            RemoteError: As ``select``.
        """
        return self._truth(text, self._dataset(union))

    def construct(self, text: str, *, union: bool = False) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE, as they come.

        Raises:
            RemoteError: As ``select``.
        """
        with self._open(text, "triples", self._dataset(union)) as stream:
            triples: Any = self._reply(stream, "triples").results
            yield from triples

    def update(self, text: str) -> None:
        """Change what is in the store.

        Raises:
            RemoteError: The endpoint does not answer, or refuses.
        """
        headers = {"Content-Type": "application/sparql-update; charset=utf-8"}
        answer = self._session.send("POST", self._update_url, body=text.encode(), headers=headers)
        check(answer, self._update_url, self._session.policy)

    def query(self, text: str, kind: Kind, *, union: bool = False, get: bool = False) -> Reply:
        """Answer a query; errors may also come while its results are read.

        Args:
            text: The query.
            kind: What it is answered with.
            union: Query all graphs as one, however the endpoint is asked for that.
            get: Send it in the address, which caches know, and not in the body.

        Raises:
            RemoteError: The endpoint does not answer, or not with all of what was asked for.
        """
        stream = self._open(text, kind, self._dataset(union), get=get)
        try:
            return self._reply(stream, kind)
        except BaseException:
            stream.close()
            raise

    def _dataset(self, union: bool) -> dict[str, str]:  # noqa: FBT001
        """The parameters with which figures are found, whatever graph they are in."""
        if self._union is None and union:
            self._union = next((way for way in _UNIONS if self._truth(_ANY_FIGURE, way)), {})
        return self._union or {} if union else {}

    def _truth(self, text: str, dataset: dict[str, str]) -> bool:
        with self._open(text, "truth", dataset) as stream:
            return bool(self._reply(stream, "truth").results)

    def _open(self, text: str, kind: Kind, dataset: dict[str, str], *, get: bool = False) -> Stream:
        form = {"query": text, **dataset}
        headers = {"Accept": _ACCEPT[kind]}
        if get:
            stream = self._session.open("GET", self._url, params=form, headers=headers)
        else:
            stream = self._session.open("POST", self._url, body=form, headers=headers)
        try:
            self._check(stream)
        except BaseException:
            stream.close()
            raise
        return stream

    def _check(self, stream: Stream) -> None:
        """See that it is an answer, and a whole one."""
        check(stream, self._url, self._session.policy)
        if stream.status == 206 or stream.headers.get("X-SQL-State") == _CUT_IN_TIME:
            raise RemoteError(
                self.name,
                "the endpoint gave a part of the answer, since its time was up",
                "ask for less at once, or raise the time that the server allows",
            )

    def _reply(self, stream: Stream, kind: Kind) -> Reply:
        media: Any = stream.media_type
        if kind == "triples" and media in _TRIPLES:
            return Reply(self._triples(stream, _TRIPLES[media]))
        if kind != "triples" and media in {_RESULTS, "application/json"}:
            source: Any = Shallow(stream, self._refuse_depth)
            with self._parsing():
                results: Any = ox.parse_query_results(source, format=ox.QueryResultsFormat.JSON)
                if kind == "truth" and isinstance(results, ox.QuerySolutions):
                    results = _truth(results)
            if kind == "rows" and isinstance(results, ox.QueryBoolean):
                problem = "answered with true or false, not with rows"
                raise RemoteError(self.name, problem, "is this the address of the endpoint?")
            # Virtuoso sends this when it has cut an answer short; of triples it says nothing.
            return Reply(results, readable(stream.headers.get("X-SPARQL-MaxRows", "")))
        what = "a web page" if media == "text/html" else media or "something without a type"
        said = stream.excerpt().text
        raise RemoteError(
            self.name,
            f"answered with {readable(what)}, not with SPARQL results{said and f' ({said})'}",
            "is this the address of the endpoint?",
        )

    def _triples(self, stream: Stream, syntax: ox.RdfFormat) -> Iterator[ox.Triple]:
        source: Any = stream
        with self._parsing():
            yield from (quad.triple for quad in parse(source, syntax))

    def _refuse_depth(self) -> NoReturn:
        raise RemoteError(
            self.name, "the answer is nested too deep to be SPARQL results", "check the address"
        )

    @contextmanager
    def _parsing(self) -> Iterator[None]:
        try:
            yield
        except SyntaxError as error:
            raise RemoteError(
                self.name, f"the answer is not well-formed ({error.msg})", "check the address"
            ) from error


def _truth(rows: ox.QuerySolutions) -> ox.QueryBoolean:
    """Virtuoso 7 answers ASK with one row that holds a number."""
    true = any(term is not None and _value(term) != "0" for row in rows for term in row)
    text = f'{{"head":{{}},"boolean":{"true" if true else "false"}}}'
    results = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, ox.QueryBoolean)
    return results


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))
