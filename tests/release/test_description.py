"""What a release says of itself: true of its files, counted as a store counts, valid by shapes."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID
from rocrate.rocrate import ROCrate

from rdfexport.release.bundle import ReleaseOptions, make_release
from rdfexport.validate import load_shapes, make_engine, shapes_folder
from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdfexport.release.model import Release
    from support.records import Outcome

BASE = "https://example.org/"
ENDPOINT = "https://sparql.example.org/"
URL = f"{BASE}pfocr/20261110/"
VOID_FILE = "rdf/pfocr-rdf-void.ttl"
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
PAV = rdflib.Namespace("http://purl.org/pav/")
PARTS: Final = {"core": "core", "wp": "wp", "linkset": "linkset", "ntriples": "", "nquads": ""}


def released(out: Path, *sources: Path, **more: object) -> Release:
    day = date(2026, 11, 10)
    options = ReleaseOptions(out=out, day=day, base_url=BASE, **more)  # type: ignore[arg-type]
    return make_release([str(source) for source in sources], options).release


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Release:
    source = "https://github.com/wikipathways/pfocr-database/commit/0123abc"
    folder = tmp_path_factory.mktemp("described")
    before = ReleaseOptions(out=folder, day=date(2026, 10, 10), base_url=BASE)
    make_release([str(EXAMPLES)], before)
    return released(folder, EXAMPLES, source=source, sparql_endpoint=ENDPOINT)


@pytest.fixture(scope="module", params=["current", "legacy"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder: Path = request.getfixturevalue("corpus")
    return released(tmp_path_factory.mktemp(request.param), folder / request.param, jobs=2)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLES, tmp_path / "records")


def graph_of(release: Release, path: str) -> rdflib.Graph:
    return rdflib.Graph().parse(release.folder / path, format="turtle")


# --- true of the files -----------------------------------------------------------------------


def test_each_file_is_described_as_it_is(examples: Release) -> None:
    graph = graph_of(examples, "dcat.ttl")
    (dataset,) = graph.objects(rdflib.URIRef(f"{BASE}pfocr/20261110/"), DCTERMS.isVersionOf)
    assert dataset == rdflib.URIRef(f"{BASE}pfocr/#dataset")
    described = {}
    for node in graph.objects(rdflib.URIRef(URL), DCAT.distribution):
        checksum = graph.value(node, SPDX.checksum)
        described[str(graph.value(node, DCAT.downloadURL))] = (
            int(str(graph.value(node, DCAT.byteSize))),
            str(graph.value(checksum, SPDX.checksumValue)),
            str(graph.value(node, DCAT.mediaType)).removeprefix(
                "https://www.iana.org/assignments/media-types/"
            ),
        )
    assert described == {
        URL + file.path: (file.size, file.sha256, file.media_type) for file in examples.files
    }


def test_where_a_release_comes_from(examples: Release) -> None:
    graph = graph_of(examples, VOID_FILE)
    version = rdflib.URIRef(URL)
    prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
    assert [str(o) for o in graph.objects(version, prov.wasDerivedFrom)] == [examples.source]
    activity = graph.value(version, prov.wasGeneratedBy)
    tables = {str(graph.value(t, DCTERMS.date)) for t in graph.objects(activity, prov.used)}
    assert tables == {table.date for table in examples.tables}
    assert tables
    agent = graph.value(activity, prov.wasAssociatedWith)
    assert str(graph.value(agent, PAV.version)) == examples.tool_version
    assert str(graph.value(version, PAV.previousVersion)) == f"{BASE}pfocr/20261010/"
    assert "7 records exported, 0 left out" in str(graph.value(activity, DCTERMS.description))
    assert rdflib.URIRef(ENDPOINT) in set(graph.objects(None, VOID.sparqlEndpoint))
    # The tables are the nodes that the linkset has.
    quads = loaded(examples)
    for table in graph.objects(activity, prov.used):
        assert next(quads.quads_for_pattern(ox.NamedNode(str(table)), None, None), None)


def test_no_node_is_blank(examples: Release) -> None:
    for path in ("dcat.ttl", VOID_FILE):
        for triple in graph_of(examples, path):
            assert not any(isinstance(term, rdflib.BNode) for term in triple)


# --- counted as a store counts ---------------------------------------------------------------

_NUMBERS: Final = {
    "triples": "SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {where} }} }}",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {where} }}",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {where} }}",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) {{ {where} }}",
    "classes": "SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {where} FILTER(?p = rdf:type) }}",
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {where} FILTER(?p = rdf:type) }}",
}
_GRAPHS: Final = {
    "": "GRAPH ?g { ?s ?p ?o }",
    "core": "GRAPH ?g { ?s ?p ?o } FILTER(!STRSTARTS(STR(?g), STR(graph:)))",
    "wp": "GRAPH graph:wp { ?s ?p ?o }",
    "linkset": "GRAPH graph:linkset { ?s ?p ?o }",
}
_PROLOGUE: Final = (
    "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    "PREFIX graph: <https://pfocr.wikipathways.org/graph/>\n"
)


def loaded(release: Release) -> ox.Store:
    store = ox.Store()
    path = release.folder / release.nquads
    store.bulk_load(gzip.decompress(path.read_bytes()), format=ox.RdfFormat.N_QUADS)
    return store


def number(store: ox.Store, query: str) -> int:
    ((value,),) = store.query(_PROLOGUE + query)  # type: ignore[misc]
    return int(value.value)


def pairs(store: ox.Store, query: str) -> dict[str, int]:
    return {key.value: int(n.value) for key, n in store.query(_PROLOGUE + query)}  # type: ignore[misc]


def assert_statistics_agree(release: Release) -> None:
    graph, store = graph_of(release, VOID_FILE), loaded(release)
    for file in release.files:
        if file.kind not in PARTS:
            continue
        node = rdflib.URIRef(f"{URL}#{file.kind}")
        where = _GRAPHS[PARTS[file.kind]]
        for name, query in _NUMBERS.items():
            assert int(str(graph.value(node, VOID[name]))) == number(
                store, query.format(where=where)
            ), (file.kind, name)
        of_class = pairs(
            store,
            f"SELECT ?o (COUNT(DISTINCT ?s) AS ?n) {{ {where} FILTER(?p = rdf:type) }} GROUP BY ?o",
        )
        assert of_class == {
            str(graph.value(part, VOID["class"])): int(str(graph.value(part, VOID.entities)))
            for part in graph.objects(node, VOID.classPartition)
        }
        of_property = pairs(
            store,
            f"SELECT ?p (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {where} }} }} GROUP BY ?p",
        )
        assert of_property == {
            str(graph.value(part, VOID.property)): int(str(graph.value(part, VOID.triples)))
            for part in graph.objects(node, VOID.propertyPartition)
        }
        for links in graph.objects(node, VOID.subset):
            target = graph.value(links, VOID.objectsTarget)
            space = str(graph.value(target, VOID.uriSpace))
            predicate = graph.value(links, VOID.linkPredicate)
            found = number(
                store,
                "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o"
                f" {{ {where} FILTER(?p = <{predicate}> && STRSTARTS(STR(?o), '{space}')) }} }}",
            )
            assert int(str(graph.value(links, VOID.triples))) == found > 0


def test_statistics_are_those_of_the_graph(examples: Release) -> None:
    assert_statistics_agree(examples)


def test_statistics_of_real_records_are_those_of_the_graph(real: Release) -> None:
    assert_statistics_agree(real)


def test_links_to_the_sources_of_identifiers_are_counted(examples: Release) -> None:
    graph = graph_of(examples, VOID_FILE)
    targets = {str(o).rpartition("/")[2] for o in graph.objects(None, VOID.objectsTarget)}
    assert {"ncbigene", "hgnc", "mesh", "chebi", "doid"} <= targets


# --- valid -----------------------------------------------------------------------------------


def test_descriptions_conform_to_all_shapes(examples: Release, run: Callable[..., Outcome]) -> None:
    files = [examples.folder / path for path in (VOID_FILE, "dcat.ttl", "dataset.jsonld")]
    more = ("--shapes", shapes_folder() / "release" / "all.ttl")
    outcome = run("validate", *files[:2], *more)
    assert outcome.code == 0, outcome.stdout
    # The page's document: Bioschemas' Dataset.
    outcome = run("validate", files[2])
    assert outcome.code == 0, outcome.stdout


_BROKEN: Final = (
    (VOID_FILE, 'dcterms:title "PFOCR"@en', 'dcterms:title "PFOCR"', "title"),
    (VOID_FILE, "void:triples", "void:documents", "triples"),
    (VOID_FILE, "void:entities", "void:documents", "entities"),
    (VOID_FILE, "void:dataDump", "void:feature", "dump"),
    (VOID_FILE, "void:class ", "void:feature ", "class-partitions"),
    (VOID_FILE, "void:property ", "void:feature ", "property-partitions"),
    (VOID_FILE, "void:distinctSubjects", "void:distinctObjects", "subjects"),
    (VOID_FILE, "void:exampleResource", "void:feature", "example"),
    (VOID_FILE, "void:linkPredicate", "void:feature", "predicate"),
    (VOID_FILE, "void:objectsTarget", "void:feature", "objects-target"),
    (VOID_FILE, "foaf:primaryTopic", "foaf:page", "topic"),
    (VOID_FILE, "pav:createdOn", "pav:importedOn", "created"),
    (VOID_FILE, "dcterms:isVersionOf ", "pav:version '1' ; dcterms:isVersionOf ", "version"),
    (VOID_FILE, "dcterms:format", "dcterms:extent", "format"),
    ("dcat.ttl", "dcterms:license", "dcterms:rights", "licence"),
    ("dcat.ttl", "dcterms:publisher", "dcterms:creator", "publisher"),
    ("dcat.ttl", "dcat:byteSize", "dcat:rows", "size"),
    ("dcat.ttl", "dcat:downloadURL", "foaf:page", "download"),
    ("dcat.ttl", "dcat:accessURL", "foaf:page", "access"),
    ("dcat.ttl", "dcat:mediaType", "foaf:page", "media-type"),
    ("dcat.ttl", "spdx:checksum ", "foaf:page ", "checksum"),
    ("dcat.ttl", "spdx:checksumValue", "spdx:value", "digest"),
    ("dcat.ttl", "checksumAlgorithm_sha256", "checksumAlgorithm_md5", "algorithm"),
    ("dcat.ttl", "dcat:theme", "foaf:page", "theme"),
    ("dcat.ttl", "dcat:keyword", "foaf:nick", "keyword"),
    ("dcat.ttl", "dcat:dataset ", "foaf:page ", "datasets"),
    ("dcat.ttl", "foaf:name", "foaf:nick", "agent-name"),
    ("dcat.ttl", "prov:wasGeneratedBy", "foaf:page", "generated"),
    (VOID_FILE, "a dctypes:Dataset ;", "a dctypes:Dataset ; pav:version '1' ;", "no-pav-version"),
    (VOID_FILE, "a dctypes:Dataset ;", "a dctypes:Dataset ; dcat:byteSize 1 ;", "no-size"),
    (
        "dcat.ttl",
        "a dcat:Distribution",
        "dcat:distribution <x:y> ; a dcat:Distribution",
        "no-files",
    ),
)


@pytest.mark.parametrize(("path", "old", "new", "shape"), _BROKEN)
def test_a_shape_finds_what_is_missing(
    path: str, old: str, new: str, shape: str, examples: Release
) -> None:
    engine = make_engine("shacl", load_shapes([shapes_folder() / "release" / "all.ttl"]))
    text = (examples.folder / path).read_text("utf-8")
    assert not engine.validate(text, "turtle")
    broken = text.replace(old, new)
    assert broken != text
    found = {
        result.shape.rpartition("#")[2].strip(">") for result in engine.validate(broken, "turtle")
    }
    assert shape in found


# --- what others read ------------------------------------------------------------------------


def test_wikipathways_queries_for_metadata_find_it(examples: Release) -> None:
    query = """
        PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX pav: <http://purl.org/pav/>
        SELECT DISTINCT ?dataset (STR(?titleLit) AS ?title) ?date ?license WHERE {
          ?dataset a void:Dataset ; dcterms:title ?titleLit ; dcterms:license ?license ;
            pav:createdOn ?date . }"""
    rows = list(graph_of(examples, VOID_FILE).query(query))
    assert len(rows) == len(PARTS)
    assert {str(row[2]) for row in rows} == {"2026-11-10"}  # type: ignore[index]


def test_search_engines_find_what_they_ask_for(examples: Release) -> None:
    document = json.loads((examples.folder / "dataset.jsonld").read_text("utf-8"))
    for name in ("name", "description", "url", "identifier", "license", "version", "keywords"):
        assert document[name], name
    assert 50 <= len(document["description"]) <= 5000
    assert document["creator"]["name"] == "WikiPathways"
    assert document["includedInDataCatalog"]["@type"] == "DataCatalog"
    downloads = {one["contentUrl"]: one["sha256"] for one in document["distribution"]}
    assert downloads == {URL + file.path: file.sha256 for file in examples.files}


def test_the_packing_list_is_an_ro_crate(examples: Release) -> None:
    crate = ROCrate(str(examples.folder))
    assert crate.name == "PFOCR 20261110"
    listed = {entity.id: entity.get("sha256") for entity in crate.data_entities}
    described = {"dcat.ttl", "dataset.jsonld", VOID_FILE}
    assert listed == {
        **{file.path: file.sha256 for file in examples.files},
        **dict.fromkeys(described),
    }
    manifest = (examples.folder / "manifest.json").read_bytes()
    assert manifest == (examples.folder / "ro-crate-metadata.json").read_bytes()


# --- the commit of the records ---------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *name, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(
    ("remote", "begins"),
    [
        (
            "https://secret:word@github.com/wikipathways/pfocr-database.git",
            "https://github.com/wiki",
        ),
        ("git@github.com:wikipathways/pfocr-database.git", "https://github.com/wikipathways/pfocr"),
        ("https://secret:word@git.example.org/pfocr.git", "commit "),
        (None, "commit "),
    ],
)
def test_the_commit_of_the_records_is_told(
    remote: str | None,
    begins: str,
    records: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    git(records, "init", "-q")
    git(records, "add", ".")
    git(records, "commit", "-q", "-m", "records")
    if remote is not None:
        git(records, "remote", "add", "origin", remote)
    commit = git(records, "rev-parse", "HEAD")

    def source(day: str) -> str | None:
        outcome = run("release", records, "--version", day, "--out", tmp_path / "out")
        assert outcome.code == 0, outcome.stderr
        folder = tmp_path / "out" / "pfocr" / day
        assert not any(b"secret" in path.read_bytes() for path in folder.glob("*.*"))
        found: str | None = json.loads((folder / "release.json").read_text("utf-8"))["source"]
        return found

    told = source("20261110")
    assert told is not None
    assert told.startswith(begins)
    assert told.endswith(commit)
    # What is not committed has no commit.
    (records / "more.txt").write_text("changed")
    assert source("20261111") is None


def test_a_working_copy_that_git_refuses_to_read_is_said(
    records: Path, run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(records, "init", "-q")
    git(records, "add", ".")
    git(records, "commit", "-q", "-m", "records")
    # As git itself tests this; no other user is needed.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    outcome = run("release", records, "--version", "20261110", "--out", tmp_path / "out")
    assert outcome.code == 0, outcome.stderr
    assert f"{records}: git refuses to read it" in outcome.stderr
    assert f"git config --global --add safe.directory {records}" in outcome.stderr
    assert "--source" in outcome.stderr


def test_an_endpoint_is_an_address_without_password(
    records: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    for url in ("https://a:b@example.org/sparql", "sparql", "https://example.org/<x>"):
        out = ("--out", tmp_path / "out", "--version", "20261110", "--sparql-endpoint", url)
        outcome = run("release", records, *out)
        assert outcome.code == 2
        assert "an address is an http(s) URL without user and password" in outcome.stderr


def test_a_source_that_is_no_iri_is_told_as_text(
    records: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "out", "--version", "20261110", "--source", 'a <text> "quoted"')
    outcome = run("release", records, *out)
    assert outcome.code == 0, outcome.stderr
    graph = rdflib.Graph().parse(tmp_path / "out/pfocr/20261110/dcat.ttl", format="turtle")
    texts = {str(text) for text in graph.objects(None, DCTERMS.description)}
    assert 'The records as of a <text> "quoted".' in texts
    assert (None, RDF.type, DCAT.Dataset) in graph
