"""Parts of descriptions that VoID and DCAT share.

The levels of HCLS are nodes of their own (https://www.w3.org/TR/hcls-dataset/): the data set
whatever its version, the release, and each file. No node is blank, so that descriptions of several
releases can be in one store. Nothing here depends on the hour: the same records make the same
release, so the activity has a day and no times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.mapping.view import table_iri
from rdfexport.release.describe.triples import Value, english, statements, term
from rdfexport.release.describe.wording import (
    ABOUT,
    ARTICLE,
    CITATION,
    HOME,
    KEYWORDS,
    LANGUAGE,
    LICENSE,
    MEDIA_TYPES,
    PACKED,
    PUBLISHER,
    PUBLISHER_NAME,
    THEMES,
    file_url,
    fragments,
    release_about,
    release_title,
)
from rdfexport.release.model import FOLDER
from rdfexport.terms import GRAPH_BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.release.model import Release, ReleaseFile

_IRI: Final = re.compile(r'(?:https?|urn):[^\s<>"{}|\\^`]+')


class Levels:
    """Triples of a release, its data set and its files.

    Args:
        release: The release.
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self.names = fragments(release.files)
        self.catalog = ox.NamedNode(f"{release.base_url}{FOLDER}/")
        self.dataset = ox.NamedNode(f"{release.base_url}{FOLDER}/#dataset")
        self.version = ox.NamedNode(release.url)
        self._activity = self.at("activity")
        self.software = self.at("software")
        self.publisher = ox.NamedNode(PUBLISHER)

    def summary(self) -> Iterator[ox.Triple]:
        """The data set whatever its version: in HCLS it has neither version nor date."""
        yield from statements(
            self.dataset,
            ("rdf:type", term("dctypes:Dataset")),
            ("dcterms:title", english("PFOCR")),
            ("dcterms:alternative", english("Pathway Figure OCR")),
            ("dcterms:description", english(ABOUT)),
            ("dcterms:publisher", self.publisher),
            ("dcterms:language", ox.NamedNode(LANGUAGE)),
            ("foaf:page", ox.NamedNode(HOME)),
            ("dcterms:bibliographicCitation", ox.Literal(CITATION)),
            ("dcterms:isReferencedBy", ox.NamedNode(ARTICLE)),
            *(("dcat:theme", ox.NamedNode(theme)) for theme in THEMES),
            *(("dcat:keyword", english(word)) for word in KEYWORDS),
            *self.endpoint(),
        )
        yield from statements(
            self.publisher,
            ("rdf:type", term("foaf:Agent")),
            ("foaf:name", ox.Literal(PUBLISHER_NAME)),
        )

    def version_level(self, files: Iterable[ReleaseFile]) -> Iterator[ox.Triple]:
        release = self.release
        yield from statements(
            self.version,
            ("rdf:type", term("dctypes:Dataset")),
            ("rdf:type", term("dcat:Dataset")),
            ("dcterms:title", english(release_title(release))),
            ("dcterms:description", english(release_about(release))),
            ("dcterms:identifier", ox.Literal(release.url)),
            ("dcterms:publisher", self.publisher),
            ("dcterms:creator", self.publisher),
            ("dcterms:license", ox.NamedNode(LICENSE)),
            ("dcterms:language", ox.NamedNode(LANGUAGE)),
            ("dcterms:issued", self.day()),
            ("dcterms:isVersionOf", self.dataset),
            ("pav:version", ox.Literal(release.version)),
            ("dcat:version", ox.Literal(release.version)),
            ("pav:createdWith", self.software),
            ("dcterms:bibliographicCitation", ox.Literal(CITATION)),
            ("dcterms:isReferencedBy", ox.NamedNode(ARTICLE)),
            ("dcat:landingPage", self.version),
            *(("dcat:theme", ox.NamedNode(theme)) for theme in THEMES),
            *(("dcat:keyword", english(word)) for word in KEYWORDS),
            *(("dcat:distribution", self.place(file)) for file in files),
            ("prov:wasGeneratedBy", self._activity),
        )
        if release.previous is not None:
            before = ox.NamedNode(f"{release.base_url}{FOLDER}/{release.previous}/")
            yield from statements(
                self.version,
                ("pav:previousVersion", before),
                ("dcat:previousVersion", before),
            )
        if (source := self._source()) is not None:
            yield from statements(self.version, ("prov:wasDerivedFrom", source))

    def distribution(self, file: ReleaseFile) -> Iterator[ox.Triple]:
        release, place = self.release, self.place(file)
        url = ox.NamedNode(file_url(release, file.path))
        checksum = self.at(f"{self.names[file.path]}-sha256")
        counted = ", ".join(f"{number:,} {what}" for what, number in sorted(file.counts.items()))
        about = f"{file.title}. It holds {counted}." if counted else f"{file.title}."
        yield from statements(
            place,
            ("rdf:type", term("dcat:Distribution")),
            ("dcterms:title", english(f"{release_title(release)}: {file.title}")),
            ("dcterms:description", english(about)),
            ("dcterms:creator", self.publisher),
            ("dcterms:publisher", self.publisher),
            ("dcterms:license", ox.NamedNode(LICENSE)),
            ("dcterms:issued", self.day()),
            ("dcterms:format", ox.Literal(file.media_type)),
            ("pav:version", ox.Literal(release.version)),
            ("dcat:accessURL", url),
            ("dcat:downloadURL", url),
            ("dcat:mediaType", ox.NamedNode(MEDIA_TYPES + quote(file.media_type, safe="/+"))),
            ("dcat:byteSize", _whole(file.size)),
            ("spdx:checksum", checksum),
        )
        if file.package is not None:
            packed = ox.NamedNode(MEDIA_TYPES + quote(file.package, safe="/+"))
            yield ox.Triple(place, term(PACKED[file.package]), packed)
        yield from statements(
            checksum,
            ("rdf:type", term("spdx:Checksum")),
            ("spdx:algorithm", term("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", ox.Literal(file.sha256, datatype=term("xsd:hexBinary"))),
        )

    def provenance(self) -> Iterator[ox.Triple]:
        release = self.release
        about = f"{release.figures:,} records exported, {release.rejected:,} left out with faults."
        yield from statements(
            self._activity,
            ("rdf:type", term("prov:Activity")),
            ("rdfs:label", ox.Literal(f"making of {release_title(release)}")),
            ("dcterms:description", english(about)),
            ("dcterms:date", self.day()),
            ("prov:wasAssociatedWith", self.software),
            ("prov:generated", self.version),
        )
        yield from statements(
            self.software,
            ("rdf:type", term("prov:SoftwareAgent")),
            ("rdfs:label", ox.Literal(f"rdfexport {release.tool_version}")),
            ("pav:version", ox.Literal(release.tool_version)),
        )
        if (source := self._source()) is not None:
            yield from statements(
                source,
                ("rdf:type", term("prov:Entity")),
                ("dcterms:title", english("The records")),
                ("dcterms:description", english(f"The records as of {release.source}.")),
            )
        for table in release.tables:
            # The linkset has the same IRI and description.
            node = ox.NamedNode(table_iri(GRAPH_BASE, table))
            yield ox.Triple(self._activity, term("prov:used"), node)
            yield from statements(
                node,
                ("rdf:type", term("pfocr:ReferenceTable")),
                ("rdf:type", term("prov:Entity")),
                ("rdfs:label", ox.Literal(f"reference table {table.name} of {table.date}")),
                ("dcterms:identifier", ox.Literal(table.content)),
                ("dcterms:date", ox.Literal(table.date, datatype=term("xsd:date"))),
                ("dcterms:source", ox.Literal(table.source)),
                ("dcterms:rights", ox.Literal(table.licence)),
            )

    def endpoint(self) -> list[tuple[str, Value]]:
        endpoint = self.release.sparql_endpoint
        return [] if endpoint is None else [("void:sparqlEndpoint", ox.NamedNode(endpoint))]

    def day(self) -> ox.Literal:
        return ox.Literal(self.release.issued, datatype=term("xsd:date"))

    def place(self, file: ReleaseFile) -> ox.NamedNode:
        return self.at(self.names[file.path])

    def at(self, fragment: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.release.url}#{fragment}")

    def _source(self) -> ox.NamedNode | None:
        """The IRI of the records: their source, if that is an IRI."""
        source = self.release.source
        if source is None:
            return None
        return ox.NamedNode(source) if _IRI.fullmatch(source) else self.at("records")


def _whole(number: int) -> ox.Literal:
    """A size, of the datatype of DCAT 3, section 6.8.15."""
    return ox.Literal(str(number), datatype=term("xsd:nonNegativeInteger"))
