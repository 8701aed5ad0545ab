"""`rdfexport query`: the bundled queries in several engines, values, formats and endpoints."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from rdfexport.errors import UsageError
from rdfexport.query import KINDS, Endpoint, Store, bundled, bundled_names
from rdfexport.query.text import bind, form, words
from rdfexport.query.values import value
from support.querying import KNOWN, TITLE
from support.validation import Server, load, oxigraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rdfexport.query.backends import Answer
    from support.records import Outcome

LOCAL = [name for name in bundled_names() if "SERVICE" not in words(bundled(name).text)]
FEDERATED = "figures-of-wikipathway"
MTOR = "https://identifiers.org/ncbigene/2475"
JSON = "application/sparql-results+json"
MANY = b'{"head":{"vars":["x"]},"results":{"bindings":[%s]}}' % b",".join([b"{}"] * 9000)
EMPTY = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'


def examples(name: str) -> list[str]:
    """The options that give a bundled query the examples of its header."""
    given_ = [(p.name, example) for p in bundled(name).parameters for example in p.examples]
    return [option for pair in given_ for option in ("--param", "=".join(pair))]


def answer_set(answer: Answer) -> Any:
    results = answer.results
    if isinstance(results, ox.QuerySolutions):
        return sorted(tuple("" if t is None else t.value for t in row) for row in results)
    return {str(triple) for triple in results}


def expected(name: str) -> list[list[str]]:
    with (KNOWN / f"{name}.csv").open(newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("layout", ["a graph each", "one graph"])
@pytest.mark.parametrize("name", [name for name in LOCAL if name != "describe-figure"])
def test_a_bundled_query_gives_the_known_answer(
    name: str, layout: str, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    arguments = ("--store", stores[layout], *examples(name), "--format", "csv")
    code, stdout, stderr = run("query", name, *arguments)
    assert (code, stderr) == (0, "")
    rows = list(csv.reader(io.StringIO(stdout, newline="")))
    assert rows == expected(name)
    assert len(rows) > 1


def test_every_known_answer_is_of_a_query() -> None:
    assert {path.stem for path in KNOWN.iterdir()} == set(LOCAL) - {"describe-figure"}


@pytest.mark.parametrize("layout", ["a graph each", "one graph"])
def test_a_described_figure_is_what_its_file_holds(
    layout: str, stores: dict[str, Path], graphs: Path, run: Callable[..., Outcome]
) -> None:
    figid = "PMC9000001__f1"
    options = ("--param", f"figid={figid}")
    outcome = run("query", "describe-figure", "--store", stores[layout], *options)
    got = set(ox.parse(outcome.stdout.encode(), format=ox.RdfFormat.TURTLE))
    file = set(ox.parse(path=graphs / "core" / f"{figid}.nt"))
    page = f"https://pfocr.wikipathways.org/figures/{figid}.html"
    # What stands for all figures, such as the catalogue, is left out; the linkset adds to it.
    missing = {quad.subject.value for quad in file - got if isinstance(quad.subject, ox.NamedNode)}
    assert not {subject for subject in missing if subject.startswith((page, MTOR))}
    assert {quad for quad in got if quad.subject.value.startswith(page)} == {
        quad for quad in file if quad.subject.value.startswith(page)
    }
    assert not [quad for quad in got if "#pathway" in str(quad.object)]


@pytest.fixture(scope="module")
def in_rdflib(graphs: Path) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    for file in graphs.rglob("*.nq"):
        dataset.parse(file, format="nquads")
    return dataset


@pytest.mark.parametrize("name", LOCAL)
def test_rdflib_gives_the_same_answer(
    name: str, in_rdflib: rdflib.Dataset, stores: dict[str, Path]
) -> None:
    text = bundled(name).text
    known = answer_set(Store(stores["a graph each"]).ask(text))
    result = in_rdflib.query(text)
    if result.type == "CONSTRUCT":
        assert result.graph is not None
        nt = result.graph.serialize(format="nt", encoding="utf-8")
        assert {str(quad.triple) for quad in ox.parse(nt, format=ox.RdfFormat.N_TRIPLES)} == known
    else:
        rows: Any = result
        assert sorted(tuple("" if t is None else str(t) for t in row) for row in rows) == known


@pytest.fixture(scope="module", params=["a graph each", "one graph"])
def served(
    request: pytest.FixtureRequest,
    stores: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The query address of a plain Oxigraph server, whose default graph is not all its graphs."""
    path = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(stores[request.param], path, ignore=shutil.ignore_patterns("LOCK"))
    with oxigraph(path) as (port, _):
        yield f"http://127.0.0.1:{port}/query"


