"""`rdfexport serve`: a real server process on this machine, asked as clients ask."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import requests

from rdfexport.query import Endpoint, Store, bundled, bundled_names
from rdfexport.query.text import words
from rdfexport.serve.media import ROWS, TRIPLES
from rdfexport.serve.negotiate import best
from support.graphs import expanded, schema_part
from support.querying import HOSTILE, TITLE, Served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Outcome

SELECT = "SELECT ?figure WHERE { ?figure a <http://schema.org/Dataset> } ORDER BY ?figure LIMIT 2"
ASK = "ASK { ?figure a <http://schema.org/Dataset> }"
CONSTRUCT = "CONSTRUCT WHERE { <https://identifiers.org/ncbigene/2475> a ?class }"
FIGURE = "PMC9000001__f1"
IRI = "https://pfocr.wikipathways.org/figures/{}.html"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
FIRST = ["PMC100008__mb2411709009", "PMC10029719__cs3c00075_0011"]


@pytest.fixture(scope="module")
def server(serving: Callable[..., Served]) -> Served:
    return serving()


@pytest.fixture(scope="module")
def limited(serving: Callable[..., Served]) -> Served:
    """A server that gives little."""
    options = ("--timeout", "1", "--max-size", "0.1", "--max-memory", "64", "--workers", "1")
    return serving(*options, "--cors")


def get(server: Served, query: str, accept: str | None = None, **more: Any) -> requests.Response:
    headers = {} if accept is None else {"Accept": accept}
    return requests.get(server.endpoint, {"query": query, **more}, headers=headers, timeout=30)


# The protocol.


def rows_of(response: requests.Response) -> list[str]:
    """The values of an answer's one variable, whatever its media type."""
    media = response.headers["Content-Type"].partition(";")[0]
    if media in ROWS:
        solutions: Any = ox.parse_query_results(response.content, format=ROWS[media])
        return [row[0].value for row in solutions]
    return re.findall(r"<td><a href=\"figures/([^\"]+)\.html\">", response.text)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        *((media, media) for media in ROWS),
        ("application/xml", "application/sparql-results+xml"),
        ("text/turtle, text/csv;q=0.2", "text/csv"),
        ("text/csv;q=0.3, text/tab-separated-values;q=0.4", "text/tab-separated-values"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
def test_rows_come_as_they_are_accepted(server: Served, accept: str | None, media: str) -> None:
    response = get(server, SELECT, accept)
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] == media
    if media == "text/html":
        assert rows_of(response) == FIRST
    elif media != "text/csv":  # which cannot be read back
        assert rows_of(response) == [IRI.format(figid) for figid in FIRST]
    else:
        assert response.text == "".join(
            f"{line}\r\n" for line in ("figure", *map(IRI.format, FIRST))
        )


@pytest.mark.parametrize("media", [*TRIPLES, "application/json", "text/plain", "*/*"])
def test_triples_come_as_they_are_accepted(server: Served, media: str) -> None:
    response = get(server, CONSTRUCT, media)
    assert response.status_code == 200
    got = response.headers["Content-Type"].partition(";")[0]
    expected = {"*/*": "text/turtle", "application/json": "application/ld+json"}
    assert got == expected.get(media, "application/n-triples" if media == "text/plain" else media)
    triples = {quad.object.value for quad in ox.parse(response.content, format=TRIPLES[got])}
    assert "http://schema.org/Gene" in triples
    assert get(server, CONSTRUCT, media).content == response.content


@pytest.mark.parametrize("media", ROWS)
def test_truth_comes_as_it_is_accepted(server: Served, media: str) -> None:
    response = get(server, ASK, media)
    assert (response.status_code, "true" in response.text) == (200, True)
    assert "false" in get(server, "ASK { ?s ?p 'no such' }", media).text


