"""A figure's schema.org document, as ``rdfexport export`` wrote it → what its pages show."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from rdfexport.encoding import without_mark
from rdfexport.errors import UnreadableError
from rdfexport.terms import PREFIXES, SPACES, Vocabulary, spaces_of, split_iri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GENES: Final = "genes"
CHEMICALS: Final = "chemicals"
DISEASES: Final = "diseases"
ORGANISMS: Final = "organisms"
YEARS: Final = "years"

_ORTHOLOGOUS: Final = f"{PREFIXES['obo']}RO_HOM0000017"
_HUMAN: Final = f"{SPACES['taxon'].base}9606"
UNKNOWN_YEAR: Final = "unknown"

_KINDS: Final = {
    "Gene": GENES,
    "MolecularEntity": CHEMICALS,
    "ChemicalSubstance": CHEMICALS,
    "MedicalCondition": DISEASES,
    "Taxon": ORGANISMS,
}
# Spaces whose entities have pages; their identifiers are safe as names of files.
_WITH_PAGES: Final = spaces_of(GENES, CHEMICALS, DISEASES, ORGANISMS)
_BY_PREFIX: Final = {space.prefix: space for space in SPACES.values() if space.exported}
_MODELS: Final = ("wikipathways", "ndex")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_VOCABULARY: Final = Vocabulary()
_MEMO: Final = 20_000


class Link(NamedTuple):
    """A text that leads to another site; to none where the address is empty."""

    text: str
    address: str


class Entity(NamedTuple):
    """A gene, chemical, disease, organism or year that figures are browsed by.

    Args:
        kind: ``GENES``, ``CHEMICALS``, ``DISEASES``, ``ORGANISMS`` or ``YEARS``.
        key: What its page's file is called; empty where the identifier has no form that is known,
            and so no page.
        name: How it is called; its identifier where the document does not tell.
        about: What more is known of its name: a gene's full one.
        organism: The organism's name, of a gene.
        human: Symbols of the human genes that a gene of another organism is orthologous to.
        links: Its identifiers, each leading to the authority that gave it.
    """

    kind: str
    key: str
    name: str
    about: str
    organism: str
    human: str
    links: tuple[Link, ...]


class Figure(NamedTuple):
    """What the page of a figure shows, and what it is found by.

    ``name`` is what its page and the files beside that are called, without their endings.
    """

    name: str
    figid: str
    title: str
    caption: str
    credit: str
    image_page: str
    image_file: str
    article: str
    paper: str
    paper_links: tuple[Link, ...]
    year: Entity
    licence: str
    models: tuple[Link, ...]
    organisms: tuple[Entity, ...]
    mentions: tuple[Entity, ...]
    json: bytes

    @property
    def json_ld(self) -> str:
        """The document, ready for a ``script`` element."""
        return script_text(self.json.decode().strip())

    @property
    def entities(self) -> Iterator[Entity]:
        """All that the figure is browsed by, each once."""
        yield self.year
        yield from dict.fromkeys((*self.organisms, *self.mentions))

    def mentioned(self, kind: str) -> list[Entity]:
        """The entities of a kind that were recognised in the image, in the record's order."""
        return [one for one in self.mentions if one.kind == kind]

    def groups(self, kind: str, words: Mapping[str, list[str]]) -> list[tuple[str, list[Entity]]]:
        """The entities of a kind by the words that led to them, both in the record's order.

        An entity that several words led to is at each of them; one without a word is at its name.

        Args:
            kind: Which entities.
            words: The words as they were read, by the keys of entities.
        """
        found: dict[str, list[Entity]] = {}
        for one in self.mentioned(kind):
            for word in words.get(one.key) or (one.name,):
                found.setdefault(word, []).append(one)
        return list(found.items())


