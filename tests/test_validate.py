"""Validation: what an export does with a figure that violates a shape, and the ``validate`` command.

Shapes of the tests' own break records that are sound for the shapes of the package, so that a test
says itself what is wrong and where it stands.
"""

from __future__ import annotations

import gzip
import http.client
import http.server
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
import rdflib
import urllib3
import zstandard
from conftest import Collection, line_of, record_text, table_text
from rdflib import RDF, SH
from rdflib.compare import isomorphic

from rdfexport.cli import main
from rdfexport.validate import sources
from rdfexport.write import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Outcome

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FIGURES = sorted(path.stem for path in EXAMPLES.glob("_figures/*.md"))
PAGE = "https://pfocr.wikipathways.org/figures/{}.html"
SHAPES = "https://pfocr.wikipathways.org/shapes#"
LEGACY, CURRENT = "PMC1__legacy.f1", "PMC2__current.f1"

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix my: <https://example.org/shapes#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pfocr: <https://pfocr.wikipathways.org/vocab#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def shape(target: str, path: str, constraint: str, name: str = "rule", more: str = "") -> str:
    """A shapes file with one shape for a class."""
    return (
        f"{PREFIXES}my:{name}-of a sh:NodeShape ; sh:targetClass {target} ; sh:property my:{name} ."
        f"\nmy:{name} a sh:PropertyShape ; sh:path {path} ; {constraint} ;"
        f' sh:message "our rule" . {more}\n'
    )


def forbid(target: str, path: str, value: str) -> str:
    return shape(target, path, f"sh:not [ sh:hasValue {value} ]")


CAPTION = shape("schema:ImageObject", "schema:caption", "sh:maxLength 10")


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Path]:
    """Write a shapes file."""

    def write(text: str) -> Path:
        path = tmp_path / "rules.ttl"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def two(collection: Collection) -> Collection:
    """A record in each form, both sound."""
    collection.add(LEGACY, record_text("legacy", LEGACY))
    collection.add(CURRENT, **{kind: table_text(kind) for kind in TABLE_KINDS})
    return collection


TABLE_KINDS = ("genes", "chemicals", "diseases")


