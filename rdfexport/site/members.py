"""Reads the files of a release that a figure's page is made from, and says which one is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pyoxigraph as ox

from rdfexport.errors import UnreadableError
from rdfexport.pages.document import read_figure
from rdfexport.pages.mentions import read_mentions, words_by_key
from rdfexport.untrusted.encoding import without_mark
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from rdfexport.pages.figure import Figure
    from rdfexport.pages.mentions import Words


def figure(name: str, text: bytes, where: str) -> Figure:
    """Read a JSON-LD document that ``rdfexport export`` wrote.

    Args:
        name: The name of its file, without the ending.
        text: The document.
        where: Its place, for an error.

    Raises:
        UnreadableError: It is not a figure's document.
    """
    try:
        document: dict[str, Any] = orjson.loads(without_mark(text))
        figid = name.partition("~")[0]
        if not str(document["@id"]).endswith(f"/{figid}.html"):
            raise UnreadableError(f"{where}: the document of {document['@id']}, not of this figure")
        return read_figure(name, document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(
            f"{where}: not a document that rdfexport wrote ({error}):"
            " rdfexport verify reports what else is wrong with the release"
        ) from error


def words_of(turtle: bytes, where: str) -> Words:
    """Read the words of a figure's mentions, in the order of the file.

    Args:
        turtle: The figure's file in a release.
        where: Its place, for an error.

    Raises:
        UnreadableError: It is not Turtle.
    """
    try:
        return words_by_key(read_mentions(parse(turtle, ox.RdfFormat.TURTLE)))
    except SyntaxError as error:
        raise UnreadableError(
            f"{where}: {error}: rdfexport verify reports what else is wrong with the release"
        ) from error