def test_an_endpoint_gives_the_same_answers(served: str, stores: dict[str, Path]) -> None:
    endpoint, store = Endpoint(served, timeout=60), Store(stores["a graph each"])
    for name in LOCAL:
        query = bundled(name)
        text, _ = query.bound((p.name, one) for p in query.parameters for one in p.examples)
        assert answer_set(endpoint.ask(text)) == answer_set(store.ask(text)), name


@pytest.mark.parametrize("output", ["table", "csv", "json"])
def test_an_endpoint_is_asked_from_the_command_line(
    output: str, served: str, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    arguments = ("query", "figures-of-gene", "--param", "gene=MTOR", "--format", output)
    outcome = run(*arguments, "--endpoint", served)
    assert outcome == run(*arguments, "--store", stores["a graph each"])
    assert outcome.code == 0
    assert outcome.stdout.count("PMC9000001__f1") == 2


def test_the_default_graph_alone_and_a_graph_by_name(
    served: str, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    count = "SELECT (COUNT(*) AS ?n) {} {{ ?s a <http://schema.org/Dataset> }}"
    graph = "https://pfocr.wikipathways.org/figures/PMC9000001__f1.html"

    def number(text: str, *options: object) -> int:
        out = run("query", "-", *options, "--format", "csv", stdin=text.encode()).stdout
        return int(out.split()[1])

    for source in (("--endpoint", served), ("--store", stores["a graph each"])):
        assert number(count.format(""), *source) == 10
        has_graphs = number(count.format(""), *source, "--no-union") == 0
        assert number(count.format(f"FROM <{graph}>"), *source) == int(has_graphs)


WIKIPATHWAYS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix wp: <http://vocabularies.wikipathways.org/wp#> .
<urn:254> a wp:Pathway ; dcterms:identifier "WP254" .
<urn:255> a wp:Pathway ; dcterms:identifier "WP255" .
<urn:a> dcterms:isPartOf <urn:254> ; wp:bdbEntrezGene <https://identifiers.org/ncbigene/2475> .
<urn:b> dcterms:isPartOf <urn:254> ; wp:bdbEntrezGene <https://identifiers.org/ncbigene/3667> .
<urn:c> dcterms:isPartOf <urn:255> ; wp:bdbEntrezGene <https://identifiers.org/ncbigene/7124> .
"""


def test_a_federated_query_asks_the_other_endpoint(
    stores: dict[str, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file = tmp_path / "wp.ttl"
    file.write_text(WIKIPATHWAYS)
    text = run("query", FEDERATED, "--show", "--param", "pathway=WP254").stdout
    with oxigraph(load(tmp_path / "wp", [file])) as (port, _):
        text = text.replace(
            "https://sparql.wikipathways.org/sparql", f"http://127.0.0.1:{port}/query"
        )
        options = ("--store", stores["a graph each"], "--format", "csv")
        outcome = run("query", "-", *options, stdin=text.encode())
    assert outcome.stderr == ""
    rows = csv.DictReader(io.StringIO(outcome.stdout))
    assert [(row["figure"][39:-5], row["shared"]) for row in rows] == [
        ("PMC3811159__nihms512981f2", "2"),
        ("PMC9000001__f1", "2"),
        ("PMC9000001__f2", "2"),
        ("PMC9000002__x.f1", "1"),
    ]
    gone = run("query", "-", *options, stdin=text.encode())
    assert gone.code == 2
    assert "the query cannot be answered" in gone.stderr


# Values.

GOOD = [
    ("gene", "MTOR", MTOR),
    ("gene", "2475", MTOR),
    ("gene", "ncbigene:2475", MTOR),
    ("gene", "HGNC:3942", MTOR),
    ("gene", "hgnc:3942", MTOR),
    ("gene", "mtor", MTOR),
    ("gene", "FRAP1", MTOR),
    ("gene", "56717", MTOR.replace("2475", "56717")),
    ("symbol", "HLA-DRB1", "HLA-DRB1"),
    ("chemical", "D020123", "http://id.nlm.nih.gov/mesh/D020123"),
    ("chemical", "mesh:C531198", "http://id.nlm.nih.gov/mesh/C531198"),
    ("chemical", "chebi:9168", "http://purl.obolibrary.org/obo/CHEBI_9168"),
    ("chemical", "MeSH:D020123", "http://id.nlm.nih.gov/mesh/D020123"),
    ("disease", "DOID:162", "http://purl.obolibrary.org/obo/DOID_162"),
    ("organism", "9606", "http://purl.obolibrary.org/obo/NCBITaxon_9606"),
    ("organism", "Mus musculus", "http://purl.obolibrary.org/obo/NCBITaxon_10090"),
    ("figure", "PMC1__f1", "PMC1__f1"),
    ("figure", "https://x.example/figures/PMC1__f1.html#figure", "PMC1__f1"),
    ("article", "PMC3811159", "https://identifiers.org/pmc/PMC3811159"),
    ("pathway", "WP254", "WP254"),
    ("curie", "doi:10.1000/ABC(1)", "https://doi.org/10.1000/ABC(1)"),
    ("curie", "NCBITaxon:9606", "http://purl.obolibrary.org/obo/NCBITaxon_9606"),
    ("curie", "taxonomy:9606", "http://purl.obolibrary.org/obo/NCBITaxon_9606"),
    ("curie", "HGNC:3942", "https://identifiers.org/hgnc/3942"),
    ("curie", "UniProtKB:P42345", "https://identifiers.org/uniprot/P42345"),
    ("iri", "urn:x:y", "urn:x:y"),
    ("integer", "-007", "-7"),
    ("boolean", "True", "true"),
    ("string", '"; DROP', '"; DROP'),
]


@pytest.mark.parametrize(("kind", "text", "term"), GOOD)
def test_a_value_becomes_a_term(kind: str, text: str, term: str) -> None:
    assert value("p", kind, text).term.value == term


BAD = [
    ("gene", "NOGENE1", "the symbol of a human gene"),
    ("gene", "mesh:D020123", "a symbol, an NCBI Gene number or an HGNC identifier"),
    ("gene", "HGNC:0", "an HGNC identifier that the reference tables have"),
    ("gene", "007", "an NCBI Gene number"),
    ("gene", "p40", "one gene: p40 is an alias symbol of "),
    ("symbol", "MTOR }", "a gene symbol"),
    ("chemical", "9168", "a MeSH identifier"),
    ("chemical", "DOID:162", "a MeSH identifier"),
    ("chemical", "D02\n0123", "a MeSH identifier"),
    ("organism", "Homo sapeins", "a number of NCBI's taxonomy"),
    ("figure", "MTOR", "a figid such as"),
    ("figure", "PMC1__../../etc", "a figid such as"),
    ("article", "3811159", "an article of PubMed Central"),
    ("pathway", "254", "a pathway of WikiPathways"),
    ("curie", "ncbigene:MTOR", "a CURIE, and 'MTOR' does not have the form"),
    ("curie", "foo:1", "a CURIE with one of the prefixes araport, chebi, "),
    ("iri", "relative", "an absolute IRI"),
    ("iri", "http://a/> } #", "an absolute IRI"),
    ("integer", "1e3", "a whole number"),
    ("boolean", "on", "true or false"),
    ("integer", "٣", "a whole number"),
    ("string", "\ud800", "text in Unicode"),
]


@pytest.mark.parametrize(("kind", "text", "wanted"), BAD)
def test_a_value_without_its_form_is_refused(kind: str, text: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--param p={text}: expected {wanted}")):
        value("p", kind, text)


def test_every_kind_is_tried() -> None:
    assert {kind for kind, *_ in GOOD} == set(KINDS)


ECHO = "SELECT ?x ?y WHERE { VALUES ?x { UNDEF } BIND(1 AS ?y) }"


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_leaves_its_place(text: str) -> None:
    results: Any = ox.Store().query(bind(ECHO, {"x": [ox.Literal(text)]}))
    (row,) = results
    assert (row["x"].value, row["y"].value) == (text, "1")


@pytest.mark.parametrize(
    "text",
    [
        '" } UNION { ?s ?p ?o } #',
        "\\",
        '\\"',
        "\\u0022 } ?s ?p ?o . { VALUES ?z { \\u0022",
        "\n} ?s ?p ?o #",
        "'''",
        '"""',
        "#",
        "${x}",
    ],
)
def test_attempts_to_add_to_a_query_fail(
    text: str, stores: dict[str, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file = tmp_path / "q.rq"
    file.write_text(f"# title: Echo\n# param x string a: a text\n{ECHO}")
    store = ("--store", stores["one graph"])
    outcome = run("query", file, "--param", f"x={text}", "--format", "json", *store)
    assert outcome.code == 0
    (row,) = json.loads(outcome.stdout)["results"]["bindings"]
    assert row["x"]["value"] == text.strip()
    iri = tmp_path / "i.rq"
    iri.write_text(f"# title: Echo\n# param x iri urn:x: an IRI\n{ECHO}")
    assert run("query", iri, "--param", f"x={text}", *store).code == 2


def test_values_go_where_they_belong_and_nowhere_else() -> None:
    text = """# VALUES ?x { 1 }
    SELECT * { BIND("VALUES ?x { 2 }" AS ?s) FILTER(?s != 'VALUES ?x { 3 }')
      { values $x{UNDEF} } UNION { VALUES ?x { <urn:x> "}" } } VALUES ?y { 5 }
      VALUES (?x) { (6) } }"""
    assert bind(text, {"x": [ox.Literal("v"), ox.NamedNode("urn:w")]}) == (
        text.replace("{UNDEF}", '{ "v" <urn:w> }').replace('{ <urn:x> "}" }', '{ "v" <urn:w> }')
    )
    with pytest.raises(UsageError, match=r"no place for z: write VALUES \?z \{ UNDEF \} there"):
        bind(text, {"z": [ox.Literal("v")]})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SELECT * {}", "rows"),
        ("# ASK\nBASE <urn:construct>\nPREFIX ask: <urn:ask#> select * {}", "rows"),
        ("PREFIX a:<urn:a> PREFIX : <urn:b> ASK {}", "truth"),
        ("construct where {}", "triples"),
        ("DESCRIBE <urn:select>", "triples"),
    ],
)
def test_the_form_of_a_query(text: str, kind: str) -> None:
    assert form(text) == kind


