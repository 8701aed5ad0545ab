"""Prints the list at the end of ``docs/queries.md``; ``--write`` puts it there."""

from __future__ import annotations

import sys
from pathlib import Path

from rdfexport.query import KINDS, bundled, bundled_names

PAGE = Path(__file__).with_name("queries.md")
HEADING = "## The queries\n"


def section(name: str) -> str:
    query = bundled(name)
    options = "".join(
        f" --param {parameter.name}={example}"
        for parameter in query.parameters
        if not parameter.is_optional
        for example in parameter.examples
    )
    text = (
        f"### {name}\n\n**{query.title}.** {query.about}\n\n"
        f"```console\n$ rdfexport query {name}{options}\n```\n"
    )
    if query.parameters:
        rows = "\n".join(
            f"| `{parameter.name}` | {parameter.about} | {KINDS[parameter.kind].about}"
            + (f"; else {parameter.examples[0]} |" if parameter.is_optional else " |")
            for parameter in query.parameters
        )
        text += f"\n| parameter | is | given as |\n|---|---|---|\n{rows}\n"
    return text


def page() -> str:
    """The page with its list made again."""
    head, heading, _ = PAGE.read_text("utf-8").partition(HEADING)
    return f"{head}{heading}\n" + "\n".join(map(section, bundled_names()))


PAGES = {"queries": page}

if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page())
