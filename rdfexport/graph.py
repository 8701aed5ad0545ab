"""Interprets the mapping: a figure → nodes, and from the same nodes quads and JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.errors import RecordError
from rdfexport.limits import MAX_TRIPLES
from rdfexport.mapping import (
    CORE,
    DATASET,
    IRI,
    LINKSET,
    PREFIX,
    PREFIX_HOLDER,
    WIKIPATHWAYS,
    Dataset,
    NodeMap,
    View,
)
from rdfexport.mapping.declare import Always
from rdfexport.terms import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rdfexport.mapping import Row
    from rdfexport.mapping.declare import Value
    from rdfexport.mapping.view import CompatRule
    from rdfexport.model import FigureRecord

SCHEMA_CONTEXT: Final = "https://schema.org/"
ID_COERCED: Final = frozenset({"contentUrl", "license", "sameAs", "url"})
"""Terms used here whose plain strings the schema.org context reads as IRIs."""

_SINGLE: Final = frozenset({"rdfs:label", "schema:name"})
_MAX_SHARED: Final = 16_000
_SCHEMA: Final = "http://schema.org/"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"
# What the page's document carries besides schema.org: a Bioschemas rule, and orthologous genes.
_CONFORMS_TO: Final = "http://purl.org/dc/terms/conformsTo"
_ORTHOLOGOUS: Final = "http://purl.obolibrary.org/obo/RO_HOM0000017"
IN_DOCUMENT: Final = (_SCHEMA, _RDF_TYPE, _CONFORMS_TO, _ORTHOLOGOUS)
"""Beginnings of the properties that the page's document is made of."""


class Property:
    """A row's property and range, with its text in each syntax worked out once.

    ``nt_open`` and ``nt_close`` are what stands around a value in N-Triples, ``turtle_close`` what
    ends a literal in Turtle; ``term`` is its name in schema.org's JSON-LD context, or None.
    """

    __slots__ = (
        "curie",
        "datatype",
        "iri",
        "is_iri",
        "language",
        "nt_close",
        "nt_open",
        "term",
        "turtle_close",
        "turtle_verb",
    )

    def __init__(self, curie: str, value_range: str, vocabulary: Vocabulary) -> None:
        self.curie = curie
        self.iri = vocabulary.expand(curie)
        self.is_iri = value_range == IRI
        self.language = value_range[1:] if value_range.startswith("@") else None
        plain = self.is_iri or self.language is not None or value_range == "xsd:string"
        self.datatype = None if plain else vocabulary.expand(value_range)
        self.term = curie.partition(":")[2] if curie.startswith("schema:") else None
        opening, closing = ("<", ">") if self.is_iri else ('"', '"')
        tail = f"@{self.language}" if self.language is not None else ""
        self.nt_open = f" <{self.iri}> {opening}"
        self.nt_close = closing + (f"^^<{self.datatype}>" if self.datatype else tail) + " "
        self.turtle_verb = "a" if curie == "rdf:type" else curie
        self.turtle_close = closing + (f"^^{value_range}" if self.datatype else tail)


class Node:
    """A node and what is said of it: properties with their values, in the mapping's order.

    A value is an IRI or a literal's text, as its property's range says; ``size`` is the number of
    values, which is that of triples. ``rendered`` keeps the text of a node that many figures
    share, by syntax; it is None for a node that they do not.
    """

    __slots__ = ("iri", "rendered", "rows", "size")

    def __init__(
        self,
        iri: str,
        rows: list[tuple[Property, Sequence[str]]],
        size: int,
        *,
        shared: bool = False,
    ) -> None:
        self.iri = iri
        self.rows = rows
        self.size = size
        self.rendered: dict[str, str] | None = {} if shared else None


class _CompiledMap:
    """A ``NodeMap`` with its properties made ready."""

    __slots__ = (
        "_fields",
        "_items",
        "_memo",
        "_place",
        "_rows",
        "_type",
        "_types",
        "iri",
        "name",
        "restore",
    )

    def __init__(self, node_map: NodeMap, vocabulary: Vocabulary) -> None:
        self.name = node_map.name
        self.restore = node_map.restore
        self._items = node_map.items
        self.iri = node_map.iri
        self._place = node_map.place
        self._fields = {vocabulary.expand(row.property): row.field for row in node_map.rows}
        self._type = Property("rdf:type", IRI, vocabulary)
        self._types = _type_iris(node_map.types, vocabulary)
        self._rows = [_compiled(row, vocabulary) for row in node_map.rows]
        self._memo: dict[Any, Node] | None = {} if node_map.shared else None

    @property
    def from_rows(self) -> bool:
        """Whether each item comes from a row, not from the record as a whole."""
        return self._place is not None

    def field(self, view: View, item: Any, path: str | None) -> str:
        """The field that a property of an item's node comes from, or the item's own place."""
        place = self._place(view, item) if self._place is not None else ""
        field = self._fields.get(path or "", "")
        return f"{place}.{field}" if place and field else place or field

    def items(self, view: View) -> Iterable[Any]:
        return self._items(view)

    def nodes(self, view: View) -> Iterator[Node]:
        memo = self._memo
        if memo is None:
            for item in self._items(view):
                yield self.node(view, item)
            return
        for item in self._items(view):
            node = memo.get(item)
            if node is None:
                if len(memo) >= _MAX_SHARED:
                    memo.clear()
                node = memo[item] = self.node(view, item)
            yield node

    def node(self, view: View | Vocabulary, item: Any) -> Node:
        rows: list[tuple[Property, Sequence[str]]] = []
        size = 0
        if types := self._types(item):
            rows.append((self._type, types))
            size = len(types)
        for prop, value_of, constant in self._rows:
            if constant is not None:
                rows.append(constant)
                size += len(constant[1])
                continue
            value = value_of(view, item)
            if type(value) is str:
                rows.append((prop, (value,)))
                size += 1
            elif value is not None and (values := tuple(dict.fromkeys(value))):
                rows.append((prop, values))
                size += len(values)
        return Node(self.iri(view, item), rows, size, shared=self._memo is not None)


