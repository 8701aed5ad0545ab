"""A release's files: which there are, what they hold, and that all say the same."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import zipfile
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from rdfexport import ExportOptions, export
from rdfexport.release import joined
from rdfexport.release.bundle import ReleaseOptions, make_release
from rdfexport.release.model import open_release
from support.interop import RapperResult, gseapy, gseapy_available, rapper, rapper_available
from support.paths import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rdfexport.release.model import Release
    from support.records import Collection, Outcome

FIGURES = sorted(path.stem for path in EXAMPLES.glob("_figures/*.md"))
VERSION = "20261110"
SEED = "PMC3811159__nihms512981f2"
RDF = ("core", "wp", "linkset", "ntriples", "nquads")

needs_rapper = pytest.mark.skipif(rapper_available() is not None, reason=rapper_available() or "")
needs_gseapy = pytest.mark.skipif(gseapy_available() is not None, reason=gseapy_available() or "")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def released(out: Path, *sources: Path, jobs: int = 1) -> Release:
    options = ReleaseOptions(
        out=out, day=date(2026, 11, 10), base_url="https://example.org/", jobs=jobs
    )
    return make_release([str(source) for source in sources], options).release


def path_of(release: Release, kind: str) -> Path:
    (file,) = (file for file in release.files if file.kind == kind)
    return release.folder / file.path


def counts_of(release: Release, kind: str) -> dict[str, int]:
    (file,) = (file for file in release.files if file.kind == kind)
    return dict(file.counts)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return released(tmp_path_factory.mktemp("examples"), EXAMPLES)


@pytest.fixture(scope="module", params=["current", "legacy"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of a collection of real records."""
    folder: Path = request.getfixturevalue("corpus")
    return released(tmp_path_factory.mktemp(request.param), folder / request.param, jobs=2)


@pytest.fixture
def release(
    run: Callable[..., Outcome], collection: Collection, tmp_path: Path
) -> Callable[..., Outcome]:
    """Make a release of the collection."""

    def call(*options: object, code: int = 0) -> Outcome:
        out = ("--out", tmp_path / "out", "--jobs", "1", "--no-validate", "--version", VERSION)
        outcome = run("release", collection.root, *out, *options)
        assert outcome.code == code, outcome.stderr
        return outcome

    return call


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return tmp_path / "out" / "pfocr" / VERSION


def gmt_sets(release: Release) -> Counter[tuple[str, ...]]:
    """Organism, as the file's name has it, and members of each gene set."""
    found: Counter[tuple[str, ...]] = Counter()
    for file in release.files:
        if file.kind == "gmt":
            organism = file.path.removesuffix(".gmt").rpartition("-gmt-")[2]
            for line in (release.folder / file.path).read_text("utf-8").splitlines():
                found[organism, *sorted(line.split("\t")[2:])] += 1
    return found


def pathways(release: Release) -> Counter[tuple[str, ...]]:
    """Organism, as a file's name has it, and genes of each depicted pathway."""
    store = ox.Store()
    with zipfile.ZipFile(path_of(release, "wp")) as archive:
        for name in archive.namelist():
            store.load(archive.read(name), format=ox.RdfFormat.TURTLE)
    rows = store.query(
        "PREFIX wp: <http://vocabularies.wikipathways.org/wp#>"
        " PREFIX dcterms: <http://purl.org/dc/terms/>"
        " SELECT ?p ?organism ?gene { ?p a wp:Pathway ; wp:organismName ?organism ."
        " ?g dcterms:isPartOf ?p ; a wp:GeneProduct ; dcterms:identifier ?gene }"
    )
    assert isinstance(rows, ox.QuerySolutions)
    genes: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        organism = re.sub(r"[^A-Za-z0-9]+", "_", row["organism"].value)
        genes.setdefault((row["p"].value, organism), []).append(row["gene"].value)
    return Counter((organism, *sorted(members)) for (_, organism), members in genes.items())


# --- which files -----------------------------------------------------------------------------


