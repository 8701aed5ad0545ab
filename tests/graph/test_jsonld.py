"""Documents by PyLD: a record's in other terms, and a store's equal to the exported one."""

from __future__ import annotations

import json
import os
import socket
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from rdfexport import UsageError, read_records, to_jsonld, to_quads
from rdfexport.serve.framing import document as served
from rdfexport.terms import SCHEMA_CONTEXT, vendored_context
from support.graphs import CONTEXT, expanded, in_rdflib
from support.interop import jsonld_js, jsonld_js_available
from support.paths import ROOT

OWN = {
    "dcterms": "http://purl.org/dc/terms/",
    "s": "http://schema.org/",
    "title": "s:name",
    "genes": {"@id": "s:mentions", "@container": "@set"},
    "id": "@id",
    "page": {"@id": "s:url", "@type": "@id"},
}
NAMED = [SCHEMA_CONTEXT, {"conforms": {"@id": "http://purl.org/dc/terms/conformsTo"}}]
EXAMPLES = list(read_records(str(ROOT / "examples")))
RECORDS = EXAMPLES[:3]
CORPUS = os.environ.get("PFOCR_CORPUS")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def by_rdflib(document: dict[str, Any]) -> set[Any]:
    """rdflib's triples of a document whose context is written out."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return set(rdflib.Graph().parse(data=json.dumps(document), format="json-ld"))
    finally:
        rdflib.NORMALIZE_LITERALS = before


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.figid)
def test_a_document_in_other_terms_has_the_same_triples(record: Any) -> None:
    document = to_jsonld(record, context=OWN)
    assert document["@context"] == OWN
    assert document["title"] == to_jsonld(record)["name"]
    assert isinstance(document["genes"], list)
    triples = expanded(to_jsonld(record))
    assert expanded(document) == triples
    assert by_rdflib(document) == in_rdflib(triples)


@pytest.mark.skipif(jsonld_js_available() is not None, reason=str(jsonld_js_available()))
def test_jsonld_js_reads_the_same_triples(tmp_path: Any) -> None:
    paths = []
    for number, context in enumerate((OWN, NAMED)):
        paths.append(tmp_path / f"{number}.jsonld")
        paths[-1].write_text(json.dumps(to_jsonld(RECORDS[0], context=context)), "utf-8")
    for path, result in jsonld_js(paths, CONTEXT).items():
        assert result.error is None, path
        text = "".join(f"{line}\n" for line in result.nquads)
        found = {quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_QUADS)}
        assert found == expanded(to_jsonld(RECORDS[0])), path


def test_a_list_may_name_the_context_of_schema_org() -> None:
    document = to_jsonld(RECORDS[0], context=NAMED)
    assert document["@context"] == NAMED
    assert document["name"] == to_jsonld(RECORDS[0])["name"]
    profile = to_jsonld(RECORDS[0])["http://purl.org/dc/terms/conformsTo"]["@id"]
    assert document["conforms"] == {"id": profile}  # schema.org's context has this alias


@pytest.mark.parametrize(
    "context",
    [
        "https://w3id.org/ro/crate/1.1/context",
        "http://127.0.0.1:1/context.jsonld",
        "file:///etc/passwd",
        {"@import": "https://example.org/context"},
        {"name": {"@id": "http://schema.org/name", "@context": "https://example.org/context"}},
        ["https://schema.org/", "https://example.org/context"],
    ],
)
def test_a_context_that_is_not_vendored_is_named_and_not_fetched(context: Any) -> None:
    with pytest.raises(UsageError) as caught:
        to_jsonld(RECORDS[0], context=context)
    assert json.dumps(context).count(str(caught.value).split()[3]) == 1
    assert "pass its content" in str(caught.value)


@pytest.mark.parametrize("context", [{"@vocab": 5}, {"name": {"@id": []}}, "context.jsonld", [5]])
def test_a_context_that_is_not_valid_is_a_fault_of_the_call(context: Any) -> None:
    with pytest.raises(UsageError, match="context"):
        to_jsonld(RECORDS[0], context=context)


def test_both_forms_of_the_address_of_schema_org_are_vendored() -> None:
    for iri in ("https://schema.org", "https://schema.org/", "http://schema.org/"):
        assert vendored_context(iri) == json.loads(CONTEXT.read_text("utf-8"))["@context"]
    assert vendored_context("https://schema.org/docs/jsonldcontext.jsonld") is None


def nodes_of(document: dict[str, Any]) -> dict[str, dict[str, set[str]]]:
    """The values of each node by key, wherever in the document the node is written out."""
    found: dict[str, dict[str, set[str]]] = {}

    def value(one: Any) -> str:
        if not isinstance(one, dict):
            return json.dumps(one)
        node = found.setdefault(one["@id"], {})
        for key, values in one.items():
            if key not in {"@id", "@context"}:
                texts = map(value, values if isinstance(values, list) else [values])
                node.setdefault(key, set()).update(texts)
        return json.dumps(one["@id"])

    value(document)
    return {iri: node for iri, node in found.items() if node}


def assert_served_as_exported(record: Any) -> None:
    exported = to_jsonld(record)
    quads = sorted(to_quads(record), key=str)  # as a store has them: in no order of the record
    found = served([quad.triple for quad in quads], exported["@id"])
    assert found["@context"] == exported["@context"] == SCHEMA_CONTEXT
    assert next(iter(found)) == "@context"
    assert nodes_of(found) == nodes_of(exported)
    assert expanded(found) == expanded(exported)


@pytest.mark.parametrize("record", EXAMPLES, ids=lambda record: record.figid)
def test_the_document_of_a_store_is_equal_to_the_exported_one(record: Any) -> None:
    assert_served_as_exported(record)


@pytest.mark.skipif(CORPUS is None, reason="PFOCR_CORPUS is not set")
@pytest.mark.parametrize("collection", ["current", "legacy"])
def test_so_is_it_for_real_records(collection: str) -> None:
    records = islice(read_records(str(Path(CORPUS or "") / collection)), 0, None, 7)
    for record in islice(records, 15):
        assert_served_as_exported(record)


def test_a_figure_without_triples_has_an_empty_document() -> None:
    iri = "https://example.org/figures/PMC1__f.html"
    assert served([], iri) == {"@context": SCHEMA_CONTEXT, "@id": iri}


def test_triples_of_any_kind_make_a_document() -> None:
    iri, schema = "https://example.org/figures/PMC1__f.html", "http://schema.org/"
    text = f"""
        <{iri}> a <{schema}Dataset>, <http://example.org/Other> ;
          <{schema}name> "a"@en, "b" ; <{schema}noSuchTerm> "c" ; <{schema}id> "d" ;
          <{schema}isPartOf> <{iri}>, [] ; <{schema}image> <javascript:alert(1)> .
    """
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    document = served(triples, iri)
    assert (document["@id"], document["@type"]) == (iri, "Dataset")
    assert document["name"] == [{"@language": "en", "@value": "a"}, "b"]
    assert document["noSuchTerm"] == "c"
    assert "d" in json.dumps(document)
