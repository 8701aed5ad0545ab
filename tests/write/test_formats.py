"""The files of an export: one graph in every format, to parsers that are not ours."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, Summary, export, read_records, to_jsonld, to_quads
from rdfexport.write import FORMATS
from support.graphs import (
    ENDINGS,
    OXIGRAPH,
    ROOT,
    TYPE,
    by_oxigraph,
    by_rdflib,
    content,
    expanded,
    in_rdflib,
    schema_part,
)

CORPUS = os.environ.get("PFOCR_CORPUS")
SOURCES = {"examples": ROOT / "examples"}
if CORPUS:
    SOURCES |= {name: Path(CORPUS) / name for name in ("current", "legacy")}
# rdflib takes seconds a megabyte, so the large collection is read by it in some formats only.
SLOW = {("legacy", name) for name in ("trig", "rdfxml", "jsonld-graph", "nquads")}


class Exported:
    """A collection exported in every format."""

    def __init__(self, name: str, out: Path) -> None:
        self.name = name
        self.out = out
        self.summary: Summary = export(
            [str(SOURCES[name])],
            ExportOptions(
                out,
                formats=tuple(FORMATS),
                layout="shards",
                jobs=2 if name == "legacy" else 1,
                wikipathways=True,
                date="2026-01-01",
            ),
        )
        self.records = list(read_records(str(SOURCES[name])))

    def graph(self, part: str, form: str) -> set[ox.Triple]:
        paths = sorted((self.out / part).glob(f"*{ENDINGS[form]}"))
        assert paths
        return set().union(*(by_oxigraph(content(path), form) for path in paths))


@pytest.fixture(scope="module", params=sorted(SOURCES))
def exported(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return Exported(request.param, tmp_path_factory.mktemp(request.param))


def test_nothing_is_rejected(exported: Exported) -> None:
    assert exported.summary.rejected == 0
    assert exported.summary.exported == len(exported.records) > 0


@pytest.mark.parametrize("part", ["core", "linkset", "wp"])
def test_every_format_is_the_same_graph(exported: Exported, part: str) -> None:
    expected = exported.graph(part, "ntriples")
    assert not any(isinstance(t.subject, ox.BlankNode) for t in expected)
    assert not any(isinstance(t.object, ox.BlankNode) for t in expected)
    for form in OXIGRAPH:
        assert exported.graph(part, form) == expected, form


def test_the_core_is_what_the_python_api_gives(exported: Exported) -> None:
    quads = [quad for record in exported.records for quad in to_quads(record)]
    (*paths,) = sorted((exported.out / "core").glob("*.nq"))
    written = {quad for path in paths for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS)}
    assert written == set(quads)
    assert exported.summary.triples["core"] == len(quads) == len(set(quads))


@pytest.mark.parametrize("form", sorted(OXIGRAPH))
def test_rdflib_reads_the_same(exported: Exported, form: str) -> None:
    if (exported.name, form) in SLOW:
        pytest.skip("rdflib reads this collection in ntriples and turtle only: it is slow")
    for path in sorted((exported.out / "core").glob(f"*{ENDINGS[form]}"))[:1]:
        data = content(path)
        assert by_rdflib(data, form) == in_rdflib(by_oxigraph(data, form))


def test_each_figure_has_a_named_graph(exported: Exported) -> None:
    for form in ("nquads", "trig"):
        names = Counter[str]()
        for path in (exported.out / "core").glob(f"*{ENDINGS[form]}"):
            names.update(q.graph_name.value for q in ox.parse(path=path, format=OXIGRAPH[form]))
        assert len(names) == len(exported.records)
        assert {name.rpartition("/")[2] for name in names} == {
            f"{record.figid}.html" for record in exported.records
        }


def test_the_documents_are_the_schema_part_of_each_figure(exported: Exported) -> None:
    documents: dict[str, Any] = {}
    for path in sorted((exported.out / "core").glob("shard-*.jsonld")):
        if not path.name.endswith(".graph.jsonld"):
            text = path.read_text("utf-8")
            assert "<" not in text
            documents |= {document["@id"]: document for document in json.loads(text)}
    assert len(documents) == len(exported.records)
    # PyLD takes 10 ms a document: every record of the small collections, every tenth of the large.
    step = 10 if exported.name == "legacy" else 1
    for record in exported.records[::step]:
        triples = {quad.triple for quad in to_quads(record)}
        page = next(t.subject.value for t in triples if str(t.object).endswith("/Dataset>"))
        assert documents[page] == to_jsonld(record)
        assert expanded(documents[page]) == schema_part(triples), record.figid


def test_turtle_survives_concatenation(exported: Exported) -> None:
    paths = sorted(
        path for part in ("core", "linkset", "wp") for path in (exported.out / part).glob("*.ttl")
    )
    joined = b"".join(path.read_bytes() for path in paths)
    apart = set().union(*(by_oxigraph(path.read_bytes(), "turtle") for path in paths))
    assert by_oxigraph(joined, "turtle") == apart


@pytest.mark.parametrize("compress", ["gz", "zst"])
@pytest.mark.parametrize("layout", ["files", "shards"])
def test_layout_and_compression_change_no_triple(
    tmp_path: Path, compress: str, layout: Any
) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    source = [str(SOURCES["examples"])]
    export(source, ExportOptions(plain, formats=("turtle",)))
    export(source, ExportOptions(packed, formats=("turtle",), layout=layout, compress=compress))

    def graph(folder: Path) -> set[ox.Triple]:
        return set().union(*(by_oxigraph(content(p), "turtle") for p in folder.glob("core/*")))

    assert graph(packed) == graph(plain)
    assert all(path.name.endswith(f".ttl.{compress}") for path in packed.glob("core/*"))


def test_every_node_has_one_label_at_most(exported: Exported) -> None:
    """Within a figure: over figures, a gene has as many labels as records gave it symbols."""
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    for record in exported.records:
        labels = Counter(q.subject for q in to_quads(record) if q.predicate.value == label)
        assert not [node for node, number in labels.items() if number > 1]


def test_every_mention_is_a_row_and_every_row_a_mention(exported: Exported) -> None:
    annotation = ox.NamedNode("http://www.w3.org/ns/oa#Annotation")
    for record in exported.records:
        triples = {quad.triple for quad in to_quads(record)}
        mentions = [t for t in triples if t.predicate.value == TYPE and t.object == annotation]
        rows = len(record.genes) + len(record.chemicals) + len(record.diseases)
        assert len(mentions) == rows, record.figid
