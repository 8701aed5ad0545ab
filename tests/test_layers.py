"""Data goes one way: which room of the package may import which."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rdfexport"

MAY_IMPORT: dict[str, set[str]] = {
    "diagnostics": set(),
    "errors": {"diagnostics"},
    "version": set(),
    "counting": set(),
    "guard": set(),
    "model": {"diagnostics"},
    "terms": {"diagnostics", "errors"},
    "remote": {"diagnostics", "errors"},
    "read": {"diagnostics", "errors", "model", "remote", "version"},
    "normalise": {"diagnostics", "errors", "model", "terms"},
    "link": {"diagnostics", "errors", "model", "references", "terms"},
    "mapping": {"model", "terms", "version"},
    "graph": {"mapping", "model", "terms"},
    "write": {"diagnostics", "errors", "graph", "terms", "version"},
    "validate": {"diagnostics", "errors", "guard", "model", "version"},
    "api": {"graph", "model"},
    "pipeline": {
        "diagnostics",
        "errors",
        "graph",
        "link",
        "mapping",
        "model",
        "normalise",
        "read",
        "references",
        "remote",
        "validate",
        "version",
        "terms",
        "write",
    },
    "references": {"diagnostics", "errors", "version"},
    "query": {"diagnostics", "errors", "references", "terms"},
    "serve": {"diagnostics", "errors", "query", "version", "terms"},
    "store": {"counting", "errors", "guard", "terms"},
    "release": {
        "counting",
        "diagnostics",
        "errors",
        "graph",
        "guard",
        "mapping",
        "model",
        "pipeline",
        "read",
        "references",
        "validate",
        "version",
        "terms",
        "write",
    },
    "site": {"diagnostics", "errors", "model", "release", "version", "terms", "write"},
    "submit": {
        "diagnostics",
        "errors",
        "model",
        "release",
        "store",
        "validate",
        "version",
        "terms",
        "write",
    },
    "cli": {
        "diagnostics",
        "errors",
        "pipeline",
        "query",
        "references",
        "release",
        "remote",
        "serve",
        "site",
        "store",
        "submit",
        "validate",
        "version",
        "terms",
    },
    "__main__": {"cli"},
    "__init__": {"api", "diagnostics", "errors", "model", "pipeline", "version"},
}


def imported_rooms(path: Path) -> set[str]:
    """The rooms a module imports when it runs (annotations do not count)."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    rooms = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rdfexport"):
            _, _, rest = (node.module or "").partition(".")
            rooms |= {rest.partition(".")[0]} if rest else {alias.name for alias in node.names}
    return rooms


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(path)
    assert imported_rooms(path) - {room} <= MAY_IMPORT[room]


def test_no_module_has_outgrown_its_idea() -> None:
    long = {
        str(p): n for p in PACKAGE.rglob("*.py") if (n := len(p.read_text().splitlines())) > 600
    }
    assert not long
