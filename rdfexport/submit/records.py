"""A release as the records of a FAIR Data Point: a catalog, a dataset, a distribution a file.

The records conform to the default shapes of FAIR Data Points (``shapes/fdp``). The version is
stated twice: those shapes ask for ``dcat:version``, documentation and WikiPathways' own files have
``dcterms:hasVersion``. The media type is a literal, as in those shapes. The catalog mentions no
release, so that releases may be submitted in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.release.describe.triples import Value, statements, term
from rdfexport.release.describe.wording import (
    ABOUT,
    KEYWORDS,
    LANGUAGE,
    LICENSE,
    MEDIA_TYPES,
    PACKED,
    PUBLISHER,
    PUBLISHER_NAME,
    THEMES,
    file_url,
    release_about,
    release_title,
)
from rdfexport.release.model import FOLDER

if TYPE_CHECKING:
    from rdfexport.release.model import Release, ReleaseFile

Facts = list[tuple[str, Value]]
"""Statements about a record: CURIE of the predicate, and object."""


class Record(NamedTuple):
    """One record.

    Args:
        kind: ``catalog``, ``dataset`` or ``distribution``.
        identifier: Our own IRI for it, by which it is found.
        title: For people.
        facts: Statements about it, except its parent.
    """

    kind: str
    identifier: str
    title: str
    facts: Facts


def catalog(release: Release) -> Record:
    """The catalog of all releases."""
    home = f"{release.base_url}{FOLDER}/"
    facts = _resource("dcat:Catalog", "PFOCR releases", ABOUT, "1.0", home)
    facts.append(("foaf:homePage", ox.NamedNode(home)))
    return Record("catalog", home, "PFOCR releases", facts)


def dataset(release: Release) -> Record:
    """The release."""
    title = release_title(release)
    facts = _resource("dcat:Dataset", title, release_about(release), release.version, release.url)
    facts += [("dcat:theme", ox.NamedNode(theme)) for theme in THEMES]
    facts += [("dcat:keyword", ox.Literal(word)) for word in KEYWORDS]
    facts += [("dcat:landingPage", ox.NamedNode(release.url)), *_dates(release)]
    return Record("dataset", release.url, title, facts)


def distributions(release: Release) -> list[Record]:
    """The files of the release."""
    return [distribution(release, file) for file in release.files]


def distribution(release: Release, file: ReleaseFile) -> Record:
    """A file of the release."""
    url = file_url(release, file.path)
    title = f"{release_title(release)}: {file.title}"
    facts = _resource("dcat:Distribution", title, file.title, release.version, url)
    facts += [
        ("dcat:downloadURL", ox.NamedNode(url)),
        ("dcat:mediaType", ox.Literal(file.media_type)),
        ("dcat:byteSize", ox.Literal(file.size)),
        *_dates(release),
    ]
    if file.package is not None:
        packed = ox.NamedNode(MEDIA_TYPES + quote(file.package))
        facts.append((PACKED.get(file.package, "dcat:packageFormat"), packed))
    return Record("distribution", url, title, facts)


def triples(subject: ox.NamedNode, facts: Facts) -> list[ox.Triple]:
    """The triples of a record, and the name of its publisher."""
    return [
        *statements(subject, *facts),
        *statements(
            ox.NamedNode(PUBLISHER),
            ("rdf:type", term("foaf:Agent")),
            ("foaf:name", ox.Literal(PUBLISHER_NAME)),
        ),
    ]


def _resource(kind: str, title: str, about: str, version: str, identifier: str) -> Facts:
    return [
        ("rdf:type", term(kind)),
        ("rdf:type", term("dcat:Resource")),
        ("dcterms:title", ox.Literal(title)),
        ("rdfs:label", ox.Literal(title)),
        ("dcterms:description", ox.Literal(about)),
        ("dcterms:identifier", ox.Literal(identifier)),
        ("dcterms:publisher", ox.NamedNode(PUBLISHER)),
        ("dcterms:license", ox.NamedNode(LICENSE)),
        ("dcterms:language", ox.NamedNode(LANGUAGE)),
        ("dcat:version", ox.Literal(version)),
        ("dcterms:hasVersion", ox.Literal(version)),
    ]


def _dates(release: Release) -> Facts:
    return [("dcterms:issued", moment(release.version))]


def moment(version: str) -> ox.Literal:
    """The beginning of a release's day, the form of dates in FAIR Data Points."""
    text = f"{version[:4]}-{version[4:6]}-{version[6:]}T00:00:00Z"
    return ox.Literal(text, datatype=term("xsd:dateTime"))
