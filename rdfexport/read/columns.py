"""The columns of the tables beside a record: one table, by which each table is read.

A table needs ``word`` and one column of identifiers; any other column may be missing. Tables of the
database's early years have other columns than today's: those of the rows in the front matter.
``docs/records.md`` shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.model import Kind
from rdfexport.read.fields import ROW_FIELDS
from rdfexport.terms import spaces_of

if TYPE_CHECKING:
    from collections.abc import Container

WORD: Final = "word"
"""The column that no table may lack."""


class Column(NamedTuple):
    """A column of a table.

    Args:
        name: Its name.
        note: What it says.
        absence: What is unknown where a table lacks it; empty for a column that no table may lack.
        is_identifier: Whether it holds identifiers. A table has one such column at least.
    """

    name: str
    note: str
    absence: str
    is_identifier: bool = False


def _concept_columns(kind: Kind) -> tuple[Column, ...]:
    """The columns of chemicals or diseases: one for each identifier space of the kind."""
    spaces = tuple(
        Column(
            space.name,
            f"identifier of {space.label}",
            f"the mentions have no identifier of {space.label}",
            is_identifier=True,
        )
        for space in spaces_of(kind.value)
    )
    return (
        Column(WORD, "the word in the figure", ""),
        *spaces,
        Column("match", "the name at MeSH", "the name that matched is unknown"),
        Column("name", "the name in the other spaces", "without MeSH the entity has no name"),
    )


COLUMNS: Final[dict[Kind, tuple[Column, ...]]] = {
    Kind.GENE: (
        Column("organism_id", "number of the organism", "the organism has no number"),
        Column("organism_name", "the organism", "the organism has no name"),
        Column("organism_group", "group of organisms; not exported", "nothing"),
        Column(WORD, "the word in the figure", ""),
        Column("match", "the name that the word matched", "the name that matched is unknown"),
        Column("ncbigene_symbol", "symbol of the gene", "the gene has no symbol of the record"),
        Column(
            "ncbigene_id",
            "number of the gene at NCBI",
            "the table is one of early years, or not read",
            is_identifier=True,
        ),
        Column("source", "the lexicon of that name", "lexicon and match type are unknown"),
        Column("count_direct", "a count of the figure", "the count is unknown"),
        Column("count_synonym", "a count of the figure", "the count is unknown"),
        Column("count_match", "a count of the figure", "the count is unknown"),
    ),
    Kind.CHEMICAL: _concept_columns(Kind.CHEMICAL),
    Kind.DISEASE: _concept_columns(Kind.DISEASE),
}
"""The columns of today's tables."""

EARLY_COLUMNS: Final[dict[Kind, tuple[str, ...]]] = {
    kind: tuple(field.name for field in fields) for kind, fields in ROW_FIELDS.items()
}
"""Names of the columns of early tables, which are the fields of the rows in the front matter."""

EARLY_IDENTIFIER: Final = {
    Kind.GENE: "entrez",
    Kind.CHEMICAL: "identifier",
    Kind.DISEASE: "identifier",
}
"""Which of them holds identifiers."""

_NAMES: Final = {kind: tuple(column.name for column in own) for kind, own in COLUMNS.items()}
_IDENTIFIERS: Final = {
    kind: tuple(column.name for column in own if column.is_identifier)
    for kind, own in COLUMNS.items()
}


def is_early(kind: Kind, header: Container[str]) -> bool:
    """Whether a table with this header is one of the early years."""
    return EARLY_IDENTIFIER[kind] in header and not any(
        name in header for name in _IDENTIFIERS[kind]
    )


def known_columns(kind: Kind, header: Container[str]) -> tuple[str, ...]:
    """Names of the columns that are read of a table with this header."""
    return EARLY_COLUMNS[kind] if is_early(kind, header) else _NAMES[kind]


def missing_columns(kind: Kind, header: Container[str]) -> tuple[str, str] | None:
    """A problem and its remedy if a header lacks a required column; else None."""
    if WORD not in header:
        return f"the header lacks {WORD}", f"give it the columns {', '.join(_NAMES[kind])}"
    identifiers = (*_IDENTIFIERS[kind], EARLY_IDENTIFIER[kind])
    if not any(name in header for name in identifiers):
        return "the header has no column of identifiers", f"give it {' or '.join(identifiers)}"
    return None
