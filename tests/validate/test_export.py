"""Validation in an export: what happens to a figure that violates a shape, and the reports.

Shapes of the tests' own break records that are sound for the shapes of the package, so that a test
says itself what is wrong and where it stands.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDF, SH
from rdflib.compare import isomorphic

from rdfexport.write import FORMATS
from support.records import Collection, line_of, record_text, table_text
from support.validation import CAPTION, EXAMPLES, PAGE, PREFIXES, shape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Outcome
    from support.validation import Validated

LEGACY, CURRENT = "PMC1__legacy.f1", "PMC2__current.f1"
KINDS = ("genes", "chemicals", "diseases")


@pytest.fixture
def two(collection: Collection) -> Collection:
    """A record in each form, both sound."""
    collection.add(LEGACY, record_text("legacy", LEGACY))
    collection.add(CURRENT, **{kind: table_text(kind) for kind in KINDS})
    return collection


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


# Export: what violates, and where that was written


class Cause(NamedTuple):
    """A shape that a record of ``two`` violates, and what of the record is at fault.

    ``place`` is the form of the record, or of the form with tables the kind of the table;
    ``beginning`` is how the first line begins that has to be named, without indent.
    """

    place: str
    target: str
    path: str
    constraint: str
    field: str
    beginning: str


DOI = "<https://doi.org/10.1000/abc-1>"
GENE = "<https://identifiers.org/ncbigene/{}>"
CHEBI = "<http://purl.obolibrary.org/obo/CHEBI_9168>"
CAUSES = [
    Cause(*line.split(" | "))
    for line in f"""
