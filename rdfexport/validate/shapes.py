"""Shapes: files → one graph, checked, ready for an engine.

A shapes file may import others (``owl:imports``); nothing is ever fetched for that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from rdfexport.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable

_IMPORTS: Final = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_SHACL: Final = "http://www.w3.org/ns/shacl#"
_PUBLISHED: Final = "https://pfocr.wikipathways.org/shapes/"
_TARGETS: Final = frozenset(
    f"{_SHACL}target{kind}" for kind in ("Class", "Node", "SubjectsOf", "ObjectsOf")
) | {f"{_SHACL}target"}


def shapes_folder() -> Path:
    """The folder of this package's own shapes: in the wheel, or in a checkout beside it."""
    package = Path(__file__).parent.parent
    inside = package / "shapes"
    return inside if inside.is_dir() else package.parent / "shapes"


def default_shapes() -> Path:
    """The file that imports all shapes of this package."""
    return shapes_folder() / "all.ttl"


def load_shapes(files: Iterable[Path]) -> str:
    """Merge shapes files and what they import into one graph.

    Args:
        files: Shapes files in any RDF format that Oxigraph reads.

    Returns:
        The graph as N-Triples.

    Raises:
        CallError: A file cannot be read or parsed, an import is not at hand, a term is not one of
            SHACL's, or there is no shape with a target.
    """
    waiting = [path.resolve() for path in files]
    seen: set[Path] = set()
    triples: dict[ox.Triple, None] = {}
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        for triple in _parse(path):
            triples[triple] = None
            if triple.predicate == _IMPORTS and isinstance(triple.object, ox.NamedNode):
                waiting.append(_import_file(triple.object.value, path))
    own = shapes_folder()
    if any(path.parent != own for path in seen):
        _check(triples, seen)
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return text.decode()


def _parse(path: Path) -> list[ox.Triple]:
    try:
        # Labels of blank nodes mean something within their file only.
        quads = ox.parse(path=path, base_iri=path.as_uri(), rename_blank_nodes=True)
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        raise CallError(f"{path}:{error.lineno}: not a shapes file ({error.msg})") from error
    except (OSError, ValueError) as error:
        raise CallError(f"{path}: cannot be read as a shapes file ({error})") from error


def _import_file(iri: str, importer: Path) -> Path:
    if iri.startswith("file:"):
        path = Path(unquote(urlsplit(iri).path))
    elif iri.startswith(_PUBLISHED):
        path = shapes_folder() / Path(iri.removeprefix(_PUBLISHED)).name
    else:
        raise CallError(f"{importer}: imports {iri}, which is not at hand: give its file instead")
    if not path.is_file():
        raise CallError(f"{importer}: imports {iri}, but there is no file {path}")
    return path.resolve()


def _check(triples: Iterable[ox.Triple], files: Iterable[Path]) -> None:
    """A misspelt parameter or a shape without a target constrains nothing, and says nothing.

    This package's own shapes are held to that by its tests.
    """
    from rdflib import SH  # noqa: PLC0415 - slow to import, and only the parent process checks

    names = ", ".join(str(path) for path in files)
    has_target = False
    for triple in triples:
        predicate = triple.predicate.value
        has_target = has_target or predicate in _TARGETS
        for iri in (predicate, getattr(triple.object, "value", "")):
            if iri.startswith(_SHACL) and iri.removeprefix(_SHACL) not in dir(SH):
                raise CallError(f"{names}: <{iri}> is not a term of SHACL: correct its spelling")
    if not has_target:
        raise CallError(f"{names}: no shape with a target, so nothing would be validated")
