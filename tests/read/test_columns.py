"""Which columns a table may lack, and tables of the database's early years."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rdfexport import FigureRecord, read_records
from rdfexport.model import Concept, Kind, MatchType, Taxon
from rdfexport.read.columns import COLUMNS
from support.concepts import concept
from support.records import HEADERS, TABLES, Collection, Outcome, record_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEM = "PMC1__f1"


@pytest.fixture
def read(collection: Collection) -> Callable[..., FigureRecord]:
    """Read a record with these tables, whole."""

    def one(**tables: str) -> FigureRecord:
        collection.add(STEM, record_text("current"), **tables)
        (record,) = read_records(str(collection.root), linking=None)
        return record

    return one


def without(kind: str, *columns: str) -> str:
    """The usual table of a kind without some of its columns."""
    names, cells = HEADERS[kind].split(" "), TABLES[kind].rstrip("\n").split("\t")
    kept = [(n, cell) for n, cell in zip(names, cells, strict=True) if n not in columns]
    return "\n".join("\t".join(part) for part in zip(*kept, strict=True)) + "\n"


UNKNOWN = {
    "organism_id": {"genes"},  # which have the organism's name alone
    "organism_name": {"genes"},
    "organism_group": set(),
    "match": {"match"},
    "ncbigene_symbol": {"genes"},
    "source": {"source", "match_type"},
    "count_direct": {"count_direct"},
    "count_synonym": set(),  # it is NA in the usual table
    "count_match": {"count_match"},
}


@pytest.mark.parametrize("column", UNKNOWN)
def test_a_missing_column_of_genes_costs_nothing_but_itself(
    read: Callable[..., FigureRecord], column: str
) -> None:
    (whole,) = read(genes=without("genes")).genes
    (mention,) = read(genes=without("genes", column)).genes
    assert [gene.entrez for gene in mention.genes] == [gene.entrez for gene in whole.genes]
    changed = {name for name in whole._fields if getattr(whole, name) != getattr(mention, name)}
    assert changed - {"id"} == UNKNOWN[column]


def test_a_gene_table_without_organism_gives_genes_of_no_known_organism(
    read: Callable[..., FigureRecord],
) -> None:
    (mention,) = read(genes=without("genes", "organism_id", "organism_name")).genes
    assert [(gene.entrez, gene.taxon) for gene in mention.genes] == [("56717", None)]


@pytest.mark.parametrize(
    ("kind", "missing", "expected"),
    [
        ("chemicals", "mesh", ("CHEBI", [Concept("chebi", "9168", "sirolimus")])),
        ("chemicals", "chebi", ("MESH", [Concept("mesh", "D020123", "Sirolimus")])),
        (
            "chemicals",
            "match",
            ("MESH", [Concept("mesh", "D020123"), Concept("chebi", "9168", "sirolimus")]),
        ),
        (
            "chemicals",
            "name",
            ("MESH", [Concept("mesh", "D020123", "Sirolimus"), Concept("chebi", "9168")]),
        ),
        ("diseases", "mesh", ("DOID", [Concept("doid", "0060239", "Van der Woude")])),
        ("diseases", "doid", ("MESH", [Concept("mesh", "C536528", "Van der Woude syndrome")])),
    ],
)
def test_a_missing_column_of_concepts_costs_nothing_but_itself(
    read: Callable[..., FigureRecord],
    kind: str,
    missing: str,
    expected: tuple[str, list[Concept]],
) -> None:
    (mention,) = getattr(read(**{kind: without(kind, missing)}), kind)
    assert (mention.source, list(mention.concepts)) == expected


def test_an_early_table_of_chemicals_says_what_the_front_matter_says(
    collection: Collection, read: Callable[..., FigureRecord]
) -> None:
    found = read(chemicals="word\tsource\tidentifier\nAnthracycline\tMESH\tD018943")
    (mention,) = found.chemicals
    assert concept(mention, "mesh") == Concept("mesh", "D018943")
    assert (mention.word, mention.source, mention.match_type) == (
        "Anthracycline",
        "MESH",
        MatchType.BY_NAME,
    )
    assert found.findings == ()
    rows = "\n- word: Anthracycline\n  source: MESH\n  identifier: D018943"
    collection.add("PMC2__f1", record_text("legacy", "PMC2__f1", {"chemicals": rows}))
    listed = {r.figid: r for r in read_records(str(collection.root), linking=None)}["PMC2__f1"]
    assert [m.id for m in listed.chemicals] == [mention.id]


def test_an_early_table_of_genes_is_of_human_genes(read: Callable[..., FigureRecord]) -> None:
    header = "word\tsymbol\tsource\thgnc_symbol\tentrez\n"
    (mention,) = read(genes=header + "mTor\tMTOR\thgnc_symbol\tMTOR\t2475\n").genes
    (gene,) = mention.genes
    assert (gene.entrez, gene.hgnc_symbol, gene.taxon) == (
        "2475",
        "MTOR",
        Taxon("Homo sapiens", "9606"),
    )
    assert (mention.match, mention.match_type) == ("MTOR", MatchType.EXACT)


def test_faults_in_an_early_table_are_found_in_its_own_columns(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    table = "word\tsource\tidentifier\tchebi_id\nA\tMESH\tD020123\tx\nB\tMESH\tnone\tx\n"
    collection.add(STEM, record_text("current"), chemicals=table)
    assert run("export", collection.root, "--out", tmp_path / "out").code == 0
    lines = (tmp_path / "out" / "warnings.jsonl").read_text("utf-8").splitlines()
    places = [(w["line"], w["field"]) for w in map(json.loads, lines) if "chemicals" in w["file"]]
    assert sorted(places) == [(1, "chebi_id"), (3, "identifier")]


def test_a_column_of_no_early_table_is_reported_there_and_no_early_column_here(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """What is not read is never passed over: ``identifier`` counts for nothing beside ``mesh``."""
    table = "word\tmesh\tidentifier\nA\tmesh:D020123\tD018943\n"
    collection.add(STEM, record_text("current"), chemicals=table)
    assert run("export", collection.root, "--out", tmp_path / "out").code == 0
    lines = (tmp_path / "out" / "warnings.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["field"] for line in lines] == ["identifier"]


def test_each_column_says_what_its_absence_means() -> None:
    for kind in Kind:
        required = [column.name for column in COLUMNS[kind] if not column.absence]
        assert required == ["word"]
        assert any(column.is_identifier for column in COLUMNS[kind])


# Made by the version before mentions had lists of concepts.
NAMES = {
    "w\tmesh:D020123\tSirolimus\tsirolimus\tchebi:9168": "d9dd07473c9f47f8",
    "w\tNA\tNA\tsirolimus\tchebi:9168": "1b1998d4196ed7c8",
    "w\tmesh:D020123\tSirolimus\tNA\tNA": "f48f7646ee8165f8",
    "w\tNA\tNA\tNA\tNA": "79048443f4f42071",
}


@pytest.mark.parametrize("row", NAMES)
def test_the_names_of_mentions_have_not_changed(
    read: Callable[..., FigureRecord], row: str
) -> None:
    (mention,) = read(chemicals=HEADERS["chemicals"].replace(" ", "\t") + f"\n{row}\n").chemicals
    assert mention.id == NAMES[row]
