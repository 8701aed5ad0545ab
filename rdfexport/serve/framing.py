"""A figure's triples → its schema.org document, equal to the exported one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.jsonld import framed
from rdfexport.terms import IN_DOCUMENT, ORTHOLOGOUS_IRI, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCHEMA: Final = PREFIXES["schema"]
_NAME: Final = _SCHEMA + "name"
_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"
_BOOLEAN: Final = PREFIXES["xsd"] + "boolean"


def document(triples: Iterable[ox.Triple], iri: str) -> dict[str, Any]:
    """The schema.org part of a figure's triples as JSON-LD.

    It has the same triples as the document that ``rdfexport export`` writes. A store does not keep
    the record's order, so values are in the order of their IRIs and texts.

    Args:
        triples: The figure's triples.
        iri: The figure's IRI.
    """
    part = [triple for triple in triples if triple.predicate.value.startswith(IN_DOCUMENT)]
    part.sort(key=lambda triple: tuple(map(str, triple)))
    named = {triple.subject for triple in part if triple.predicate.value == _NAME}
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in part:
        if not isinstance(subject, ox.NamedNode):
            continue
        node = nodes.setdefault(subject.value, {"@id": subject.value})
        if predicate.value == _TYPE:
            if isinstance(value, ox.NamedNode) and value.value.startswith(_SCHEMA):
                node.setdefault("@type", []).append(value.value)
        elif predicate.value != ORTHOLOGOUS_IRI or value in named:
            node.setdefault(predicate.value, []).append(_expanded(value))
    return framed(list(nodes.values()), iri)


def _expanded(term: Any) -> dict[str, Any]:
    """A value in JSON-LD's expanded form; only booleans have a native one here."""
    if not isinstance(term, ox.Literal):
        return {"@id": str(getattr(term, "value", ""))}
    if term.language is not None:
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    if datatype == _BOOLEAN and term.value in {"true", "false"}:
        return {"@value": term.value == "true"}
    return {"@value": term.value} | ({} if datatype == _STRING else {"@type": datatype})
