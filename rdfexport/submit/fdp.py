"""``fdp:URL``: the records of a release in a FAIR Data Point, by its API.

The contract is that of the reference implementation (FAIRDataPoint-Docs ``usage/api-usage.rst``;
``GenericController``, ``GenericMetaController``, ``AbstractMetadataService`` of its source): a POST
makes a draft under a name that the server mints, and makes a second one if it is repeated; a PUT
replaces a record with all its links to records below, so these are sent along; what is no longer a
draft cannot be published again (400). Records are therefore looked for before each POST: by the
receipt, and by reading what the server has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urljoin

import msgspec
import orjson
import pyoxigraph as ox

from rdfexport.diagnostics import Severity
from rdfexport.errors import NotFoundError, RemoteError, SubmitError, UnreadableError
from rdfexport.net import auth
from rdfexport.net.causes import PassingError
from rdfexport.net.session import check
from rdfexport.release.describe.triples import PREFIXES, term, turtle
from rdfexport.submit.client import JSON, Client, decode_answer
from rdfexport.submit.receipt import Receipt
from rdfexport.submit.records import Record, catalog, dataset, distributions, triples
from rdfexport.untrusted.parsing import parse
from rdfexport.untrusted.typed_json import decode
from rdfexport.validate import Engine, make_engine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.net.policy import Answer
    from rdfexport.release.model import Release
    from rdfexport.submit.target import Options

_TURTLE: Final = "text/turtle"
_MAX_CHILDREN: Final = 5_000
_SHOWN: Final = 3
_BELOW: Final = {"catalog": "dataset", "dataset": "distribution"}
_ROOT_TYPES: Final = {
    PREFIXES["fdpo"] + "FAIRDataPoint",
    PREFIXES["fdpo"] + "FairDataPoint",
    PREFIXES["fdpo"] + "MetadataService",
    "http://www.re3data.org/schema/3-0#Repository",
}
_IDENTIFIER: Final = term("dcterms:identifier")
# By any of these a record is known to be ours.
_IDENTIFYING: Final = {
    _IDENTIFIER,
    term("dcat:landingPage"),
    term("dcat:downloadURL"),
    term("dcat:accessURL"),
    term("foaf:homePage"),
}
# A server may put moments of its own in the place of these.
_SERVERS_OWN: Final = {term("dcterms:issued"), term("dcterms:modified")}
_THIS: Final = ox.NamedNode("urn:rdfexport:this-record")


class _Login(msgspec.Struct):
    token: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]+\Z")]


class _State(msgspec.Struct):
    current: str


class _Metadata(msgspec.Struct):
    state: _State | None = None


class Fdp:
    """A FAIR Data Point.

    Args:
        url: Its address.
        options: How credentials are asked for.

    Raises:
        UsageError: It is not a valid address.
    """

    def __init__(self, url: str, options: Options) -> None:
        self._prompt = options.prompt
        self._http = Client(url, self._token)
        self._url = self._http.url
        self._receipt = Receipt(f"fdp:{self._url}")
        # Its own name for itself may differ from the address it was reached by.
        self._root_iri = self._root = self._url
        self._children: dict[str, dict[str, Graph]] = {}
        self._engines: dict[str, Engine | None] = {}

    def plan(self, release: Release) -> Iterator[str]:
        yield f'POST {self._url}/tokens\n\n{{"email": …, "password": …}}'
        parent = ox.NamedNode(self._url)
        places = []
        for record in _records(release):
            text = turtle(_with_parent(_THIS, record, parent)).replace(str(_THIS), "<>")
            yield f"POST {self._url}/{record.kind}\n\n{text}"
            places.append(f"{self._url}/{record.kind}/{{{record.identifier}}}")
            if record.kind in _BELOW:
                parent = ox.NamedNode(f"{self._url}/{record.kind}/ID")
        for place in places:
            yield f'PUT {place}/meta/state\n\n{{"current": "PUBLISHED"}}'

    def submit(self, release: Release) -> Iterator[str]:
        self._root_iri = self._find_root()
        self._root = self._root_iri.rstrip("/")
        parent = self._root_iri
        made: list[tuple[Record, str]] = []
        for record in _records(release):
            self._validate(record, parent)
            place, steps = self._ensure(record, parent)
            yield from steps
            made.append((record, place))
            if record.kind in _BELOW:
                parent = place
        # Create all before publishing any, and publish parents before their children.
        for record, place in made:
            if self._publish(place):
                yield f"published {record.title}: {place}"

    # --- login ------------------------------------------------------------------------------

    def _token(self) -> str:
        known = auth.known_token(self._url)
        if known is not None:
            return known
        email, password = auth.login(self._url, netrc=False, prompt=self._prompt)
        self._http.hide(password)
        answer = self._http.send(
            "POST",  # repeated, it gives another token
            f"{self._url}/tokens",
            body=orjson.dumps({"email": email, "password": password}),
            headers={"Content-Type": JSON, "Accept": JSON},
            anonymous=True,
        )
        try:
            return decode(answer.body, _Login).token
        except ValueError as error:
            problem = f"gives no token ({error}): is a FAIR Data Point there?"
            raise RemoteError(f"{self._url}/tokens: {problem}") from error

    # --- reading ---------------------------------------------------------------------------

    def _find_root(self) -> str:
        answer = self._http.send("GET", self._url, headers={"Accept": _TURTLE})
        graph = Graph(self._url, answer)
        for triple in graph.triples:
            if triple.predicate == term("rdf:type") and _text(triple.object) in _ROOT_TYPES:
                return _text(triple.subject)
        raise NotFoundError(f"{self._url}: no FAIR Data Point is there")

    def _address(self, iri: str) -> str:
        """The address of a record: the server may know itself by another name."""
        iri = urljoin(f"{self._root}/", iri)
        for base in (self._root, self._url):
            if iri == base or iri.startswith(f"{base}/"):
                return self._url + iri.removeprefix(base)
        raise SubmitError(f"{self._url}: the server names a record that is not below it: {iri!r}")

    def _read(self, place: str) -> Graph | None:
        answer = self._http.send(
            "GET", self._address(place), headers={"Accept": _TURTLE}, expected=(404, 410)
        )
        return None if answer.status >= 400 else Graph(place, answer)

    def _find(self, record: Record, parent: str) -> tuple[str, Graph] | None:
        noted = self._receipt.get(record.identifier)
        if noted is not None and noted.startswith(self._prefix(record.kind)):
            graph = self._read(noted)
            # A server may drop the identifier; with another one it is another record.
            if graph is not None and graph.values(noted, {_IDENTIFIER}) <= {record.identifier}:
                return noted, graph
        for place, graph in self._below(parent, record.kind).items():
            if record.identifier in graph.values(place, _IDENTIFYING):
                self._receipt.put(record.identifier, place)
                return place, graph
        return None

    def _below(self, parent: str, kind: str) -> dict[str, Graph]:
        """The records below another one, in the order of their names."""
        if parent not in self._children:
            graph = self._read(parent)
            places = [] if graph is None else graph.links(self._prefix(kind))
            if len(places) > _MAX_CHILDREN:
                raise RemoteError(f"{parent}: has more than {_MAX_CHILDREN:,} records below it")
            found = {place: self._read(place) for place in places}
            self._children[parent] = {p: g for p, g in found.items() if g is not None}
        return self._children[parent]

    def _prefix(self, kind: str) -> str:
        return f"{self._root}/{kind}/"

    # --- writing ---------------------------------------------------------------------

    def _validate(self, record: Record, parent: str) -> None:
        """Validate a record with the server's own shapes, if it shows them."""
        if record.kind not in self._engines:
            self._engines[record.kind] = self._shapes(record.kind)
        engine = self._engines[record.kind]
        if engine is None:
            return
        said = _with_parent(_THIS, record, ox.NamedNode(parent))
        text = "".join(f"{triple} .\n" for triple in said)
        found = [r for r in engine.validate(text) if r.severity is Severity.VIOLATION]
        if found:
            shown = "; ".join(
                f"{r.path or r.shape}: {r.message or r.component}" for r in found[:_SHOWN]
            )
            raise SubmitError(
                f"{self._url}: {record.identifier} does not conform to what this server wants"
                f" of a {record.kind} ({shown}): nothing of it was sent"
            )

    def _shapes(self, kind: str) -> Engine | None:
        url = f"{self._url}/{kind}/spec"
        answer = self._http.send("GET", url, headers={"Accept": _TURTLE}, expected=range(400, 500))
        if answer.status >= 400:
            return None
        try:
            parsed = Graph(url, answer).triples
            text = ox.serialize(parsed, format=ox.RdfFormat.N_TRIPLES)
            assert text is not None
            return make_engine("shacl", text.decode())
        except (RemoteError, UnreadableError):
            return None  # the server itself validates, too

    def _ensure(self, record: Record, parent: str) -> tuple[str, list[str]]:
        """Find a record and update it, or create it."""
        done: list[str] = []

        def find_or_make() -> tuple[str, Graph | None]:
            found = self._find(record, parent)
            if found is not None:
                return found
            try:
                place = self._make(record, parent)
            except PassingError:
                # It may have been created: look for it before sending it again.
                self._children.pop(parent, None)
                raise
            done.append(f"made {record.title}: {place}")
            return place, None

        place, graph = self._http.retried(find_or_make)
        if graph is None:
            return place, done
        body = _with_parent(_THIS, record, ox.NamedNode(parent))
        known = {(t.predicate, t.object) for t in graph.triples if _text(t.subject) == place}
        wanted = {(t.predicate, t.object) for t in body if t.subject == _THIS}
        if {pair for pair in wanted if pair[0] not in _SERVERS_OWN} <= known:
            return place, done
        if record.kind in _BELOW:
            prefix = self._prefix(_BELOW[record.kind])
            below = set(graph.links(prefix))
            body += [ox.Triple(_THIS, p, o) for p, o in sorted(known, key=str) if _text(o) in below]
        answer = self._http.send(
            "PUT",
            self._address(place),
            body=_body(body),
            headers={"Content-Type": _TURTLE, "Accept": _TURTLE},
        )
        Graph(place, answer)  # a proxy may answer 200, too
        return place, [*done, f"updated {record.title}: {place}"]

    def _make(self, record: Record, parent: str) -> str:
        answer = self._http.once(
            "POST",
            f"{self._url}/{record.kind}",
            body=_body(_with_parent(_THIS, record, ox.NamedNode(parent))),
            headers={"Content-Type": _TURTLE, "Accept": _TURTLE},
        )
        location = answer.headers.get("Location", "")
        if answer.status != 201 or not location:
            raise SubmitError(
                f"{self._url}/{record.kind}: answers {answer.status} and names no record:"
                " is this a FAIR Data Point with the reference's API?"
            )
        # Links in its records begin with its own name for itself.
        place = self._root + self._address(location).removeprefix(self._url)
        if not place.startswith(self._prefix(record.kind)):
            raise SubmitError(f"{self._url}: names a {record.kind} {location!r}")
        self._receipt.put(record.identifier, place)
        return place

    def _publish(self, place: str) -> bool:
        """Publish a record; return False if it was published already."""
        if self._is_published(place):
            return False
        url = f"{self._address(place)}/meta/state"
        answer = self._http.send(
            "PUT",
            url,
            body=b'{"current":"PUBLISHED"}',
            headers={"Content-Type": JSON, "Accept": JSON},
            expected=(400,),  # its first answer may have been lost
        )
        if not self._is_published(place):
            check(answer, url)
            raise SubmitError(f"{self._url}: does not publish {place}")
        return True

    def _is_published(self, place: str) -> bool:
        address = self._address(place)
        answer = self._http.send(
            "GET", f"{address}/meta", headers={"Accept": JSON}, expected=(404,)
        )
        if answer.status < 400:
            state = decode_answer(answer, f"{address}/meta", _Metadata).state
            if state is not None:
                return state.current == "PUBLISHED"
        # Drafts are hidden from anonymous requests.
        seen = self._http.send(
            "GET", address, headers={"Accept": _TURTLE}, expected=range(400, 500), anonymous=True
        )
        return seen.status < 400


