"""Prints the pages whose tables are made from declarations; ``--write`` writes the tables again."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rdfexport.mapping import CORE, LINKSET, WIKIPATHWAYS, NodeMap
from rdfexport.terms import FORMS, SPACES

FOLDER = Path(__file__).parent
HEADING = "## Tables\n"


def table(node_map: NodeMap) -> str:
    types = node_map.types
    shown = "by the item" if callable(types) else ", ".join(f"`{curie}`" for curie in types)
    rows = "\n".join(
        f"| `{row.property}` | {'IRI' if row.range == 'iri' else f'`{row.range}`'} |"
        f" {', '.join(f'`{name}`' for name in filter(None, row.field.split('|')))} | {row.note} |"
        for row in node_map.rows
    )
    heading = f"#### {node_map.name}" + (f": {shown}" if shown else "")
    return f"{heading}\n\n| property | range | field | rule |\n|---|---|---|---|\n{rows}\n"


def escaped(pattern: str) -> str:
    return pattern.replace("|", "\\|")


def tables() -> str:
    parts = [
        f"### {name}\n\n" + "\n".join(table(node_map) for node_map in part)
        for name, part in (("core", CORE), ("linkset", LINKSET), ("wp", WIKIPATHWAYS))
    ]
    spaces = "\n".join(
        f"| `{name}` | `{form.base}` | {f'`{form.prefix}`' if form.prefix else ''} |"
        f" {', '.join(f'`{escaped(pattern)}`' for pattern in form.patterns)} |"
        for name, form in FORMS.items()
    )
    parts.append(
        "### Identifier spaces\n\nAn IRI is the base and the identifier, percent-encoded. Where"
        " there is a prefix, the space is a form of the [prefix map](prefixes.md), and the first"
        " pattern is the registry's; an identifier that does not match all patterns makes no IRI"
        " and is reported.\n\n"
        f"| space | base | prefix | patterns |\n|---|---|---|---|\n{spaces}\n"
    )
    return "\n".join(parts)


def mapping() -> str:
    """``mapping.md`` with its tables made again."""
    head, heading, _ = (FOLDER / "mapping.md").read_text("utf-8").partition(HEADING)
    return (
        f"{head}{heading}\n`field` is the record's, in its older and its newer form.\n\n{tables()}"
    )


def with_table(page: str, header: str, rows: list[str]) -> str:
    """A page in which the table with a header has other rows."""
    text = (FOLDER / f"{page}.md").read_text("utf-8")
    table = "\n".join((header, "|---" * (header.count("|") - 1) + "|", *rows)) + "\n"
    return re.sub(re.escape(header) + r"\n(?:\|.*\n)*", lambda _: table, text)


def prefixes() -> str:
    """``prefixes.md`` with the table of identifier spaces made again."""
    rows = [
        f"| {space.title} | `{space.prefix}:{space.example}` | `{space.base}{space.example}` |"
        f" {', '.join(f'`{base}…`' for base in space.forms.values())} |"
        for space in SPACES.values()
        if space.prefix is not None
    ]
    return with_table("prefixes", "| space | CURIE | published IRI | other forms |", rows)


PAGES = {"mapping": mapping, "prefixes": prefixes}

if __name__ == "__main__":
    for name, page in PAGES.items():
        if "--write" in sys.argv:
            (FOLDER / f"{name}.md").write_text(page(), "utf-8")
        else:
            print(page())