legacy | schema:ImageObject | schema:caption | sh:maxLength 10 | caption | caption:
current | schema:ImageObject | schema:caption | sh:maxLength 10 | caption | caption:
current | schema:ImageObject | rdfs:label | sh:maxLength 10 | figtitle | figtitle:
legacy | schema:ScholarlyArticle | dcterms:issued | sh:pattern "^202" | year | year:
current | schema:ScholarlyArticle | dcterms:identifier | sh:pattern "^PMC" | doi | doi:
current | schema:ScholarlyArticle | dcterms:identifier | sh:pattern "^10" | pmcid | pmcid:
legacy | schema:ScholarlyArticle | schema:sameAs | not {DOI} | reftext | reftext:
current | schema:ScholarlyArticle | schema:sameAs | not {DOI} | doi | doi:
legacy | schema:Dataset | schema:keywords | sh:maxLength 4 | schema-jsonld | schema-jsonld:
current | schema:Dataset | schema:keywords | sh:maxLength 8 | keywords | keywords:
current | schema:Dataset | schema:identifier | not "PMC2__F1" | figid_alias | figid_alias:
current | schema:Dataset | schema:identifier | not "{CURRENT}" | figid | figid:
current | schema:Dataset | rdfs:seeAlso | sh:minCount 1 | ndex | ndex:
legacy | schema:ImageObject | pfocr:figureType | sh:minCount 1 | figtype | figid:
legacy | schema:Dataset | dcterms:conformsTo | sh:minCount 2 | figid | figid:
legacy | schema:Taxon | rdfs:label | not "Homo sapiens" | organisms | organisms:
current | schema:Dataset | pfocr:recognisedOrganismName | sh:maxCount 0 | organisms_ner | organisms_
legacy | oa:Annotation | pfocr:word | not "mTorc1" | genes[0].word | - word: mTorc1
legacy | schema:Gene | rdfs:label | not "MTOR" | genes[0].hgnc_symbol | hgnc_symbol: MTOR
legacy | schema:Gene | dcterms:identifier | sh:maxLength 3 | genes[0].entrez | entrez: '2475'
legacy | pfocr:FamilyExpansion | rdfs:label | not "mTORC1" | genes[0].symbol | symbol: mTORC1
legacy | oa:Annotation | pfocr:matchType | not pfocr:family | genes[0].source | source: bio
legacy | schema:Dataset | schema:mentions | not {GENE.format(2475)} | genes[0].entrez | entrez:
legacy | oa:Annotation | pfocr:word | not "Rapamycin" | chemicals[0].word | - word: Rapamycin
legacy | oa:Annotation | oa:hasBody | sh:minCount 1 | diseases[0].identifier | identifier: ''
genes | oa:Annotation | pfocr:word | not "mTor" | word | 10090
genes | schema:Gene | dcterms:identifier | sh:maxLength 4 | ncbigene_id | 10090
genes | schema:Gene | rdfs:label | not "Mtor" | ncbigene_symbol | 10090
genes | oa:Annotation | pfocr:countMatch | sh:maxInclusive 4 | count_match | 10090
genes | schema:Dataset | schema:mentions | not {GENE.format(56717)} | ncbigene_id | 10090
chemicals | schema:MolecularEntity | dcterms:identifier | not "D020123" | mesh | Rapa
chemicals | schema:MolecularEntity | schema:identifier | not "CHEBI:9168" | chebi | Rapa
chemicals | oa:Annotation | oa:hasBody | not {CHEBI} | chebi | Rapa
chemicals | owl:Class | rdfs:label | not "sirolimus" | mesh | Rapa
diseases | owl:Class | dcterms:identifier | not "DOID:0060239" | doid | LPS
diseases | schema:MedicalCondition | rdfs:label | sh:pattern "^[A-U]" | match | LPS
""".strip().splitlines()
]


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: f"{c.place} {c.path} {c.constraint}")
def test_a_figure_that_violates_is_rejected_with_the_place_of_its_cause(
    cause: Cause,
    two: Collection,
    export: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    figid = LEGACY if cause.place == "legacy" else CURRENT
    file = record = two.root / "_figures" / f"{figid}.md"
    if cause.place in KINDS:
        file = two.root / "_data" / f"{figid}-{cause.place}.tsv"
    rows = file.read_text().splitlines()
    line = next(n for n, row in enumerate(rows, 1) if row.lstrip().startswith(cause.beginning))

    text = shape(cause.target, cause.path, cause.constraint)
    outcome = export(record, "--shapes", rules(text), code=1)

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
    _, row = (tmp_path / "out" / "index.tsv").read_text().splitlines()
    assert row.startswith(other + "\t")
    written = graphs(tmp_path / "out")
    # Of the gene that it alone mentions there are no links either, but it is an ortholog.
    alone = {
        LEGACY: re.compile("hgnc[:/]3942|^wp .*ncbigene/2475"),
        CURRENT: re.compile("mgi[:/](MGI:)?1928394|^wp .*ncbigene/56717"),
    }
    found = {
        name: f"{name.partition('/')[0]} {' '.join(text.split())}" for name, text in written.items()
    }
    assert not [name for name, text in written.items() if figid in text]
    assert not [name for name, text in found.items() if alone[figid].search(text)]
    parts = {text.split()[0] for text in found.values() if alone[other].search(text)}
    assert parts == {"core", "linkset", "wp"}


def test_all_violations_of_a_record_are_told(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    text = shape("schema:Taxon", "rdfs:label", "sh:maxCount 0")
    export(two.root / "_figures" / f"{CURRENT}.md", "--shapes", rules(text), code=1)

    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")

    assert {v["value"] for v in rejected["violations"]} == {None}
    assert {v["focus"].rpartition("_")[2] for v in rejected["violations"]} == {
        "9606>",
        "10090>",
        "2698737>",
    }
    assert rejected["problem"] == "our rule [rule], and 2 more"
    assert rejected["remedy"] == "fix the record, or export it anyway with --on-violation warn"
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


def test_without_validation_nothing_is_said_of_it(
    two: Collection, export: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = export(two.root, "--no-validate")
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
    text = shape("oa:Annotation", "pfocr:word", 'not "mTorc1"')
    text += shape("schema:Gene", "schema:name", "sh:maxLength 5", "length").replace(PREFIXES, "")
    found = {}
    for engine in ("shacl", "pyshacl"):
        report = tmp_path / f"{engine}.json"
        options = ("--compat", "wikipathways", "--shapes", rules(text), "--report", report)
        export(EXAMPLES, *options, "--shacl-engine", engine, code=1)
        reports = [tmp_path / "out" / name for name in ("rejected.jsonl", "warnings.jsonl")]
        texts = [path.read_text() for path in (report, *reports)]
        found[engine] = (texts, graphs(tmp_path / "out"))
    assert found["shacl"] == found["pyshacl"]
    results = json.loads((tmp_path / "shacl.json").read_text())["results"]
    assert {result["severity"] for result in results} == {"Violation", "Warning", "Info"}
    assert {result["shape"].rpartition("#")[2] for result in results} >= {"rule", "length"}


# The parts that are not of one figure

LINK = "<https://identifiers.org/ncbigene/2475>"
SKOS = "<http://www.w3.org/2004/02/skos/core#exactMatch>"


def of_a_node(node: str, path: str, constraint: str) -> str:
    return shape("schema:None", path, constraint).replace(
        "sh:targetClass schema:None", f"sh:targetNode {node}"
    )


# A shape that speaks up in the linkset alone, by the node or by what it leads to.
LINK_RULES = {
    "the node": of_a_node(LINK, SKOS, 'sh:not [ sh:pattern "uniprot" ]'),
    "what it leads to": of_a_node(
        "<http://purl.uniprot.org/geneid/2475>", f"[ sh:inversePath {SKOS} ]", "sh:maxCount 0"
    ),
}


@pytest.mark.parametrize("text", LINK_RULES.values(), ids=LINK_RULES)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_links_that_violate_are_left_out(
    text: str,
    jobs: str,
    two: Collection,
    export: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    options = ("--format", "ntriples", "--jobs", jobs)
    export(two.root, *options)
    before = graphs(tmp_path / "out")
    report = tmp_path / "r.json"
    outcome = export(two.root, *options, "--shapes", rules(text), "--report", report, code=1)
    after = graphs(tmp_path / "out")

    linkset = before.pop("linkset/linkset.nt").splitlines()
    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")
    # Nodes that lead to it are left out too: the shape may be of them.
    out = {line.split()[0] for line in linkset if rejected["field"] in line.split()}
    kept = [line for line in linkset if line.split()[0] not in out]
    assert LINK in out
    assert any("DOID" in line for line in kept)
    assert after.pop("linkset/linkset.nt").splitlines() == kept
    assert after == before
    assert rejected["file"] == "linkset/linkset"
    assert rejected["field"] in {LINK, "<http://purl.uniprot.org/geneid/2475>"}
    assert rejected["problem"].startswith("our rule")
    assert f"rejected: linkset/linkset: {rejected['field']}: our rule" in outcome.stderr
    said = rf"records rejected +0\nnodes left out +{len(out)}\nvalidation +1 viol"
    assert re.search(said, outcome.stderr)
    assert re.search(rf"linkset {len(kept)}\n", outcome.stderr)
    assert json.loads(report.read_text())["conforms"] is False


def test_links_that_violate_can_be_exported_all_the_same(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    text = LINK_RULES["the node"]
    export(two.root, "--shapes", rules(text), "--on-violation", "warn")
    warned = graphs(tmp_path / "out")
    (warning,) = lines(tmp_path / "out" / "warnings.jsonl")
    assert (warning["file"], warning["field"]) == ("linkset/linkset", LINK)
    assert not (tmp_path / "out" / "rejected.jsonl").read_text()
    export(two.root, "--no-validate")
    assert graphs(tmp_path / "out") == warned


def test_strict_stops_at_a_link_that_violates(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    outcome = export(two.root, "--shapes", rules(LINK_RULES["the node"]), "--strict", code=1)
    assert re.search(rf"error: linkset/linkset: {LINK}: our rule", outcome.stderr)
    assert not (tmp_path / "out" / "index.tsv").exists()
    assert not list((tmp_path / "out").glob("linkset/*"))


def test_a_description_that_violates_is_not_written(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    options = ("--compat", "wikipathways", "--compat-rule", "all")
    export(two.root, *options)
    before = graphs(tmp_path / "out")
    assert "wp/void.ttl" in before
    path = "<http://www.w3.org/ns/shacl#prefix>"
    text = shape("sh:PrefixDeclaration", path, 'not "skos"')
    export(two.root, *options, "--shapes", rules(text), code=1)
    del before["wp/void.ttl"]
    assert graphs(tmp_path / "out") == before
    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")
    assert rejected["file"] == "wp/void"
    assert rejected["field"].endswith("prefix/skos>")


def test_what_violates_without_a_node_leaves_no_link(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    text = of_a_node("<http://a.example/>", SKOS, "sh:minCount 1")
    export(two.root, "--format", "ntriples", "--shapes", rules(text), code=1)
    assert graphs(tmp_path / "out") == {"linkset/linkset.nt": ""}


def test_a_part_without_triples_is_not_described(
    two: Collection,
    export: Callable[..., Outcome],
    validate: Callable[..., Validated],
    tmp_path: Path,
) -> None:
    """No figure of these has three genes matched by their symbols, so none depicts a pathway."""
    export(two.root, "--compat", "wikipathways", "--format", "ntriples")
    written = graphs(tmp_path / "out")
    assert {name.partition("/")[0] for name in written} == {"core", "linkset", "wp"}
    assert [name for name in written if name.startswith("wp/")] == ["wp/void.nt"]
    assert "graph/linkset>" in written["wp/void.nt"]
    assert "graph/wp>" not in written["wp/void.nt"]
    assert validate(tmp_path / "out").code == 0


# Reports of an export


def test_reports_of_an_export_tell_the_same_in_each_form(
    two: Collection, export: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    two.add(LEGACY, record_text("legacy", LEGACY, {"year": "''"}))  # which is a warning
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
            int(str(graph.value(node, pfocr.sourceLine))),
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
    command = (
        "validate",
        data,
        "--shapes",
        rules(text),
        "--shacl-engine",
        engine,
        "--report",
        report,
    )
    assert run(*command).code == 1

    graph = rdflib.Graph().parse(report)
    (node,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert list(graph.objects(node, SH.conforms)) == [rdflib.Literal(lexical_or_value=False)]
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
    subject, predicate = ox.NamedNode("http://a.example/s"), ox.NamedNode("http://a.example/p")
    values = (ox.Literal(HOSTILE), ox.Literal("x", language="en-GB"), ox.BlankNode("b"))
    triples = [ox.Triple(subject, predicate, value) for value in values]
    data.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    text = shape("my:C", "<http://a.example/p>", "sh:maxLength 0").replace(
        "sh:targetClass my:C", "sh:targetSubjectsOf <http://a.example/p>"
    )
    report = tmp_path / f"r.{ending}"
    assert run("validate", data, "--shapes", rules(text), "--report", report).code == 1
    if ending == "ttl":
        graph = rdflib.Graph().parse(report)
        said = list(graph.objects(None, SH.value))
        assert {str(v) for v in said if isinstance(v, rdflib.Literal)} == {HOSTILE, "x"}
        assert sum(isinstance(value, rdflib.BNode) for value in said) == 1
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
