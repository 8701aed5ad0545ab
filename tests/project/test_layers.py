"""Data goes one way: which room of the package may import which."""

from __future__ import annotations

import ast
from collections import Counter
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = ROOT / "rdfexport"

# What a message may show is a question in every room.
EVERYWHERE = {"printing", "limits"}

MAY_IMPORT: dict[str, set[str]] = {
    "printing": set(),
    "diagnostics": set(),
    "errors": {"diagnostics"},
    "version": set(),
    "limits": set(),
    "counting": set(),
    "walk": set(),
    "untrusted": set(),
    "locks": {"errors"},
    "model": {"diagnostics"},
    "terms": {"diagnostics", "errors"},
    "jsonld": {"errors", "terms"},
    "remote": {"diagnostics", "errors", "walk"},
    "net": {"diagnostics", "errors", "untrusted", "version"},
    "read": {"diagnostics", "untrusted", "errors", "model", "terms"},
    "sources": {"diagnostics", "errors", "model", "net", "read", "remote", "terms", "walk"},
    "normalise": {"diagnostics", "errors", "model", "read", "terms"},
    "link": {"diagnostics", "errors", "model", "references", "terms"},
    "mapping": {"model", "terms", "version"},
    "graph": {"errors", "mapping", "model", "terms"},
    "write": {"diagnostics", "errors", "graph", "mapping", "model", "version", "terms"},
    "validate": {"diagnostics", "untrusted", "errors", "model", "net", "terms", "version", "walk"},
    "api": {"graph", "jsonld", "model"},
    "pipeline": {
        "diagnostics",
        "errors",
        "graph",
        "link",
        "locks",
        "mapping",
        "model",
        "net",
        "normalise",
        "read",
        "references",
        "remote",
        "sources",
        "validate",
        "version",
        "terms",
        "write",
    },
    "references": {"diagnostics", "untrusted", "errors", "net", "version"},
    "query": {"diagnostics", "untrusted", "errors", "net", "references", "terms"},
    "pages": {"terms"},
    "serve": {
        "diagnostics",
        "untrusted",
        "errors",
        "jsonld",
        "net",
        "pages",
        "query",
        "terms",
        "version",
    },
    "store": {"counting", "diagnostics", "errors", "untrusted", "locks", "net", "terms", "walk"},
    "release": {
        "counting",
        "diagnostics",
        "untrusted",
        "errors",
        "graph",
        "locks",
        "mapping",
        "model",
        "net",
        "pipeline",
        "references",
        "sources",
        "validate",
        "version",
        "terms",
        "write",
    },
    "site": {
        "diagnostics",
        "untrusted",
        "errors",
        "locks",
        "model",
        "pages",
        "release",
        "version",
        "terms",
        "write",
    },
    "submit": {
        "diagnostics",
        "untrusted",
        "errors",
        "model",
        "net",
        "release",
        "store",
        "validate",
        "version",
        "terms",
        "write",
    },
    "cli": {
        "diagnostics",
        "untrusted",
        "errors",
        "mapping",
        "net",
        "pipeline",
        "query",
        "read",
        "references",
        "release",
        "remote",
        "serve",
        "site",
        "sources",
        "store",
        "submit",
        "validate",
        "version",
        "terms",
        "write",
    },
    "__main__": {"cli"},
    "__init__": {"api", "diagnostics", "errors", "model", "pipeline", "version"},
}


def imported_rooms(path: Path) -> set[str]:
    """The rooms a module imports, for its annotations too."""
    tree = ast.parse(path.read_text("utf-8"))
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
    assert imported_rooms(path) - {room, *EVERYWHERE} <= MAY_IMPORT[room]


# The rooms within ``release``, and which of each other they import. What is directly in it, they
# share.
RELEASE_MAY_IMPORT: dict[str, set[str]] = {
    "tables": set(),
    "describe": set(),
    "diff": set(),
    "make": {"describe", "diff", "tables"},
    "verify": {"describe", "diff", "tables"},
}


@pytest.mark.parametrize("room", RELEASE_MAY_IMPORT)
def test_a_room_of_releases_imports_only_what_it_may(room: str) -> None:
    found = set()
    for path in (PACKAGE / "release" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                _, _, rest = node.module.partition("rdfexport.release.")
                names = [rest] if rest else [alias.name for alias in node.names]
                found |= {name.partition(".")[0] for name in names} & RELEASE_MAY_IMPORT.keys()
    assert found - {room} <= RELEASE_MAY_IMPORT[room]


HTTP_LIBRARIES = {"aiohttp", "http.client", "httpx", "requests", "urllib.request", "urllib3"}


def test_only_net_makes_requests() -> None:
    """One session, one way to try again, one SPARQL client: nothing else imports what it takes."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        if any(f"{name}.".startswith(f"{one}.") for name in names for one in HTTP_LIBRARIES):
            found.add(str(path.relative_to(PACKAGE)))
    assert "net/session.py" in found
    assert {name for name in found if not name.startswith("net/")} == set()


LONGEST_FILE, LONGEST_FUNCTION, LARGEST_ROOM = 400, 60, 16


def test_files_functions_and_rooms_stay_small() -> None:
    large = []
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        if (lines := len(text.splitlines())) > LONGEST_FILE:
            large.append(f"{path}: {lines} lines")
        large += [
            f"{path}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.end_lineno is not None
            and node.end_lineno - node.lineno >= LONGEST_FUNCTION
        ]
    rooms = Counter(path.parent for path in PACKAGE.rglob("*.py"))
    large += [f"{room}: {files} files" for room, files in rooms.items() if files > LARGEST_ROOM]
    assert not large


def run_time_imports(tree: ast.AST) -> Iterator[ast.ImportFrom]:
    """The imports of a module, but for those that only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.ImportFrom):
            yield node
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from run_time_imports(node)


def test_no_modules_import_each_other() -> None:
    names = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
        for path in PACKAGE.rglob("*.py")
    }
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        found = graph.setdefault(name.removesuffix(".__init__"), set())
        for node in run_time_imports(ast.parse(path.read_text("utf-8"))):
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                found.add(inner if {inner, f"{inner}.__init__"} & names.keys() else module)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules
