"""A store's figures: their triples, their list, and the values that a figure's page shows."""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox

from rdfexport.pages.document import read_figure
from rdfexport.pages.figure import Link
from rdfexport.pages.mentions import read_mentions
from rdfexport.pages.templates import json_script
from rdfexport.pages.text import web_address
from rdfexport.query import bundled
from rdfexport.serve.framing import document
from rdfexport.terms import FIGID, PREFIXES, split_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdfexport.pages.mentions import Mention

_SCHEMA: Final = PREFIXES["schema"]
_TYPE: Final = PREFIXES["rdf"] + "type"
_PREDICTION: Final = PREFIXES["pfocr"] + "Prediction"
_ORDER: Final = {"Gene": 0, "Chemical": 1, "Disease": 2}

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


class Row(NamedTuple):
    """An entity that a word led to.

    Args:
        kind: Of the word: ``Gene``, ``Chemical``, ``Disease``, or another.
        name: The entity's; empty if the store has none.
        organism: A gene's.
        identifier: The entity's CURIE, or its IRI, with the address of its page.
        matches: How the word was recognised.
    """

    kind: str
    name: str
    organism: str
    identifier: Link
    matches: str


class Word(NamedTuple):
    """A word that was read in a figure, and the entities of a kind that it led to.

    They may be several: the genes of a family, and genes of several organisms.
    """

    kind: str
    word: str
    entities: tuple[Row, ...]


def page_values(triples: Sequence[ox.Triple], iri: str, figid: str) -> dict[str, Any]:
    """The values that the template of a figure's page shows."""
    graph, described = Graph(triples), document(triples, iri)
    figure = read_figure(figid, described)
    image = graph.value(iri, _SCHEMA + "isBasedOn")
    article = graph.value(iri, PREFIXES["dcterms"] + "source")
    words, unresolved = _words(graph, read_mentions(triples))
    return {
        "iri": iri,
        "figure": figure,
        "number": graph.value(image, PREFIXES["pfocr"] + "figureNumber"),
        "citation": graph.value(article, PREFIXES["dcterms"] + "bibliographicCitation"),
        "paper": Link(figure.paper, web_address(graph.value(article, _SCHEMA + "url"))),
        "year": graph.value(article, PREFIXES["dcterms"] + "issued"),
        "predictions": tuple(_predictions(graph, image)),
        "words": words,
        "unresolved": unresolved,
        "json_ld": json_script(json_text(described)),
    }


def json_text(described: dict[str, Any]) -> str:
    """A document as it is sent."""
    return json.dumps(described, ensure_ascii=False, indent=1)


def _predictions(graph: Graph, image: str) -> Iterator[str]:
    """The terms that were predicted for the figure."""
    for node in graph.subjects(PREFIXES["oa"] + "hasTarget", image):
        if _PREDICTION in graph.values(node, _TYPE):
            kind = graph.value(node, PREFIXES["dcterms"] + "subject")
            label = graph.value(node, PREFIXES["rdfs"] + "label")
            yield f"{label} ({kind.lower()})" if kind else label


def _words(
    graph: Graph, mentions: Iterable[Mention]
) -> tuple[tuple[Word, ...], tuple[tuple[str, str], ...]]:
    """The words that led to entities, and the kinds and words of those that led to none."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    unresolved = set()
    for mention in mentions:
        key = mention.kind, mention.word
        for body in mention.bodies:
            found.setdefault(key, {}).setdefault(body, set()).add(mention.match)
        if not mention.bodies:
            unresolved.add(key)
    words = [Word(kind, word, _rows(graph, kind, bodies)) for (kind, word), bodies in found.items()]
    words.sort(key=lambda one: (_ORDER.get(one.kind, 3), one.word.lower(), one.word))
    return tuple(words), tuple(sorted(unresolved))


def _rows(graph: Graph, kind: str, bodies: dict[str, set[str]]) -> tuple[Row, ...]:
    rows = []
    for body, matches in bodies.items():
        taxon = graph.value(body, _SCHEMA + "taxonomicRange")
        organism = graph.value(taxon, _SCHEMA + "name") or (_curie(taxon) if taxon else "")
        link = Link(_curie(body), web_address(graph.value(body, _SCHEMA + "url") or body))
        name = graph.value(body, _SCHEMA + "name")
        rows.append(Row(kind, name, organism, link, ", ".join(sorted(matches))))
    return tuple(sorted(rows, key=lambda one: (one.name.lower() or "~", one.identifier.text)))


def _curie(iri: str) -> str:
    found = split_iri(iri)
    return iri if found is None else f"{found[0].prefix}:{found[1]}"
