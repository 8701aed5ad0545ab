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
    "encoding": set(),
    "walk": set(),
    "guard": {"encoding"},
    "model": {"diagnostics"},
    "vocab": {"diagnostics", "errors"},
    "remote": {"diagnostics", "errors", "walk"},
    "read": {"diagnostics", "encoding", "errors", "model", "remote", "version", "vocab", "walk"},
    "normalise": {"diagnostics", "errors", "model", "vocab"},
    "link": {"diagnostics", "errors", "model", "references", "vocab"},
    "mapping": {"model", "vocab", "version"},
    "graph": {"mapping", "model", "vocab"},
    "write": {"diagnostics", "errors", "graph", "version"},
    "validate": {"diagnostics", "encoding", "errors", "guard", "model", "version", "walk"},
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
        "vocab",
        "write",
    },
    "references": {"diagnostics", "encoding", "errors", "version"},
    "query": {"diagnostics", "encoding", "errors", "references", "vocab"},
    "serve": {"diagnostics", "encoding", "errors", "query", "version", "vocab"},
    "store": {"counting", "errors", "guard", "vocab", "walk"},
    "release": {
        "counting",
        "diagnostics",
        "encoding",
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
        "vocab",
        "write",
    },
    "site": {"diagnostics", "encoding", "errors", "model", "release", "version", "vocab", "write"},
    "submit": {
        "diagnostics",
        "encoding",
        "errors",
        "model",
        "release",
        "store",
        "validate",
        "version",
        "vocab",
        "write",
    },
    "cli": {
        "diagnostics",
        "errors",
        "pipeline",
        "query",
        "read",
        "references",
        "release",
        "remote",
        "serve",
        "site",
        "store",
        "submit",
        "validate",
        "version",
        "vocab",
        "walk",
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
