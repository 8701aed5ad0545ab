"""Comparison of a release's descriptions with its files and ``release.json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.diagnostics import Severity
from rdfexport.errors import is_exhausted
from rdfexport.limits import MAX_DESCRIPTION_BYTES
from rdfexport.release.describe.dcat import DCAT
from rdfexport.release.describe.descriptions import describe
from rdfexport.release.describe.rocrate import CRATE, MANIFEST
from rdfexport.release.describe.schemaorg import DATASET
from rdfexport.release.describe.triples import term
from rdfexport.release.describe.void import VOID
from rdfexport.release.model import CURRENT
from rdfexport.untrusted.parsing import parse
from rdfexport.validate import load_shapes, make_engine, shapes_folder
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rdfexport.release.describe.statistics import Measured
    from rdfexport.release.model import Release

_MAX_REPORTED: Final = 10
# Texts, which another version of this program may word differently.
_WORDED: Final = frozenset(
    term(curie)
    for curie in (
        "dcat:keyword",
        "dcterms:alternative",
        "dcterms:bibliographicCitation",
        "dcterms:description",
        "dcterms:title",
        "rdfs:label",
    )
)
_WORDED_NAMES: Final = frozenset(
    ("@context", "alternateName", "description", "keywords", "measurementTechnique", "name")
)


def problems(release: Release, measured: Measured) -> Iterator[tuple[str, str]]:
    """Compare the descriptions of a release with what its files and ``release.json`` say.

    Everything is compared, except the wording of a release that another version of this program
    made.

    Args:
        release: The release.
        measured: What was counted on its N-Quads file.

    Yields:
        Path of a description, and what is wrong with it.
    """
    folder = release.folder
    expected = describe(release, measured)
    engine = make_engine("shacl", load_shapes([shapes_folder() / "release" / "all.ttl"]))
    is_ours = release.tool_version == __version__
    for path in (VOID, DCAT):
        try:
            text = read_text(folder / path)
            stated = _compared(text, whole=is_ours)
        except (OSError, ValueError, SyntaxError) as error:
            if is_exhausted(error):
                raise
            yield path, f"cannot be read as Turtle ({error})"
            continue
        for result in engine.validate(text, "turtle"):
            if result.severity is Severity.VIOLATION:
                yield path, f"{result.focus}: {result.message}"
        ours = _compared(expected[path], whole=is_ours)
        for what, triples in (("says otherwise", stated - ours), ("does not say", ours - stated)):
            for triple in sorted(triples, key=str)[:_MAX_REPORTED]:
                yield path, f"differs from the files: {what}: {triple}"
    yield from _differences(DATASET, folder, expected, whole=is_ours)
    # Packing lists have the dated names.
    for path in (CRATE, MANIFEST) if folder.name != CURRENT else ():
        yield from _differences(path, folder, expected, whole=is_ours)


def read_text(path: Path) -> str:
    """The text of a description.

    Raises:
        OSError: It cannot be read, or is larger than descriptions are.
        ValueError: It is no text.
    """
    with path.open("rb") as file:
        data = file.read(MAX_DESCRIPTION_BYTES + 1)
    if len(data) > MAX_DESCRIPTION_BYTES:
        raise OSError(f"it has more than {MAX_DESCRIPTION_BYTES >> 20} MiB")
    return data.decode()


def _compared(text: str, *, whole: bool) -> set[ox.Triple]:
    quads = parse(text, ox.RdfFormat.TURTLE)
    return {quad.triple for quad in quads if whole or quad.predicate not in _WORDED}


def _differences(
    path: str, folder: Path, expected: Mapping[str, str], *, whole: bool
) -> Iterator[tuple[str, str]]:
    """Compare a JSON-LD document with the one that is expected."""
    try:
        text = read_text(folder / path)
        stated = json.loads(text, object_pairs_hook=_once)
        found = _by_node(stated, whole=whole)
    except (OSError, ValueError, RecursionError) as error:
        if is_exhausted(error):
            raise
        yield path, f"is not what a release has there ({error})"
        return
    if not isinstance(stated, dict):
        yield path, "is not a JSON object"
        return
    ours = _by_node(json.loads(expected[path]), whole=whole)
    different = sorted(
        name for name in ours.keys() | found.keys() if ours.get(name) != found.get(name)
    )
    for name in different[:_MAX_REPORTED]:
        shown = "lacks it" if name not in found else f"says {found[name]}"
        yield path, f"differs from the files in {name}: {shown}"
    if len(different) > _MAX_REPORTED:
        yield path, f"differs from the files in {len(different) - _MAX_REPORTED} more places"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON.

    Raises:
        ValueError: It has a name twice, of which readers take the one or the other.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a name twice")
    return found


def _by_node(document: Any, *, whole: bool) -> dict[str, str]:
    """The values of a document, by the node that they are of and their path in it."""
    found: dict[str, str] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            if not value:
                found[path] = "{}"
            for name, below in value.items():
                if whole or name not in _WORDED_NAMES:
                    walk(below, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            if not value:
                found[path] = "[]"
            for number, below in enumerate(value):
                own = below.get("@id") if isinstance(below, dict) else None
                walk(below, f"{path}[{number if own is None else own}]")
        else:
            found[path] = json.dumps(value)

    walk(document, "")
    return found
