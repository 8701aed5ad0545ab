"""A node and what is said of it, and the mapping compiled to make nodes of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rdfexport.mapping import IRI, NodeMap
from rdfexport.mapping.declare import Always

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rdfexport.mapping import Row, View
    from rdfexport.mapping.declare import Value
    from rdfexport.terms import Vocabulary

_MAX_SHARED: Final = 16_000


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


class CompiledMap:
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