def test_the_files_of_a_release(examples: Release) -> None:
    stem = f"pfocr-{VERSION}"
    genes = (
        "Danio_rerio",
        "Drosophila_melanogaster",
        "Homo_sapiens",
        "Mus_musculus",
        "Rattus_norvegicus",
    )
    described = {
        *(f"rdf/{stem}-rdf-{part}.zip" for part in ("core", "wp", "linkset")),
        f"rdf/{stem}-rdf.nt.gz",
        f"rdf/{stem}-rdf.nq.gz",
        f"jsonld/{stem}-jsonld.zip",
        f"mentions/{stem}-mentions.parquet",
        *(f"gmt/{stem}-gmt-{organism}.gmt" for organism in genes),
        *(f"gmt/{stem}-chemical-gmt-{organism}.gmt" for organism in ("Homo_sapiens", "other")),
        f"gmt/{stem}-by-homology-gmt-Homo_sapiens.gmt",
        f"gmt/{stem}-by-homology-gmt-Mus_musculus.gmt",
    }
    files = tree(examples.folder)
    descriptions = {"dcat.ttl", "dataset.jsonld", "rdf/pfocr-rdf-void.ttl"}
    packing = {"manifest.json", "ro-crate-metadata.json", "release.json", "SHA256SUMS"}
    assert files.keys() == described | descriptions | packing
    assert [file.path for file in examples.files] == sorted(described)
    for file in examples.files:
        assert file.size == len(files[file.path])
        assert file.sha256 == hashlib.sha256(files[file.path]).hexdigest()
    assert examples.folder.name == VERSION
    assert (examples.figures, examples.rejected, examples.previous) == (7, 0, None)
    assert open_release(examples.folder) == examples


def test_the_pathways_are_the_gene_sets_organism_by_organism(examples: Release) -> None:
    assert len({organism for organism, *_ in gmt_sets(examples)}) > 2
    assert pathways(examples) == gmt_sets(examples)


def test_the_pathways_of_real_records_are_their_gene_sets(real: Release) -> None:
    assert pathways(real) == gmt_sets(real)


def sums_agree(folder: Path) -> bool:
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def test_checksums_are_those_of_all_files(examples: Release, tmp_path: Path) -> None:
    for folder in (examples.folder, examples.folder.parent / "current"):
        lines = (folder / "SHA256SUMS").read_text().splitlines()
        assert {line[66:] for line in lines} == tree(folder).keys() - {"SHA256SUMS"}
        assert sums_agree(folder)
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", str(examples.folder), str(copy)], check=True)
    with next(copy.rglob("*.parquet")).open("r+b") as file:
        file.write(b"X")
    assert not sums_agree(copy)


def test_current_is_the_release_under_names_without_its_date(examples: Release) -> None:
    dated, current = tree(examples.folder), tree(examples.folder.parent / "current")
    only_dated = {"SHA256SUMS", "manifest.json", "ro-crate-metadata.json"}
    same = {name: data for name, data in dated.items() if name not in only_dated}
    del current["SHA256SUMS"]
    assert current == {name.replace(f"pfocr-{VERSION}-", "pfocr-"): same[name] for name in same}
    assert "rdf/pfocr-rdf-core.zip" in current
    assert "gmt/pfocr-gmt-Homo_sapiens.gmt" in current


def test_archives_are_dated_by_the_version_and_readable_by_all(examples: Release) -> None:
    for kind in ("core", "wp", "linkset", "jsonld"):
        with zipfile.ZipFile(path_of(examples, kind)) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert names == sorted(names)
            for info in archive.infolist():
                assert info.date_time == (2026, 11, 10, 0, 0, 0)
                assert info.external_attr >> 16 == 0o100644
        tested = ["unzip", "-tq", str(path_of(examples, kind))]
        assert subprocess.run(tested, capture_output=True, check=False).returncode == 0
    for kind in ("ntriples", "nquads"):
        head = path_of(examples, kind).read_bytes()[:10]
        assert head[4:8] == bytes(4)  # no time
        assert head[3] == 0  # no name
        tested = ["gzip", "--test", str(path_of(examples, kind))]
        assert subprocess.run(tested, check=False).returncode == 0


def test_archives_hold_what_an_export_writes(examples: Release, tmp_path: Path) -> None:
    options = ExportOptions(tmp_path / "export", wikipathways=True, date="2026-11-10")
    export([str(EXAMPLES)], options)
    for kind in ("core", "wp", "linkset", "jsonld"):
        with zipfile.ZipFile(path_of(examples, kind)) as archive:
            archive.extractall(tmp_path / "archives")
    expected = {name: data for name, data in tree(tmp_path / "export").items() if "/" in name}
    del expected["wp/void.ttl"]  # the release has a description of its own
    assert tree(tmp_path / "archives") == expected


