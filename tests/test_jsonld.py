"""A record's document in the terms of another context, and the contexts that come with us."""

from __future__ import annotations

import json
import socket
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from graphs import CONTEXT, ROOT, expanded, in_rdflib
from interop import jsonld_js, jsonld_js_available

from rdfexport import UsageError, read_records, to_jsonld
from rdfexport.terms import SCHEMA_CONTEXT, vendored_context

OWN = {
    "dcterms": "http://purl.org/dc/terms/",
    "s": "http://schema.org/",
    "title": "s:name",
    "genes": {"@id": "s:mentions", "@container": "@set"},
    "id": "@id",
    "page": {"@id": "s:url", "@type": "@id"},
}
NAMED = [SCHEMA_CONTEXT, {"conforms": {"@id": "http://purl.org/dc/terms/conformsTo"}}]
RECORDS = list(read_records(str(ROOT / "examples")))[:3]


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
