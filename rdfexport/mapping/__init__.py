"""The mapping: what the graph says of a figure. Every rule stands here, and only here.

``core``, ``wikipathways`` and ``linkset`` are the three parts of the export. Each lists its kinds
of node; a ``NodeMap`` says which nodes of a kind a figure has, what their IRI is, and their rows,
one property a row. Quads, JSON-LD and the tables of ``docs/mapping.md`` are all made from these
rows, so they cannot disagree. To change a property, change its row; to change the form of an IRI,
change its line in ``terms.SPACES``.
"""

from rdfexport.mapping.core import CORE
from rdfexport.mapping.dataset import DATASET, PREFIX, PREFIX_HOLDER, Dataset
from rdfexport.mapping.declare import IRI, NodeMap, Row
from rdfexport.mapping.linkset import LINKSET, Equivalence, equivalences
from rdfexport.mapping.view import HUMAN, MOUSE, View
from rdfexport.mapping.wikipathways import WIKIPATHWAYS

__all__ = [
    "CORE",
    "DATASET",
    "HUMAN",
    "IRI",
    "LINKSET",
    "MOUSE",
    "PREFIX",
    "PREFIX_HOLDER",
    "WIKIPATHWAYS",
    "Dataset",
    "Equivalence",
    "NodeMap",
    "Row",
    "View",
    "equivalences",
]