# --- numbers agree ---------------------------------------------------------------------------


def turtles(release: Release, kind: str) -> list[bytes]:
    with zipfile.ZipFile(path_of(release, kind)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def lines(release: Release, kind: str) -> list[str]:
    with gzip.open(path_of(release, kind), "rt", encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")[:-1]


def quads(release: Release) -> Iterator[ox.Quad]:
    with gzip.open(path_of(release, "nquads")) as file:
        yield from ox.parse(file, format=ox.RdfFormat.N_QUADS)


@pytest.fixture
def store(examples: Release) -> ox.Store:
    return loaded(examples)


def loaded(release: Release) -> ox.Store:
    store = ox.Store()
    store.bulk_extend(quads(release))
    return store


def assert_triples_agree(release: Release) -> None:
    """Triples counted by a parser in each file are those that the release tells of."""
    parts: Counter[str] = Counter()
    for kind in ("core", "wp", "linkset"):
        files = turtles(release, kind)
        for data in files:
            parts[kind] += len(list(ox.parse(data, format=ox.RdfFormat.TURTLE)))
        counts = counts_of(release, kind)
        assert counts["triples"] == parts[kind]
        if kind != "linkset":
            assert counts["figures"] == len(files)
    for kind, form in (("ntriples", ox.RdfFormat.N_TRIPLES), ("nquads", ox.RdfFormat.N_QUADS)):
        with gzip.open(path_of(release, kind)) as file:
            parsed = sum(1 for _ in ox.parse(file, format=form))
        assert counts_of(release, kind) == {"triples": parsed} == {"triples": parts.total()}
    assert counts_of(release, "core")["figures"] == release.figures
    assert counts_of(release, "jsonld") == {"figures": release.figures}


def test_triples_are_those_that_a_parser_counts(examples: Release) -> None:
    assert_triples_agree(examples)


@needs_rapper
def test_triples_are_those_that_another_parser_counts(examples: Release, tmp_path: Path) -> None:
    for kind in RDF:
        if kind in ("ntriples", "nquads"):
            path = tmp_path / kind
            path.write_bytes(gzip.decompress(path_of(examples, kind).read_bytes()))
            found = [rapper(path, kind)]
        else:
            found = []
            for data in turtles(examples, kind):
                (tmp_path / "a.ttl").write_bytes(data)
                found.append(rapper(tmp_path / "a.ttl", "turtle"))
        assert not any(result.messages for result in found)
        assert sum(result.count for result in found) == counts_of(examples, kind)["triples"]


def test_every_turtle_file_survives_being_put_one_after_the_other(
    examples: Release, tmp_path: Path
) -> None:
    path = tmp_path / "all.ttl"
    files = [data for kind in ("core", "wp", "linkset") for data in turtles(examples, kind)]
    path.write_bytes(b"".join(files))
    apart = {quad.triple for data in files for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)}
    together = list(ox.parse(path=str(path)))
    assert {quad.triple for quad in together} == apart
    assert len(rdflib.Graph().parse(path)) == len(apart)
    if rapper_available() is None:
        assert rapper(path, "turtle") == RapperResult(len(together))


def test_the_bulk_files_hold_what_the_archives_hold(examples: Release) -> None:
    in_archives = {
        quad.triple
        for kind in ("core", "wp", "linkset")
        for data in turtles(examples, kind)
        for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)
    }
    assert {quad.triple for quad in quads(examples)} == in_archives
    graph = "https://pfocr.wikipathways.org/graph/"
    named = {quad.graph_name.value for quad in quads(examples)}
    pages = {f"https://pfocr.wikipathways.org/figures/{figid}.html" for figid in FIGURES}
    assert named == pages | {graph + "wp", graph + "linkset"}
    without_graph = [line.rsplit(" <", 1)[0] for line in lines(examples, "nquads")]
    assert without_graph == [line.removesuffix(" .") for line in lines(examples, "ntriples")]


