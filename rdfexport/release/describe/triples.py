"""Triples of descriptions, and Turtle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.terms import PREFIXES as FIGURE_PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Value = ox.NamedNode | ox.Literal

PREFIXES: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "fdpo": "https://w3id.org/fdp/fdp-o#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "spdx": "http://spdx.org/rdf/terms#",
    **{
        prefix: FIGURE_PREFIXES[prefix]
        for prefix in (
            "dcterms",
            "foaf",
            "pav",
            "pfocr",
            "prov",
            "rdf",
            "rdfs",
            "schema",
            "skos",
            "void",
            "xsd",
        )
    },
}
"""Prefixes that descriptions use."""


def statements(subject: ox.NamedNode, *facts: tuple[str, Value]) -> Iterator[ox.Triple]:
    """Triples of a subject; predicates are CURIEs."""
    for predicate, value in facts:
        yield ox.Triple(subject, term(predicate), value)


def english(text: str) -> ox.Literal:
    """A text in English."""
    return ox.Literal(text, language="en")


def term(curie: str) -> ox.NamedNode:
    """The IRI of a CURIE such as ``dcat:Dataset``."""
    prefix, _, local = curie.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def turtle(triples: Iterable[ox.Triple]) -> str:
    """Triples as Turtle, each once, grouped by subject and predicate in the order of the first."""
    nodes: dict[object, dict[object, dict[ox.Triple, None]]] = {}
    for triple in triples:
        node = nodes.setdefault(triple.subject, {})
        node.setdefault(triple.predicate, {})[triple] = None
    ordered = (triple for node in nodes.values() for some in node.values() for triple in some)
    text = ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    assert text is not None
    return text.decode()
