"""A figure's triples → what its page shows, and its schema.org document."""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from rdfexport.query import bundled
from rdfexport.terms import FIGID, PREFIXES, SPACES, Vocabulary, split_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SCHEMA: Final = PREFIXES["schema"]
_TYPE: Final = PREFIXES["rdf"] + "type"
_CONFORMS: Final = PREFIXES["dcterms"] + "conformsTo"
_BOOLEAN: Final = PREFIXES["xsd"] + "boolean"
_PREDICTION: Final = PREFIXES["pfocr"] + "Prediction"
_MODELS: Final = ("wikipathways", "ndex")
_VOCABULARY: Final = Vocabulary()

_Node = dict[str, list["ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"]]


def triples_of(store: ox.Store, iri: str, figid: str) -> list[ox.Triple]:
    """A figure's triples: its own graph, or else what is connected with it.

    The second is for stores that have everything in one graph.
    """
    graph = ox.NamedNode(iri)
    triples = [quad.triple for quad in store.quads_for_pattern(None, None, None, graph)]
    if triples:
        return triples
    connected, _ = bundled("describe-figure").bound([("figid", figid)])
    results: Any = store.query(connected, use_default_graph_as_union=True)
    return list(results)


def listing(store: ox.Store, base: str, after: str, number: int) -> list[tuple[str, str]]:
    """The figures that follow one in the order of their figids, with their titles.

    A query with ORDER BY would take a minute for 100,000 figures, as the store looks up both texts
    for each comparison.

    Args:
        store: The store.
        base: What stands before ``{figid}.html`` in the figures' IRIs.
        after: The figid; empty for the first ones.
        number: How many at most.
    """
    figures = store.quads_for_pattern(None, ox.NamedNode(_TYPE), ox.NamedNode(_SCHEMA + "Dataset"))
    iris = {getattr(quad.subject, "value", "") for quad in figures}
    names = (iri.removeprefix(base).removesuffix(".html") for iri in iris)
    figids = (name for name in names if name > after and FIGID.fullmatch(name))
    return [
        (figid, _title(store, ox.NamedNode(f"{base}{figid}.html")))
        for figid in heapq.nsmallest(number, figids)
    ]


def _title(store: ox.Store, figure: ox.NamedNode) -> str:
    found = store.quads_for_pattern(figure, ox.NamedNode(_SCHEMA + "name"), None)
    titles = (quad.object.value for quad in found if isinstance(quad.object, ox.Literal))
    return min(titles, default=figure.value)


class Graph:
    """Triples by subject and property.

    Args:
        triples: The triples.
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._nodes: dict[str, _Node] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self._nodes[str(getattr(subject, "value", ""))][predicate.value].append(value)

    def __contains__(self, iri: str) -> bool:
        return iri in self._nodes

    def subjects(self, property_: str, value: str) -> list[str]:
        """The nodes that have a value, in the order of their IRIs."""
        return sorted(
            iri
            for iri, node in self._nodes.items()
            if any(getattr(term, "value", None) == value for term in node.get(property_, ()))
        )

    def values(self, iri: str, property_: str) -> list[str]:
        """The values of a property, in their order."""
        node = self._nodes.get(iri, {})
        return sorted(str(getattr(term, "value", "")) for term in node.get(property_, ()))

    def value(self, iri: str, property_: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.values(iri, property_)), "")

    def node(self, iri: str) -> _Node:
        """All that is said of a node."""
        return self._nodes.get(iri, {})


class Entity(NamedTuple):
    """A gene, chemical or disease of a figure that a word led to, and a gene's organism."""

    kind: str
    iri: str
    name: str
    organism: str
    curie: str
    address: str
    matches: str


class Word(NamedTuple):
    """A word that was read in a figure, and the entities of a kind that it led to.

    They may be several: the genes of a family, and genes of several organisms.
    """

    kind: str
    word: str
    entities: tuple[Entity, ...]


class Figure(NamedTuple):
    """What the page of a figure shows."""

    iri: str
    figid: str
    title: str
    caption: str
    number: str
    citation: str
    paper: str
    paper_address: str
    image_address: str
    year: str
    licence: str
    models: tuple[tuple[str, str], ...]
    organisms: tuple[str, ...]
    predictions: tuple[str, ...]
    words: tuple[Word, ...]
    unresolved: tuple[tuple[str, str], ...]
    json_ld: str


def figure(graph: Graph, iri: str, figid: str) -> Figure:
    """Collect what the page shows."""
    name, about = _SCHEMA + "name", _SCHEMA + "about"
    image = graph.value(iri, _SCHEMA + "isBasedOn")
    article = graph.value(iri, PREFIXES["dcterms"] + "source")
    words, unresolved = _mentions(graph, iri)
    return Figure(
        iri=iri,
        figid=figid,
        title=graph.value(iri, name) or figid,
        caption=graph.value(image, _SCHEMA + "caption"),
        number=graph.value(image, PREFIXES["pfocr"] + "figureNumber"),
        citation=graph.value(article, PREFIXES["dcterms"] + "bibliographicCitation"),
        paper=graph.value(article, name),
        paper_address=_web(graph.value(article, _SCHEMA + "url")),
        image_address=_web(graph.value(image, _SCHEMA + "url")),
        year=graph.value(article, PREFIXES["dcterms"] + "issued"),
        licence=_web(graph.value(iri, PREFIXES["dcterms"] + "license")),
        models=tuple(_models(graph.values(iri, PREFIXES["rdfs"] + "seeAlso"))),
        predictions=tuple(_predictions(graph, image)),
        organisms=tuple(graph.value(taxon, name) or taxon for taxon in graph.values(iri, about)),
        words=words,
        unresolved=unresolved,
        json_ld=script_text(document(graph, iri)),
    )