def test_the_quads_load_into_a_store(
    examples: Release, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("load", path_of(examples, "nquads"), "--store", tmp_path / "store")
    assert outcome.code == 0, outcome.stderr
    known = set(quads(examples))
    graphs = len({quad.graph_name for quad in known})
    assert f"triples   {len(known):,} in {graphs} graphs" in outcome.stderr


PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX pfocr: <https://pfocr.wikipathways.org/vocab#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


class Sets(NamedTuple):
    """Gene sets or chemical sets as they stand in the files: (organism, name) → members."""

    sets: dict[tuple[str | None, str], frozenset[str]]
    titles: dict[str, str]


def gmt(release: Release, kind: str) -> Sets:
    sets: dict[tuple[str | None, str], frozenset[str]] = {}
    titles = {}
    for file in release.files:
        if file.kind == kind:
            text = (release.folder / file.path).read_text("utf-8")
            rows = [line.split("\t") for line in text.split("\n")[:-1]]
            assert file.counts == {"sets": len(rows)}
            for name, title, *members in rows:
                assert len(set(members)) == len(members)
                assert (file.organism, name) not in sets
                sets[file.organism, name] = frozenset(members)
                titles[name] = title
    return Sets(sets, titles)


def gene_sets_by_sparql(store: ox.Store) -> Counter[tuple[str, str, frozenset[str]]]:
    """Figure, taxon and genes of each set, by what the graph says."""
    found: dict[tuple[str, str], set[str]] = {}
    query = """SELECT DISTINCT ?page ?taxon ?id WHERE { GRAPH ?page {
      ?m oa:hasBody ?gene ; pfocr:matchType pfocr:exact ; dcterms:subject "Gene" .
      ?gene dcterms:identifier ?id ; schema:taxonomicRange ?taxon } }"""
    for page, taxon, number in select(store, query):
        found.setdefault((page, taxon), set()).add(number)
    return Counter(
        (page, taxon, frozenset(genes)) for (page, taxon), genes in found.items() if len(genes) >= 3
    )


def chemical_sets_by_sparql(store: ox.Store) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    query = """SELECT DISTINCT ?page ?chebi WHERE { GRAPH ?page {
      ?m oa:hasBody/schema:sameAs? ?chebi ; dcterms:subject "Chemical" .
      FILTER(STRSTARTS(STR(?chebi), STR(obo:CHEBI_))) } }"""
    for page, chebi in select(store, query):
        found.setdefault(page, set()).add("chebi:" + chebi.rpartition("_")[2])
    return found


def select(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    rows = store.query(PREFIXES + query)
    assert isinstance(rows, ox.QuerySolutions)
    return [tuple(term.value for term in row) for row in rows]  # type: ignore[union-attr]


def assert_sets_agree(release: Release, store: ox.Store) -> None:
    genes = gmt(release, "gmt")
    assert Counter(genes.sets.values()) == Counter(
        members for _, _, members in gene_sets_by_sparql(store).elements()
    )
    human = [m for (organism, _), m in genes.sets.items() if organism == "Homo sapiens"]
    assert Counter(human) == Counter(
        members
        for _, taxon, members in gene_sets_by_sparql(store).elements()
        if taxon.endswith("NCBITaxon_9606")
    )
    chemicals = gmt(release, "chemical-gmt")
    # A figure's set is in the file of each of its organisms.
    by_name = {name: members for (_, name), members in chemicals.sets.items()}
    assert Counter(by_name.values()) == Counter(
        frozenset(members) for members in chemical_sets_by_sparql(store).values()
    )


def test_sets_are_those_of_the_graph(examples: Release, store: ox.Store) -> None:
    assert_sets_agree(examples, store)


def mentions(release: Release) -> list[dict[str, object]]:
    table = pq.read_table(path_of(release, "mentions"))
    assert counts_of(release, "mentions") == {"rows": table.num_rows}
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


def assert_mentions_agree(release: Release, store: ox.Store) -> None:
    rows = mentions(release)
    graph = {
        (mention, subject.lower(), word, matched, source, how.rpartition("#")[2])
        for mention, subject, word, matched, source, how in select(
            store,
            """SELECT ?m ?subject ?word ?matched ?source ?how WHERE { GRAPH ?page {
              ?m a oa:Annotation ; dcterms:subject ?subject .
              OPTIONAL { ?m pfocr:word ?w } BIND(COALESCE(?w, "") AS ?word)
              OPTIONAL { ?m pfocr:symbol ?s } BIND(COALESCE(?s, "") AS ?matched)
              OPTIONAL { ?m dcterms:source ?l } BIND(COALESCE(?l, "") AS ?source)
              OPTIONAL { ?m pfocr:matchType ?t } BIND(STR(COALESCE(?t, "")) AS ?how) } }""",
        )
    }
    columns = ("mention", "kind", "word", "matched", "source", "how")
    assert {tuple(row[c] or "" for c in columns) for row in rows} == graph
    bodies = set(
        select(
            store,
            "SELECT ?m ?id WHERE { GRAPH ?page { ?m oa:hasBody/dcterms:identifier ?id } }",
        )
    )
    for column, pattern in (("entrez", str.isdecimal), ("chebi", _is_chebi), ("doid", _is_doid)):
        of_graph = {pair for pair in bodies if pattern(pair[1])}
        of_table = {(row["mention"], row[column]) for row in rows if row[column] is not None}
        # The table has the identifiers of the reference tables too, for what has none of its own.
        assert of_graph <= of_table
        if column == "entrez":
            assert of_graph == of_table
    symbols = set(
        select(
            store,
            "SELECT ?id ?name WHERE { GRAPH ?page { ?g a schema:Gene ; dcterms:identifier ?id ;"
            " schema:name ?name } }",
        )
    )
    assert {(row["entrez"], row["symbol"]) for row in rows if row["symbol"]} <= symbols


def _is_chebi(text: str) -> bool:
    return text.startswith("CHEBI:")


def _is_doid(text: str) -> bool:
    return text.startswith("DOID:")


def test_mentions_are_those_of_the_graph(examples: Release, store: ox.Store) -> None:
    assert_mentions_agree(examples, store)


def test_a_release_of_real_records_agrees_with_itself(real: Release) -> None:
    store = loaded(real)
    assert sums_agree(real.folder)
    assert_triples_agree(real)
    assert_sets_agree(real, store)
    assert_mentions_agree(real, store)


# --- gene sets -------------------------------------------------------------------------------


def test_the_gene_set_of_the_first_record(examples: Release) -> None:
    genes, chemicals = gmt(examples, "gmt"), gmt(examples, "chemical-gmt")
    assert genes.sets["Homo sapiens", "PMC3811159__F2"] == {"3480", "2475", "3667"}
    assert genes.titles["PMC3811159__F2"] == "Feedback signaling following mTORC1 inhibition"
    assert chemicals.sets["Homo sapiens", "PMC3811159__F2"] == {"chebi:71952", "chebi:9168"}


@needs_gseapy
def test_a_library_for_enrichment_reads_the_same_sets(examples: Release) -> None:
    for file in examples.files:
        if file.kind in ("gmt", "chemical-gmt"):
            known = {
                name: members
                for (organism, name), members in gmt(examples, file.kind).sets.items()
                if organism == file.organism
            }
            read = gseapy(examples.folder / file.path)
            assert {name: frozenset(members) for name, members in read.items()} == known


GENE = "\n- word: w{n}\n  symbol: S{n}\n  source: {source}\n  hgnc_symbol: S{n}\n  entrez: '{n}'"


def genes(*numbers: int, source: str = "hgnc_symbol") -> str:
    return "".join(GENE.format(n=n, source=source) for n in numbers)


def human_sets(made: Path, kind: str = "gmt") -> list[list[str]]:
    path = made / "gmt" / f"pfocr-{VERSION}-{kind}-Homo_sapiens.gmt"
    return [line.split("\t") for line in path.read_text("utf-8").split("\n")[:-1]]


def warnings(out: Path) -> list[dict[str, object]]:
    text = (out.parent.parent / "reports" / VERSION / "warnings.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("options", "members"),
    [
        ((), {"2475 207 208"}),
        (("--gmt-rule", "all"), {"2475 207 208 10000", "2475 207 10000"}),
        (("--gmt-min-genes", "2"), {"2475 207 208", "2475 207"}),
        (("--gmt-min-genes", "4", "--gmt-rule", "all"), {"2475 207 208 10000"}),
    ],
)
def test_filters_of_gene_sets(
    collection: Collection,
    record: Callable[..., str],
    release: Callable[..., Outcome],
    made: Path,
    options: Sequence[str],
    members: set[str],
) -> None:
    exact = genes(2475, 207), genes(2475, 207, 208)
    for number, listed in enumerate(exact, 1):
        listed += genes(10000, source="bioentities_symbol") + genes(2475)  # noqa: PLW2901
        figid = f"PMC{number}__f1"
        text = record("legacy", figid, {"genes": listed, "figid_alias": f"PMC{number}__F1"})
        collection.add(figid, text)
    release("--no-link", *options)
    assert {" ".join(row[2:]) for row in human_sets(made)} == members


def test_filter_of_chemical_sets(
    collection: Collection, release: Callable[..., Outcome], made: Path
) -> None:
    header = "word\tmesh\tmatch\tname\tchebi\n"
    collection.add("PMC1__f1", chemicals=header + "a\tNA\tNA\tNA\tchebi:1\n" * 2)
    collection.add("PMC2__f1", chemicals=header + "a\tNA\tNA\tNA\tchebi:1\nb\tNA\tb\tb\tchebi:2\n")
    collection.add("PMC3__f1", chemicals=header + "a\tNA\tNA\tNA\tNA\n")
    release()
    assert [row[2:] for row in human_sets(made, "chemical-gmt")] == [
        ["chebi:1"],
        ["chebi:1", "chebi:2"],
    ]
    release("--gmt-min-chemicals", "2", "--replace")
    assert [row[2:] for row in human_sets(made, "chemical-gmt")] == [["chebi:1", "chebi:2"]]


def test_a_title_of_several_lines_and_columns_stays_in_its_column(
    collection: Collection,
    record: Callable[..., str],
    release: Callable[..., Outcome],
    made: Path,
) -> None:
    title = r'"a\tb\nc\r\nd\x0be\Nf\Lg\u00a0h"'
    changes = {"figtitle": title, "genes": genes(1, 2, 3), "figid_alias": "PMC1__F1"}
    collection.add(text=record("legacy", changes=changes))
    release("--no-link")
    (row,) = human_sets(made)
    assert row[0] == "PMC1__F1"
    assert not set("\t\n\r\x0b\x85\u2028") & set(row[1])
    assert row[1].replace("\ufffd", " ") == "a b c d e f g h"
    assert row[2:] == ["1", "2", "3"]


def test_organisms_have_files_of_their_own(
    collection: Collection,
    record: Callable[..., str],
    table: Callable[..., str],
    release: Callable[..., Outcome],
    made: Path,
) -> None:
    def rows(taxid: str, name: str, *numbers: int) -> str:
        return "".join(
            f"{taxid}\t{name}\tx\tw{n}\tm\tS{n}\t{n}\tncbigene_symbol\t1\tNA\t1\n" for n in numbers
        )

    text = (
        rows("10090", "Mus musculus", 11, 12, 13)
        + rows("9999991", "../../a/b\u00e9 <x>", 21, 22, 23)
        + rows("9999992", "A B\u00e9 X", 31, 32, 33)
        + rows("NA", "NA", 41, 42, 43)
        + rows("9606", "Homo sapiens", 51, 52)
    )
    collection.add(text=record(), genes=table("genes", text))
    release("--no-link")
    found = {path.name: path.read_text().split("\t")[2:] for path in made.glob("gmt/*")}
    stem = f"pfocr-{VERSION}-gmt-"
    assert found == {
        f"{stem}Mus_musculus.gmt": ["11", "12", "13\n"],
        f"{stem}a_b_x.gmt": ["21", "22", "23\n"],
        f"{stem}A_B_X-9999992.gmt": ["31", "32", "33\n"],
    }


@pytest.mark.parametrize(
    ("link", "number", "name"),
    [
        ("/pmc/articles/PMC1/figure/F2/", "''", "F2"),
        ("/pmc/articles/PMC1/figure/Fig11/", "''", "F11"),
        ("/pmc/articles/PMC1/figure/molecules-21-01078-f009/", "''", "F9"),
        ("/pmc/articles/PMC1/figure/pone.0204865.g001/", "''", "F1"),
        ("/pmc/articles/PMC1/figure/emi412345-fig-0003/", "''", "F3"),
        ("/pmc/articles/PMC1/figure/f4-viruses-01-00123/", "''", "F4"),
        ("/pmc/articles/PMC1/figure/RSTB20120101F3/", "''", "F3"),
        ("/pmc/articles/PMC1/figure/sch1/", "''", "S1"),
        ("/pmc/articles/PMC1/figure/undfig1/", "''", None),
        ("/pmc/articles/PMC1/figure/undfig1/", "GA1", "GA1"),
        ("/pmc/articles/PMC1/figure/sch1/", "SF1", "SF1"),
        ("/pmc/articles/PMC1/figure/f0005/", "Figure 1", "F1"),
        ("/pmc/articles/PMC1/figure/F9/", "Scheme 1", "S1"),
        ("/pmc/articles/PMC1/figure/F5/", "'Figure 5:'", "F5"),
        ("''", "EV2", "EV2"),
        ("''", "''", None),
    ],
)
def test_a_record_without_alias_gets_one_and_is_told_of(
    collection: Collection,
    record: Callable[..., str],
    release: Callable[..., Outcome],
    made: Path,
    link: str,
    number: str,
    name: str | None,
) -> None:
    changes = {"figlink": link, "number": number, "genes": genes(1, 2, 3)}
    collection.add(text=record("legacy", changes=changes))
    release("--no-link")
    (row,) = human_sets(made)
    assert row[0] == ("PMC1__f1" if name is None else f"PMC1__{name}")
    (told,) = [w for w in warnings(made) if "figid_alias" in str(w["problem"])]
    assert told["line"]
    assert "add figid_alias" in str(told["remedy"])
    if name is not None:
        assert f"it is PMC1__{name}" in str(told["problem"])


def test_an_alias_that_is_none_is_not_used(
    collection: Collection,
    record: Callable[..., str],
    release: Callable[..., Outcome],
    made: Path,
) -> None:
    changes = {"figid_alias": r'"PMC1__F1\tX"', "genes": genes(1, 2, 3)}
    collection.add(text=record("legacy", changes=changes))
    release("--no-link")
    assert [row[0] for row in human_sets(made)] == ["PMC1__F1"]
    assert any("is no short name" in str(w["problem"]) for w in warnings(made))


def test_two_figures_with_one_alias_are_told_of_and_told_apart(
    collection: Collection,
    record: Callable[..., str],
    release: Callable[..., Outcome],
    made: Path,
) -> None:
    def add(figid: str, alias: str | None) -> None:
        changes = {"genes": genes(1, 2, 3), "figlink": "/pmc/articles/PMC1/figure/F1/"}
        changes |= {"figid_alias": alias} if alias else {"number": "F1"}
        collection.add(figid, record("legacy", figid, changes))

    add("PMC1__a", None)  # would be PMC1__F1
    add("PMC1__b", "PMC1__F1")
    add("PMC1__c", "PMC1__F1")
    add("PMC1__d", "PMC1__c")  # the name that is left to the one before
    outcome = release("--no-link")
    assert [row[0] for row in human_sets(made)] == ["PMC1__a", "PMC1__F1", "PMC1__c", "PMC1__d"]
    told = [str(w["problem"]) for w in warnings(made)]
    assert told.count("PMC1__F1 is the short name of PMC1__b too") == 2
    assert told.count("PMC1__c is the short name of PMC1__c too") == 1
    assert "warnings" in outcome.stderr


# --- mentions --------------------------------------------------------------------------------


def test_the_columns_of_the_mentions(examples: Release) -> None:
    table = pq.read_table(path_of(examples, "mentions"))
    documented = (ROOT / "docs" / "release.md").read_text("utf-8")
    for name, kind in zip(table.schema.names, table.schema.types, strict=True):
        lists = dict.fromkeys(("linked", "wikipathways"), "list<element: string>")
        assert str(kind) == {"row": "int32", **lists}.get(name, "string")
        assert f"\n| `{name}` |" in documented


def test_a_row_of_the_mentions(examples: Release) -> None:
    rows = [row for row in mentions(examples) if row["figid"] == SEED]
    (mtor,) = [row for row in rows if row["entrez"] == "2475" and row["how"] == "exact"]
    page = f"https://pfocr.wikipathways.org/figures/{SEED}.html#"
    assert str(mtor.pop("mention")).startswith(f"{page}m-")
    assert mtor == {
        "figid": SEED,
        "figid_alias": "PMC3811159__F2",
        "pmcid": "PMC3811159",
        "kind": "gene",
        "row": mtor["row"],
        "word": "DualPI3K/mTor",
        "matched": "MTOR",
        "source": "hgnc_symbol",
        "how": "exact",
        "expansion": None,
        "entrez": "2475",
        "hgnc": "HGNC:3942",
        "symbol": "MTOR",
        "recorded_symbol": None,
        "recorded_name": None,
        "mesh": None,
        "chebi": None,
        "doid": None,
        "linked": [],
        "label": "mechanistic target of rapamycin kinase",
        "taxon": "9606",
        "organism": "Homo sapiens",
        "agreement": "same",
        "wikipathways": [],
    }
    (bez,) = [row for row in rows if row["mesh"] == "C531198"]
    assert (bez["kind"], bez["chebi"], bez["linked"]) == (
        "chemical",
        "CHEBI:71952",
        ["CHEBI:71952"],
    )
    families = {row["expansion"] for row in rows if row["how"] == "family"}
    assert None not in families
    assert all(str(family).startswith(f"{page}x-") for family in families)


def test_a_release_without_mentions_has_an_empty_table(
    collection: Collection, record: Callable[..., str], release: Callable[..., Outcome], made: Path
) -> None:
    none = dict.fromkeys(("genes", "chemicals", "diseases"), "[]")
    collection.add(text=record("legacy", changes=none))
    release("--no-link")
    table = pq.read_table(next(made.glob("mentions/*")))
    assert table.num_rows == 0
    assert not (made / "gmt").exists()
    assert not list(made.glob("rdf/*-wp.zip"))


def test_rows_are_written_in_groups(examples: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    from rdfexport.release import mentions as module  # noqa: PLC0415

    monkeypatch.setattr(module, "_GROUP_ROWS", 50)
    whole = path_of(examples, "mentions")
    made = released(examples.folder.parents[2] / "groups", EXAMPLES)
    file = pq.ParquetFile(path_of(made, "mentions"))
    sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert sizes == [50, 50, 50, 50, 4]
    assert file.read() == pq.read_table(whole)


def test_without_pyarrow_it_is_said_what_to_install(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "rdfexport.release.mentions.find_spec", lambda n: None if n == "pyarrow" else find(n)
    )
    outcome = run("release", EXAMPLES, "--version", VERSION, "--out", tmp_path / "out")
    assert outcome.code == 2
    assert "pip install 'rdfexport[release]'" in outcome.stderr
    assert not (tmp_path / "out").exists()


# --- archives of any size --------------------------------------------------------------------


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_checksum_of_joined_texts(first: bytes, second: bytes) -> None:
    import zlib  # noqa: PLC0415

    joined_crc = joined.joined_crc(zlib.crc32(first), zlib.crc32(second), len(second))
    assert joined_crc == zlib.crc32(first + second)


def zipped(path: Path, archives: int, members: int) -> list[str]:
    names = []
    with joined.ZipFile(path) as archive:
        for one in range(archives):
            packer = joined.Packer((2026, 11, 10))
            for number in range(members):
                names.append(f"core/PMC{one}__f{number}.ttl")
                packer.add(names[-1], f"text {one} {number}\n")
            archive.add(packer.data())
    return names


def assert_zip_is_read(path: Path, names: list[str]) -> None:
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == names
        assert archive.testzip() is None
        assert archive.read(names[-1]).startswith(b"text ")
    listed = subprocess.run(["unzip", "-Z1", str(path)], capture_output=True, text=True, check=True)
    assert listed.stdout.splitlines() == names
    assert subprocess.run(["unzip", "-tqq", str(path)], check=False).returncode == 0


def test_an_archive_of_more_members_than_a_small_one_can_have(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    assert_zip_is_read(path, zipped(path, 7, 10_000))


def test_an_archive_larger_than_a_small_one_can_be(tmp_path: Path) -> None:
    """A sparse file stands in for four gigabytes of members."""
    path = tmp_path / "a.zip"
    with joined.ZipFile(path) as archive:
        packer = joined.Packer((2026, 11, 10))
        packer.add("first.ttl", "text 1\n")
        archive.add(packer.data())
        hole = 1 << 32
        archive._file._file.flush()
        archive._file._file.seek(hole, os.SEEK_CUR)
        archive._size += hole
        packer = joined.Packer((2026, 11, 10))
        packer.add("second.ttl", "text 2\n")
        archive.add(packer.data())
    with zipfile.ZipFile(path) as read:
        assert read.read("first.ttl") == b"text 1\n"
        assert read.read("second.ttl") == b"text 2\n"
        assert read.getinfo("second.ttl").header_offset > hole
