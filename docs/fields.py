"""Prints the table of fields in ``docs/records.md``; ``--write`` puts it there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rdfexport.model import Kind
from rdfexport.read.fields import RECORD_FIELDS, ROW_FIELDS, SCHEMA_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    if field.is_exported:
        return "yes"
    return "no; a value is reported" if field.is_reported else "no"


def tables() -> str:
    return "\n".join(
        (
            table(RECORD_FIELDS),
            "Within `schema-jsonld`:\n",
            table(SCHEMA_FIELDS),
            "Within a row of `genes`:\n",
            table(ROW_FIELDS[Kind.GENE]),
            "Within a row of `chemicals` or `diseases`:\n",
            table(ROW_FIELDS[Kind.CHEMICAL]),
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
