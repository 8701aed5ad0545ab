"""DCAT 3 of a release, its catalog and all its files, with PROV.

https://www.w3.org/TR/vocab-dcat-3/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.release.describe.levels import Levels
from rdfexport.release.describe.triples import english, statements, term, turtle
from rdfexport.release.describe.wording import ABOUT, HOME, LANGUAGE, LICENSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.release.model import Release

DCAT: Final = "dcat.ttl"


def dcat(release: Release) -> str:
    """Describe a release, its catalog and all its files as DCAT 3 with PROV: Turtle."""
    return turtle(_triples(Levels(release)))


def _triples(levels: Levels) -> Iterator[ox.Triple]:
    release = levels.release
    yield from statements(
        levels.catalog,
        ("rdf:type", term("dcat:Catalog")),
        ("dcterms:title", english("PFOCR releases")),
        ("dcterms:description", english(ABOUT)),
        ("dcterms:publisher", levels.publisher),
        ("dcterms:license", ox.NamedNode(LICENSE)),
        ("dcterms:language", ox.NamedNode(LANGUAGE)),
        ("foaf:homepage", ox.NamedNode(HOME)),
        ("dcat:dataset", levels.version),
        ("dcat:dataset", levels.dataset),
    )
    yield from levels.summary()
    yield from statements(
        levels.dataset,
        ("rdf:type", term("dcat:DatasetSeries")),
        ("dcterms:license", ox.NamedNode(LICENSE)),
    )
    yield from levels.version_level(release.files)
    yield ox.Triple(levels.version, term("dcat:inSeries"), levels.dataset)
    for file in release.files:
        yield from levels.distribution(file)
    yield from levels.provenance()
