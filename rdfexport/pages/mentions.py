"""Reads a figure's mentions: the words that were read in its image, and what they led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rdfexport.pages.figure import page_key
from rdfexport.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = dict[str, list[str]]
"""Words as they were read, by the keys of the entities that they led to."""

_FIELDS: Final = {
    PREFIXES["dcterms"] + "subject": "kind",
    PREFIXES["pfocr"] + "word": "word",
    PREFIXES["pfocr"] + "matchType": "match",
    PREFIXES["oa"] + "hasBody": "bodies",
    PREFIXES["prov"] + "wasDerivedFrom": "figure",
}


class Mention(NamedTuple):
    """A word that was read in a figure's image.

    Args:
        kind: ``Gene``, ``Chemical``, ``Disease``, or another that the record states.
        word: The word as it was read.
        match: How it was recognised, such as ``exact``; empty if that is not known.
        bodies: IRIs of the entities that it led to.
    """

    kind: str
    word: str
    match: str
    bodies: tuple[str, ...]


def read_mentions(triples: Iterable[Any]) -> list[Mention]:
    """The mentions among the triples, or quads, of a figure, in their order."""
    nodes: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value, *_ in triples:
        if field := _FIELDS.get(predicate.value):
            node = nodes.setdefault(str(subject), {name: [] for name in _FIELDS.values()})
            node[field].append(str(getattr(value, "value", "")))
    return [
        Mention(
            min(node["kind"], default=""),
            min(node["word"], default=""),
            min(node["match"], default="").rpartition("#")[2],
            tuple(node["bodies"]),
        )
        for node in nodes.values()
        if node["figure"]
    ]


def words_by_key(mentions: Iterable[Mention]) -> Words:
    """The words that led to each entity that has a page, in the order of the mentions."""
    found: dict[str, dict[str, None]] = {}
    for mention in mentions:
        if mention.word:
            for iri in mention.bodies:
                found.setdefault(page_key(iri), {})[mention.word] = None
    found.pop("", None)
    return {key: list(read) for key, read in found.items()}