def test_what_is_accepted_of_nothing_we_have(server: Served) -> None:
    for query, accept in ((SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (SELECT, "image/png")):
        response = get(server, query, accept)
        assert response.status_code == 406
        assert "application/sparql-results+json" in response.text


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", "a/x"),
        ("a/*;q=0.5, b/y", "b/y"),
        ("a/*, a/x;q=0", "a/z"),
        ("a/z;q=0.9, a/x;q=0.8, */*;q=0.1", "a/z"),
        ("A/Z", "a/z"),
        ("a/x;q=nonsense", None),
        ("c/c", None),
        ("*/*;q=0", None),
    ],
)
def test_the_best_of_what_is_accepted(accept: str, found: str | None) -> None:
    assert best(accept, ("a/x", "b/y", "a/z")) == found


def test_a_query_can_be_posted(server: Served) -> None:
    wanted = get(server, SELECT).json()
    form = requests.post(server.endpoint, {"query": SELECT}, timeout=30)
    headers = {"Content-Type": "application/sparql-query; charset=utf-8"}
    direct = requests.post(server.endpoint, SELECT.encode(), headers=headers, timeout=30)
    assert form.json() == direct.json() == wanted
    text = requests.post(server.endpoint, SELECT, headers={"Content-Type": "text/x"}, timeout=30)
    assert text.status_code == 415
    assert requests.post(server.endpoint, {"x": "y"}, timeout=30).status_code == 400


def test_the_dataset_of_a_request(server: Served) -> None:
    count = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <http://schema.org/Dataset> }"
    named = count.replace("{", "{ GRAPH ?g {") + " }"
    one, other = IRI.format(FIGURE), IRI.format("PMC9000001__f2")

    def number(query: str, post: bool = False, **graphs: Any) -> int:  # noqa: FBT001, FBT002
        if not post:
            return int(get(server, query, "text/csv", **graphs).text.split()[1])
        headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
        response = requests.post(server.endpoint, query, params=graphs, headers=headers, timeout=30)
        return int(response.text.split()[1])

    assert number(count) == 10
    assert number(named) == 10
    for post in (False, True):
        assert number(count, post, **{"default-graph-uri": one}) == 1
        assert number(count, post, **{"default-graph-uri": [one, other]}) == 2
        assert number(named, post, **{"named-graph-uri": other}) == 1
        assert number(count, post, **{"named-graph-uri": other}) == 0
    assert number(count.replace("{", f"FROM <{one}> {{", 1)) == 1
    # What the request says goes before what the query says.
    assert number(count.replace("{", "FROM <urn:none> {", 1), **{"default-graph-uri": one}) == 1
    assert get(server, count, **{"default-graph-uri": "a b"}).status_code == 400


def test_a_bad_query_says_what_is_bad(server: Served) -> None:
    response = get(server, "SELECT *\n{ ?s ?p }")
    assert response.status_code == 400
    assert response.text.startswith("not a SPARQL query: error at 2:")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    page = get(server, "SELECT *\n{ ?s ?p } # <b>", "text/html")
    assert page.status_code == 400
    assert "not a SPARQL query: error at 2:" in page.text
    assert "<b>" not in page.text
    assert get(server, "").status_code == 400
    twice = f"{server.endpoint}?query=ASK+%7B%7D&query=ASK+%7B%7D"
    assert requests.get(twice, timeout=30).status_code == 400
    not_text = requests.get(f"{server.endpoint}?query=%ff", timeout=30)
    assert not_text.status_code == 400


UPDATES = [
    "INSERT DATA { <urn:s> <urn:p> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "PREFIX select: <urn:x> DROP ALL",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "LOAD <http://127.0.0.1:1/x>",
]


