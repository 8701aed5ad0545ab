"""`rdfexport validate` over a store and an endpoint, with the real server and with bad ones."""

from __future__ import annotations

import json
import re
import shutil
import socket
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import urllib3

from rdfexport.validate import store_reader, stores
from support.validation import (
    EVERY_FIGURE,
    EXAMPLES,
    FIGURES,
    PAGE,
    Server,
    Validated,
    load,
    oxigraph,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome


LAYOUTS = {"a graph each": "nq", "one graph": "nt", "one named graph": "nt"}


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples are more figures than are read at once."""
    monkeypatch.setattr(stores, "_FIGURES_AT_ONCE", 5)


def loaded(path: Path, exported: Path, layout: str) -> Path:
    """The export of the examples in a store."""
    ending = LAYOUTS[layout]
    graph = "urn:all" if layout == "one named graph" else None
    return load(path, sorted((exported / ending).rglob(f"*.{ending}")), graph)


@pytest.fixture(scope="module", params=LAYOUTS)
def store(
    request: pytest.FixtureRequest, exported: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """All parts of the export of the examples, in their named graphs or all in one graph."""
    return loaded(tmp_path_factory.mktemp("store"), exported, request.param)


def test_a_store_is_validated_as_files_are(
    store: Path,
    exported: Path,
    validate: Callable[..., Validated],
    rules: Callable[[str], Path],
) -> None:
    options = ("--shapes", rules(EVERY_FIGURE))
    found = validate("--store", store, *options)
    assert found.files == {str(store)}
    assert found.stderr.startswith("7 figures in 4 pieces: violations")
    # What figures share stands in a file of each, and once in a store.
    assert set(found.results) == set(validate(exported / "nt", *options).results)
    assert validate("--store", store).code == 0


@pytest.mark.parametrize("what", ["files", "store"])
def test_progress_says_what_is_counted(
    what: str,
    exported: Path,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("rdfexport.cli.progress._SECONDS_BETWEEN_LINES", 0.0)
    files = sorted((exported / "nq" / "core").iterdir())[:6]
    said = [files] if what == "files" else [["--store", load(tmp_path / "store", files)]]
    lines = run("validate", *said[0]).stderr.splitlines()
    done = [line.split(", ")[0] for line in lines if line.endswith(" a second")]
    if what == "files":
        assert done == [f"{number} of 6 files" for number in range(1, 7)]
    else:
        assert done == ["1 pieces", "2 pieces"]


def test_engines_say_the_same_of_a_store(
    store: Path, validate: Callable[..., Validated], rules: Callable[[str], Path]
) -> None:
    options = ("--store", store, "--shapes", rules(EVERY_FIGURE))
    assert validate(*options, "-q") == validate(*options, "-q", "--shacl-engine", "pyshacl")


MENTION = "?m oa:hasTarget ?i"
OTHER = "<http://a.example/>"
# What is deleted, what is inserted, where, and the shape that is violated then.
EDITS = {
    "licence of an image": ("", f"?i dcterms:license {OTHER}", MENTION, "figure-licence"),
    "no article": ("?r dcterms:source ?a", "", "?r dcterms:source ?a", "record-article"),
    "other figure": (MENTION, f"?m oa:hasTarget {OTHER}", MENTION, "mention-own-figure"),
    "other link": (
        "",
        f"?x skos:exactMatch {OTHER}",
        "?x skos:exactMatch ?y FILTER(STRSTARTS(STR(?x), 'https://doi.org/'))",
        "Equivalence",
    ),
    "other description": (
        "?x void:linkPredicate ?y",
        "?x void:linkPredicate owl:sameAs",
        "?x void:linkPredicate ?y",
        "linkset-predicate",
    ),
    "other source": ("?w dc:source 'PFOCR'", "", "?w dc:source 'PFOCR'", "pathway-source"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_store_that_was_changed_violates(
    edit: tuple[str, str, str, str],
    layout: str,
    exported: Path,
    validate: Callable[..., Validated],
    tmp_path: Path,
) -> None:
    path = loaded(tmp_path / "store", exported, layout)
    store = ox.Store(str(path))
    delete, insert, where = (
        f"{{ {part} }}" if layout == "one graph" else f"{{ GRAPH ?g {{ {part} }} }}"
        for part in edit[:3]
    )
    prologue = stores._PROLOGUE + "PREFIX dc: <http://purl.org/dc/elements/1.1/>\n"
    store.update(f"{prologue}DELETE {delete} INSERT {insert} WHERE {where}")
    store.flush()
    del store
    found = validate("--store", path)
    assert found.code == 1
    assert edit[3] in {key[0].rpartition("#")[2] for key in found.results if key[1] == "Violation"}


def test_records_that_are_not_where_the_others_are_cannot_be_validated(
    exported: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """They would be taken for sound: the query finds nothing of them."""
    path = load(tmp_path / "store", [exported / "nq" / "core" / f"{FIGURES[0]}.nq"])
    store = ox.Store(str(path))
    file = exported / "nt" / "core" / f"{FIGURES[1]}.nt"
    store.load(path=file, to_graph=ox.NamedNode("urn:other"))
    store.flush()
    del store
    outcome = run("validate", "--store", path)
    assert outcome.code == 2
    assert f"{PAGE.format(FIGURES[1])} is not where the first record is: put each" in outcome.stderr


@pytest.mark.parametrize("layout", LAYOUTS)
def test_parts_may_be_missing(
    layout: str, exported: Path, validate: Callable[..., Validated], tmp_path: Path
) -> None:
    ending = LAYOUTS[layout]
    graph = "urn:all" if layout == "one named graph" else None
    files = (exported / ending / "core").iterdir()
    found = validate("--store", load(tmp_path / "store", files, graph))
    assert found.code == 0
    assert found.stderr.startswith("7 figures in 2 pieces")


def test_figures_that_share_nodes_are_read_one_at_a_time(
    store: Path,
    exported: Path,
    validate: Callable[..., Validated],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stores, "_FIGURES_AT_ONCE", 1)
    assert set(validate("--store", store).results) == set(validate(exported / "nt").results)


def test_terms_under_another_base_are_found(
    run: Callable[..., Outcome], validate: Callable[..., Validated], tmp_path: Path
) -> None:
    base = "https://example.org/terms#"
    out = tmp_path / "out"
    options = ("--compat", "wikipathways", "--format", "ntriples", "--vocab-base", base)
    assert run("export", EXAMPLES, "--out", out, "--jobs", "1", *options).code == 0
    path = load(tmp_path / "store", out.rglob("*.nt"))
    for what in ([out], ["--store", path]):
        sound = validate(*what, "--vocab-base", base)
        assert sound.code == 0
        assert sound.results
        assert "Record" in validate(*what).shapes


def test_any_text_can_be_read_from_a_store(
    exported: Path, validate: Callable[..., Validated], tmp_path: Path
) -> None:
    """Some characters end a line for Python and not in N-Triples."""
    file = tmp_path / "d.nq"
    text = (exported / "nq" / "core" / f"{FIGURES[0]}.nq").read_text()
    assert text.count("β-AR") > 2
    file.write_text(text.replace("β-AR", "β\u2028\u0085\\u000B\\f\\u001C\\n\\r\\t-AR"))
    assert validate("--store", load(tmp_path / "store", [file])).code == 0


@pytest.fixture(scope="module")
def served(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server over a copy of the store, as a server locks its own."""
    path = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(store, path, ignore=shutil.ignore_patterns("LOCK"))
    with oxigraph(path) as (port, _):
        yield port


def test_an_endpoint_is_validated_as_its_store_is(
    served: int, store: Path, validate: Callable[..., Validated], rules: Callable[[str], Path]
) -> None:
    url = f"http://127.0.0.1:{served}/query"
    options = ("--shapes", rules(EVERY_FIGURE))
    found = validate("--endpoint", url, *options)
    assert found.files == {url}
    expected = validate("--store", store, *options)
    assert found._replace(files=expected.files) == expected
    assert validate("--endpoint", url).code == 0


def first_rows(number: int) -> Callable[[bytes], bytes]:
    """What a server does that sends some rows at most, and says nothing of it."""

    def cut(data: bytes) -> bytes:
        if b'"results"' not in data:
            return data
        document = json.loads(data)
        del document["results"]["bindings"][number:]
        return json.dumps(document).encode()

    return cut


def test_identifiers_are_asked_for_at_once_where_the_server_sends_them_all(
    served: int, endpoint_server: Server, validate: Callable[..., Validated]
) -> None:
    endpoint_server.behind = served
    assert "7 figures in 4 pieces" in validate("--endpoint", endpoint_server.url).stderr
    assert not any("ORDER BY" in query for query in endpoint_server.queries)


def test_an_endpoint_is_read_by_pages_of_few_figures(
    served: int,
    endpoint_server: Server,
    exported: Path,
    validate: Callable[..., Validated],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_reader, "PAGE", 3)
    monkeypatch.setattr(store_reader, "NODES_AT_ONCE", 20)
    monkeypatch.setattr(stores, "_FIGURES_AT_ONCE", 2)
    endpoint_server.behind, endpoint_server.cut = served, first_rows(3)
    assert "7 figures in 6 pieces" in validate("--endpoint", endpoint_server.url).stderr

    ordered = [query for query in endpoint_server.queries if "ORDER BY" in query]
    assert all(query.endswith("LIMIT 3") for query in ordered)
    # 3 + 3 + 1 records, then none.
    assert sum("UNION { GRAPH ?g { ?s a schema:Dataset" in query for query in ordered) == 4
    # No query is of more nodes than a server can be asked for, nor an answer of more triples than
    # its nodes have; there are no unions or paths in what is asked of nodes.
    constructs = [query for query in endpoint_server.queries if "CONSTRUCT" in query]
    for query in constructs:
        assert len(re.findall(r"<\S+>", query.partition("WHERE")[2])) <= 20
        assert "UNION" not in query
        assert "|" not in query
    most = max(len(path.read_text().splitlines()) for path in (exported / "nt" / "core").iterdir())
    sizes = [
        size
        for size, query in zip(endpoint_server.sizes, endpoint_server.queries, strict=True)
        if query in constructs
    ]
    assert max(sizes) <= most
    assert sum("COUNT(*)" in query for query in endpoint_server.queries) == len(constructs)


def test_a_server_that_gives_few_rows_is_read_to_its_end(
    served: int, endpoint_server: Server, validate: Callable[..., Validated]
) -> None:
    endpoint_server.behind, endpoint_server.cut = served, first_rows(5)
    assert "7 figures in 4 pieces" in validate("--endpoint", endpoint_server.url).stderr


NO_ROWS = b'{"head": {"vars": []}, "results": {"bindings": []}}'


def half_of_the_lines(data: bytes) -> bytes:
    rows = data.splitlines(keepends=True)
    return data if data.startswith(b"{") else b"".join(rows[: len(rows) // 2])


def half_of_the_bytes(data: bytes) -> bytes:
    return data if data.startswith(b"{") else data[: len(data) // 2]


def html_for_triples(data: bytes) -> bytes:
    return data if data.startswith(b"{") else b"<html><p>Please log in</p></html>\n"


def other_order(data: bytes) -> bytes:
    if b'"results"' not in data:
        return data
    document = json.loads(first_rows(2)(data))
    document["results"]["bindings"].reverse()
    return json.dumps(document).encode()


def no_count(data: bytes) -> bytes:
    return data.replace(b'"n"', b'"m"')


@pytest.mark.parametrize(
    ("cut", "message"),
    [
        (half_of_the_lines, r"gave \d+ of \d+ triples about \S+: raise the limit of rows that the"),
        (half_of_the_bytes, r"the answer is not well-formed \("),
        (html_for_triples, r"the answer is not well-formed \("),
        (other_order, r"does not give the records in their order"),
        (no_count, r"gave \d+ of uncounted triples about"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_endpoint_whose_answers_are_not_whole(
    cut: Callable[[bytes], bytes],
    message: str,
    served: int,
    endpoint_server: Server,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    endpoint_server.behind, endpoint_server.cut = served, cut
    report = tmp_path / "r.ttl"
    outcome = run("validate", "--endpoint", endpoint_server.url, "--report", report)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert re.match(f"error: {endpoint_server.url}: {message}", outcome.stderr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, b"<html>Welcome</html>", "text/html"), "answered with a web page, not with SPARQL"),
        ((200, b"", "application/sparql-results+json"), "the answer is not well-formed"),
        ((200, b'{"results": 1}', "application/json"), "the answer is not well-formed"),
        (
            (200, b'{"head": {"vars": []}, "results": {"bindings": []}}', "application/json"),
            "nothing to validate: no figure in it",
        ),
        ((401, b"", "text/plain"), "the endpoint asks who you are (401)"),
        ((404, b"", "text/plain"), "accepts no queries"),
        ((500, b"", "text/plain"), "the server answered 500"),
        ((503, b"", "text/plain"), "the server answered 503, 4 times"),
        ((0, b"", ""), "the server closed the connection, 4 times"),
    ],
)
def test_an_endpoint_that_is_none(
    answer: tuple[int, bytes, str],
    message: str,
    endpoint_server: Server,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(urllib3.util.Retry, "sleep", lambda *_: None)
    endpoint_server.answer = lambda _: answer
    url = endpoint_server.url.replace("://", "://joe:pa55word@")
    outcome = run("validate", "--endpoint", url, "--report", tmp_path / "r.json")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"error: {endpoint_server.url}: ")
    assert message in outcome.stderr
    assert "pa55word" not in outcome.stderr
    # What may pass is asked again; what may be another address is asked once at each.
    assert (
        len(endpoint_server.queries) == 4
        if answer[0] in {0, 503}
        else len(endpoint_server.queries) <= 4
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", ["killed", "hung up"])
def test_an_endpoint_that_goes_away(
    end: str,
    exported: Path,
    endpoint_server: Server,
    run: Callable[..., Outcome],
    rules: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(urllib3.util.Retry, "sleep", lambda *_: None)
    monkeypatch.setattr(stores, "_FIGURES_AT_ONCE", 2)
    report = tmp_path / "report.ttl"
    path = load(tmp_path / "store", (exported / "nq").rglob("*.nq"))
    with oxigraph(path) as (port, process):
        endpoint_server.behind = port

        def answer(_: str) -> tuple[int, bytes, str] | None:
            # After two pieces of two figures each.
            if (
                sum("CONSTRUCT" in query and "GRAPH" in query for query in endpoint_server.queries)
                < 5
            ):
                return None
            if end == "hung up":
                return 0, b"", ""
            process.kill()
            process.wait()
            return None

        endpoint_server.answer = answer
        options = ("--report", report, "--shapes", rules(EVERY_FIGURE), "--least", "violation")
        outcome = run("validate", "--endpoint", endpoint_server.url, *options)
    assert outcome.code == 2
    message = {"killed": "answered 502", "hung up": "closed the connection"}[end]
    assert outcome.stderr.startswith(f"error: {endpoint_server.url}: the server {message}")
    # It had said what it found until then; the report of all does not appear.
    assert len(re.findall(r"#figure>: our rule", outcome.stdout)) == 4
    assert list(tmp_path.glob("report*")) == []


def test_an_endpoint_that_nobody_listens_at(
    run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urllib3.util.Retry, "sleep", lambda *_: None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        outcome = run("validate", "--endpoint", url)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"error: {url}: the connection is refused")