@pytest.mark.parametrize("text", ["", "INSERT DATA { <urn:a> <urn:a> 'SELECT' }", "DROP ALL # ASK"])
def test_what_is_no_query_is_refused(
    text: str, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    outcome = run("query", "-", "--store", stores["one graph"], stdin=text.encode())
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "not a SPARQL query: it has no SELECT" in outcome.stderr


# The command line.


def test_the_list_has_each_query_with_examples_that_run(run: Callable[..., Outcome]) -> None:
    listing = run("query", "--list").stdout
    for name in bundled_names():
        assert re.search(rf"^{name}  +{re.escape(bundled(name).title)}$", listing, re.MULTILINE)
        assert " ".join(examples(name)) in listing


def test_the_headers_are_complete_and_the_text_holds_the_examples() -> None:
    assert len(bundled_names()) >= 20
    for name in bundled_names():
        query = bundled(name)
        assert query.title != name
        assert query.about.endswith((".", "time."))
        text, notes = query.bound((p.name, one) for p in query.parameters for one in p.examples)
        assert not notes
        if "SERVICE" not in words(text):
            assert in_full(text) == in_full(query.text), name


def in_full(text: str) -> str:
    """A query without its header, and with names of its examples in full."""
    text = text.replace('"3"^^<http://www.w3.org/2001/XMLSchema#integer>', "3")
    text = text.replace('"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', "true")
    body = re.sub(r"^(#|PREFIX).*", "", text, flags=re.MULTILINE)
    for prefix, base in re.findall(r"PREFIX ([\w.]+): <(.*)>", text):
        body = re.sub(rf"(?<![\w<]){re.escape(prefix)}:(\w+)", rf"<{base}\1>", body)
    return re.sub(r"\s+", " ", body)


def test_show_prints_the_query_with_its_values(run: Callable[..., Outcome]) -> None:
    assert run("query", "frequent-genes", "--show").stdout == bundled("frequent-genes").text
    shown = run("query", "figures-of-gene", "--show", "--param", "gene=p53")
    assert "VALUES ?gene { <https://identifiers.org/ncbigene/7157> }" in shown.stdout
    assert shown.stderr == "note: p53 is an alias symbol of TP53, tumor protein p53\n"
    assert run("query", "figures-of-gene", "--show").stdout == bundled("figures-of-gene").text


def test_a_figure_of_mouse_genes_is_found_by_the_human_symbol_unless_told_not_to(
    stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    def read(*more: str) -> list[tuple[str, str]]:
        arguments = ("--store", stores["a graph each"], "--param", "gene=MTOR", "--format", "csv")
        text = run("query", "figures-of-gene", *arguments, *more).stdout
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        return sorted({(row["read"].rpartition("/")[2], row["organism"][-5:]) for row in rows})

    assert read() == [("2475", "_9606"), ("56717", "10090")]
    assert read("--param", "orthologs=false") == [("2475", "_9606")]


def test_several_values_of_a_parameter(
    stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    options = ("--store", stores["one graph"], "--format", "csv")
    genes = ("--param", "gene=IRS1", "--param", "gene=MTOR", "--param", "gene=IRS1")
    rows = list(csv.DictReader(io.StringIO(run("query", "figures-of-genes", *genes, *options)[1])))
    shared = {row["figure"][39:-5]: (row["shared"], row["genes"]) for row in rows}
    assert shared["PMC9000001__f2"] == ("2", "4")
    assert shared["PMC9000002__x.f1"] == ("1", "2")


@pytest.mark.parametrize(
    ("query", "value", "figid"),
    [
        ("figures-of-chemical", "chemical=CHEBI:9168", "PMC3811159__nihms512981f2"),
        ("figures-of-disease", "disease=DOID:0060239", "PMC10034769__fphar-14-1067402-g009"),
        ("genes-with-chemical", "chemical=CHEBI:9168", "ncbigene/3480"),
    ],
)
def test_what_the_linkset_matches_is_found_too(
    query: str, value: str, figid: str, stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    """The seed's record has rapamycin by its MeSH identifier alone."""
    options = ("--param", value, "--format", "csv", "--store", stores["a graph each"])
    assert figid in run("query", query, *options).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "which query? Give a name of `rdfexport query --list`, a file, or -"),
        (("figures-of-gen",), "figures-of-gen: neither a bundled query nor a file: did you mean"),
        (("zzz",), "neither a bundled query nor a file: `rdfexport query --list` lists"),
        (("figures-of-gene",), "figures-of-gene needs --param gene=…, human gene symbol, NCBI"),
        (("figures-of-gene", "--param", "gene"), "--param gene: write it as NAME=VALUE"),
        (("organisms", "--param", "gene=MTOR"), "organisms has no such parameter (it has: none)"),
        (("organisms", "--format", "ttl"), "--format ttl: the answer has no triples: use table"),
        (("organisms", "--endpoint", "out/store"), "it begins with http:// or https://"),
        (("organisms", "--endpoint", "http://u:pw@h/"), "put them into ~/.netrc"),
    ],
)
def test_wrong_calls(
    arguments: tuple[str, ...],
    message: str,
    stores: dict[str, Path],
    run: Callable[..., Outcome],
) -> None:
    store = () if "--endpoint" in arguments else ("--store", stores["one graph"])
    outcome = run("query", *arguments, *store)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.stderr
    assert "pw" not in outcome.stderr


def test_no_store_and_no_text(run: Callable[..., Outcome], tmp_path: Path) -> None:
    assert "there is no store: make one with rdfexport load" in (
        run("query", "organisms", "--store", tmp_path / "none").stderr
    )
    assert "not a store that can be opened" in run("query", "organisms", "--store", tmp_path).stderr
    (tmp_path / "latin.rq").write_bytes(b"SELECT * { ?s ?p '\xe9' }")
    assert "not text in UTF-8" in run("query", tmp_path / "latin.rq").stderr


def test_a_file_that_declares_nonsense(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("# param gene tree MTOR: a gene\nSELECT * {}")
    outcome = run("query", file)
    assert outcome.code == 2
    assert "'# param gene tree MTOR: a gene' is not understood: write '# param NAME KIND" in (
        outcome.stderr
    )


def test_an_error_in_a_query_says_where(
    stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    outcome = run("query", "-", "--store", stores["one graph"], stdin=b"SELECT *\n{ ?s ?p }")
    assert outcome.code == 2
    assert outcome.stderr.startswith("error: not a SPARQL query: error at 2:")


def test_the_formats(stores: dict[str, Path], run: Callable[..., Outcome]) -> None:
    def ask(text: str, *options: str) -> str:
        outcome = run("query", "-", "--store", stores["one graph"], *options, stdin=text.encode())
        assert (outcome.code, outcome.stderr) == (0, "")
        return outcome.stdout

    assert ask("ASK { ?s ?p ?o }") == "true\n"
    assert ask("ASK { ?s ?p 'nothing' }", "--format", "csv") == "false\n"
    assert json.loads(ask("ASK { ?s ?p ?o }", "--format", "json"))["boolean"] is True
    turtle = ask("DESCRIBE <https://pfocr.wikipathways.org/>", "--format", "ttl")
    assert "schema:provider <https://www.wikipathways.org/>" in turtle
    columns = "SELECT ?a ?b ?c { VALUES (?a ?b) { ('x' 1) ('longer' UNDEF) (<urn:i> 'é') } }"
    assert ask(columns) == "a       b  c\nx       1\nlonger\nurn:i   é\n"
    wrong = run(
        "query",
        "-",
        "--format",
        "csv",
        "--store",
        stores["one graph"],
        stdin=b"CONSTRUCT WHERE { ?s ?p ?o }",
    )
    assert "the answer has triples, not rows: use ttl" in wrong.stderr


def test_turtle_is_the_same_each_time(stores: dict[str, Path], run: Callable[..., Outcome]) -> None:
    options = ("--param", "figid=PMC9000001__f1", "--store", stores["a graph each"])
    texts = {run("query", "describe-figure", *options).stdout for _ in range(5)}
    (text,) = texts
    prefixes = [line for line in text.splitlines() if line.startswith("@prefix ")]
    assert prefixes == sorted(prefixes)
    assert text.startswith("\n".join(prefixes))
    assert len(prefixes) > 20


def test_nothing_that_a_terminal_obeys_is_printed(
    stores: dict[str, Path], run: Callable[..., Outcome]
) -> None:
    text = r"SELECT ?a { VALUES ?a { '\u001b[2Jred\rX\nY\u202e' } }"
    outcome = run("query", "-", "--store", stores["one graph"], stdin=text.encode())
    assert outcome.stdout == "a\n\\x1b[2Jred\\rX\\nY\\u202e\n"
    shown = run("query", "figures-of-gene", "--param", "gene=TNF", "--store", stores["one graph"])
    assert TITLE in shown.stdout


PRODUCT = "SELECT {} WHERE {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"


def test_rows_come_as_they_are_found(stores: dict[str, Path]) -> None:
    """The whole answer would be larger than any memory."""
    command = [sys.executable, "-m", "rdfexport", "query", "-", "--format", "csv"]
    command += ["--store", str(stores["one graph"])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(PRODUCT.format("*").encode())
        process.stdin.close()
        assert len(process.stdout.read(10_000_000)) == 10_000_000
        # Whoever reads no more ends it, as SIGPIPE ends other programs.
        process.stdout.close()
        assert process.wait(timeout=30) == 141


def test_a_query_that_takes_too_long_is_given_up(
    stores: dict[str, Path], run_process: Callable[..., Outcome]
) -> None:
    began = time.monotonic()
    endless = PRODUCT.format("(COUNT(?a) AS ?n)").encode()
    outcome = run_process(
        "query", "-", "--store", stores["one graph"], "--timeout", "1", stdin=endless
    )
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "error: no complete answer in 1 seconds: --timeout sets" in outcome.stderr
    assert time.monotonic() - began < 20


def test_a_query_can_be_interrupted(stores: dict[str, Path]) -> None:
    command = [sys.executable, "-m", "rdfexport", "query", "-", "--format", "csv"]
    command += ["--store", str(stores["one graph"])]
    text = PRODUCT.format("*") + " # rows, so that it is seen to run"
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(text.encode())
        process.stdin.close()
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        process.stdout.close()
        assert process.wait(timeout=30) in {-signal.SIGINT, 1}


# Endpoints that are none, or not good ones.


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((200, b"<html>Welcome</html>", "text/html"), "answered with a web page, not with SPARQL"),
        ((200, b"<sparql/>", "application/xml"), "answered with application/xml, not with SPARQL"),
        ((200, b"", JSON), "not well-formed"),
        ((200, b"<html>", JSON), "not well-formed"),
        ((200, b'{"results": 1}', JSON), "not well-formed"),
        ((200, MANY[:-9], JSON), "not well-formed"),
        ((301, b"", "text/plain"), "the server answered 301"),
        (
            (400, b"Parse error\n\x1b[2J at line 3", "text/plain"),
            r"answered 400: Parse error \x1b[2J at",
        ),
        ((401, b"<html>", "text/html"), "asks who you are (401): put user and password into"),
        ((403, b"", "text/plain"), "the server answered 403: check"),
        ((404, b"<html>", "text/html"), "the server answered 404: check"),
        ((500, b"x" * 5000, "text/plain"), "the server answered 500: " + "x" * 299 + "…"),
        ((503, b"busy", "text/plain"), "the server answered 503: busy, 4 times"),
        ((0, b"", ""), "the server closed the connection, 4 times"),
    ],
)
def test_an_endpoint_that_is_none(
    answer: tuple[int, bytes, str],
    message: str,
    endpoint_server: Server,
    run: Callable[..., Outcome],
) -> None:
    endpoint_server.answer = lambda _: answer
    address = f"{endpoint_server.url}named-otherwise"
    outcome = run("query", "organisms", "--endpoint", address, "--no-union", "--format", "csv")
    assert outcome.code == 2
    assert message in outcome.stderr
    assert len(endpoint_server.queries) == (4 if ", 4 times" in outcome.stderr else 1)


def test_a_redirect_is_not_followed(
    endpoint_server: Server, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The query would be lost on the way."""
    send = endpoint_server.RequestHandlerClass.send_header

    def elsewhere(self: Any, name: str, text: str) -> None:
        if name == "Content-Type":
            send(self, "Location", f"{endpoint_server.url}other")
        send(self, name, text)

    monkeypatch.setattr(endpoint_server.RequestHandlerClass, "send_header", elsewhere)
    endpoint_server.answer = lambda _: (301, b"", "text/plain")
    outcome = run(
        "query", "organisms", "--endpoint", f"{endpoint_server.url}named-otherwise", "--no-union"
    )
    assert f"the server is elsewhere (301): {endpoint_server.url}other" in outcome.stderr
    assert len(endpoint_server.queries) == 1


def test_nobody_listens(run: Callable[..., Outcome]) -> None:
    outcome = run("query", "organisms", "--endpoint", "http://127.0.0.1:9/")
    assert outcome.code == 2
    assert "the connection is refused" in outcome.stderr


def test_an_endpoint_that_is_silent(endpoint_server: Server, run: Callable[..., Outcome]) -> None:
    def silent(_: str) -> None:
        time.sleep(2)

    endpoint_server.answer = silent  # type: ignore[assignment]
    options = ("--endpoint", endpoint_server.url, "--timeout", "0.3", "--no-union")
    outcome = run("query", "organisms", *options)
    assert outcome.code == 2
    assert "0.3 seconds" in outcome.stderr
    assert len(endpoint_server.queries) == 1


def test_what_virtuoso_does_differently(
    endpoint_server: Server, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASK is answered with a row, and a header says that an answer was cut."""
    row = b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":{"type":"typed-literal","datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"%d"}}]}}'
    for number, word in ((0, "false\n"), (1, "true\n")):
        endpoint_server.answer = lambda _, number=number: (200, row % number, JSON)  # type: ignore[misc]
        asked = run("query", "-", "--endpoint", endpoint_server.url, stdin=b"ASK { ?s ?p ?o }")
        assert asked.stdout == word
    send = endpoint_server.RequestHandlerClass.send_header

    def cut(self: Any, name: str, text: str) -> None:
        if name == "Content-Type":
            send(self, "X-SPARQL-MaxRows", "10000")
        send(self, name, text)

    monkeypatch.setattr(endpoint_server.RequestHandlerClass, "send_header", cut)
    endpoint_server.answer = lambda _: (200, EMPTY, JSON)
    outcome = run("query", "organisms", "--endpoint", endpoint_server.url, "--no-union")
    assert outcome.code == 2
    assert "the answer is not whole: the server gives no more than 10000 rows" in outcome.stderr
