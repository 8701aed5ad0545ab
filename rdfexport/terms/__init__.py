"""Terms: the prefixes of vocabularies, the identifier spaces, and the IRIs and CURIEs they give."""

from rdfexport.terms.iris import (
    FIGID,
    FIGURE_FILE,
    FORMS,
    IMAGE_PATTERN,
    Form,
    Vocabulary,
    checked_base,
    checked_image_pattern,
    file_suffix,
    split_iri,
)
from rdfexport.terms.prefixes import FIGURE_BASE, GRAPH_BASE, PREFIXES, VOCABULARY_BASE
from rdfexport.terms.schemaorg import (
    CONFORMS_TO,
    IN_DOCUMENT,
    ORTHOLOGOUS,
    ORTHOLOGOUS_IRI,
    RO_ORTHOLOGOUS,
    SCHEMA_CONTEXT,
    vendored_context,
)
from rdfexport.terms.space import Space
from rdfexport.terms.spaces import PREFIX_MAP, SPACES, prefix_names, spaces_of

__all__ = [
    "CONFORMS_TO",
    "FIGID",
    "FIGURE_BASE",
    "FIGURE_FILE",
    "FORMS",
    "GRAPH_BASE",
    "IMAGE_PATTERN",
    "IN_DOCUMENT",
    "ORTHOLOGOUS",
    "ORTHOLOGOUS_IRI",
    "PREFIXES",
    "PREFIX_MAP",
    "RO_ORTHOLOGOUS",
    "SCHEMA_CONTEXT",
    "SPACES",
    "VOCABULARY_BASE",
    "Form",
    "Space",
    "Vocabulary",
    "checked_base",
    "checked_image_pattern",
    "file_suffix",
    "prefix_names",
    "spaces_of",
    "split_iri",
    "vendored_context",
]