def _models(iris: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What curators made of the figure, each with the address of its page."""
    for iri in iris:
        for space in map(SPACES.__getitem__, _MODELS):
            local = iri.removeprefix(space.base)
            if iri.startswith(space.base) and _VOCABULARY.matches(space.name, local):
                yield f"{space.label} {local}", _VOCABULARY.page(space.name, local)


def _predictions(graph: Graph, image: str) -> Iterator[str]:
    """The terms that were predicted for the figure."""
    for node in graph.subjects(PREFIXES["oa"] + "hasTarget", image):
        if _PREDICTION in graph.values(node, _TYPE):
            kind = graph.value(node, PREFIXES["dcterms"] + "subject")
            label = graph.value(node, PREFIXES["rdfs"] + "label")
            yield f"{label} ({kind.lower()})" if kind else label


def _mentions(graph: Graph, iri: str) -> tuple[tuple[Word, ...], tuple[tuple[str, str], ...]]:
    """The words of a figure with what they led to, and those that led to nothing, with kinds."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    unresolved = set()
    for mention in graph.subjects(PREFIXES["prov"] + "wasDerivedFrom", iri):
        kind = graph.value(mention, PREFIXES["dcterms"] + "subject")
        word = graph.value(mention, PREFIXES["pfocr"] + "word")
        match = graph.value(mention, PREFIXES["pfocr"] + "matchType").rpartition("#")[2]
        bodies = graph.values(mention, PREFIXES["oa"] + "hasBody")
        for body in bodies:
            found.setdefault((kind, word), {}).setdefault(body, set()).add(match)
        if not bodies:
            unresolved.add((kind, word))
    words = [
        Word(kind, word, _entities(graph, kind, bodies)) for (kind, word), bodies in found.items()
    ]
    order = {"Gene": 0, "Chemical": 1, "Disease": 2}
    words.sort(key=lambda one: (order.get(one.kind, 3), one.word.lower(), one.word))
    return tuple(words), tuple(sorted(unresolved))


def _entities(graph: Graph, kind: str, bodies: dict[str, set[str]]) -> tuple[Entity, ...]:
    entities = []
    for body, matches in bodies.items():
        taxon = graph.value(body, _SCHEMA + "taxonomicRange")
        entities.append(
            Entity(
                kind,
                body,
                graph.value(body, _SCHEMA + "name"),
                graph.value(taxon, _SCHEMA + "name") or (_curie(taxon) if taxon else ""),
                _curie(body),
                _web(graph.value(body, _SCHEMA + "url") or body),
                ", ".join(sorted(matches)),
            )
        )
    return tuple(sorted(entities, key=lambda one: (one.name.lower() or "~", one.curie)))


def _curie(iri: str) -> str:
    found = split_iri(iri)
    return iri if found is None else f"{found[0].prefix}:{found[1]}"


def _web(iri: str) -> str:
    """An address that a page may link to: a record's IRIs are not trusted to be one."""
    return iri if iri.startswith(("https://", "http://")) else ""


def document(graph: Graph, iri: str) -> dict[str, Any]:
    """The schema.org part of a figure's graph as JSON-LD, from the record downwards.

    Each node is written out where it is first met, and referred to after that.
    """
    written: set[str] = set()
    return {"@context": "https://schema.org/", **_object(graph, iri, written)}


def _object(graph: Graph, iri: str, written: set[str]) -> dict[str, Any]:
    result: dict[str, Any] = {"@id": iri}
    if iri in written:
        return result
    written.add(iri)
    node = graph.node(iri)
    types = sorted(
        term.value.removeprefix(_SCHEMA)
        for term in node.get(_TYPE, ())
        if isinstance(term, ox.NamedNode) and term.value.startswith(_SCHEMA)
    )
    if types:
        result["@type"] = types[0] if len(types) == 1 else types
    for property_, terms in node.items():
        if property_ == _CONFORMS:
            key = property_
        elif property_.startswith(_SCHEMA):
            key = property_.removeprefix(_SCHEMA)
        else:
            continue
        values = [_json_value(graph, term, written) for term in _unique(terms)]
        result[key] = values[0] if len(values) == 1 else values
    return result


def _json_value(graph: Graph, term: Any, written: set[str]) -> Any:
    if isinstance(term, ox.NamedNode):
        described = graph.node(term.value).keys() & {_TYPE}
        return _object(graph, term.value, written) if described else {"@id": term.value}
    if isinstance(term, ox.Literal) and term.datatype.value == _BOOLEAN:
        return term.value == "true"
    return term.value


def _unique(terms: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(terms))


def script_text(value: Any) -> str:
    """JSON that can stand in a ``script`` element: nothing in it can end that.

    https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    text = json.dumps(value, ensure_ascii=False, indent=1)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
