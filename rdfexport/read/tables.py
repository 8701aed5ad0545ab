"""The tables beside a record (``_data/<figid>-genes.tsv`` and the like): bytes → rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError
from rdfexport.limits import MAX_ROWS
from rdfexport.read.columns import missing_columns

if TYPE_CHECKING:
    from rdfexport.model import Kind


def header(text: str) -> tuple[str, ...]:
    """The names of a table's columns."""
    return tuple(text.partition("\n")[0].split("\t"))


def rows(file: str, text: str, kind: Kind) -> list[dict[str, str]]:
    """Read a table: a header line, then one row a line, cells apart by a tab, nothing quoted.

    Columns may stand in any order, others may be among them, and most may be missing (``columns``
    says which may not); row ``i`` is line ``i + 2``.

    Raises:
        RecordError: The header lacks a column that must be there, or has one twice; or a row has
            not as many cells as the header; or there are more rows than a table may have.
    """
    text = text.rstrip("\n")
    if text.count("\n") > MAX_ROWS:
        raise RecordError(
            Location(file, MAX_ROWS + 2), f"more than {MAX_ROWS:,} rows", "restore the table"
        )
    lines = text.split("\n")[1:]
    columns = header(text)
    if (missing := missing_columns(kind, columns)) is not None:
        raise RecordError(Location(file, 1), *missing)
    if len(set(columns)) != len(columns):
        raise RecordError(Location(file, 1), "a column occurs twice", "name each column once")
    table = []
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise RecordError(
                Location(file, number),
                f"{len(cells)} cells where the header has {len(columns)}",
                "give the row one cell a column, NA where nothing is known",
            )
        table.append(dict(zip(columns, cells, strict=True)))
    return table
