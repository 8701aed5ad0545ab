"""The media types of answers, and writing triples as each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.query import write_turtle
from rdfexport.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

HTML: Final = "text/html"
NTRIPLES: Final = "application/n-triples"
JSON_LD: Final = "application/ld+json"

ROWS: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Media types of rows, and of true and false; the first is the default."""

TRIPLES: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    JSON_LD: ox.RdfFormat.JSON_LD,
}
"""Media types of triples; the first is the default."""


def serialize(triples: Iterable[ox.Triple], out: Any, media: str) -> None:
    """Write triples as one of ``TRIPLES``."""
    if media == "text/turtle":
        write_turtle(triples, out)
    else:
        ox.serialize(triples, out, format=TRIPLES[media], prefixes=PREFIXES)
