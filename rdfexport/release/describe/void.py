"""What a release says of itself as RDF: VoID in the three levels of HCLS, and DCAT 3 with PROV.

The levels are nodes of their own (https://www.w3.org/TR/hcls-dataset/): the data set whatever its
version, the release, and each file. Numbers are those that were counted on the files. No node is
blank, so that descriptions of several releases can lie in one store. Nothing here depends on the
hour: the same records make the same release, so the activity has a day and no times.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.mapping.view import table_iri
from rdfexport.release.describe.statistics import ALL
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
    term,
    turtle,
)
from rdfexport.release.model import FOLDER
from rdfexport.terms import GRAPH_BASE, SPACES
from rdfexport.terms import PREFIXES as FIGURE_PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.release.describe.statistics import Measured
    from rdfexport.release.model import Release, ReleaseFile

VOID: Final = f"rdf/{FOLDER}-rdf-void.ttl"
DCAT: Final = "dcat.ttl"

# Kind of a file → the part of the graph that it holds.
_PARTS: Final = {"core": "core", "wp": "wp", "linkset": "linkset", "ntriples": ALL, "nquads": ALL}
_REGISTRY: Final = "https://registry.identifiers.org/registry/"
_VOCABULARIES: Final = {
    "core": ("schema", "dcterms", "foaf", "oa", "pav", "pfocr", "prov", "rdfs", "skos"),
    "linkset": ("foaf", "rdfs", "skos", "wp"),
    "wp": ("dc", "dcterms", "rdfs", "wp"),
}
_IRI: Final = re.compile(r'(?:https?|urn):[^\s<>"{}|\\^`]+')

Value = ox.NamedNode | ox.Literal


def void(release: Release, measured: Measured) -> str:
    """Describe a release as VoID, in the three levels of HCLS: Turtle."""
    return turtle(_Description(release).void(measured))


def dcat(release: Release) -> str:
    """Describe a release, its catalog and all its files as DCAT 3 with PROV: Turtle."""
    return turtle(_Description(release).dcat())


class _Description:
    def __init__(self, release: Release) -> None:
        self._release = release
        self._names = fragments(release.files)
        self._catalog = ox.NamedNode(f"{release.base_url}{FOLDER}/")
        self._dataset = ox.NamedNode(f"{release.base_url}{FOLDER}/#dataset")
        self._version = ox.NamedNode(release.url)
        self._activity = self._at("activity")
        self._software = self._at("software")
        self._publisher = ox.NamedNode(PUBLISHER)

    # --- the files ---------------------------------------------------------------------------

    def void(self, measured: Measured) -> Iterator[ox.Triple]:
        release = self._release
        document = ox.NamedNode(file_url(release, VOID))
        yield from _said(
            document,
            ("rdf:type", term("void:DatasetDescription")),
            ("dcterms:title", _english(f"Description of {release_title(release)}")),
            ("dcterms:description", _english("Of the data set, the release, and its RDF files.")),
            ("dcterms:issued", self._day()),
            ("dcterms:publisher", self._publisher),
            ("pav:createdOn", self._day()),
            ("pav:createdWith", self._software),
            ("foaf:primaryTopic", self._version),
        )
        yield from self._summary()
        files = [file for file in release.files if file.kind in _PARTS]
        yield from self._version_level(files)
        for file in files:
            yield from self._distribution(file)
            yield from self._rdf_distribution(file, measured)
        yield from self._provenance()

    def dcat(self) -> Iterator[ox.Triple]:
        release = self._release
        yield from _said(
            self._catalog,
            ("rdf:type", term("dcat:Catalog")),
            ("dcterms:title", _english("PFOCR releases")),
            ("dcterms:description", _english(ABOUT)),
            ("dcterms:publisher", self._publisher),
            ("dcterms:license", ox.NamedNode(LICENSE)),
            ("dcterms:language", ox.NamedNode(LANGUAGE)),
            ("foaf:homepage", ox.NamedNode(HOME)),
            ("dcat:dataset", self._version),
            ("dcat:dataset", self._dataset),
        )
        yield from self._summary()
        yield from _said(
            self._dataset,
            ("rdf:type", term("dcat:DatasetSeries")),
            ("dcterms:license", ox.NamedNode(LICENSE)),
        )
        yield from self._version_level(release.files)
        yield ox.Triple(self._version, term("dcat:inSeries"), self._dataset)
        for file in release.files:
            yield from self._distribution(file)
        yield from self._provenance()

    # --- the levels --------------------------------------------------------------------------

    def _summary(self) -> Iterator[ox.Triple]:
        """The data set whatever its version: HCLS wants neither version nor date of it."""
        yield from _said(
            self._dataset,
            ("rdf:type", term("dctypes:Dataset")),
            ("dcterms:title", _english("PFOCR")),
            ("dcterms:alternative", _english("Pathway Figure OCR")),
            ("dcterms:description", _english(ABOUT)),
            ("dcterms:publisher", self._publisher),
            ("dcterms:language", ox.NamedNode(LANGUAGE)),
            ("foaf:page", ox.NamedNode(HOME)),
            ("dcterms:bibliographicCitation", ox.Literal(CITATION)),
            ("dcterms:isReferencedBy", ox.NamedNode(ARTICLE)),
            *(("dcat:theme", ox.NamedNode(theme)) for theme in THEMES),
            *(("dcat:keyword", _english(word)) for word in KEYWORDS),
            *self._endpoint(),
        )
        yield from _said(
            self._publisher,
            ("rdf:type", term("foaf:Agent")),
            ("foaf:name", ox.Literal(PUBLISHER_NAME)),
        )

    def _version_level(self, files: Iterable[ReleaseFile]) -> Iterator[ox.Triple]:
        release = self._release
        yield from _said(
            self._version,
            ("rdf:type", term("dctypes:Dataset")),
            ("rdf:type", term("dcat:Dataset")),
            ("dcterms:title", _english(release_title(release))),
            ("dcterms:description", _english(release_about(release))),
            ("dcterms:identifier", ox.Literal(release.url)),
            ("dcterms:publisher", self._publisher),
            ("dcterms:creator", self._publisher),
            ("dcterms:license", ox.NamedNode(LICENSE)),
            ("dcterms:language", ox.NamedNode(LANGUAGE)),
            ("dcterms:issued", self._day()),
            ("dcterms:isVersionOf", self._dataset),
            ("pav:version", ox.Literal(release.version)),
            ("dcat:version", ox.Literal(release.version)),
            ("pav:createdWith", self._software),
            ("dcterms:bibliographicCitation", ox.Literal(CITATION)),
            ("dcterms:isReferencedBy", ox.NamedNode(ARTICLE)),
            ("dcat:landingPage", self._version),
            *(("dcat:theme", ox.NamedNode(theme)) for theme in THEMES),
            *(("dcat:keyword", _english(word)) for word in KEYWORDS),
            *(("dcat:distribution", self._place(file)) for file in files),
            ("prov:wasGeneratedBy", self._activity),
        )
        if release.previous is not None:
            before = ox.NamedNode(f"{release.base_url}{FOLDER}/{release.previous}/")
            yield from _said(
                self._version,
                ("pav:previousVersion", before),
                ("dcat:previousVersion", before),
            )
        if (source := self._source()) is not None:
            yield from _said(self._version, ("prov:wasDerivedFrom", source))

    def _distribution(self, file: ReleaseFile) -> Iterator[ox.Triple]:
        release, place = self._release, self._place(file)
        url = ox.NamedNode(file_url(release, file.path))
        checksum = self._at(f"{self._names[file.path]}-sha256")
        counted = ", ".join(f"{number:,} {what}" for what, number in sorted(file.counts.items()))
        about = f"{file.title}. It holds {counted}." if counted else f"{file.title}."
        yield from _said(
            place,
            ("rdf:type", term("dcat:Distribution")),
            ("dcterms:title", _english(f"{release_title(release)}: {file.title}")),
            ("dcterms:description", _english(about)),
            ("dcterms:creator", self._publisher),
            ("dcterms:publisher", self._publisher),
            ("dcterms:license", ox.NamedNode(LICENSE)),
            ("dcterms:issued", self._day()),
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
        yield from _said(
            checksum,
            ("rdf:type", term("spdx:Checksum")),
            ("spdx:algorithm", term("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", ox.Literal(file.sha256, datatype=term("xsd:hexBinary"))),
        )

    def _rdf_distribution(self, file: ReleaseFile, measured: Measured) -> Iterator[ox.Triple]:
        """What VoID says of a file of RDF; WikiPathways' queries look for title, licence, day."""
        place, name = self._place(file), self._names[file.path]
        kind = _PARTS[file.kind]
        part = measured.parts[kind]
        prefixes = sorted(
            {p for k, some in _VOCABULARIES.items() if kind in {k, ALL} for p in some}
        )
        yield from _said(
            place,
            ("rdf:type", term("void:Dataset")),
            ("pav:createdOn", self._day()),
            ("pav:createdWith", self._software),
            ("void:dataDump", ox.NamedNode(file_url(self._release, file.path))),
            ("void:feature", ox.NamedNode(_format(file.media_type))),
            ("void:uriSpace", ox.Literal(_space_of(measured.example))),
            ("void:exampleResource", ox.NamedNode(measured.example)),
            *(("void:vocabulary", ox.NamedNode(FIGURE_PREFIXES[p])) for p in prefixes),
            *self._endpoint(),
            ("void:triples", _number(part.triples)),
            ("void:entities", _number(part.entities)),
            ("void:distinctSubjects", _number(part.subjects)),
            ("void:distinctObjects", _number(part.objects)),
            ("void:properties", _number(len(part.properties))),
            ("void:classes", _number(len(part.classes))),
        )
        for iri, number in part.classes.items():
            node = self._at(f"{name}-class-{_short(iri)}")
            yield ox.Triple(place, term("void:classPartition"), node)
            yield from _said(
                node, ("void:class", ox.NamedNode(iri)), ("void:entities", _number(number))
            )
        for iri, number in part.properties.items():
            node = self._at(f"{name}-property-{_short(iri)}")
            yield ox.Triple(place, term("void:propertyPartition"), node)
            yield from _said(
                node, ("void:property", ox.NamedNode(iri)), ("void:triples", _number(number))
            )
        for (predicate, space), number in part.links.items():
            yield from self._linkset(file, predicate, space, number)

    def _linkset(
        self, file: ReleaseFile, predicate: str, space: str, number: int
    ) -> Iterator[ox.Triple]:
        name, title, base = SPACES[space].registry, SPACES[space].title, SPACES[space].base
        place, target = self._place(file), ox.NamedNode(f"{_REGISTRY}{name}")
        node = self._at(f"{self._names[file.path]}-links-{predicate.replace(':', '-')}-{name}")
        yield ox.Triple(place, term("void:subset"), node)
        yield from _said(
            node,
            ("rdf:type", term("void:Linkset")),
            ("dcterms:title", _english(f"{release_title(self._release)}: {predicate} to {title}")),
            ("dcterms:description", _english(f"Links to {title} by {predicate}.")),
            ("dcterms:publisher", self._publisher),
            ("dcterms:license", ox.NamedNode(LICENSE)),
            ("pav:createdOn", self._day()),
            ("void:subjectsTarget", place),
            ("void:objectsTarget", target),
            ("void:linkPredicate", term(predicate)),
            ("void:triples", _number(number)),
        )
        yield from _said(
            target,
            ("rdf:type", term("dctypes:Dataset")),
            ("dcterms:title", _english(title)),
            ("void:uriSpace", ox.Literal(base)),
        )

    # --- where it comes from -----------------------------------------------------------------

    def _provenance(self) -> Iterator[ox.Triple]:
        release = self._release
        about = f"{release.figures:,} records exported, {release.rejected:,} left out with faults."
        yield from _said(
            self._activity,
            ("rdf:type", term("prov:Activity")),
            ("rdfs:label", ox.Literal(f"making of {release_title(release)}")),
            ("dcterms:description", _english(about)),
            ("dcterms:date", self._day()),
            ("prov:wasAssociatedWith", self._software),
            ("prov:generated", self._version),
        )
        yield from _said(
            self._software,
            ("rdf:type", term("prov:SoftwareAgent")),
            ("rdfs:label", ox.Literal(f"rdfexport {release.tool_version}")),
            ("pav:version", ox.Literal(release.tool_version)),
        )
        if (source := self._source()) is not None:
            yield from _said(
                source,
                ("rdf:type", term("prov:Entity")),
                ("dcterms:title", _english("The records")),
                ("dcterms:description", _english(f"The records as of {release.source}.")),
            )
        for table in release.tables:
            # As the linkset names and describes it.
            node = ox.NamedNode(table_iri(GRAPH_BASE, table))
            yield ox.Triple(self._activity, term("prov:used"), node)
            yield from _said(
                node,
                ("rdf:type", term("pfocr:ReferenceTable")),
                ("rdf:type", term("prov:Entity")),
                ("rdfs:label", ox.Literal(f"reference table {table.name} of {table.date}")),
                ("dcterms:identifier", ox.Literal(table.content)),
                ("dcterms:date", ox.Literal(table.date, datatype=term("xsd:date"))),
                ("dcterms:source", ox.Literal(table.source)),
                ("dcterms:rights", ox.Literal(table.licence)),
            )

    def _source(self) -> ox.NamedNode | None:
        """The records, by their IRI if that is what they are said to come from."""
        source = self._release.source
        if source is None:
            return None
        return ox.NamedNode(source) if _IRI.fullmatch(source) else self._at("records")

    def _endpoint(self) -> list[tuple[str, Value]]:
        endpoint = self._release.sparql_endpoint
        return [] if endpoint is None else [("void:sparqlEndpoint", ox.NamedNode(endpoint))]

    # --- names -------------------------------------------------------------------------------

    def _day(self) -> ox.Literal:
        return ox.Literal(self._release.issued, datatype=term("xsd:date"))

    def _place(self, file: ReleaseFile) -> ox.NamedNode:
        return self._at(self._names[file.path])

    def _at(self, fragment: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self._release.url}#{fragment}")


def _said(subject: ox.NamedNode, *facts: tuple[str, Value]) -> Iterator[ox.Triple]:
    for predicate, value in facts:
        yield ox.Triple(subject, term(predicate), value)


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _number(number: int) -> ox.Literal:
    return ox.Literal(number)


def _whole(number: int) -> ox.Literal:
    """The type that DCAT 3 wants of sizes (6.8.15)."""
    return ox.Literal(str(number), datatype=term("xsd:nonNegativeInteger"))


def _short(iri: str) -> str:
    """A name for an IRI that can stand in a fragment."""
    for prefix, namespace in FIGURE_PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}-{quote(iri.removeprefix(namespace), safe='')}"
    return quote(iri, safe="")


def _space_of(example: str) -> str:
    return example.rpartition("/")[0] + "/"


def _format(media_type: str) -> str:
    """The name of a serialisation (https://www.w3.org/ns/formats/)."""
    names = {"text/turtle": "Turtle", "application/n-triples": "N-Triples"}
    return "http://www.w3.org/ns/formats/" + names.get(media_type, "N-Quads")
