"""VoID of a release: its RDF files, and the numbers that were counted on them.

https://www.w3.org/TR/void/, in the three levels of https://www.w3.org/TR/hcls-dataset/.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pyoxigraph as ox

from rdfexport.release.describe.levels import Levels
from rdfexport.release.describe.statistics import ALL
from rdfexport.release.describe.triples import english, statements, term, turtle
from rdfexport.release.describe.wording import LICENSE, file_url, release_title
from rdfexport.release.model import FOLDER
from rdfexport.terms import PREFIXES as FIGURE_PREFIXES
from rdfexport.terms import SPACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.release.describe.statistics import Measured
    from rdfexport.release.model import Release, ReleaseFile

VOID: Final = f"rdf/{FOLDER}-rdf-void.ttl"

# Kind of a file → the part of the graph that it holds.
_PARTS: Final = {"core": "core", "wp": "wp", "linkset": "linkset", "ntriples": ALL, "nquads": ALL}
_REGISTRY: Final = "https://registry.identifiers.org/registry/"
_VOCABULARIES: Final = {
    "core": ("schema", "dcterms", "foaf", "oa", "pav", "pfocr", "prov", "rdfs", "skos"),
    "linkset": ("foaf", "rdfs", "skos", "wp"),
    "wp": ("dc", "dcterms", "rdfs", "wp"),
}


def void(release: Release, measured: Measured) -> str:
    """Describe a release as VoID, in the three levels of HCLS: Turtle."""
    return turtle(_triples(Levels(release), measured))


def _triples(levels: Levels, measured: Measured) -> Iterator[ox.Triple]:
    release = levels.release
    document = ox.NamedNode(file_url(release, VOID))
    yield from statements(
        document,
        ("rdf:type", term("void:DatasetDescription")),
        ("dcterms:title", english(f"Description of {release_title(release)}")),
        ("dcterms:description", english("Of the data set, the release, and its RDF files.")),
        ("dcterms:issued", levels.day()),
        ("dcterms:publisher", levels.publisher),
        ("pav:createdOn", levels.day()),
        ("pav:createdWith", levels.software),
        ("foaf:primaryTopic", levels.version),
    )
    yield from levels.summary()
    files = [file for file in release.files if file.kind in _PARTS]
    yield from levels.version_level(files)
    for file in files:
        yield from levels.distribution(file)
        yield from _rdf_distribution(levels, file, measured)
    yield from levels.provenance()


def _rdf_distribution(levels: Levels, file: ReleaseFile, measured: Measured) -> Iterator[ox.Triple]:
    """VoID of an RDF file; queries of WikiPathways look for its title, licence and date."""
    place, name = levels.place(file), levels.names[file.path]
    kind = _PARTS[file.kind]
    part = measured.parts[kind]
    prefixes = sorted({p for k, some in _VOCABULARIES.items() if kind in {k, ALL} for p in some})
    yield from statements(
        place,
        ("rdf:type", term("void:Dataset")),
        ("pav:createdOn", levels.day()),
        ("pav:createdWith", levels.software),
        ("void:dataDump", ox.NamedNode(file_url(levels.release, file.path))),
        ("void:feature", ox.NamedNode(_format(file.media_type))),
        ("void:uriSpace", ox.Literal(_space_of(measured.example))),
        ("void:exampleResource", ox.NamedNode(measured.example)),
        *(("void:vocabulary", ox.NamedNode(FIGURE_PREFIXES[p])) for p in prefixes),
        *levels.endpoint(),
        ("void:triples", _number(part.triples)),
        ("void:entities", _number(part.entities)),
        ("void:distinctSubjects", _number(part.subjects)),
        ("void:distinctObjects", _number(part.objects)),
        ("void:properties", _number(len(part.properties))),
        ("void:classes", _number(len(part.classes))),
    )
    for iri, number in part.classes.items():
        node = levels.at(f"{name}-class-{_short(iri)}")
        yield ox.Triple(place, term("void:classPartition"), node)
        yield from statements(
            node, ("void:class", ox.NamedNode(iri)), ("void:entities", _number(number))
        )
    for iri, number in part.properties.items():
        node = levels.at(f"{name}-property-{_short(iri)}")
        yield ox.Triple(place, term("void:propertyPartition"), node)
        yield from statements(
            node, ("void:property", ox.NamedNode(iri)), ("void:triples", _number(number))
        )
    for (predicate, space), number in part.links.items():
        yield from _linkset(levels, file, predicate, space, number)


def _linkset(
    levels: Levels, file: ReleaseFile, predicate: str, space: str, number: int
) -> Iterator[ox.Triple]:
    name, title, base = SPACES[space].registry, SPACES[space].title, SPACES[space].base
    place, target = levels.place(file), ox.NamedNode(f"{_REGISTRY}{name}")
    node = levels.at(f"{levels.names[file.path]}-links-{predicate.replace(':', '-')}-{name}")
    yield ox.Triple(place, term("void:subset"), node)
    yield from statements(
        node,
        ("rdf:type", term("void:Linkset")),
        ("dcterms:title", english(f"{release_title(levels.release)}: {predicate} to {title}")),
        ("dcterms:description", english(f"Links to {title} by {predicate}.")),
        ("dcterms:publisher", levels.publisher),
        ("dcterms:license", ox.NamedNode(LICENSE)),
        ("pav:createdOn", levels.day()),
        ("void:subjectsTarget", place),
        ("void:objectsTarget", target),
        ("void:linkPredicate", term(predicate)),
        ("void:triples", _number(number)),
    )
    yield from statements(
        target,
        ("rdf:type", term("dctypes:Dataset")),
        ("dcterms:title", english(title)),
        ("void:uriSpace", ox.Literal(base)),
    )


def _number(number: int) -> ox.Literal:
    return ox.Literal(number)


def _short(iri: str) -> str:
    """A name for an IRI that is valid in a fragment."""
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