def _compiled(
    row: Row, vocabulary: Vocabulary
) -> tuple[Property, Callable[[Any, Any], Value], tuple[Property, Sequence[str]] | None]:
    """A row's property, its value, and what it says if it always says the same."""
    prop = Property(row.property, row.range, vocabulary)
    return prop, row.value, (prop, row.value.values) if isinstance(row.value, Always) else None


def _type_iris(
    types: tuple[str, ...] | Callable[[Any], tuple[str, ...]], vocabulary: Vocabulary
) -> Callable[[Any], list[str]]:
    if callable(types):
        return lambda item: [vocabulary.expand(curie) for curie in types(item)]
    constant = [vocabulary.expand(curie) for curie in types]
    return lambda _item: constant


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
        self._core = [_CompiledMap(m, self.vocabulary) for m in CORE]
        self._wikipathways = [_CompiledMap(m, self.vocabulary) for m in WIKIPATHWAYS]
        self._linkset = {m.name: _CompiledMap(m, self.vocabulary) for m in LINKSET}

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
        """What the linkset has to say something of: a kind and its item, as text."""
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
    dataset, holder, prefix = (
        _CompiledMap(m, vocabulary) for m in (DATASET, PREFIX_HOLDER, PREFIX)
    )
    prefixes = sorted(vocabulary.prefixes.items())
    return [
        *(dataset.node(vocabulary, item) for item in datasets),
        holder.node(vocabulary, [name for name, _ in prefixes]),
        *(prefix.node(vocabulary, declaration) for declaration in prefixes),
    ]


def count(nodes: Iterable[Node]) -> int:
    """How many triples the nodes make."""
    return sum(node.size for node in nodes)


def document(page: str, nodes: Sequence[Node]) -> dict[str, Any]:
    """The schema.org part of a figure's core nodes as one JSON-LD document.

    The record ``page`` is the root; every other node stands where it is first named.
    """
    return _Document({node.iri: node for node in nodes}).root(page)


class _Document:
    """Builds one JSON-LD document from the nodes of a figure."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        self._placed: set[str] = set()

    def root(self, iri: str) -> dict[str, Any]:
        return {"@context": SCHEMA_CONTEXT, **self._object(self._nodes[iri])}

    def _object(self, node: Node) -> dict[str, Any]:
        self._placed.add(node.iri)
        result: dict[str, Any] = {"@id": node.iri}
        for prop, values in node.rows:
            if prop.iri == _RDF_TYPE:
                types = [v[len(_SCHEMA) :] for v in values if v.startswith(_SCHEMA)]
                if types:
                    result["@type"] = types[0] if len(types) == 1 else types
            elif prop.term is not None:
                found = [self._value(prop, value) for value in values]
                result[prop.term] = found[0] if len(found) == 1 else found
            elif prop.iri == _CONFORMS_TO:
                result[prop.iri] = {"@id": values[0]}
            elif prop.iri == _ORTHOLOGOUS:
                # By their symbols; a gene that the figure names has its own place.
                named = [{"@id": iri, "name": self._name(iri)} for iri in values]
                if found := [one for one in named if one["name"]]:
                    result[prop.iri] = found[0] if len(found) == 1 else found
        return result

    def _name(self, iri: str) -> str:
        node = self._nodes.get(iri)
        rows = () if node is None else node.rows
        return next((values[0] for prop, values in rows if prop.term == "name"), "")

    def _value(self, prop: Property, value: str) -> Any:
        if not prop.is_iri:
            return value == "true" if prop.datatype == _XSD_BOOLEAN else value
        node = self._nodes.get(value)
        if prop.term in ID_COERCED:
            return value
        if node is not None and value not in self._placed:
            return self._object(node)
        return {"@id": value}


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


def _source(view: View, nodes: Iterable[tuple[_CompiledMap, Any]], value: str | None) -> str:
    """The field that the first statement with a value comes from, if there is one."""
    for kind, item in nodes:
        for prop, values in kind.node(view, item).rows:
            if value in values and (field := kind.field(view, item, prop.iri)):
                return field
    return ""


def _within_limit(view: View, kinds: Iterable[_CompiledMap]) -> list[Node]:
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
