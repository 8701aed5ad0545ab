"""The concepts of mentions, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdfexport.model import Concept, ConceptMention


def concept(mention: ConceptMention, space: str) -> Concept | None:
    """The mention's concept of an identifier space, if it has one."""
    return next((one for one in mention.concepts if one.space == space), None)
