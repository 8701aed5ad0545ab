"""The schema.org part of a figure's nodes as one JSON-LD document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdfexport.graph.nodes import Node, Property

SCHEMA_CONTEXT: Final = "https://schema.org/"
ID_COERCED: Final = frozenset({"contentUrl", "license", "sameAs", "url"})
"""Terms used here whose plain strings the schema.org context reads as IRIs."""

_SCHEMA: Final = "http://schema.org/"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
# The one property outside schema.org that the page's document carries: a Bioschemas rule.
_CONFORMS_TO: Final = "http://purl.org/dc/terms/conformsTo"


def document(page: str, nodes: Sequence[Node]) -> dict[str, Any]:
    """The schema.org part of a figure's core nodes as one JSON-LD document.

    The record ``page`` is the root; every other node stands where it is first named.
    """
    return _Document({node.iri: node for node in nodes}).root(page)


class _Document:
    """Builds one JSON-LD document from the nodes of a figure."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        self._placed: set[str] = set()

    def root(self, iri: str) -> dict[str, Any]:
        return {"@context": SCHEMA_CONTEXT, **self._object(self._nodes[iri])}

    def _object(self, node: Node) -> dict[str, Any]:
        self._placed.add(node.iri)
        result: dict[str, Any] = {"@id": node.iri}
        for prop, values in node.rows:
            if prop.iri == _RDF_TYPE:
                types = [v[len(_SCHEMA) :] for v in values if v.startswith(_SCHEMA)]
                result["@type"] = types[0] if len(types) == 1 else types
            elif prop.term is not None:
                found = [self._value(prop, value) for value in values]
                result[prop.term] = found[0] if len(found) == 1 else found
            elif prop.iri == _CONFORMS_TO:
                result[prop.iri] = {"@id": values[0]}
        return result

    def _value(self, prop: Property, value: str) -> Any:
        if not prop.is_iri:
            return value == "true" if prop.datatype == _XSD_BOOLEAN else value
        node = self._nodes.get(value)
        if prop.term in ID_COERCED:
            return value
        if node is not None and value not in self._placed:
            return self._object(node)
        return {"@id": value}
