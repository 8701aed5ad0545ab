"""The queries of examples/joins, each over the exported examples and other sources' data."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from support.paths import ROOT
from support.validation import load, oxigraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from support.records import Collection, Outcome

JOINS = ROOT / "examples" / "joins"
QUERIES = sorted(path.stem for path in JOINS.glob("*.rq"))
PUBLIC_ENDPOINT = "https://sparql.wikipathways.org/sparql"

FEEDBACK = "PMC3811159__nihms512981f2.html"
FTY720 = "PMC5653847__41598_2017_14124_Fig8_HTML.html"
UROLITHIN = "PMC10034769__fphar-14-1067402-g009.html"
STARCH = "PMC12240324__pone.0326693.g001.html"

# An answer's IRIs are shown by what follows their last "/".
ANSWERS = {
    "pathway-figures": [
        (FEEDBACK, "Feedback signaling following mTORC1 inhibition", "3"),
        (FTY720, "Model of FTY720-induced transporter endocytosis in yeast and human cells", "2"),
    ],
    "pathway-genes-unseen": [("6009", "RHEB"), ("7249", "TSC2")],
    "mesh-tree": [
        (UROLITHIN, "C536528"),
        (FEEDBACK, "C531198"),
    ],
    "mesh-descriptor": [("D002972", UROLITHIN, "C536528"), ("D007783", FEEDBACK, "D020123")],
    "diseases": [(UROLITHIN, "DOID_0060239")],
    "chebi-class": [(STARCH, "CHEBI_15361"), (STARCH, "CHEBI_16452")],
    "proteins": [(FEEDBACK, "2"), (FTY720, "1")],
    "wikidata-genes": [("Q4115189", "2475", FEEDBACK), ("Q4115189", "2475", FTY720)],
    "wikidata-mesh": [("Q13406268", "D020123", FEEDBACK)],
    "pathway-figures-any-id": [(FEEDBACK, "5"), (FTY720, "2")],
    "chebi-role": [(FEEDBACK, "CHEBI_71952"), (FEEDBACK, "CHEBI_9168")],
    "protein-accessions": [
        ("P31749", "207", FEEDBACK),
        ("P42345", "2475", FEEDBACK),
        ("P42345", "2475", FTY720),
    ],
    "interactions": [("3942", "30287", FEEDBACK), ("3942", "30287", FTY720)],
    "ensembl": [("ENSG00000198793", FEEDBACK), ("ENSG00000198793", FTY720)],
}
CASES = list(ANSWERS.items())


def query(name: str) -> str:
    return (JOINS / f"{name}.rq").read_text("utf-8")


def short(value: str) -> str:
    return value.rpartition("/")[2]


def answers(store: ox.Store, text: str) -> list[tuple[str, ...]]:
    solutions = store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = []
    for solution in solutions:
        terms = list(solution)
        assert all(isinstance(term, (ox.NamedNode, ox.Literal)) for term in terms)
        rows.append(tuple(short(term.value) for term in terms))
    return rows


def turtle(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.ttl"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of the examples, as the command line writes them."""
    out = tmp_path_factory.mktemp("joins") / "out"
    command = [sys.executable, "-m", "rdfexport", "export", str(ROOT / "examples")]
    subprocess.run([*command, "--out", str(out), "--format", "turtle"], check=True)
    return turtle(out)


def store_of(files: Iterable[Path]) -> ox.Store:
    store = ox.Store()
    for file in files:
        store.load(path=file)
    return store


@pytest.fixture(scope="module")
def store(exported: list[Path]) -> ox.Store:
    return store_of([*exported, *turtle(JOINS)])


@pytest.fixture(scope="module")
def graph(exported: list[Path]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for file in [*exported, *turtle(JOINS)]:
        graph.parse(file)
    return graph


def test_each_query_has_its_answers_here() -> None:
    assert sorted([*ANSWERS, "federated"]) == QUERIES


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_a_query_finds_the_figures(
    name: str, expected: list[tuple[str, ...]], store: ox.Store
) -> None:
    assert answers(store, query(name)) == expected


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_another_engine_finds_the_same(
    name: str, expected: list[tuple[str, ...]], graph: rdflib.Graph
) -> None:
    rows = [tuple(short(str(term)) for term in row) for row in graph.query(query(name))]
    assert rows == expected


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_neither_side_has_the_answers_alone(name: str, exported: list[Path]) -> None:
    if name != "pathway-genes-unseen":  # to which a pathway with no figures is all unseen
        assert answers(store_of(turtle(JOINS)), query(name)) == []
    if name != "protein-accessions":  # the export has UniProt's IRIs itself
        assert answers(store_of(exported), query(name)) == []


def test_a_withdrawn_chemical_is_found_under_its_successor(
    collection: Collection, record: Callable[..., str], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """C570853 was withdrawn for C000613976, capmatinib."""
    chemical = "\n- word: INCB28060\n  source: MESH\n  identifier: C570853"
    collection.add(text=record("legacy", changes={"chemicals": chemical}))
    assert run("export", collection.root, "--out", tmp_path / "out").code == 0
    store = store_of([*turtle(tmp_path / "out"), *turtle(JOINS)])
    assert answers(store, query("mesh-tree")) == [("PMC1__f1.html", "C000613976")]


def test_a_part_of_the_query_may_be_asked_of_another_endpoint(
    exported: list[Path], tmp_path: Path
) -> None:
    text = query("federated")
    assert PUBLIC_ENDPOINT in text
    with oxigraph(load(tmp_path / "wikipathways", [JOINS / "wikipathways.ttl"])) as (port, _):
        text = text.replace(PUBLIC_ENDPOINT, f"http://127.0.0.1:{port}/query")
        assert answers(store_of(exported), text) == [(FEEDBACK, "3"), (FTY720, "2")]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_no_surgery_on_strings(name: str) -> None:
    """All that SPARQL 1.1 has to take text apart or to make terms of it."""
    comment, _, code = query(name).partition("\n\n")
    assert all(line.startswith("# ") for line in comment.splitlines())
    calls = {call.upper() for call in re.findall(r"(?<![?\w])(\w+)\s*\(", code)}
    assert calls <= {"COUNT", "DESC"}
    assert not re.search(r"\bBIND\b|\bAS\b(?! \?(genes|kinases)\b)", code, re.IGNORECASE)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_declares_the_prefixes_that_it_uses_and_no_others(name: str) -> None:
    code = re.sub(r"<[^>]*>|#.*", "", query(name))
    declared = re.findall(r"PREFIX (\w+):", code)
    used = set(re.findall(r"\b(\w+):", re.sub(r"PREFIX \w+:", "", code)))
    assert declared == sorted(used)


def test_the_page_has_each_query() -> None:
    page = (ROOT / "docs" / "joins.md").read_text("utf-8")
    rows = re.findall(
        r"^\| \[([\w-]+)\]\(\.\./examples/joins/([\w-]+)\.rq\) \|", page, re.MULTILINE
    )
    assert sorted(name for name, _ in rows) == sorted(file for _, file in rows) == QUERIES
    for file in JOINS.glob("*.ttl"):
        assert f"`{file.name}`" in page


def test_the_export_leaves_the_data_beside_its_records_alone(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "with")
    shutil.copytree(ROOT / "examples", tmp_path / "without")
    shutil.rmtree(tmp_path / "without" / "joins")
    for name in ("with", "without"):
        assert run("export", tmp_path / name, "--out", tmp_path / f"{name}-out").code == 0
    written = [
        {path.name: path.read_bytes() for path in (tmp_path / folder / "core").iterdir()}
        for folder in ("with-out", "without-out")
    ]
    assert written[0] == written[1]
