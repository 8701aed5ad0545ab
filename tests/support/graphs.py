"""Reading what was written, by parsers that are not ours."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
import zstandard
from pyld import jsonld

from rdfexport.api import to_rdflib
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = ROOT / "rdfexport" / "data" / "schemaorg-context.jsonld"
SCHEMA = "http://schema.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CONFORMS_TO = "http://purl.org/dc/terms/conformsTo"
ORTHOLOGOUS = "http://purl.obolibrary.org/obo/RO_HOM0000017"

OXIGRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld-graph": ox.RdfFormat.JSON_LD,
}
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "rdfxml": "xml",
    "jsonld-graph": "json-ld",
}
ENDINGS = {
    "turtle": ".ttl",
    "ntriples": ".nt",
    "nquads": ".nq",
    "trig": ".trig",
    "rdfxml": ".rdf",
    "jsonld-graph": ".graph.jsonld",
}


def content(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
    return path.read_bytes()


def by_oxigraph(data: bytes, form: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=OXIGRAPH[form])}


def by_rdflib(data: bytes, form: str) -> set[Any]:
    """rdflib's triples; NORMALIZE_LITERALS is off, or 0.90 would be read as 0.9."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        dataset = rdflib.Dataset()
        dataset.parse(data=data, format=RDFLIB[form])
        return {quad[:3] for quad in dataset.quads()}
    finally:
        rdflib.NORMALIZE_LITERALS = before


def in_rdflib(triples: set[ox.Triple]) -> set[Any]:
    graph = ox.NamedNode("urn:g")
    quads = (ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    return {quad[:3] for quad in to_rdflib(quads).quads()}


def schema_part(triples: set[ox.Triple]) -> set[ox.Triple]:
    """What the page's document has to say.

    Schema.org's properties and classes, the profile, and orthologous genes that have a name.
    """
    named = {triple.subject for triple in triples if triple.predicate.value == SCHEMA + "name"}

    def belongs(triple: ox.Triple) -> bool:
        predicate = triple.predicate.value
        if predicate == TYPE:
            return str(triple.object).startswith(f"<{SCHEMA}")
        if predicate == ORTHOLOGOUS:
            return triple.object in named
        return predicate.startswith(SCHEMA) or predicate == CONFORMS_TO

    return {triple for triple in triples if belongs(triple)}


@cache
def _context() -> Any:
    return json.loads(CONTEXT.read_text("utf-8"))


def _load(url: str, _options: Any) -> dict[str, Any]:
    if url.rstrip("/") not in {"https://schema.org", "http://schema.org"}:
        raise AssertionError(f"nothing else may be fetched: {url}")
    return {"contextUrl": None, "documentUrl": url, "document": _context()}


def expanded(document: Any) -> set[ox.Triple]:
    """The triples of a schema.org document, by PyLD and with the vendored context alone."""
    options = {"documentLoader": _load, "format": "application/n-quads"}
    return {
        quad.triple
        for quad in ox.parse(jsonld.to_rdf(document, options), format=ox.RdfFormat.N_QUADS)
    }
