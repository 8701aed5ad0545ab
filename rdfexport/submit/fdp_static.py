"""``fdp-static:FOLDER``: a FAIR Data Point as files, as WikiPathways publishes its own.

The layout is that of ``wikipathways/fdp``: ``index.ttl`` (the service and the tree below it),
``catalog/index.ttl``, ``dataset/DATE/index.ttl`` and ``dataset/DATE/{rdf,gmt,...}/index.ttl``. This
also conforms to the shapes of the reference FAIR Data Point.
Harvesters follow only ``ldp:contains`` where there is a container, and ``fdpo:metadataCatalog``,
``dcat:dataset`` and ``dcat:distribution`` where there is none, so both lead down.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from rdfexport.errors import UsageError, reading_error
from rdfexport.release.describe.triples import statements, term, turtle
from rdfexport.release.describe.wording import LANGUAGE, LICENSE, PUBLISHER, fragments
from rdfexport.submit.records import Facts, catalog, dataset, distribution, moment, triples
from rdfexport.submit.target import checked_url
from rdfexport.untrusted.encoding import without_mark
from rdfexport.untrusted.parsing import parse
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.release.model import Release, ReleaseFile
    from rdfexport.submit.target import Options

INDEX: Final = "index.ttl"
_PROFILE: Final = "https://www.purl.org/fairtools/fdp/schema/0.1/fdpMetadata"
_VERSION_DIGITS: Final = 8


class StaticFdp:
    """A folder that is published as a FAIR Data Point.

    Args:
        place: The folder.
        options: Where it is published.
    """

    def __init__(self, place: str, options: Options) -> None:
        self._folder = Path(place)
        self._options = options

    def plan(self, release: Release) -> Iterator[str]:
        for name, text in self._changed(release):
            yield f"write {self._folder / name}\n\n{text}"

    def submit(self, release: Release) -> Iterator[str]:
        for name, text in self._changed(release):
            with OutputFile(self._folder / name) as file:
                file.write(text)
            yield f"wrote {self._folder / name}"

    def _changed(self, release: Release) -> Iterator[tuple[str, str]]:
        for name, text in self._files(release).items():
            path = self._folder / name
            try:
                old = path.read_text("utf-8") if path.is_file() else None
            except (OSError, ValueError) as error:
                raise reading_error(error)(f"{path}: cannot be read ({error})") from error
            if old != text:
                yield name, text

    def _files(self, release: Release) -> dict[str, str]:
        """Files by name, those that others point at first."""
        base = checked_url(self._options.fdp(release)) + "/"
        catalog_iri = ox.NamedNode(f"{base}catalog/{INDEX}")
        parts = _Parts(base, release)
        files = {name: turtle(some) for name, some in parts.folders().items()}
        own = parts.dataset()
        files[f"dataset/{release.version}/{INDEX}"] = turtle([*own, *parts.distributions()])
        known = {release.version: own, **self._older(base, release.version)}
        ordered = dict(sorted(known.items(), reverse=True))
        below = [triple for some in ordered.values() for triple in some]
        newest, oldest = next(iter(ordered)), list(ordered)[-1]
        dates = _dates(oldest, newest)
        facts = [
            *catalog(release).facts,
            *dates,
            ("dcterms:issued", moment(oldest)),
            ("dcterms:modified", moment(newest)),
            ("dcterms:isPartOf", ox.NamedNode(base + INDEX)),
            *(("dcat:dataset", _dataset_iri(base, version)) for version in ordered),
        ]
        catalog_triples = triples(catalog_iri, facts)
        files[f"catalog/{INDEX}"] = turtle([*catalog_triples, *below])
        root = _root(base, newest, catalog_iri, dates)
        files[INDEX] = turtle([*root, *catalog_triples, *below])
        return files

    def _older(self, base: str, version: str) -> dict[str, list[ox.Triple]]:
        """The datasets that are there already, without the one of this version."""
        found = {}
        for path in sorted(self._folder.glob(f"dataset/*/{INDEX}")):
            name = path.parent.name
            if name == version or not (name.isdecimal() and len(name) == _VERSION_DIGITS):
                continue
            iri = _dataset_iri(base, name)
            try:
                text = without_mark(path.read_bytes())
                quads = list(parse(text, ox.RdfFormat.TURTLE, base_iri=iri.value))
            except (OSError, SyntaxError, ValueError) as error:
                raise reading_error(error)(f"{path}: cannot be read as Turtle ({error})") from error
            agent = ox.NamedNode(PUBLISHER)
            said = [quad.triple for quad in quads if quad.subject in {iri, agent}]
            if not any(triple.subject == iri for triple in said):
                raise UsageError(
                    f"{path}: does not describe {iri.value}: is this the folder of {base}?"
                )
            found[name] = said
        return found


class _Parts:
    """The dataset of a release and its distributions."""

    def __init__(self, base: str, release: Release) -> None:
        self._base = base
        self._release = release
        self._names = fragments(release.files)
        self._iri = _dataset_iri(base, release.version)

    def dataset(self) -> list[ox.Triple]:
        facts = dataset(self._release).facts
        facts += [
            *_dates(self._release.version, self._release.version),
            ("dcterms:modified", moment(self._release.version)),
            ("dcterms:isPartOf", ox.NamedNode(f"{self._base}catalog/{INDEX}")),
        ]
        facts += [("dcat:distribution", self._place(file)) for file in self._release.files]
        return triples(self._iri, facts)

    def distributions(self) -> list[ox.Triple]:
        return [triple for file in self._release.files for triple in self._distribution(file)]

    def folders(self) -> dict[str, list[ox.Triple]]:
        """Names of files → what they say: one a folder of the release."""
        found: dict[str, list[ox.Triple]] = {}
        for file in self._release.files:
            name = f"dataset/{self._release.version}/{_folder(file)}{INDEX}"
            if name != f"dataset/{self._release.version}/{INDEX}":
                found.setdefault(name, []).extend(self._distribution(file))
        return found

    def _distribution(self, file: ReleaseFile) -> list[ox.Triple]:
        facts = distribution(self._release, file).facts
        facts += [
            *_dates(self._release.version, self._release.version),
            ("dcterms:isPartOf", self._iri),
        ]
        return triples(self._place(file), facts)

    def _place(self, file: ReleaseFile) -> ox.NamedNode:
        where = f"{self._base}dataset/{self._release.version}/{_folder(file)}{INDEX}"
        return ox.NamedNode(f"{where}#{self._names[file.path]}")


def _folder(file: ReleaseFile) -> str:
    parts = PurePosixPath(file.path).parts
    return f"{parts[0]}/" if len(parts) > 1 else ""


def _dataset_iri(base: str, version: str) -> ox.NamedNode:
    return ox.NamedNode(f"{base}dataset/{version}/{INDEX}")


def _dates(first: str, last: str) -> Facts:
    return [
        ("fdpo:metadataIssued", moment(first)),
        ("fdpo:metadataModified", moment(last)),
    ]


def _root(base: str, version: str, catalog_iri: ox.NamedNode, dates: Facts) -> list[ox.Triple]:
    """The service itself. Its version is that of the newest release: an index repeats it."""
    iri, container = ox.NamedNode(base + INDEX), ox.NamedNode(f"{base}{INDEX}#catalogs")
    rights = ox.NamedNode(f"{base}{INDEX}#accessRights")
    title = "PFOCR FAIR Data Point"
    facts: Facts = [
        ("rdf:type", term("dcat:Resource")),
        ("rdf:type", term("dcat:DataService")),
        ("rdf:type", term("fdpo:MetadataService")),
        # The reference spells it the first way, WikiPathways and others the second.
        ("rdf:type", term("fdpo:FAIRDataPoint")),
        ("rdf:type", term("fdpo:FairDataPoint")),
        ("rdfs:label", ox.Literal(title)),
        ("dcterms:title", ox.Literal(title)),
        ("dcterms:description", ox.Literal("Describes the releases of PFOCR.")),
        ("dcterms:identifier", ox.Literal(base + INDEX)),
        ("dcterms:conformsTo", ox.NamedNode(_PROFILE)),
        ("dcat:version", ox.Literal(version)),
        ("dcterms:hasVersion", ox.Literal(version)),
        ("dcterms:license", ox.NamedNode(LICENSE)),
        ("dcterms:publisher", ox.NamedNode(PUBLISHER)),
        ("dcterms:accessRights", rights),
        ("dcterms:language", ox.NamedNode(LANGUAGE)),
        ("dcat:endpointURL", iri),
        *dates,
        ("fdpo:metadataCatalog", catalog_iri),
    ]
    about_rights: Facts = [
        ("rdf:type", term("dcterms:RightsStatement")),
        ("dcterms:description", ox.Literal("This resource has no access restriction")),
    ]
    members: Facts = [
        ("rdf:type", term("ldp:DirectContainer")),
        ("dcterms:title", ox.Literal("PFOCR catalogs")),
        ("ldp:hasMemberRelation", term("fdpo:metadataCatalog")),
        ("ldp:membershipResource", iri),
        ("ldp:contains", catalog_iri),
    ]
    return [
        *triples(iri, facts),
        *statements(rights, *about_rights),
        *statements(container, *members),
    ]
