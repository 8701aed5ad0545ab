"""Fingerprints of rows of the table of mentions, a few bytes a figure.

A figure's rows come from the table, and once more from its core graph. What a graph does not have
is left out of both, after it was checked with the rest of its row.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import orjson

from rdfexport.model import Agreement
from rdfexport.release.tables.mentions import COLUMNS, CONCEPT_SPACES
from rdfexport.terms import SPACES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdfexport.release.tables.mentions import Row

_COLUMN_BYTES: Final = 8
_MESH: Final = "mesh"
_OF_LINKED: Final = frozenset({Agreement.SAME, Agreement.CONTRADICTION})
_OF_OTHER_SYMBOLS: Final = frozenset(Agreement) - {Agreement.SAME}
_OF_UNLINKED: Final = frozenset({None, Agreement.UNKNOWN, Agreement.CONTRADICTION})


def fingerprint(rows: Iterable[Row]) -> bytes:
    """The rows of one figure as a hash of each column, in the order of ``COLUMNS``."""
    hashes = [hashlib.blake2b(digest_size=_COLUMN_BYTES) for _ in COLUMNS]
    for row in _comparable(list(rows)):
        for column, known in zip(COLUMNS, hashes, strict=True):
            known.update(orjson.dumps(row.get(column)) + b"\n")
    return b"".join(known.digest() for known in hashes)


def differing(one: bytes, other: bytes) -> list[str]:
    """The columns in which two fingerprints differ."""
    return [
        column
        for number, column in enumerate(COLUMNS)
        for part in [slice(number * _COLUMN_BYTES, (number + 1) * _COLUMN_BYTES)]
        if one[part] != other[part]
    ]


def _comparable(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows without what a core graph does not have; each row of a mention once."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    symbols: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in _concepts(rows):
        made: dict[str, Any] = {**row, "linked": sorted(_linked(row))}
        if made.get("kind") == "gene":
            made["agreement"] = _agreement(row)
            if made.get("taxon") is None:
                made["organism"] = None  # a graph names organisms by their numbers
            recorded = made.pop("recorded_symbol", None)
            mine = symbols[made.get("mention")]
            if recorded is not None and recorded not in mine:
                mine.append(recorded)
        found.setdefault(tuple(f"{key}={value}" for key, value in made.items()), made)
    seen = set()
    for made in found.values():
        # A mention has its recorded symbols side by side, whichever of its genes they are of.
        mention = made.get("mention")
        if made.get("kind") == "gene" and mention not in seen:
            seen.add(mention)
            made["recorded_symbol"] = symbols[mention]
    return list(found.values())


def _agreement(row: Row) -> object:
    """None where the agreement of a gene fits what else is known of it, else itself.

    Only the reference tables determine which of the other values it is.
    """
    agreement = row.get("agreement")
    fitting: frozenset[Any]
    fitting = _OF_LINKED if row.get("recorded_symbol") is None else _OF_OTHER_SYMBOLS
    if row.get("hgnc") is None:
        # Genes of other organisms are linked, too; a row does not show whether one was.
        fitting = fitting | _OF_UNLINKED
    return None if agreement in fitting else agreement


def _concepts(rows: Sequence[Row]) -> list[Row]:
    """The rows without what a graph does not have of chemicals and diseases.

    It has an entity's identifiers side by side. So it does not show which of them the tables gave
    as well, where another row of the figure has them; nor, where one MeSH number has replaced
    another that the figure names too, which of the two the tables matched.
    """
    beside: set[tuple[Any, str]] = set()
    names: defaultdict[tuple[Any, str], set[str]] = defaultdict(set)
    for row in rows:
        linked = _linked(row)
        for space in CONCEPT_SPACES:
            curie = _curie(space, row.get(space))
            if space != _MESH and curie is not None and curie not in linked:
                beside.add((row.get("kind"), curie))
        if (mesh := row.get(_MESH)) is not None:
            names[row.get("kind"), _present(row)].add(str(mesh))
    made = []
    for row in rows:
        kind = row.get("kind")
        if kind == "gene":
            made.append(row)
            continue
        is_several = row.get(_MESH) is not None and len(names[kind, _present(row)]) > 1
        linked = _linked(row)
        left: Row = dict(row)
        for space in CONCEPT_SPACES:
            curie = _curie(space, row.get(space))
            if curie in linked and (is_several or (kind, curie) in beside):
                left[space] = None
        kept = () if is_several else (c for c in linked if (kind, c) not in beside)
        made.append(left | {"linked": tuple(kept)})
    return made


def _linked(row: Row) -> frozenset[str]:
    return frozenset(row.get("linked") or ())  # type: ignore[call-overload, no-any-return]


def _present(row: Row) -> str:
    """The MeSH identifier of a row, or what has replaced it."""
    mark = f"{_MESH}:"
    replaced = (c.removeprefix(mark) for c in sorted(_linked(row)) if c.startswith(mark))
    return next(replaced, str(row.get(_MESH)))


def _curie(space: str, value: object) -> str | None:
    if value is None:
        return None
    return str(value) if SPACES[space].is_obo else f"{SPACES[space].prefix}:{value}"
