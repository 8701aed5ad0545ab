"""A figure and its entities, as pages show them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.terms import SPACES, Vocabulary, spaces_of, split_iri

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GENES: Final = "genes"
CHEMICALS: Final = "chemicals"
DISEASES: Final = "diseases"
ORGANISMS: Final = "organisms"
YEARS: Final = "years"
UNKNOWN_YEAR: Final = "unknown"

# Spaces whose entities have pages; their identifiers are safe as names of files.
_WITH_PAGES: Final = spaces_of(GENES, CHEMICALS, DISEASES, ORGANISMS)
_BY_PREFIX: Final = {space.prefix: space for space in SPACES.values() if space.exported}
_MODELS: Final = ("wikipathways", "ndex")
_VOCABULARY: Final = Vocabulary()
_MEMO: Final = 20_000


class Link(NamedTuple):
    """A text, and the address that it leads to: empty if there is none."""

    text: str
    address: str


class Entity(NamedTuple):
    """A gene, chemical, disease, organism or year that figures are browsed by.

    Args:
        kind: ``GENES``, ``CHEMICALS``, ``DISEASES``, ``ORGANISMS`` or ``YEARS``.
        key: The name of its page's file, without ending; empty where the identifier has no known
            form, and so no page.
        name: Its name, or its identifier where the document has no name.
        about: A gene's full name.
        organism: The name of a gene's organism.
        human: Symbols of the human genes that a gene of another organism is orthologous to.
        links: Its identifiers, each leading to the authority that assigned it.
    """

    kind: str
    key: str
    name: str
    about: str
    organism: str
    human: str
    links: tuple[Link, ...]


class Figure(NamedTuple):
    """The content of a figure's page, and the terms that it is found by.

    ``name`` is that of the page's file and of the files beside it, without their endings.
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

    @property
    def entities(self) -> Iterator[Entity]:
        """All that the figure is browsed by, each once."""
        yield self.year
        yield from dict.fromkeys((*self.organisms, *self.mentions))

    def mentioned(self, kind: str) -> list[Entity]:
        """The entities of a kind that were recognised in the image, in the document's order."""
        return [one for one in self.mentions if one.kind == kind]

    def groups(self, kind: str, words: Mapping[str, list[str]]) -> list[tuple[str, list[Entity]]]:
        """The entities of a kind by the words that led to them, both in the document's order.

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


@lru_cache(_MEMO)
def page_key(iri: str) -> str:
    """The name of an entity's page, such as ``ncbigene-2475``; empty if it has none."""
    space, local = split_iri(iri) or (None, "")
    if space is None or space not in _WITH_PAGES or not _VOCABULARY.matches(space.name, local):
        return ""
    return f"{space.name}-{local}"


@lru_cache(_MEMO)
def identifier_link(curie: str) -> Link:
    """A CURIE, with the address of its page at the authority that assigned it."""
    prefix, _, local = curie.partition(":")
    space = _BY_PREFIX.get(prefix)
    if space is None or space.prefix is None or not _VOCABULARY.matches(space.name, local):
        return Link(curie, "")
    return Link(curie, _VOCABULARY.page(space.name, local))


def model_link(iri: str) -> Link | None:
    """A link to what curators made of a figure: a pathway of WikiPathways, a network of NDEx."""
    for space in map(SPACES.__getitem__, _MODELS):
        if iri.startswith(space.base):
            local = iri.removeprefix(space.base)
            known = _VOCABULARY.matches(space.name, local)
            return Link(
                f"{space.label} {local}", _VOCABULARY.page(space.name, local) if known else ""
            )
    return None
