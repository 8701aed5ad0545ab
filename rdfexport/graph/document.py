"""The schema.org part of a figure's nodes as one JSON-LD document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rdfexport.terms import CONFORMS_TO, ORTHOLOGOUS_IRI, PREFIXES, SCHEMA_CONTEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdfexport.graph.nodes import Node, Property

ID_COERCED: Final = frozenset({"contentUrl", "license", "sameAs", "url"})
"""Terms used here whose plain strings the schema.org context reads as IRIs."""

_SCHEMA: Final = PREFIXES["schema"]
_RDF_TYPE: Final = PREFIXES["rdf"] + "type"
_XSD_BOOLEAN: Final = PREFIXES["xsd"] + "boolean"


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
                if types:
                    result["@type"] = types[0] if len(types) == 1 else types
            elif prop.term is not None:
                found = [self._value(prop, value) for value in values]
                result[prop.term] = found[0] if len(found) == 1 else found
            elif prop.iri == CONFORMS_TO:
                result[prop.iri] = {"@id": values[0]}
            elif prop.iri == ORTHOLOGOUS_IRI:
                # By their symbols; a gene that the figure names has its own place.
                named = [{"@id": iri, "name": self._name(iri)} for iri in values]
                if found := [one for one in named if one["name"]]:
                    result[prop.iri] = found[0] if len(found) == 1 else found
        return result

    def _name(self, iri: str) -> str:
        node = self._nodes.get(iri)
        rows = () if node is None else node.rows
        return next((values[0] for prop, values in rows if prop.term == "name"), "")

    def _value(self, prop: Property, value: str) -> Any:
        if not prop.is_iri:
            return value == "true" if prop.datatype == _XSD_BOOLEAN else value
        node = self._nodes.get(value)
        if prop.term in ID_COERCED:
            return value
        if node is not None and value not in self._placed:
            return self._object(node)
        return {"@id": value}
