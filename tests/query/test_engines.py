"""The bundled queries, answered by Jena and Comunica as by Oxigraph; skipped without them."""

from __future__ import annotations

import os
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, export
from rdfexport.query import Store, bundled, bundled_names
from rdfexport.query.text import words
from support.interop import (
    arq,
    comunica,
    comunica_available,
    jena_available,
    tdb2,
    tdb2_available,
    tdb2_load,
)
from support.querying import Served, collect
from support.validation import load

if TYPE_CHECKING:
    from collections.abc import Iterable

CORPUS = os.environ.get("PFOCR_CORPUS")
LOCAL = [name for name in bundled_names() if "SERVICE" not in words(bundled(name).text)]
FEW = ("PMC3811159__nihms512981f2", "PMC9000002__x.f1")
NUMBERS = {
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float")
}

needs_jena = pytest.mark.skipif(jena_available() is not None, reason=str(jena_available()))
needs_tdb2 = pytest.mark.skipif(tdb2_available() is not None, reason=str(tdb2_available()))
needs_comunica = pytest.mark.skipif(
    comunica_available() is not None, reason=str(comunica_available())
)


def queries() -> dict[str, str]:
    """The bundled queries with the examples of their headers, without the one that needs others."""
    bound = {}
    for name in LOCAL:
        query = bundled(name)
        given = ((p.name, example) for p in query.parameters for example in p.examples)
        bound[name], _ = query.bound(given)
    return bound


Comparable = tuple[tuple[str, ...], Counter[tuple[object, ...]]]


def comparable(answer: ox.QuerySolutions | Iterable[ox.Triple]) -> Comparable:
    """An answer's variables, and how often it has each row; a triple counts once."""
    if isinstance(answer, ox.QuerySolutions):
        variables = tuple(variable.value for variable in answer.variables)
        return variables, Counter(tuple(map(term_value, row)) for row in answer)
    return (), Counter({tuple(map(term_value, triple)) for triple in answer})


def term_value(term: object) -> object:
    """A term, or the number that it stands for: engines may write 2 as 02 or 2.0."""
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        return Decimal(term.value)
    return None if term is None else str(term)


def by_oxigraph(store: Path, text: str) -> Comparable:
    answer = Store(store).ask(text).results
    assert not isinstance(answer, ox.QueryBoolean)
    return comparable(answer)


def parsed(answer: str) -> Comparable:
    if answer.startswith("{"):
        results = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
        assert isinstance(results, ox.QuerySolutions)
        return comparable(results)
    quads = ox.parse(answer.encode(), format=ox.RdfFormat.N_TRIPLES)
    return comparable(quad.triple for quad in quads)


def exported(sources: Iterable[Path], out: Path, layout: str = "shards") -> Path:
    """Export, with each figure in its graph (N-Quads) and with none (N-Triples)."""
    options = ExportOptions(
        out,
        formats=("nquads", "ntriples"),
        layout=layout,
        wikipathways=True,
        date="2026-11-10",
    )
    export([str(source) for source in sources], options)
    return out


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return collect(tmp_path_factory.mktemp("engines") / "source")


@pytest.fixture(scope="module")
def many(collected: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples and the papers that have much in common with them."""
    return exported([collected], tmp_path_factory.mktemp("many"), "files")


@pytest.fixture(scope="module")
def most(collected: Path, many: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both shared collections too, of which the examples are part, where they can be had."""
    if CORPUS is None:
        return many
    more = [p for p in collected.glob("_figures/*.md") if p.stem.startswith("PMC900000")]
    sources = [Path(CORPUS, "current"), Path(CORPUS, "legacy"), *more]
    return exported(sources, tmp_path_factory.mktemp("most"))


def store_of(out: Path) -> Path:
    store = out / "oxigraph"
    return store if store.is_dir() else load(store, sorted(out.rglob("*.nq")))


def assert_same(answers: dict[str, str], out: Path, empty: frozenset[str] = frozenset()) -> None:
    """Compare answers with those of Oxigraph; `empty` names the queries that find nothing."""
    different = []
    for name, answer in answers.items():
        ours, theirs = by_oxigraph(store_of(out), queries()[name]), parsed(answer)
        assert bool(ours[1]) is (name not in empty), name
        if ours != theirs:
            lacking, extra = ours[1] - theirs[1], theirs[1] - ours[1]
            different.append(f"{name}: {ours[0]} {theirs[0]} lacks {lacking}, has also {extra}")
    assert not different, "\n".join(different)


@needs_tdb2
def test_jena_answers_alike_over_a_store_that_its_bulk_loader_filled(
    most: Path, tmp_path: Path
) -> None:
    tdb2_load(tmp_path / "db", sorted(most.rglob("*.nq")))
    assert_same(tdb2(tmp_path / "db", queries(), tmp_path), most)


@needs_jena
def test_jena_answers_alike_over_one_graph_in_memory(many: Path, tmp_path: Path) -> None:
    files = ", ".join(f"<{path.as_uri()}>" for path in sorted(many.rglob("*.nt")))
    dataset = (
        "@prefix ja: <http://jena.hpl.hp.com/2005/11/Assembler#> .\n"
        f"<urn:dataset> a ja:MemoryDataset ; ja:data {files} ."
    )
    assert_same(arq(dataset, queries(), tmp_path), many)


@needs_comunica
def test_comunica_answers_alike_over_a_file(collected: Path, tmp_path: Path) -> None:
    records = [collected / "_figures" / f"{figid}.md" for figid in FEW]
    out = exported(records, tmp_path / "out")
    file = tmp_path / "all.nq"
    file.write_bytes(b"".join(path.read_bytes() for path in sorted(out.rglob("*.nq"))))
    asked = {name: text for name, text in queries().items() if name != "describe-figure"}
    assert_same(
        comunica(file, asked), out, frozenset({"figures-with-pathway", "words-without-entity"})
    )


@needs_comunica
def test_comunica_describes_a_figure_alike_from_its_file(many: Path, tmp_path: Path) -> None:
    # Of a file with the linkset, or with a second figure, it takes half a minute.
    (file,) = many.glob(f"core/*{FEW[0]}.nq")
    load(tmp_path / "oxigraph", [file])
    asked = {"describe-figure": queries()["describe-figure"]}
    assert_same(comunica(file, asked), tmp_path)


@needs_comunica
def test_comunica_answers_alike_over_the_server(many: Path) -> None:
    with Served.begin(store_of(many), ()) as server:
        assert_same(comunica(server.endpoint, queries()), many)