class Graph:
    """The triples of an answer in Turtle.

    Args:
        url: Its address, to which relative IRIs are resolved.
        answer: The answer.

    Raises:
        RemoteError: It is not Turtle.
    """

    def __init__(self, url: str, answer: Answer) -> None:
        try:
            quads = parse(answer.body, ox.RdfFormat.TURTLE, base_iri=url)
            self.triples = [quad.triple for quad in quads]
        except (SyntaxError, ValueError) as error:
            raise RemoteError(
                f"{url}: answers something else than Turtle: {answer.text}"
            ) from error

    def values(self, subject: str, predicates: Iterable[ox.NamedNode]) -> set[str]:
        """The values that a subject has for any of the predicates."""
        wanted = set(predicates)
        return {
            _text(triple.object)
            for triple in self.triples
            if triple.predicate in wanted and _text(triple.subject) == subject
        }

    def links(self, prefix: str) -> list[str]:
        """The records named below a prefix, sorted."""
        names = {_text(triple.object) for triple in self.triples}
        return sorted(
            name
            for name in names
            if name.startswith(prefix) and re.fullmatch(r"[\w.~-]+", name[len(prefix) :])
        )


def _records(release: Release) -> list[Record]:
    return [catalog(release), dataset(release), *distributions(release)]


def _with_parent(subject: ox.NamedNode, record: Record, parent: ox.NamedNode) -> list[ox.Triple]:
    return triples(subject, [*record.facts, ("dcterms:isPartOf", parent)])


def _body(some: list[ox.Triple]) -> bytes:
    return turtle(some).replace(str(_THIS), "<>").encode()


def _text(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal) else ""
