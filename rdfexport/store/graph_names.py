"""Names of the graphs in a store that are not figures' own."""

from __future__ import annotations

import hashlib
from typing import Final

from rdfexport.terms import GRAPH_BASE

DESCRIPTION: Final = GRAPH_BASE + "void"
"""The graph that holds the description of an export, and of a release."""
EXPORTS: Final = GRAPH_BASE + "load"
"""The manifest of the graphs of whole exports: a graph that the next export lacks can be pruned."""
FILES: Final = GRAPH_BASE + "load-files"
"""The manifest of the graphs that were loaded from single files, or that a user named."""
_STAGING: Final = "urn:rdfexport:staging:"


def staging(graph: str) -> str:
    """The graph in which the next content of a graph is collected, unseen by readers."""
    return _STAGING + hashlib.sha256(graph.encode()).hexdigest()[:32]


def is_reserved(graph: str) -> bool:
    """Whether a graph is one of this program's own: a manifest, or one being filled.

    Data in them would make a later load remove or replace graphs that no load wrote.
    """
    return graph in {EXPORTS, FILES} or graph.startswith(_STAGING)