def figure(name: str, text: bytes, where: str) -> Figure:
    """Read a document.

    Args:
        name: The name of its file, without the ending.
        text: The document.
        where: What to call it in an error.

    Raises:
        UnreadableError: It is not a figure's document.
    """
    try:
        document: dict[str, Any] = orjson.loads(without_mark(text))
        figid = name.partition("~")[0]
        if not str(document["@id"]).endswith(f"/{figid}.html"):
            raise UnreadableError(f"{where}: the document of {document['@id']}, not of this figure")
        return _figure(name, figid, document, text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(
            f"{where}: not a document that rdfexport wrote ({error}):"
            " rdfexport verify reports what else is wrong with the release"
        ) from error


def _figure(name: str, figid: str, document: dict[str, Any], text: bytes) -> Figure:
    image: dict[str, Any] = document.get("image", {})
    nodes = {node["@id"]: node for node in _nodes(document, image) if "@type" in node}
    article_iri = document.get("citation", {}).get("@id", "")
    article = nodes.get(article_iri, {})
    year = _text(article.get("datePublished"))
    links = [
        Link(_text(article.get("identifier")), _web(_text(article.get("url")))),
        *(
            Link(f"doi:{same.removeprefix(SPACES['doi'].base)}", same)
            for same in _texts(article.get("sameAs"))
            if same.startswith(SPACES["doi"].base)
        ),
    ]
    return Figure(
        name=name,
        figid=figid,
        title=_text(document.get("name")) or figid,
        caption=_text(image.get("caption")),
        credit=_text(image.get("creditText")),
        image_page=_web(_text(image.get("url"))),
        image_file=_web(_text(image.get("contentUrl"))),
        article=article_iri,
        paper=_text(article.get("name")),
        paper_links=tuple(link for link in links if link.text),
        year=_year(year),
        licence=_web(_text(document.get("license"))),
        models=tuple(_models(document)),
        organisms=_entities(document.get("about"), nodes),
        mentions=_entities(document.get("mentions"), nodes),
        json=text,
    )


def _models(document: dict[str, Any]) -> Iterator[Link]:
    """What curators made of the figure: pathways of WikiPathways, networks of NDEx."""
    for node in _each(document.get("subjectOf")):
        iri = _web(str(node["@id"]))
        for space in map(SPACES.__getitem__, _MODELS):
            if iri.startswith(space.base):
                local = iri.removeprefix(space.base)
                known = _VOCABULARY.matches(space.name, local)
                page = _VOCABULARY.page(space.name, local) if known else ""
                yield Link(f"{space.label} {local}", page)


def _year(text: str) -> Entity:
    known = _YEAR.fullmatch(text) is not None
    key = text if known else UNKNOWN_YEAR
    return Entity(YEARS, key, text if known else "Year not known", "", "", "", ())


def _nodes(document: dict[str, Any], image: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Where what a page shows is described: after that, only its IRI stands in a document."""
    yield from _each(image.get("isPartOf"))
    for node in (*_each(document.get("about")), *_each(document.get("mentions"))):
        yield node
        yield from _each(node.get("taxonomicRange"))


def _each(value: Any) -> list[dict[str, Any]]:
    """The nodes of a property, of which there may be none, one or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _entities(value: Any, nodes: dict[str, dict[str, Any]]) -> tuple[Entity, ...]:
    found = []
    for reference in _each(value):
        node = nodes.get(reference["@id"], reference)
        kind = _KINDS.get(_text(node.get("@type")))
        if kind is not None:
            found.append(_entity(kind, node, nodes))
    return tuple(dict.fromkeys(found))


def _entity(kind: str, node: dict[str, Any], nodes: dict[str, dict[str, Any]]) -> Entity:
    identifiers = _texts(node.get("identifier"))
    taxon_iri = node.get("taxonomicRange", {}).get("@id", "")
    taxon = nodes.get(taxon_iri, {})
    symbols = (_text(one.get("name")) for one in _each(node.get(_ORTHOLOGOUS)))
    return Entity(
        kind=kind,
        key=page_key(str(node["@id"])),
        name=_text(node.get("name")) or next(iter(identifiers), str(node["@id"])),
        about=_text(node.get("alternateName")),
        organism=_text(taxon.get("name")),
        human="" if taxon_iri == _HUMAN else ", ".join(symbols),
        links=tuple(Link(one, _elsewhere(one)) for one in identifiers),
    )


@lru_cache(_MEMO)
def page_key(iri: str) -> str:
    """What the page of an entity is called, such as ``ncbigene-2475``; empty if it has none."""
    space, local = split_iri(iri) or (None, "")
    if space is None or space not in _WITH_PAGES or not _VOCABULARY.matches(space.name, local):
        return ""
    return f"{space.name}-{local}"


@lru_cache(_MEMO)
def _elsewhere(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    space = _BY_PREFIX.get(prefix)
    if space is None or space.prefix is None or not _VOCABULARY.matches(space.name, local):
        return ""
    return _VOCABULARY.page(space.name, local)


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _text(value: Any) -> str:
    return next(iter(_texts(value)), "")


def _web(iri: str) -> str:
    """An address that a page may link to: a release's IRIs are not trusted to be one."""
    return iri if iri.startswith(("https://", "http://")) else ""


# Characters that HTML (section 13.2.3.5) counts as errors wherever they stand.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)


def plain(text: str) -> str:
    """A text without the characters that no page may hold."""
    return text if text.isprintable() else _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def script_text(json: str) -> str:
    """A JSON text that can stand in a ``script`` element of a valid page, and means the same.

    https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    for character in "<>&":
        json = json.replace(character, f"\\u{ord(character):04x}")
    # JSON's own escapes are for what is below U+0020 only.
    return json if json.replace("\n", "").isprintable() else _UNFIT.sub(_escaped, json)


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))