@pytest.mark.parametrize("update", UPDATES)
def test_updates_are_refused(server: Served, update: str) -> None:
    direct = {"Content-Type": "application/sparql-update"}
    for response in (
        requests.post(server.endpoint, {"update": update}, timeout=30),
        requests.post(server.endpoint, update, headers=direct, timeout=30),
        requests.post(server.endpoint, {"query": update}, timeout=30),
        get(server, update),
    ):
        assert response.status_code == 403
        assert "read-only" in response.text
    for method in ("PUT", "DELETE", "PATCH"):
        assert requests.request(method, server.endpoint, timeout=30).status_code == 405
    assert get(server, "SELECT (COUNT(?s) AS ?n) { ?s <urn:p> 1 }", "text/csv").text[3:4] == "0"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:{}/> {{ ?s ?p ?o }} }",
        "SELECT * { service silent ?e { ?s ?p ?o } VALUES ?e { <http://127.0.0.1:{}/> } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:{}/> {{ ?s ?p ?o }} }",
        "SELECT * { BIND('\\u0027 AS ?x) SERVICE <http://127.0.0.1:{}/> {{ ?s ?p ?o }} }",
        "SELECT * { BIND('#' AS ?x) SERVICE <http://127.0.0.1:{}/> {{ ?s ?p ?o }} }",
        "SELECT * { ?a<?b . SERVICE <http://127.0.0.1:{}/> {{ ?s ?p ?o }} }",
        "SELECT * FROM <http://127.0.0.1:{}/> { ?s ?p ?o }",
    ],
)
def test_the_server_asks_no_other(server: Served, query: str) -> None:
    """Else it could be made to reach what its clients cannot."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.3)
        response = get(server, query.replace("{}", str(listening.getsockname()[1])))
        assert response.status_code == (200 if "FROM" in query else 403)
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_word_that_only_looks_like_service(server: Served) -> None:
    query = "SELECT ?service { BIND('SERVICE' AS ?service) } # SERVICE"
    assert get(server, query).status_code == 200


def test_head_has_the_headers_of_get(server: Served) -> None:
    for url in (server.page(FIGURE), f"{server.url}?example=statistics", f"{server.url}health"):
        head, full = requests.head(url, timeout=30), requests.get(url, timeout=30)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == full.headers["Content-Length"]
    head = requests.head(server.endpoint, params={"query": SELECT}, timeout=30)
    assert head.headers["Content-Length"] == str(len(get(server, SELECT).content))


def test_cors_only_if_asked_for(server: Served, limited: Served) -> None:
    origin = {"Origin": "https://pages.example"}
    assert "Access-Control-Allow-Origin" not in (
        requests.get(server.endpoint, headers=origin, timeout=30).headers
    )
    response = requests.get(limited.endpoint, {"query": ASK}, headers=origin, timeout=30)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    asking = {**origin, "Access-Control-Request-Method": "POST"}
    asking["Access-Control-Request-Headers"] = "content-type"
    preflight = requests.options(limited.endpoint, headers=asking, timeout=30)
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]


def test_other_clients_understand_the_endpoint(
    server: Served, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore  # noqa: PLC0415

    for method in ("GET", "POST", "POST_FORM"):
        remote = SPARQLStore(server.endpoint, method=method)
        assert len(list(remote.query(SELECT))) == 2
    options = ("--param", "gene=MTOR", "--format", "csv")
    here = run("query", "figures-of-gene", *options, "--endpoint", server.endpoint)
    assert here == run("query", "figures-of-gene", *options, "--store", stores["a graph each"])


@pytest.mark.parametrize("layout", ["a graph each", "one graph"])
def test_the_bundled_queries_give_the_same_answers(
    layout: str, serving: Callable[..., Served], stores: dict[str, Path]
) -> None:
    endpoint = Endpoint(serving(layout=layout).endpoint, timeout=60)
    store = Store(stores["a graph each"])
    for query in map(bundled, bundled_names()):
        if "SERVICE" not in words(query.text):
            got, known = (source.ask(query.text).results for source in (endpoint, store))
            if isinstance(known, ox.QuerySolutions):
                assert str(got.serialize(format=ox.QueryResultsFormat.CSV)) == str(  # type: ignore[union-attr]
                    known.serialize(format=ox.QueryResultsFormat.CSV)
                ), query.name
            else:
                assert set(map(str, got)) == set(map(str, known))  # type: ignore[arg-type]


# Limits.


def test_an_endless_query_is_stopped_and_the_next_is_answered(limited: Served) -> None:
    began = time.monotonic()
    response = get(limited, ENDLESS)
    assert response.status_code == 503
    assert "took longer than 1 seconds and was stopped" in response.text
    assert response.headers["Retry-After"]
    assert get(limited, ASK).json() == {"head": {}, "boolean": True}
    assert time.monotonic() - began < 20
    # Those who wait for the only worker get it, or are told.
    with ThreadPoolExecutor(4) as clients:
        statuses = [r.status_code for r in clients.map(lambda q: get(limited, q), [ENDLESS] * 4)]
    assert set(statuses) == {503}
    assert get(limited, ASK).status_code == 200
    assert requests.get(f"{limited.url}health", timeout=30).text == "ok\n"


def test_a_large_answer_is_refused_and_not_cut(limited: Served) -> None:
    for query, accept in ((LARGE, "text/csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")):
        response = get(limited, query, accept)
        assert response.status_code == 413
        assert "larger than 104,857 bytes" in response.text
    assert get(limited, f"{LARGE} LIMIT 100", "text/csv").status_code == 200


def test_a_query_that_takes_all_memory_ends_alone(serving: Callable[..., Served]) -> None:
    server = serving("--max-memory", "64", "--timeout", "60", "--workers", "1")
    query = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f } }"
    response = get(server, query)
    assert response.status_code == 503
    assert "needed more memory than this server gives" in response.text
    assert get(server, ASK).json()["boolean"] is True


def test_a_large_request_is_refused(server: Served) -> None:
    body = {"query": f"{SELECT} # " + "x" * 1024**2}
    assert requests.post(server.endpoint, body, timeout=30).status_code == 413


def test_queries_run_side_by_side(server: Served) -> None:
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda n: get(server, f"{SELECT} # {n}").json(), range(40)))
    assert all(answer == answers[0] for answer in answers)


# What the server says of itself.


def test_the_service_describes_itself(server: Served) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    void = "http://rdfs.org/ns/void#"
    for media, form in TRIPLES.items():
        response = requests.get(server.endpoint, headers={"Accept": media}, timeout=30)
        assert response.headers["Content-Type"].partition(";")[0] == media
        store = ox.Store()
        store.load(response.content, format=form)

        def values(subject: str, property_: str, store: ox.Store = store) -> set[str]:
            pattern = ox.NamedNode(subject), ox.NamedNode(property_), None
            return {quad.object.value for quad in store.quads_for_pattern(*pattern)}

        assert values(server.endpoint, f"{sd}endpoint") == {server.endpoint}
        assert values(server.endpoint, f"{sd}feature") == {f"{sd}UnionDefaultGraph"}
        assert len(values(server.endpoint, f"{sd}resultFormat")) == len(ROWS) + len(TRIPLES)
        (dataset,) = values(server.endpoint, f"{sd}defaultDataset")
        assert values(dataset, f"{void}entities") == {"10"}
        assert values(dataset, f"{void}sparqlEndpoint") == {server.endpoint}
        (example,) = values(dataset, f"{void}exampleResource")
        assert (
            requests.get(
                example.replace(IRI.partition("figures/")[0], server.url), timeout=30
            ).status_code
            == 200
        )
    browser = requests.get(server.endpoint, headers={"Accept": "text/html"}, timeout=30)
    assert browser.url == server.url


def test_health(server: Served) -> None:
    response = requests.get(f"{server.url}health", timeout=30)
    assert (response.status_code, response.text) == (200, "ok\n")


# Figures.


class Elements(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self._open, []).append(data)


@pytest.fixture(scope="module", params=["a graph each", "one graph"])
def any_layout(request: pytest.FixtureRequest, serving: Callable[..., Served]) -> Served:
    return serving(layout=request.param)


def test_a_figure_is_given_in_every_form(any_layout: Served, graphs: Path) -> None:
    page = any_layout.page(FIGURE)
    stem = page.removesuffix(".html")
    for url, accept, media in (
        (page, "text/html,*/*;q=0.8", "text/html"),
        (page, "text/turtle", "text/turtle"),
        (page, "application/ld+json, text/html;q=0.5", "application/ld+json"),
        (page, "application/rdf+xml", "application/rdf+xml"),
        (stem, "*/*", "text/html"),
        (stem, "application/n-triples", "application/n-triples"),
        (f"{stem}.ttl", "text/html", "text/turtle"),
        (f"{stem}.jsonld", "*/*", "application/ld+json"),
        (f"{stem}.nt", "*/*", "application/n-triples"),
    ):
        response = requests.get(url, headers={"Accept": accept}, timeout=30)
        assert response.status_code == 200
        assert response.headers["Content-Type"].partition(";")[0] == media
        assert response.headers["Vary"] == "Accept"
        assert f'<{FIGURE}.ttl>; rel="alternate"; type="text/turtle"' in response.headers["Link"]
        if media in {"text/turtle", "application/n-triples", "application/rdf+xml"}:
            got = set(ox.parse(response.content, format=TRIPLES[media]))
            core = {quad.triple for quad in ox.parse(path=graphs / "core" / f"{FIGURE}.nt")}
            own = {triple for triple in core if triple.subject.value.startswith(IRI.format(FIGURE))}
            assert own <= {quad.triple for quad in got}
            if any_layout.layout == "a graph each":
                assert {quad.triple for quad in got} == core
    refused = requests.get(page, headers={"Accept": "image/png"}, timeout=30)
    assert refused.status_code == 406


@pytest.mark.parametrize("figid", [FIGURE, HOSTILE, "PMC12240324__pone.0326693.g001"])
def test_the_json_ld_of_a_figure_is_the_schema_part_of_its_triples(
    server: Served, graphs: Path, figid: str
) -> None:
    document = requests.get(server.page(figid)[:-5] + ".jsonld", timeout=30).json()
    core = {quad.triple for quad in ox.parse(path=graphs / "core" / f"{figid}.nt")}
    assert expanded(document) == schema_part(core)
    (embedded,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>',
        requests.get(server.page(figid), timeout=30).text,
        re.DOTALL,
    )
    assert json.loads(embedded) == document


def test_a_page_shows_what_its_figure_has(any_layout: Served) -> None:
    elements = Elements(requests.get(any_layout.page(FIGURE), timeout=30).text)
    cells = [text.strip() for text in elements.texts["td"]]
    assert {"MTOR", "IRS1", "AKT1", "AKT2", "TNF"} <= set(cells)
    assert {"Homo sapiens", "alias", "family", "exact"} <= set(cells)
    assert {"TNF-a", "AKT"} <= {text.strip() for text in elements.texts["th"]}
    links = {attributes.get("href") for tag, attributes in elements.found if tag == "a"}
    assert "https://www.ncbi.nlm.nih.gov/gene/2475" in links
    assert "../?example=figures-of-gene&gene=ncbigene%3A2475" in links
    assert "../?example=figures-of-chemical&chemical=mesh%3AD020123" in links
    for link in links:
        assert link is not None
        if link.startswith("../?"):
            page = requests.get(any_layout.url + link[3:], timeout=30)
            assert 'class="problem"' not in page.text
    canonical = dict(elements.found[[tag for tag, _ in elements.found].index("link") + 2][1])
    assert canonical == {"rel": "canonical", "href": IRI.format(FIGURE)}


def test_a_hostile_title_is_text(server: Served) -> None:
    for url in (
        server.page(HOSTILE),
        f"{server.url}figures/",
        f"{server.endpoint}?query={requests.utils.quote(bundled('figures-of-gene').text)}",
        f"{server.url}?query={requests.utils.quote(f'# {TITLE}')}",
        f"{server.url}?example=figures-of-gene&gene={requests.utils.quote(TITLE)}",
    ):
        response = requests.get(url, headers={"Accept": "text/html"}, timeout=30)
        elements = Elements(response.text)
        assert any(TITLE in text for texts in elements.texts.values() for text in texts), url
        assert "alert(" not in "".join(
            text for text in elements.texts.get("script", []) if "ld+json" not in text
        ).replace('\\u003cscript\\u003ealert(\\"1\\")', ""), url
        assert [tag for tag, _ in elements.found].count("b") == 0
        assert all(
            attributes.get("src") or "json" in (attributes.get("type") or "")
            for tag, attributes in elements.found
            if tag == "script"
        )
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self';" in policy


@pytest.mark.parametrize(
    "path",
    [
        "figures/PMC1__none.html",
        "figures/PMC1__none.ttl",
        "figures/nothing",
        "figures/..%2f..%2fetc%2fpasswd",
        "figures/PMC1__%3Cscript%3E.html",
        "figures/PMC1__f1.html/more/",
        "elsewhere",
        "static/../app.py",
        "static/%2e%2e/app.py",
        "?example=none",
    ],
)
def test_nothing_is_there(server: Served, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        # As it stands: other clients would tidy the path.
        connection.sendall(f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 404 ")
    assert "There is nothing at this address" in answer
    assert "passwd" not in answer
    assert "content-security-policy" in answer


def test_the_list_of_figures_goes_on(server: Served) -> None:
    text = requests.get(f"{server.url}figures/", timeout=30).text
    assert text.count("<li>") == 10
    rest = requests.get(f"{server.url}figures/", {"after": "PMC9000001__f1"}, timeout=30).text
    assert re.findall(r'<li><a href="(.*?)\.html', rest) == ["PMC9000001__f2", HOSTILE]
    after = {"after": "\"'<>\\ } #"}
    assert requests.get(f"{server.url}figures/", after, timeout=30).status_code == 200


# Another base, other places.


def test_another_base_of_the_figures(serving: Callable[..., Served], tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    mine = "https://figures.example/x/"
    page = ox.NamedNode(f"{mine}PMC5__f1.html")
    schema = "http://schema.org/"
    a = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store.add(ox.Quad(page, a, ox.NamedNode(f"{schema}Dataset"), page))
    store.add(ox.Quad(page, ox.NamedNode(f"{schema}name"), ox.Literal("Mine"), page))
    store.flush()
    del store
    public = "https://public.example/pfocr"
    server = serving("--figure-base", mine, "--public-url", public, store=tmp_path / "store")
    text = requests.get(server.page("PMC5__f1"), timeout=30).text
    assert "<h1>Mine</h1>" in text
    assert f'"canonical" href="{mine}PMC5__f1.html"' in text
    description = requests.get(server.endpoint, headers={"Accept": "text/turtle"}, timeout=30).text
    assert f"sd:endpoint <{public}/sparql>" in description
    answer = get(server, "SELECT ?s { ?s a ?c }", "text/html").text
    assert '<a href="figures/PMC5__f1.html">' in answer


def test_pages_refer_to_each_other_relatively(server: Served) -> None:
    """So they work wherever a proxy puts them."""
    for path in ("", "figures/", f"figures/{FIGURE}.html", "no/such/page"):
        elements = Elements(requests.get(server.url + path, timeout=30).text)
        for _, attributes in elements.found:
            target = attributes.get("href") or attributes.get("src") or attributes.get("action")
            if target:
                assert not target.startswith("/"), (path, target)
                if "static/" in target:
                    url = requests.compat.urljoin(server.url + path, target)
                    assert requests.get(url, timeout=30).status_code == 200, url


def test_the_plain_form_works_without_a_script(server: Served) -> None:
    elements = Elements(requests.get(f"{server.url}?example=frequent-genes", timeout=30).text)
    forms = [attributes for tag, attributes in elements.found if tag == "form"]
    assert forms[-1] == {"id": "plain", "method": "get", "action": "sparql"}
    query = "".join(elements.texts["textarea"]).strip()
    assert query.startswith("# Most frequent genes\nPREFIX")
    browser = {"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}
    for accept, media in (("text/html", "text/html"), ("text/csv", "text/csv")):
        parameters = {"query": query, "accept": accept}
        response = requests.get(server.endpoint, parameters, headers=browser, timeout=30)
        assert response.headers["Content-Type"].startswith(media)
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows[1][1:] == ["MTOR", "4", "3"]
    triples = get(server, CONSTRUCT, "text/html").text
    assert "<pre>@prefix" in triples


def test_an_example_takes_its_parameters(server: Served) -> None:
    url = f"{server.url}?example=figures-of-gene&gene="
    good = requests.get(f"{url}p53", timeout=30).text
    assert "VALUES ?gene { &lt;https://identifiers.org/ncbigene/7157&gt; }" in good
    assert '<p class="said" role="status">p53 is an alias symbol of TP53' in good
    bad = requests.get(f"{url}NOGENE", timeout=30).text
    assert '<p class="problem" role="alert">' in bad
    assert "expected the symbol of a human gene" in bad


def test_a_parameter_of_the_page_takes_several_values(server: Served) -> None:
    url = f"{server.url}?example=figures-of-genes&gene=MTOR&gene=&gene=2475&gene=TNF"
    page = Elements(requests.get(url, timeout=30).text)
    inputs = [a.get("value") for tag, a in page.found if tag == "input" and a.get("name") == "gene"]
    assert inputs == ["MTOR", "2475", "TNF", ""]
    terms = "<https://identifiers.org/ncbigene/{}>"
    values = " ".join(terms.format(number) for number in (2475, 7124))
    assert f"VALUES ?gene {{ {values} }}" in "".join(page.texts["textarea"])


def test_every_example_of_the_page_runs(server: Served) -> None:
    listed = Elements(requests.get(server.url, timeout=30).text)
    links = [a.get("href") or "" for tag, a in listed.found if tag == "a"]
    names = [link.partition("example=")[2] for link in links if "example=" in link]
    assert set(names) == {n for n in bundled_names() if "SERVICE" not in words(bundled(n).text)}
    for name in names:
        page = Elements(requests.get(f"{server.url}?example={name}", timeout=30).text)
        assert get(server, "".join(page.texts["textarea"])).status_code == 200, name


# The command.


def test_it_stops_when_told_and_leaves_no_worker(stores: dict[str, Path]) -> None:
    with Served.begin(stores["one graph"], ()) as server:
        pids = server.workers()
        assert len(pids) == 3  # for two queries, and for pages
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=20) in {0, 130, -signal.SIGINT}
        deadline = time.monotonic() + 10
        while any(map(Served.runs, pids)):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_workers_end_with_a_server_that_is_killed(stores: dict[str, Path]) -> None:
    with Served.begin(stores["one graph"], ()) as server:
        pids = server.workers()
        server.process.kill()
        server.process.wait()
        deadline = time.monotonic() + 10
        while any(map(Served.runs, pids)):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_it_stops_while_a_query_runs(stores: dict[str, Path]) -> None:
    with Served.begin(stores["one graph"], ()) as server, ThreadPoolExecutor() as clients:
        asked = clients.submit(get, server, ENDLESS)
        pids = server.workers()
        deadline = time.monotonic() + 10
        while not any(map(Served.is_busy, pids)):
            assert time.monotonic() < deadline
        server.process.terminate()
        server.process.wait(timeout=15)
        assert asked.exception() is not None or asked.result().status_code == 503
        assert not any(map(Served.runs, pids))
        assert not [line for line in server.said if "Traceback" in line]


def test_a_worker_that_is_killed_is_replaced(serving: Callable[..., Served]) -> None:
    server = serving("--workers", "1")
    pids = server.workers()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    statuses = [get(server, ASK).status_code for _ in range(3)]
    assert statuses[-1] == 200
    assert not set(server.workers()) & set(pids)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--store", "none/store"), "there is no store: make one with rdfexport load"),
        (("--public-url", "example.org"), "write it with http:// or https://"),
    ],
)
def test_wrong_calls(
    arguments: tuple[str, ...],
    message: str,
    stores: dict[str, Path],
    run: Callable[..., Outcome],
) -> None:
    outcome = run("serve", "--store", stores["one graph"], *arguments)
    assert outcome.code == 2
    assert message in outcome.stderr


def test_a_port_that_is_taken(
    server: Served, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    outcome = run("serve", "--store", stores["one graph"], "--port", server.port)
    assert outcome.code == 2
    assert f"127.0.0.1:{server.port}: cannot listen there ([Errno" in outcome.stderr


def test_without_the_extra_it_says_what_to_install(stores: dict[str, Path]) -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from rdfexport.cli import main\n"
        f"main(['serve', '--store', {str(stores['one graph'])!r}])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "uvicorn is missing: install what serving needs: pip install 'rdfexport[serve]'" in (
        done.stderr
    )
