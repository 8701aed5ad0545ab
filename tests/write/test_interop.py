"""What we write is taken without a word by Jena, jsonld.js and Raptor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, Summary, export
from rdfexport.write import FORMATS
from support.graphs import CONTEXT, ORTHOLOGOUS, ROOT, by_oxigraph, schema_part
from support.interop import (
    jena,
    jena_available,
    jsonld_js,
    jsonld_js_available,
    rapper,
    rapper_available,
)

CORPUS = os.environ.get("PFOCR_CORPUS")
SOURCES = {"examples": ROOT / "examples"}
if CORPUS:
    SOURCES |= {name: Path(CORPUS) / name for name in ("current", "legacy")}

needs_jena = pytest.mark.skipif(jena_available() is not None, reason=str(jena_available()))
needs_js = pytest.mark.skipif(jsonld_js_available() is not None, reason=str(jsonld_js_available()))
needs_rapper = pytest.mark.skipif(rapper_available() is not None, reason=str(rapper_available()))


@pytest.fixture(scope="module", params=sorted(SOURCES))
def exported(request: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    out = tmp_path_factory.mktemp(request.param)
    options = ExportOptions(
        out, formats=tuple(FORMATS), layout="shards", wikipathways=True, date="2026-01-01"
    )
    return out, export([str(SOURCES[request.param])], options)


@needs_jena
def test_jena_accepts_every_file_and_counts_the_same(exported: tuple[Path, Summary]) -> None:
    out, summary = exported
    endings = (".ttl", ".nt", ".nq", ".trig", ".rdf")
    results = jena(sorted(p for p in out.rglob("*") if p.suffix in endings))
    assert results
    said = {str(path): result.messages for path, result in results.items() if result.messages}
    assert not said
    for ending in (".nq", ".trig"):
        core = sum(
            r.count for p, r in results.items() if p.parent.name == "core" and p.suffix == ending
        )
        assert core == summary.triples["core"], ending
    # Without graphs, what figures share is one triple in a file; Oxigraph counts alike.
    for path, result in results.items():
        form = {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml"}.get(path.suffix)
        if form is not None:
            assert result.count == len(by_oxigraph(path.read_bytes(), form)), path


@needs_js
def test_jsonld_js_accepts_every_document_in_safe_mode(exported: tuple[Path, Summary]) -> None:
    out, _ = exported
    paths = sorted(out.rglob("*.jsonld"))
    results = jsonld_js(paths, CONTEXT)
    assert len(results) == len(paths) > 0
    for path, result in results.items():
        assert result.error is None, path
        text = "".join(f"{line}\n" for line in result.nquads).encode()
        found = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS)}
        name = path.name.replace(".graph.jsonld", ".jsonld").replace(".jsonld", ".nt")
        whole = by_oxigraph(path.with_name(name).read_bytes(), "ntriples")
        expected = whole if path.name.endswith(".graph.jsonld") else schema_part(whole)
        # An orthologous gene that one figure of a shard gives no name may have one of another.
        unnamed = {t for t in expected - found if t.predicate.value == ORTHOLOGOUS}
        # jsonld.js writes language tags in lower case; the only ones here are "en".
        assert found == expected - unnamed, path


@needs_rapper
def test_raptor_counts_the_same(exported: tuple[Path, Summary]) -> None:
    out, summary = exported
    results = [rapper(path, "nquads") for path in sorted((out / "core").glob("*.nq"))]
    assert not [message for result in results for message in result.messages]
    assert sum(result.count for result in results) == summary.triples["core"]
