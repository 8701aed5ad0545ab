"""Reads a figure's schema.org document into the model of its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rdfexport.pages.figure import (
    CHEMICALS,
    DISEASES,
    GENES,
    ORGANISMS,
    UNKNOWN_YEAR,
    YEARS,
    Entity,
    Figure,
    Link,
    identifier_link,
    model_link,
    page_key,
)
from rdfexport.pages.text import web_address
from rdfexport.terms import ORTHOLOGOUS_IRI, SPACES

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUMAN: Final = f"{SPACES['taxon'].base}9606"
_KINDS: Final = {
    "Gene": GENES,
    "MolecularEntity": CHEMICALS,
    "ChemicalSubstance": CHEMICALS,
    "MedicalCondition": DISEASES,
    "Taxon": ORGANISMS,
}
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)

_Nodes = dict[str, dict[str, Any]]


def read_figure(name: str, document: dict[str, Any]) -> Figure:
    """Read a document, exported or made of a store's triples.

    Args:
        name: The name of its file, without the ending: the figid, or one that begins with it
            and ``~``.
        document: The document.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is not a figure's document.
    """
    nodes = _nodes(document)
    image, article = _first(document.get("image"), nodes), _first(document.get("citation"), nodes)
    links = [
        Link(_text(article.get("identifier")), web_address(_text(article.get("url")))),
        *(
            Link(f"doi:{same.removeprefix(SPACES['doi'].base)}", same)
            for same in _texts(article.get("sameAs"))
            if same.startswith(SPACES["doi"].base)
        ),
    ]
    models = (model_link(web_address(_iri(one))) for one in _each(document.get("subjectOf")))
    figid = name.partition("~")[0]
    return Figure(
        name=name,
        figid=figid,
        title=_text(document.get("name")) or figid,
        caption=_text(image.get("caption")),
        credit=_text(image.get("creditText")),
        image_page=web_address(_text(image.get("url"))),
        image_file=web_address(_text(image.get("contentUrl"))),
        article=article.get("@id", ""),
        paper=_text(article.get("name")),
        paper_links=tuple(link for link in links if link.text),
        year=_year(_text(article.get("datePublished"))),
        licence=web_address(_text(document.get("license"))),
        models=tuple(filter(None, models)),
        organisms=_entities(document.get("about"), nodes),
        mentions=_entities(document.get("mentions"), nodes),
    )


def _year(text: str) -> Entity:
    known = _YEAR.fullmatch(text) is not None
    key = text if known else UNKNOWN_YEAR
    return Entity(YEARS, key, text if known else "Year not known", "", "", "", ())


def _nodes(document: dict[str, Any]) -> _Nodes:
    """The nodes that are described anywhere in a document, by IRI.

    A node is described where it first occurs, and only referred to everywhere else.
    """
    found: _Nodes = {}
    rest = [document]
    while rest:
        node = rest.pop()
        iri = node.get("@id")
        if iri is not None and len(node) > 1 and ("@type" in node or iri not in found):
            found[iri] = node
        for key, values in node.items():
            if key != "@context":
                rest += [one for one in _each(values) if isinstance(one, dict)]
    return found


def _each(value: Any) -> list[Any]:
    """The values of a property, of which there may be none, one or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _iri(reference: Any) -> str:
    """The IRI of a reference: the context reads the strings of some properties as IRIs."""
    iri = reference if isinstance(reference, str) else str(reference["@id"])
    if ":" not in iri:
        raise ValueError(f"{iri!r} is not an IRI")
    return iri


def _described(values: Any, nodes: _Nodes) -> Iterator[dict[str, Any]]:
    """The nodes that a property refers to, with their descriptions if there are any."""
    for one in _each(values):
        node = {"@id": _iri(one)} if isinstance(one, str) else one
        yield nodes.get(node.get("@id", ""), node)


def _first(values: Any, nodes: _Nodes) -> dict[str, Any]:
    return next(_described(values, nodes), {})


def _entities(values: Any, nodes: _Nodes) -> tuple[Entity, ...]:
    found: dict[Entity, None] = {}
    for node in _described(values, nodes):
        kind = next((_KINDS[one] for one in _texts(node.get("@type")) if one in _KINDS), None)
        if kind is not None:
            found[_entity(kind, node, nodes)] = None
    return tuple(found)


def _entity(kind: str, node: dict[str, Any], nodes: _Nodes) -> Entity:
    identifiers = _texts(node.get("identifier"))
    taxon = _first(node.get("taxonomicRange"), nodes)
    symbols = (_text(one.get("name")) for one in _described(node.get(ORTHOLOGOUS_IRI), nodes))
    return Entity(
        kind=kind,
        key=page_key(str(node["@id"])),
        name=_text(node.get("name")) or next(iter(identifiers), str(node["@id"])),
        about=_text(node.get("alternateName")),
        organism=_text(taxon.get("name")),
        human="" if taxon.get("@id") == _HUMAN else ", ".join(filter(None, symbols)),
        links=tuple(map(identifier_link, identifiers)),
    )


def _texts(value: Any) -> list[str]:
    return [one for one in _each(value) if isinstance(one, str)]


def _text(value: Any) -> str:
    return next(iter(_texts(value)), "")
