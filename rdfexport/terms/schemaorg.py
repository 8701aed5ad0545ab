"""The properties that a figure's schema.org document is made of, and the context it is read by."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from rdfexport.terms.prefixes import PREFIXES

SCHEMA_CONTEXT: Final = "https://schema.org/"
"""The ``@context`` of the documents."""

RO_ORTHOLOGOUS: Final = "RO:HOM0000017"
"""In orthology relationship with, as a CURIE of the Relation Ontology; never an identity."""

ORTHOLOGOUS: Final = "obo:" + RO_ORTHOLOGOUS.replace(":", "_")
"""The same property as a CURIE with a prefix of the exports."""

ORTHOLOGOUS_IRI: Final = PREFIXES["obo"] + ORTHOLOGOUS.partition(":")[2]

CONFORMS_TO: Final = PREFIXES["dcterms"] + "conformsTo"
"""Names the Bioschemas profile that a document follows."""

IN_DOCUMENT: Final = (
    PREFIXES["schema"],
    PREFIXES["rdf"] + "type",
    CONFORMS_TO,
    ORTHOLOGOUS_IRI,
)
"""Beginnings of the IRIs of the properties in a document."""

_SCHEMA_IRIS: Final = frozenset(
    f"{scheme}://schema.org{slash}" for scheme in ("http", "https") for slash in ("", "/")
)


def vendored_context(iri: str) -> dict[str, Any] | None:
    """The terms of a JSON-LD context that comes with this package; None for any other.

    Contexts are never fetched: what a document means must not depend on the network.
    """
    return _schema_terms() if iri in _SCHEMA_IRIS else None


@cache
def _schema_terms() -> dict[str, Any]:
    text = files("rdfexport").joinpath("data/schemaorg-context.jsonld").read_text("utf-8")
    terms: dict[str, Any] = json.loads(text)["@context"]
    return terms
