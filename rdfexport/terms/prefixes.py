"""The prefixes of the vocabularies and identifier spaces that exports use, and our own bases."""

from __future__ import annotations

from typing import Final

from rdfexport.terms.space import OBO
from rdfexport.terms.spaces import SPACES

FIGURE_BASE: Final = "https://pfocr.wikipathways.org/figures/"
VOCABULARY_BASE: Final = "https://pfocr.wikipathways.org/vocab#"
GRAPH_BASE: Final = "https://pfocr.wikipathways.org/graph/"

_VOCABULARIES: Final = {
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": OBO,
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "pfocr": VOCABULARY_BASE,
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "wp": "http://vocabularies.wikipathways.org/wp#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
PREFIXES: Final[dict[str, str]] = _VOCABULARIES | {
    # So that Turtle can abbreviate the entities too. OBO's IRIs are under `obo`.
    space.prefix: space.base
    for space in SPACES.values()
    if space.prefix is not None and space.exported and not space.is_obo
}
"""Prefix → namespace."""
