"""The descriptions of a release: which there are, and whether they agree with its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
import pyoxigraph as ox

from rdfexport.diagnostics import Severity
from rdfexport.release import crate, schemaorg, void
from rdfexport.release.about import file_url, term
from rdfexport.release.model import CURRENT
from rdfexport.validate import load_shapes, make_engine, shapes_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rdfexport.release.model import Release
    from rdfexport.release.statistics import Measured

_TURTLE: Final = "text/turtle"
_JSON: Final = "application/ld+json"
_LISTED: Final = {
    void.VOID: (_TURTLE, "The RDF files and what is in them: VoID, HCLS"),
    void.DCAT: (_TURTLE, "The release and all its files: DCAT, PROV"),
    schemaorg.DATASET: (_JSON, "The release for search engines: schema.org"),
}
DESCRIPTIONS: Final = (*_LISTED, crate.CRATE, crate.MANIFEST)
"""Paths of the files that describe a release."""

# What a description says of files and of what was counted in them.
_COUNTED: Final = frozenset(
    term(curie)
    for curie in (
        "dcat:byteSize",
        "dcat:downloadURL",
        "pav:version",
        "spdx:checksumValue",
        "void:classes",
        "void:dataDump",
        "void:distinctObjects",
        "void:distinctSubjects",
        "void:entities",
        "void:properties",
        "void:triples",
    )
)


def describe(release: Release, measured: Measured) -> dict[str, str]:
    """Describe a release.

    Args:
        release: The release.
        measured: What was counted on its N-Quads file.

    Returns:
        Paths of the descriptions → their texts.
    """
    packed = crate.crate(release, _LISTED)
    return {
        void.VOID: void.void(release, measured),
        void.DCAT: void.dcat(release),
        schemaorg.DATASET: schemaorg.dataset(release),
        crate.CRATE: packed,
        crate.MANIFEST: packed,
    }


def problems(release: Release, measured: Measured) -> Iterator[tuple[str, str]]:
    """Compare the descriptions of a release with the files that they describe.

    What they say beside sizes, checksums, addresses and numbers is not compared, since another
    version of this program may word it otherwise.

    Args:
        release: The release.
        measured: What was counted on its N-Quads file.

    Yields:
        Path of a description, and what is wrong with it.
    """
    folder = release.folder
    expected = describe(release, measured)
    engine = make_engine("shacl", load_shapes([shapes_folder() / "release" / "all.ttl"]))
    for path in (void.VOID, void.DCAT):
        try:
            text = (folder / path).read_text("utf-8")
            stated = _counted(text)
        except (OSError, ValueError, SyntaxError) as error:
            yield path, f"cannot be read as Turtle ({error})"
            continue
        for result in engine.validate(text, "turtle"):
            if result.severity is Severity.VIOLATION:
                yield path, f"{result.focus}: {result.message}"
        for triple in sorted(_counted(expected[path]) ^ stated, key=str):
            yield path, f"differs from the files in: {triple}"
    yield from _differences(schemaorg.DATASET, folder, _downloads(release))
    # Packing lists tell the dated names.
    for path in (crate.CRATE, crate.MANIFEST) if folder.name != CURRENT else ():
        yield from _differences(path, folder, {file.path: file.sha256 for file in release.files})


def _counted(text: str) -> set[ox.Triple]:
    quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
    return {quad.triple for quad in quads if quad.predicate in _COUNTED}


def _downloads(release: Release) -> dict[str, str]:
    return {file_url(release, file.path): file.sha256 for file in release.files}


def _differences(path: str, folder: Path, expected: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Compare the checksums in a JSON-LD document with those of the files."""
    try:
        document = orjson.loads((folder / path).read_bytes())
        nodes = document["@graph"] if "@graph" in document else document["distribution"]
        stated = {
            node.get("contentUrl", node["@id"]): node["sha256"]
            for node in nodes
            if "sha256" in node
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        yield path, f"is not what a release has there ({error})"
        return
    for name in sorted(dict(set(stated.items()) ^ set(expected.items()))):
        yield path, f"differs from the files in the checksum of {name}"
