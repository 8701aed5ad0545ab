"""Interprets the mapping: a figure → nodes, and from the same nodes quads and JSON-LD."""

from rdfexport.graph.document import ID_COERCED, document
from rdfexport.graph.mapper import Mapper, count, description, quads
from rdfexport.graph.nodes import Node, Property

__all__ = [
    "ID_COERCED",
    "Mapper",
    "Node",
    "Property",
    "count",
    "description",
    "document",
    "quads",
]
