"""Interprets the mapping: a figure → nodes, and from the same nodes quads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.errors import RecordError
from rdfexport.graph.nodes import CompiledMap, Node
from rdfexport.limits import MAX_TRIPLES
from rdfexport.mapping import (
    CORE,
    DATASET,
    LINKSET,
    PREFIX,
    PREFIX_HOLDER,
    WIKIPATHWAYS,
    Dataset,
    View,
)
from rdfexport.terms import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rdfexport.graph.nodes import Property
    from rdfexport.mapping.view import CompatRule
    from rdfexport.model import FigureRecord

_SINGLE: Final = frozenset({"rdfs:label", "schema:name"})


class Mapper:
    """Makes the graph of a figure.

    Args:
        vocabulary: Prefixes and identifier spaces.
        data_version: The version of the data (``20261110``), stated where it is given.
        compat_rule: Which genes the WikiPathways part shows.
    """

    def __init__(
        self,
        vocabulary: Vocabulary | None = None,
        data_version: str | None = None,
        compat_rule: CompatRule = "strict",
    ) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self._data_version = data_version
        self._compat_rule = compat_rule
        self._core = [CompiledMap(m, self.vocabulary) for m in CORE]
        self._wikipathways = [CompiledMap(m, self.vocabulary) for m in WIKIPATHWAYS]
        self._linkset = {m.name: CompiledMap(m, self.vocabulary) for m in LINKSET}

    def view(self, record: FigureRecord) -> View:
        """The record as the mapping sees it; the other methods take it."""
        return View(record, self.vocabulary, self._data_version, self._compat_rule)

    def core(self, view: View) -> list[Node]:
        """Nodes of the core part; their named graph is ``view.page``.

        Raises:
            RecordError: There are more than 250,000 triples.
        """
        return _distinct(_within_limit(view, self._core))

    def wikipathways(self, view: View) -> list[Node]:
        """Nodes of the WikiPathways part: none where the figure does not satisfy its rule.

        Raises:
            RecordError: There are more than 250,000 triples.
        """
        return _distinct(_within_limit(view, self._wikipathways))

    def field_of(self, view: View, focus: str, path: str | None, value: str | None) -> str:
        """Find the record's field that a statement of its graph comes from.

        Args:
            view: The record.
            focus: IRI of the statement's subject.
            path: IRI of its property, if one is meant.
            value: Its value, if there is one: an IRI, or a literal's text.

        Returns:
            A path as ``Origin.locate`` takes it; ``figid`` where nothing closer is known.
        """
        kinds = (*self._core, *self._wikipathways)
        nodes = [(kind, item) for kind in kinds for item in kind.items(view)]
        rows = [(kind, item) for kind, item in nodes if kind.from_rows]
        made = {kind.iri(view, item) for kind, item in rows}
        # What the record lists was made by a row.
        listed = _source(view, rows, value) if value in made and focus not in made else ""
        about = [(kind, item) for kind, item in nodes if kind.iri(view, item) == focus]
        own = (kind.field(view, item, path) for kind, item in about)
        return (
            listed
            or next(filter(None, own), "")
            or _source(view, nodes, focus)
            or _source(view, nodes, value)
            or "figid"
        )

    def link_items(self, view: View) -> Iterator[tuple[str, ...]]:
        """The items of a figure for the linkset: a kind of node and its values, as text."""
        for name, kind in self._linkset.items():
            for item in kind.items(view):
                yield (name, *item)

    def linkset(self, items: Iterable[tuple[str, ...]]) -> Iterator[Node]:
        """Nodes of the linkset part.

        Args:
            items: Distinct results of ``link_items``, those of one entity side by side.
        """
        current: Node | None = None
        for name, *item in items:
            kind = self._linkset[name]
            node = kind.node(self.vocabulary, kind.restore(item))
            if current is not None and current.iri == node.iri:
                current = _merged(current, node)
                continue
            if current is not None:
                yield current
            current = node
        if current is not None:
            yield current


def description(datasets: Sequence[Dataset], vocabulary: Vocabulary) -> list[Node]:
    """Nodes that say what the parts of an export are, and which prefixes it uses."""
    dataset, holder, prefix = (CompiledMap(m, vocabulary) for m in (DATASET, PREFIX_HOLDER, PREFIX))
    prefixes = sorted(vocabulary.prefixes.items())
    return [
        *(dataset.node(vocabulary, item) for item in datasets),
        holder.node(vocabulary, [name for name, _ in prefixes]),
        *(prefix.node(vocabulary, declaration) for declaration in prefixes),
    ]


def count(nodes: Iterable[Node]) -> int:
    """How many triples the nodes make."""
    return sum(node.size for node in nodes)


def quads(nodes: Iterable[Node], graph: str) -> Iterator[ox.Quad]:
    """The nodes as pyoxigraph quads of the named graph ``graph``."""
    graph_name = ox.NamedNode(graph)
    for node in nodes:
        subject = ox.NamedNode(node.iri)
        for prop, values in node.rows:
            predicate = ox.NamedNode(prop.iri)
            datatype = ox.NamedNode(prop.datatype) if prop.datatype is not None else None
            for value in values:
                term = (
                    ox.NamedNode(value)
                    if prop.is_iri
                    else ox.Literal(value, datatype=datatype, language=prop.language)
                )
                yield ox.Quad(subject, predicate, term, graph_name)


def _source(view: View, nodes: Iterable[tuple[CompiledMap, Any]], value: str | None) -> str:
    """The field that the first statement with a value comes from, if there is one."""
    for kind, item in nodes:
        for prop, values in kind.node(view, item).rows:
            if value in values and (field := kind.field(view, item, prop.iri)):
                return field
    return ""


def _within_limit(view: View, kinds: Iterable[CompiledMap]) -> list[Node]:
    """The nodes of all kinds, unless they make too many triples.

    Raises:
        RecordError: They do.
    """
    nodes, size = [], 0
    for kind in kinds:
        for node in kind.nodes(view):
            nodes.append(node)
            size += node.size
            if size > MAX_TRIPLES:
                raise RecordError(
                    view.record.origin.locate("figid"),
                    f"the figure makes more than {MAX_TRIPLES:,} triples",
                    "restore the record and its tables",
                )
    return nodes


def _distinct(nodes: list[Node]) -> list[Node]:
    """Merge the nodes that have one IRI: MeSH has terms that are a chemical and a disease."""
    by_iri: dict[str, Node] = {}
    for node in nodes:
        known = by_iri.get(node.iri)
        by_iri[node.iri] = node if known is None else _merged(known, node)
    return nodes if len(by_iri) == len(nodes) else list(by_iri.values())


def _merged(first: Node, second: Node) -> Node:
    properties: dict[tuple[str, str | None], Property] = {}
    rows: dict[tuple[str, str | None], dict[str, None]] = {}
    for prop, values in (*first.rows, *second.rows):
        key = (prop.iri, prop.datatype)
        properties.setdefault(key, prop)
        if prop.curie in _SINGLE and key in rows:
            continue
        rows.setdefault(key, {}).update(dict.fromkeys(values))
    merged: list[tuple[Property, Sequence[str]]] = [
        (properties[key], tuple(values)) for key, values in rows.items()
    ]
    return Node(first.iri, merged, sum(map(len, rows.values())))
