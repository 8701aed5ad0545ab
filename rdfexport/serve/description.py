"""The endpoint's description of itself: SPARQL 1.1 Service Description, and VoID of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.serve.media import ROWS, TRIPLES
from rdfexport.serve.workers.jobs import Query
from rdfexport.terms import PREFIXES
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
}
_PREFIXES: Final = {**PREFIXES, "sd": _SD, "format": _FORMATS}

COUNTS: Final = {
    "entities": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <http://schema.org/Dataset> }",
}
"""Queries that count; triples are not counted, as that takes memory in proportion to them."""


def counting(query: str) -> Query:
    """A job for a query that counts."""
    return Query(query, "text/csv", None)


def description(
    endpoint: str, page: str, example: str | None, counts: Mapping[str, int], media: str
) -> bytes:
    """The description.

    Args:
        endpoint: Address of the endpoint.
        page: Address of the query page.
        example: IRI of a figure.
        counts: Numbers by the keys of ``COUNTS``, where they are known.
        media: One of ``TRIPLES``.
    """
    triples = _triples(endpoint, page, example, counts)
    data = ox.serialize(triples, format=TRIPLES[media], prefixes=_PREFIXES)
    assert data is not None
    return data


def _triples(
    endpoint: str, page: str, example: str | None, counts: Mapping[str, int]
) -> Iterator[ox.Triple]:
    service = ox.NamedNode(endpoint)
    dataset, graph = ox.NamedNode(f"{endpoint}#dataset"), ox.NamedNode(f"{endpoint}#graph")
    a = ox.NamedNode(PREFIXES["rdf"] + "type")

    def triple(subject: ox.NamedNode, curie: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        prefix, _, local = curie.partition(":")
        return ox.Triple(subject, ox.NamedNode(_PREFIXES[prefix] + local), value)

    yield ox.Triple(service, a, ox.NamedNode(_SD + "Service"))
    yield triple(service, "sd:endpoint", service)
    yield triple(service, "sd:supportedLanguage", ox.NamedNode(_SD + "SPARQL11Query"))
    yield triple(service, "sd:feature", ox.NamedNode(_SD + "UnionDefaultGraph"))
    for media in (*ROWS, *TRIPLES):
        yield triple(service, "sd:resultFormat", ox.NamedNode(_FORMATS + _RESULTS[media]))
    yield triple(service, "sd:defaultDataset", dataset)
    yield ox.Triple(dataset, a, ox.NamedNode(_SD + "Dataset"))
    yield ox.Triple(dataset, a, ox.NamedNode(PREFIXES["void"] + "Dataset"))
    yield triple(dataset, "sd:defaultGraph", graph)
    yield ox.Triple(graph, a, ox.NamedNode(_SD + "Graph"))
    yield triple(dataset, "dcterms:title", ox.Literal("PFOCR figures", language="en"))
    yield triple(dataset, "dcterms:creator", ox.Literal(f"rdfexport {__version__}"))
    yield triple(
        dataset,
        "dcterms:license",
        ox.NamedNode("https://creativecommons.org/publicdomain/zero/1.0/"),
    )
    yield triple(dataset, "foaf:homepage", ox.NamedNode(page))
    yield triple(dataset, "void:sparqlEndpoint", service)
    if example is not None:
        yield triple(dataset, "void:exampleResource", ox.NamedNode(example))
    for prefix in ("schema", "dcterms", "oa", "pfocr", "prov", "skos"):
        yield triple(dataset, "void:vocabulary", ox.NamedNode(PREFIXES[prefix]))
    for name, number in counts.items():
        yield triple(dataset, f"void:{name}", ox.Literal(number))
