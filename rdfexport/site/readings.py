"""A figure's Turtle → the words that were read in the image, by what they led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.errors import UnreadableError
from rdfexport.parsing import parse
from rdfexport.site.documents import page_key
from rdfexport.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

_BODY: Final = ox.NamedNode(PREFIXES["oa"] + "hasBody")
_WORD: Final = ox.NamedNode(PREFIXES["pfocr"] + "word")

Words = dict[str, list[str]]
"""Words as they were read, by the keys of the entities that they led to."""


def words_of(turtle: bytes, where: str) -> Words:
    """Read the words of a figure's mentions, in the order of the file.

    Args:
        turtle: The figure's file in a release.
        where: What to call it in an error.

    Raises:
        UnreadableError: It is not Turtle.
    """
    words: dict[str, str] = {}
    bodies: dict[str, list[str]] = {}
    try:
        for subject, predicate, value, _ in parse(turtle, ox.RdfFormat.TURTLE):
            if predicate == _WORD:
                words[str(subject)] = getattr(value, "value", "")
            elif predicate == _BODY:
                bodies.setdefault(str(subject), []).append(getattr(value, "value", ""))
    except SyntaxError as error:
        raise UnreadableError(
            f"{where}: {error}: rdfexport verify reports what else is wrong with the release"
        ) from error
    return _by_key(words, bodies)


def _by_key(words: Mapping[str, str], bodies: Mapping[str, list[str]]) -> Words:
    found: dict[str, dict[str, None]] = {}
    for mention, iris in bodies.items():
        if word := words.get(mention):
            for iri in iris:
                found.setdefault(page_key(iri), {})[word] = None
    found.pop("", None)
    return {key: list(read) for key, read in found.items()}
