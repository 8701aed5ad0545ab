"""Prints the tables of fields and columns in ``docs/records.md``; ``--write`` puts them there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.model import Kind
from rdfexport.read.columns import COLUMNS, EARLY_IDENTIFIER
from rdfexport.read.fields import ANNOTATION_FIELDS, RECORD_FIELDS, ROW_FIELDS, SCHEMA_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.read.columns import Column
    from rdfexport.read.fields import Field

PAGE = Path(__file__).with_name("records.md")
HEADING = "## Fields\n"


def table(fields: Iterable[Field]) -> str:
    rows = "\n".join(
        f"| `{field.name}` | {field.form} | {_exported(field)} | {field.note} |" for field in fields
    )
    heading = "| field | form | exported | what it says, or why it is not exported |"
    return f"{heading}\n|---|---|---|---|\n{rows}\n"


def _exported(field: Field) -> str:
    return "yes" if field.is_exported else "no"


def columns(kind: Kind) -> str:
    rows = "\n".join(
        f"| `{column.name}` | {_needed(column)} | {column.note} | {column.absence} |"
        for column in COLUMNS[kind]
    )
    heading = "| column | needed | what it says | without it |"
    return f"`-{kind}.tsv`:\n\n{heading}\n|---|---|---|---|\n{rows}\n"


def _needed(column: Column) -> str:
    if not column.absence:
        return "yes"
    return "one such column" if column.is_identifier else "no"


def _columns() -> str:
    early = ", ".join(f"`{name}` in {kind}" for kind, name in EARLY_IDENTIFIER.items())
    return (
        "### Columns of the tables\n\nA table needs `word` and one column of identifiers; each"
        " other column may be missing, and then only what it says is unknown. Tables of the"
        " database's early years, which have no other column of identifiers than the one of the"
        f" older form ({early}), are read as the rows above. A column that is not among these is"
        " reported.\n\n" + "\n".join(map(columns, Kind))
    )


def tables() -> str:
    return "\n".join(
        (
            table(RECORD_FIELDS),
            "Within `schema-jsonld`:\n",
            table(SCHEMA_FIELDS),
            "Within an entry of `annotations`:\n",
            table(ANNOTATION_FIELDS),
            "Within a row of `genes`:\n",
            table(ROW_FIELDS[Kind.GENE]),
            "Within a row of `chemicals` or `diseases`:\n",
            table(ROW_FIELDS[Kind.CHEMICAL]),
            _columns(),
        )
    )


def page() -> str:
    """The page with its table made again."""
    head, heading, _ = PAGE.read_text("utf-8").partition(HEADING)
    return (
        f"{head}{heading}\nA field that is not among these is reported, with the nearest name that"
        f" is. `form` is the form of the record that has it.\n\n{tables()}"
    )


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), "utf-8")
    else:
        print(tables())
