"""The parts of a mapping: kinds of node, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

IRI: Final = "iri"
STRING: Final = "xsd:string"

Value = str | None | Iterable[str]
"""The value of a row: one text, several, or None for nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One property of a node.

    Args:
        property: A CURIE of ``terms.PREFIXES``.
        range: ``IRI``, a datatype as CURIE, or ``@`` and a language.
        value: Gives the value from the figure's view and the item that the node is of.
        field: The record's field it comes from, so that a message about the value can point
            there; several with ``|`` between where the forms of a record name it differently. It
            is sought below the item's place.
        note: The rule, for the documentation.
    """

    property: str
    range: str
    value: Callable[[Any, Any], Value]
    field: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NodeMap:
    """A kind of node.

    Args:
        name: Names the kind in the documentation and in keys.
        items: Gives what there is one such node for.
        iri: Gives the node's IRI.
        types: Its classes as CURIEs, or a function of the item that gives them.
        rows: Its properties.
        place: Where in the record the item stands (``genes[3]``); without it, at the top.
        shared: The node depends on its item alone, so figures share it.
        restore: Makes an item again from the texts it consists of (linkset only).
    """

    name: str
    items: Callable[[Any], Iterable[Any]]
    iri: Callable[[Any, Any], str]
    types: tuple[str, ...] | Callable[[Any], tuple[str, ...]]
    rows: tuple[Row, ...]
    place: Callable[[Any, Any], str] | None = None
    shared: bool = False
    restore: Callable[[Iterable[str]], Any] = tuple


class Always:
    """A value that is the same for every item: ``values`` need not be asked for again."""

    __slots__ = ("values",)

    def __init__(self, *values: str) -> None:
        self.values = values

    def __call__(self, _view: object, _item: object) -> tuple[str, ...]:
        return self.values


def always_iri(iri: str) -> Callable[[Any, Any], str]:
    """An IRI that is the same for every item."""
    return lambda _view, _item: iri
