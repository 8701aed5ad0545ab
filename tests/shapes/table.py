"""Writes the tables of `shapes/README.md` from the shapes: `python tests/shapes/table.py`."""

from __future__ import annotations

from pathlib import Path

import rdflib
from rdflib import RDFS, SH

SHAPES = Path(__file__).parent.parent.parent / "shapes"
README = SHAPES / "README.md"
BEGIN, END = "<!-- shapes: written by tests/shapes/table.py -->\n", "<!-- /shapes -->\n"
_SEVERITIES = (SH.Violation, SH.Warning, SH.Info)


def page() -> str:
    """The README with the tables of the shapes as they are now."""
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    return f"{before}{BEGIN}{tables()}\n{END}{rest.partition(END)[2]}"


def tables() -> str:
    """A table a file, with the shapes that make results."""
    return "".join(_table(path) for path in sorted(SHAPES.glob("*.ttl")) if path.name != "all.ttl")


def _table(path: Path) -> str:
    about = path.read_text("utf-8").partition("@prefix")[0]
    lines = [line.removeprefix("# ") for line in about.splitlines()]
    head = ["", f"### {path.name}", "", *lines, "", "| shape | of | severity | rule, and why |"]
    return "\n".join((*head, "|---|---|---|---|", *_rows(rdflib.Graph().parse(path)), ""))


def _rows(graph: rdflib.Graph) -> list[str]:
    rows = []
    for shape, severity in graph.subject_objects(SH.severity):
        name = graph.value(shape, SH.name) or graph.value(shape, RDFS.label)
        why = graph.value(shape, SH.description) or graph.value(shape, RDFS.comment)
        local, level = (str(term).rpartition("#")[2] for term in (shape, severity))
        row = f"| `{local}` | {name} | {level} | {why} |"
        rows.append((_SEVERITIES.index(severity), local, row))
    return [row for _, _, row in sorted(rows)]


if __name__ == "__main__":
    README.write_text(page(), "utf-8")
