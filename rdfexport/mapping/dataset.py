"""The description of an export, where WikiPathways' metadata queries look for it.

The description of a release is more than this; here stands what those queries ask: datasets and
linksets with title, licence and day (https://www.w3.org/TR/void/), and the prefixes
(https://www.w3.org/TR/shacl/#sparql-prefixes). Items are ``Dataset`` and (prefix, namespace) pairs;
a row's first argument is the ``Vocabulary``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rdfexport.mapping.core import LICENSE
from rdfexport.mapping.declare import IRI, STRING, Always, NodeMap, Row


class Dataset(NamedTuple):
    """One part of an export: its graph, what it is, its day (``YYYY-MM-DD``), its triples."""

    graph: str
    title: str
    description: str
    date: str
    triples: str
    is_linkset: bool


DATASET = NodeMap(
    "dataset",
    items=lambda _: (),
    iri=lambda _, d: d.graph,
    types=lambda d: ("void:Dataset", "void:Linkset") if d.is_linkset else ("void:Dataset",),
    rows=(
        Row("dcterms:title", STRING, lambda _, d: d.title),
        Row("dcterms:description", "@en", lambda _, d: d.description),
        Row("dcterms:license", IRI, Always(LICENSE)),
        Row("pav:createdOn", "xsd:date", lambda _, d: d.date),
        Row("void:triples", "xsd:integer", lambda _, d: d.triples),
        Row(
            "void:linkPredicate",
            IRI,
            lambda n, d: n.expand("skos:exactMatch") if d.is_linkset else None,
        ),
    ),
)

PREFIX_HOLDER = NodeMap(
    "prefix holder",
    items=lambda _: (),
    iri=lambda n, _: n.graph_base + "prefixes",
    types=("owl:Ontology",),
    rows=(
        Row("sh:declare", IRI, lambda n, prefixes: [f"{n.graph_base}prefix/{p}" for p in prefixes]),
    ),
)

PREFIX = NodeMap(
    "prefix",
    items=lambda _: (),
    iri=lambda n, declaration: f"{n.graph_base}prefix/{declaration[0]}",
    types=("sh:PrefixDeclaration",),
    rows=(
        Row("sh:prefix", STRING, lambda _, declaration: declaration[0]),
        Row("sh:namespace", "xsd:anyURI", lambda _, declaration: declaration[1]),
    ),
)

DESCRIPTION: Final = (DATASET, PREFIX_HOLDER, PREFIX)