@pytest.fixture
def export(run: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Export to ``out``, in this process unless jobs are given."""

    def call(*args: object, code: int = 0) -> Outcome:
        jobs = () if "--jobs" in args else ("--jobs", "1")
        outcome = run("export", *args, "--out", tmp_path / "out", *jobs)
        assert outcome.code == code, outcome.stderr
        return outcome

    return call


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def graphs(folder: Path) -> dict[str, str]:
    """The files of the parts: the reports beside them are not below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def quads(text: str, form: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(text, format=form))


# Export: what violates, and where that was written


class Cause(NamedTuple):
    """Shapes that one record of ``two`` violates, and what of it is at fault.

    ``beginning`` is how the line begins that has to be named: in the record, or in ``table``.
    """

    name: str
    figid: str
    shapes: str
    field: str
    beginning: str
    table: str = ""


WORD = "Van der Woude syndrome"
CAUSES = [
    Cause("caption", LEGACY, CAPTION, "caption", "caption:"),
    Cause("caption", CURRENT, CAPTION, "caption", "caption:"),
    Cause(
        "word of a title",
        CURRENT,
        shape("schema:ImageObject", "rdfs:label", 'sh:not [ sh:pattern "drugs" ]'),
        "figtitle",
        "figtitle:",
    ),
    Cause(
        "year",
        LEGACY,
        shape("schema:ScholarlyArticle", "dcterms:issued", 'sh:pattern "^202"'),
        "year",
        "year:",
    ),
    Cause(
        "DOI among identifiers",
        CURRENT,
        shape("schema:ScholarlyArticle", "dcterms:identifier", 'sh:pattern "^PMC"'),
        "doi",
        "doi:",
    ),
    Cause(
        "PMCID among identifiers",
        CURRENT,
        shape("schema:ScholarlyArticle", "dcterms:identifier", 'sh:pattern "^10[.]"'),
        "pmcid",
        "pmcid:",
    ),
    Cause(
        "DOI of a citation",
        LEGACY,
        forbid("schema:ScholarlyArticle", "schema:sameAs", "<https://doi.org/10.1000/abc-1>"),
        "reftext",
        "reftext:",
    ),
    Cause(
        "keyword of the block",
        LEGACY,
        shape("schema:Dataset", "schema:keywords", "sh:maxLength 4"),
        "schema-jsonld",
        "schema-jsonld:",
    ),
    Cause(
        "keyword of the field",
        CURRENT,
        shape("schema:Dataset", "schema:keywords", "sh:maxLength 8"),
        "keywords",
        "keywords:",
    ),
    Cause(
        "alias",
        CURRENT,
        shape("schema:Dataset", "schema:identifier", 'sh:pattern "__current"'),
        "figid_alias",
        "figid_alias:",
    ),
    Cause(
        "no network",
        CURRENT,
        shape("schema:Dataset", "rdfs:seeAlso", "sh:minCount 1"),
        "ndex",
        "ndex:",
    ),
    Cause(
        "field that is not there",
        LEGACY,
        shape("schema:ImageObject", "pfocr:figureType", "sh:minCount 1"),
        "figtype",
        "figid:",
    ),
    Cause(
        "whole record",
        LEGACY,
        forbid("schema:Dataset", "dcterms:conformsTo", "<https://bioschemas.org/>").replace(
            "sh:not", "sh:minCount 2 ; sh:not"
        ),
        "figid",
        "figid:",
    ),
    Cause(
        "organism",
        LEGACY,
        forbid("schema:Taxon", "rdfs:label", '"Homo sapiens"'),
        "organisms",
        "organisms:",
    ),
    Cause(
        "recognised organism",
        CURRENT,
        forbid("schema:Dataset", "pfocr:recognisedOrganismName", '"Mus musculus"'),
        "organisms_ner",
        "organisms_ner:",
    ),
    Cause(
        "word of a gene",
        LEGACY,
        forbid("oa:Annotation", "pfocr:word", '"mTorc1"'),
        "genes[0].word",
        "- word: mTorc1",
    ),
    Cause(
        "symbol of a gene",
        LEGACY,
        forbid("schema:Gene", "rdfs:label", '"MTOR"'),
        "genes[0].hgnc_symbol",
        "  hgnc_symbol: MTOR",
    ),
    Cause(
        "number of a gene",
        LEGACY,
        shape("schema:Gene", "dcterms:identifier", "sh:maxLength 3"),
        "genes[0].entrez",
        "  entrez: '2475'",
    ),
    Cause(
        "family of a gene",
        LEGACY,
        forbid("pfocr:FamilyExpansion", "rdfs:label", '"mTORC1"'),
        "genes[0].symbol",
        "  symbol: mTORC1",
    ),
    Cause(
        "match type of a gene",
        LEGACY,
        forbid("oa:Annotation", "pfocr:matchType", "pfocr:family"),
        "genes[0].source",
        "  source: bioentities_symbol",
    ),
    Cause(
        "gene that a record lists",
        LEGACY,
        forbid("schema:Dataset", "schema:mentions", "<https://identifiers.org/ncbigene/2475>"),
        "genes[0].entrez",
        "  entrez: '2475'",
    ),
    Cause(
        "word of a chemical",
        LEGACY,
        forbid("oa:Annotation", "pfocr:word", '"Rapamycin"'),
        "chemicals[0].word",
        "- word: Rapamycin",
    ),
    Cause(
        "disease without a body",
        LEGACY,
        shape("oa:Annotation", "oa:hasBody", "sh:minCount 1"),
        "diseases[0].identifier",
        "  identifier: ''",
    ),
    Cause(
        "word of a gene",
        CURRENT,
        forbid("oa:Annotation", "pfocr:word", '"mTor"'),
        "word",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "number of a gene",
        CURRENT,
        shape("schema:Gene", "dcterms:identifier", "sh:maxLength 4"),
        "ncbigene_id",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "count of a gene",
        CURRENT,
        shape("oa:Annotation", "pfocr:countMatch", "sh:maxInclusive 4"),
        "count_match",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "gene that a record lists",
        CURRENT,
        forbid("schema:Dataset", "schema:mentions", "<https://identifiers.org/ncbigene/56717>"),
        "ncbigene_id",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "MeSH of a chemical",
        CURRENT,
        forbid("schema:MolecularEntity", "dcterms:identifier", '"D020123"'),
        "mesh",
        "Rapa\t",
        "chemicals",
    ),
    Cause(
        "ChEBI of a chemical",
        CURRENT,
        forbid("schema:MolecularEntity", "schema:identifier", '"CHEBI:9168"'),
        "chebi",
        "Rapa\t",
        "chemicals",
    ),
    Cause(
        "second entity of a chemical",
        CURRENT,
        forbid(
            "oa:Annotation", "oa:hasBody", "<http://purl.obolibrary.org/obo/CHEBI_9168>"
        ),
        "chebi",
        "Rapa\t",
        "chemicals",
    ),
    Cause(
        "entity without a row of its own",
        CURRENT,
        forbid("owl:Class", "rdfs:label", '"Van der Woude"'),
        "mesh",
        "LPS\t",
        "diseases",
    ),
    Cause(
        "name of a disease",
        CURRENT,
        forbid("schema:MedicalCondition", "rdfs:label", f'"{WORD}"'),
        "match",
        "LPS\t",
        "diseases",
    ),
]


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: f"{c.figid.split('__')[1][:-3]}: {c.name}")
def test_a_figure_that_violates_is_rejected_with_the_place_of_its_cause(
    cause: Cause,
    two: Collection,
    export: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    record = two.root / "_figures" / f"{cause.figid}.md"
    file = two.root / "_data" / f"{cause.figid}-{cause.table}.tsv" if cause.table else record
    line = line_of(file.read_text(), cause.beginning)

    outcome = export(record, "--shapes", rules(cause.shapes), code=1)

    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")
    assert (rejected["file"], rejected["line"], rejected["field"]) == (str(file), line, cause.field)
    assert f"rejected: {file}:{line}: {cause.field}: our rule" in outcome.stderr
    assert rejected["problem"].startswith("our rule")
    assert {v["shape"] for v in rejected["violations"]} == {"https://example.org/shapes#rule"}
    assert {v["severity"] for v in rejected["violations"]} == {"Violation"}
    first = rejected["violations"][0]
    assert (first["file"], first["line"], first["field"]) == (str(file), line, cause.field)


@pytest.mark.parametrize("figid", [LEGACY, CURRENT])
@pytest.mark.parametrize("layout", ["files", "shards"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_triples_of_a_figure_that_violates_are_in_no_file(
    figid: str,
    layout: str,
    jobs: str,
    two: Collection,
    export: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    (other,) = {LEGACY, CURRENT} - {figid}
    target = PAGE.format(figid) + "#figure"
    text = CAPTION.replace("sh:targetClass schema:ImageObject", f"sh:targetNode <{target}>")
    options = ["--layout", layout, "--jobs", jobs, "--compat", "wikipathways", "--compat-rule=all"]
    for name in FORMATS:
        options += ["--format", name]

    outcome = export(two.root, *options, "--shapes", rules(text), code=1)

    assert re.search(r"records exported +1\nrecords rejected +1\n", outcome.stderr)
    assert [line["file"] for line in lines(tmp_path / "out" / "rejected.jsonl")] == [
        str(two.root / "_figures" / f"{figid}.md")
    ]
    header, row = (tmp_path / "out" / "index.tsv").read_text().splitlines()
    assert row.startswith(other + "\t")
    written = graphs(tmp_path / "out")
    # Of what it alone mentions there are no links either.
    alone = {LEGACY: "ncbigene/2475", CURRENT: "ncbigene/56717"}
    assert not [name for name, text in written.items() if figid in text or alone[figid] in text]
    assert {name.partition("/")[0] for name, text in written.items() if alone[other] in text} == {
        "core",
        "linkset",
        "wp",
    }


def test_all_violations_of_a_record_are_told(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    text = shape("schema:Taxon", "rdfs:label", "sh:maxCount 0")
    export(two.root / "_figures" / f"{CURRENT}.md", "--shapes", rules(text), code=1)

    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")

    assert {v["value"] for v in rejected["violations"]} == {None}
    assert {v["focus"].rpartition("_")[2] for v in rejected["violations"]} == {"9606>", "10090>"}
    assert rejected["problem"] == "our rule [rule], and 1 more"
    assert rejected["remedy"] == "mend the record; --on-violation warn exports it all the same"
    first = rejected["violations"][0]
    assert first["path"] == "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert first["component"] == str(SH.MaxCountConstraintComponent)


def test_warnings_and_infos_reject_nothing(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    text = CAPTION.replace("sh:maxLength", "sh:severity sh:Warning ; sh:maxLength")
    outcome = export(two.root, "--shapes", rules(text), "--report", tmp_path / "r.json")
    assert not (tmp_path / "out" / "rejected.jsonl").read_text()
    results = json.loads((tmp_path / "r.json").read_text())["results"]
    counts = Counter(result["severity"] for result in results)
    assert counts["Warning"] >= 2
    assert counts["Violation"] == 0
    said = f"{counts['Warning']} warnings, {counts['Info']} infos"
    assert re.search(rf"validation +{said}\n", outcome.stderr)


def test_a_figure_that_violates_can_be_exported_all_the_same(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    options = ("--shapes", rules(CAPTION), "--on-violation", "warn")
    outcome = export(two.root, *options)
    warned = graphs(tmp_path / "out")
    warnings = lines(tmp_path / "out" / "warnings.jsonl")
    assert not (tmp_path / "out" / "rejected.jsonl").read_text()
    assert re.search(r"validation +2 violations", outcome.stderr)

    assert {(line["file"], line["line"], line["field"]) for line in warnings} == {
        (str(path), line_of(path.read_text(), "caption:"), "caption")
        for path in (two.root / "_figures").iterdir()
    }
    assert all(line["problem"].startswith("our rule (found ") for line in warnings)
    export(two.root, "--no-validate")
    assert warned == graphs(tmp_path / "out")


def test_without_validation_shapes_are_not_asked(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    outcome = export(two.root, "--shapes", rules("not a shapes file"), "--no-validate")
    assert not re.search(r"^validation ", outcome.stderr, re.MULTILINE)
    assert not (tmp_path / "out" / "rejected.jsonl").read_text()
    assert not (tmp_path / "out" / "warnings.jsonl").read_text()


def test_strict_stops_at_the_first_violation(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    report = tmp_path / "report.ttl"
    options = ("--shapes", rules(CAPTION), "--strict", "--report", report)
    outcome = export(two.root, *options, code=1)
    assert re.search(rf"error: .*{LEGACY}[.]md:\d+: caption: our rule", outcome.stderr)
    assert not (tmp_path / "out" / "index.tsv").exists()
    assert list(tmp_path.glob("report.ttl*")) == []


def test_terms_under_another_base_are_validated_as_ours_are(
    two: Collection, export: Callable[..., Outcome], tmp_path: Path
) -> None:
    base = "https://example.org/terms#"
    export(two.root, "--vocab-base", base, "--format", "nquads", "--report", tmp_path / "a.json")
    assert not (tmp_path / "out" / "rejected.jsonl").read_text()
    assert base in "".join(graphs(tmp_path / "out").values())
    export(two.root, "--report", tmp_path / "b.json")
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()


def test_the_engines_say_the_same_of_the_examples(
    export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    text = forbid("oa:Annotation", "pfocr:word", '"mTorc1"') + CAPTION.partition("my:rule-of")[0]
    text += shape("schema:Gene", "schema:name", "sh:maxLength 5", "length").replace(PREFIXES, "")
    found = {}
    for engine in ("shacl", "pyshacl"):
        report = tmp_path / f"{engine}.json"
        options = ("--compat", "wikipathways", "--shapes", rules(text), "--report", report)
        export(EXAMPLES, *options, "--engine", engine, code=1)
        reports = [tmp_path / "out" / name for name in ("rejected.jsonl", "warnings.jsonl")]
        texts = [path.read_text() for path in (report, *reports)]
        found[engine] = (texts, graphs(tmp_path / "out"))
    assert found["shacl"] == found["pyshacl"]
    results = json.loads((tmp_path / "shacl.json").read_text())["results"]
    assert {result["severity"] for result in results} == {"Violation", "Warning", "Info"}
    assert {result["shape"].rpartition("#")[2] for result in results} >= {"rule", "length"}


# Reports of an export


def test_reports_of_an_export_tell_the_same_in_each_form(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    reports = {}
    for ending in ("ttl", "json", "sarif"):
        path = tmp_path / "reports" / f"r.{ending}"
        export(two.root, "--shapes", rules(CAPTION), "--report", path, code=1)
        reports[ending] = path.read_text()
    results = json.loads(reports["json"])["results"]
    places = {(r["file"], r["line"], r["shape"], r["severity"]) for r in results}
    assert {severity for *_, severity in places} == {"Violation", "Warning", "Info"}
    assert json.loads(reports["json"])["conforms"] is False

    graph = rdflib.Graph().parse(data=reports["ttl"], format="turtle")
    pfocr = rdflib.Namespace("https://pfocr.wikipathways.org/vocab#")
    nodes = list(graph.subjects(RDF.type, SH.ValidationResult))
    assert len(nodes) == len(results)
    assert {
        (
            str(graph.value(node, pfocr.sourceFile)),
            graph.value(node, pfocr.sourceLine).toPython(),
            str(graph.value(node, SH.sourceShape)),
            str(graph.value(node, SH.resultSeverity)).rpartition("#")[2],
        )
        for node in nodes
    } == places
    fields = Counter(str(value) for value in graph.objects(None, pfocr.sourceField))
    assert fields == Counter(result["field"] for result in results if result["field"] is not None)

    levels = {"Violation": "error", "Warning": "warning", "Info": "note"}
    assert {
        (
            physical["artifactLocation"]["uri"],
            physical["region"]["startLine"],
            found["ruleId"],
            found["level"],
        )
        for found in json.loads(reports["sarif"])["runs"][0]["results"]
        for physical in [found["locations"][0]["physicalLocation"]]
    } == {
        (file, line, name.rpartition("#")[2], levels[severity])
        for file, line, name, severity in places
    }


PATHS = {
    "property": "schema:name",
    "inverse": "[ sh:inversePath schema:mentions ]",
    "sequence": "( oa:hasTarget schema:name )",
    "alternative": "[ sh:alternativePath ( schema:name schema:url ) ]",
    "any": "[ sh:zeroOrMorePath schema:mentions ]",
    "some": "[ sh:oneOrMorePath schema:mentions ]",
    "maybe": "[ sh:zeroOrOnePath schema:mentions ]",
    "nested": (
        "( [ sh:inversePath ( schema:mentions oa:hasBody ) ]"
        " [ sh:zeroOrMorePath [ sh:alternativePath ( schema:url ( oa:hasTarget schema:name )"
        " [ sh:oneOrMorePath [ sh:inversePath prov:wasDerivedFrom ] ] ) ] ] )"
    ),
}


def path_graph(graph: rdflib.Graph, start: Any) -> rdflib.Graph:
    """What a path consists of, from a node that stands for its beginning."""
    found = rdflib.Graph()
    found.add((rdflib.URIRef("urn:path"), RDF.value, start))
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if isinstance(node, rdflib.BNode):
            for triple in graph.triples((node, None, None)):
                found.add(triple)
                waiting.append(triple[2])
    return found


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_report_is_a_report_of_the_standard(
    path: str,
    engine: str,
    run: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    data, report = tmp_path / "d.nt", tmp_path / "r.ttl"
    data.write_text(f"<http://a.example/s> <{RDF.type}> <http://a.example/C> .\n")
    text = shape("<http://a.example/C>", path, "sh:minCount 5")
    command = ("validate", data, "--shapes", rules(text), "--engine", engine, "--report", report)
    assert run(*command).code == 1

    graph = rdflib.Graph().parse(report)
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert list(graph.objects(node, SH.conforms)) == [rdflib.Literal(False)]
    (result,) = graph.objects(node, SH.result)
    single = {
        RDF.type: SH.ValidationResult,
        SH.focusNode: rdflib.URIRef("http://a.example/s"),
        SH.resultSeverity: SH.Violation,
        SH.sourceConstraintComponent: SH.MinCountConstraintComponent,
        SH.sourceShape: rdflib.URIRef("https://example.org/shapes#rule"),
        SH.resultMessage: rdflib.Literal("our rule"),
    }
    for predicate, value in single.items():
        assert list(graph.objects(result, predicate)) == [value]
    (found,) = graph.objects(result, SH.resultPath)
    shapes = rdflib.Graph().parse(data=text, format="turtle")
    wanted = shapes.value(rdflib.URIRef("https://example.org/shapes#rule"), SH.path)
    assert isomorphic(path_graph(graph, found), path_graph(shapes, wanted))


HOSTILE = 'a "quoted" \\ back\nslash\ttab \u2028 \u0085 é \U0001f9ec'


@pytest.mark.parametrize("ending", ["ttl", "json", "sarif"])
def test_reports_hold_any_value(
    ending: str, run: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    data = tmp_path / "a folder, 100% #1" / "d é.nt"
    data.parent.mkdir()
    type_ = ox.Quad(ox.NamedNode("http://a.example/s"), ox.NamedNode(str(RDF.type)), ox.BlankNode())
    for value in (ox.Literal(HOSTILE), ox.Literal("x", language="en-GB"), ox.BlankNode("b")):
        type_ = ox.Quad(type_.subject, ox.NamedNode("http://a.example/p"), value)
        with data.open("ab") as file:
            ox.serialize([type_.triple], file, format=ox.RdfFormat.N_TRIPLES)
    text = shape("my:C", "<http://a.example/p>", "sh:maxLength 0").replace(
        "sh:targetClass my:C", "sh:targetSubjectsOf <http://a.example/p>"
    )
    report = tmp_path / f"r.{ending}"
    assert run("validate", data, "--shapes", rules(text), "--report", report).code == 1
    if ending == "ttl":
        graph = rdflib.Graph().parse(report)
        values = list(graph.objects(None, SH.value))
        assert {str(v) for v in values if isinstance(v, rdflib.Literal)} == {HOSTILE, "x"}
        assert sum(isinstance(value, rdflib.BNode) for value in values) == 1
    elif ending == "json":
        results = json.loads(report.read_text())["results"]
        assert str(ox.Literal(HOSTILE)) in {result["value"] for result in results}
        assert {result["file"] for result in results} == {str(data)}
    else:
        (uri,) = {
            found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for found in json.loads(report.read_text())["runs"][0]["results"]
        }
        assert re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=:@/%-]+", uri)
        assert uri.endswith("/a%20folder%2C%20100%25%20%231/d%20%C3%A9.nt")


def test_a_report_of_an_unknown_kind_is_refused_before_anything_is_done(
    two: Collection, export: Callable[..., Outcome], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    export(two.root)
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    outcome = export(two.root, "--report", tmp_path / "r.txt", code=2)
    assert "r.txt: a report ends in .ttl, .json, .sarif" in outcome.stderr
    after = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert before == after
    outcome = run("validate", tmp_path / "out", "--report", tmp_path / "r.txt")
    assert (outcome.code, outcome.stdout) == (2, "")
