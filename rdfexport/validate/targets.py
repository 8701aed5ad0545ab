"""Whether data holds anything that shapes are about (https://www.w3.org/TR/shacl/#targets)."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

_SHACL: Final = "http://www.w3.org/ns/shacl#"
_RDF_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_CLASS: Final = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Class")
_FORMATS: Final = {"nt": ox.RdfFormat.N_TRIPLES, "turtle": ox.RdfFormat.TURTLE}


class Targets:
    """The targets of some shapes.

    Args:
        shapes: The shapes graph as N-Triples.
    """

    def __init__(self, shapes: str) -> None:
        self._nodes: set[object] = set()
        self._classes: set[object] = set()
        self._predicates: set[object] = set()
        sets = {
            f"{_SHACL}targetNode": self._nodes,
            f"{_SHACL}targetClass": self._classes,
            f"{_SHACL}targetSubjectsOf": self._predicates,
            f"{_SHACL}targetObjectsOf": self._predicates,
        }
        for quad in ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES):
            if quad.predicate.value in sets:
                sets[quad.predicate.value].add(quad.object)
            elif quad.predicate == _RDF_TYPE and quad.object == _CLASS:
                self._classes.add(quad.subject)  # a shape that is a class

    def are_in(self, text: str, syntax: str) -> bool:
        """Whether there is a node in some data that a shape is about.

        Args:
            text: The data.
            syntax: ``nt`` or ``turtle``.
        """
        return any(
            quad.predicate in self._predicates
            or (quad.predicate == _RDF_TYPE and quad.object in self._classes)
            or quad.subject in self._nodes
            or quad.object in self._nodes
            for quad in ox.parse(text, format=_FORMATS[syntax])
        )
