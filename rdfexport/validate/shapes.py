"""Shapes: files → one graph, checked, ready for an engine.

A shapes file may import others (``owl:imports``); nothing is ever fetched for that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlsplit

import pyoxigraph as ox

from rdfexport.errors import DiskError, UnreadableError, UsageError, reading_error
from rdfexport.untrusted.encoding import without_mark
from rdfexport.untrusted.files import check_entities
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_IMPORTS: Final = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_CLASS: Final = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Class")
_SHACL: Final = "http://www.w3.org/ns/shacl#"
_OWN_TERMS: Final = "https://pfocr.wikipathways.org/vocab#"
_PUBLISHED: Final = "https://pfocr.wikipathways.org/shapes/"
_TARGETS: Final = frozenset(
    f"{_SHACL}target{kind}" for kind in ("", "Class", "Node", "SubjectsOf", "ObjectsOf")
)
_EFFECTS: Final = _TARGETS | {f"{_SHACL}deactivated"}
_SHAPE_PROPERTIES: Final = _TARGETS | {f"{_SHACL}path"}


def shapes_folder() -> Path:
    """The folder of this package's own shapes: in the wheel, or in a checkout beside it."""
    package = Path(__file__).parent.parent
    inside = package / "shapes"
    return inside if inside.is_dir() else package.parent / "shapes"


def default_shapes() -> Path:
    """The file that imports all shapes of this package."""
    return shapes_folder() / "all.ttl"


def load_shapes(files: Iterable[Path], vocabulary_base: str = _OWN_TERMS) -> str:
    """Merge shapes files and what they import into one graph.

    Args:
        files: Shapes files in any RDF format that Oxigraph reads.
        vocabulary_base: The namespace that the project's own terms have in the data.

    Returns:
        The graph as N-Triples.

    Raises:
        DiskError: A file cannot be read, or an import is not there.
        UsageError: A file is not named as RDF, or an import is missing.
        UnreadableError: A file cannot be parsed, a term is not one of SHACL's, or there is no shape
            with a target.
    """
    waiting = [path.resolve() for path in files]
    found: dict[Path, list[ox.Triple]] = {}
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found[path] = _parse(path)
        waiting += [
            _import_file(triple.object.value, path)
            for triple in found[path]
            if triple.predicate == _IMPORTS and isinstance(triple.object, ox.NamedNode)
        ]
    own = shapes_folder().resolve()
    _check({path: triples for path, triples in found.items() if path.parent != own})
    triples = dict.fromkeys(triple for triples in found.values() for triple in triples)
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return text.decode().replace(f"<{_OWN_TERMS}", f"<{vocabulary_base}")


def _parse(path: Path) -> list[ox.Triple]:
    try:
        data = without_mark(path.read_bytes())
        check_entities(data)
        form = ox.RdfFormat.from_extension(path.suffix[1:])
        if form is None:
            raise UsageError(f"{path}: its name ends in none that RDF files have")
        # Labels of blank nodes mean something within their file only.
        quads = parse(data, form, base_iri=path.as_uri(), rename_blank_nodes=True)
        return _named([quad.triple for quad in quads], path)
    except SyntaxError as error:
        place = f"{path}:{error.lineno}" if error.lineno is not None else path
        raise UnreadableError(f"{place}: not a shapes file ({error.msg})") from error
    except (OSError, ValueError, MemoryError) as error:
        raise reading_error(error)(f"{path}: cannot be read as a shapes file ({error})") from error


def _named(triples: list[ox.Triple], path: Path) -> list[ox.Triple]:
    """Name the shapes that have none, so that results can say which of them it was."""
    names: dict[object, ox.NamedNode] = {}
    for triple in triples:
        subject = triple.subject
        if triple.predicate.value in _SHAPE_PROPERTIES and isinstance(subject, ox.BlankNode):
            name = ox.NamedNode(f"{path.as_uri()}#{quote(path.stem)}-{len(names) + 1}")
            names.setdefault(subject, name)
    return [
        ox.Triple(
            names.get(triple.subject, triple.subject),
            triple.predicate,
            names.get(triple.object, triple.object),
        )
        for triple in triples
    ]


def _import_file(iri: str, importer: Path) -> Path:
    if iri.startswith("file:"):
        path = Path(unquote(urlsplit(iri).path))
    elif iri.startswith(_PUBLISHED):
        path = shapes_folder() / Path(iri.removeprefix(_PUBLISHED)).name
    else:
        raise UsageError(
            f"{importer}: imports {iri}, which rdfexport does not have: give its file instead"
        )
    if not path.is_file():
        raise DiskError(f"{importer}: imports {iri}, but there is no file {path}")
    return path.resolve()


def _check(files: Mapping[Path, Iterable[ox.Triple]]) -> None:
    """A misspelt parameter or a shape without a target constrains nothing, and goes unnoticed.

    This package's own shapes are held to that by its tests.
    """
    if not files:
        return
    from rdflib import SH  # noqa: PLC0415 - slow to import, and only the parent process checks

    has_effect = False
    for path, triples in files.items():
        for triple in triples:
            # A shape that is a class has its instances as targets; a file may also do no more
            # than switch shapes of others off.
            has_effect |= triple.predicate.value in _EFFECTS or triple.object == _CLASS
            for term in (triple.predicate, triple.object):
                if not isinstance(term, ox.NamedNode) or not term.value.startswith(_SHACL):
                    continue
                if term.value not in SH:
                    raise UnreadableError(
                        f"{path}: {term} is not a term of SHACL: correct its spelling"
                    )
    if not has_effect:
        names = ", ".join(map(str, files))
        raise UnreadableError(f"{names}: no shape with a target, so nothing would be validated")
