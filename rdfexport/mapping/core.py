"""The core part: record, image and article; with mentions, and the entities they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.mapping.article import ARTICLE
from rdfexport.mapping.declare import IRI, STRING, Always, NodeMap, Row, always_iri
from rdfexport.mapping.entities import ENTITIES
from rdfexport.mapping.mentions import (
    CHEMICAL_MENTION,
    DISEASE_MENTION,
    EXPANSION,
    GENE_MENTION,
    PREDICTION,
)
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.mapping.view import View
    from rdfexport.model import FigureRecord, Taxon

LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
CATALOG = "https://pfocr.wikipathways.org/"
ORGANIZATION = "https://www.wikipathways.org/"
CATALOG_DESCRIPTION = (
    "Pathway figures of published papers, with the genes, chemicals and diseases recognised in"
    " them."
)
DATASET_PROFILE = "https://bioschemas.org/profiles/Dataset/1.0-RELEASE"

# Google's Dataset guidelines: a description has 50 to 5,000 characters.
_DESCRIPTION_MIN, _DESCRIPTION_MAX = 50, 5000


def _description(v: View, _: object) -> str:
    """The caption, with title and paper where it is short, cut where it is long."""
    record = v.record
    text = record.caption or ""
    for more in (
        record.title,
        record.paper_title,
        f"Pathway figure {record.figid}: genes, chemicals and diseases recognised in the image.",
    ):
        if len(text) >= _DESCRIPTION_MIN:
            break
        if more is not None and more not in text:
            text = f"{text} {more}".strip()
    if len(text) > _DESCRIPTION_MAX:
        text = text[: _DESCRIPTION_MAX - 1].rsplit(" ", 1)[0] + "…"
    return text


def _image_location(v: View, record: FigureRecord) -> str | None:
    if record.filename is None:
        return None
    return v.iri("image", f"{record.pmcid}/{record.filename}")


def _made_of_it(v: View, record: FigureRecord) -> list[str]:
    """Curators' models of the figure: pathways of WikiPathways, a network of NDEx."""
    pathways = [v.iri("wikipathways", wpid) for wpid in record.wpids]
    return pathways if record.ndex is None else [*pathways, v.iri("ndex", record.ndex)]


def _entities(v: View, _: object) -> list[str]:
    iri = v.iri
    return [
        *(iri("ncbigene", gene.entrez) for gene in v.genes),
        *(iri(concept.space, concept.id) for concept in v.chemicals),
        *(iri(concept.space, concept.id) for concept in v.diseases),
        *(
            iri("taxon", taxon.id)
            for taxon in v.record.recognised_organisms
            if taxon.id is not None
        ),
    ]


def _taxon_iris(v: View, taxa: Iterable[Taxon]) -> list[str]:
    return [v.iri("taxon", taxon.id) for taxon in taxa if taxon.id is not None]


def taxon_names(taxa: Iterable[Taxon]) -> list[str]:
    return [taxon.name for taxon in taxa if taxon.name is not None]


RECORD = NodeMap(
    "record",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.page,
    types=("schema:Dataset",),
    rows=(
        Row(
            "rdfs:label",
            STRING,
            lambda v, _: v.name,
            "figtitle",
            "without one, number and papertitle",
        ),
        Row("dcterms:identifier", STRING, lambda _, r: r.figid, "figid"),
        Row("dcterms:source", IRI, lambda v, _: v.article, "pmcid"),
        Row(
            "dcterms:license", IRI, Always(LICENSE), note="of the record; the image has none stated"
        ),
        Row(
            "dcterms:conformsTo",
            IRI,
            lambda v, _: DATASET_PROFILE if v.keywords else None,
            note="with keywords, which the profile asks for",
        ),
        Row(
            "schema:name",
            STRING,
            lambda v, _: v.name,
            "figtitle",
            "without one, number and papertitle",
        ),
        Row("schema:description", STRING, _description, "caption", "brought to 50-5000 characters"),
        Row(
            "schema:identifier",
            STRING,
            lambda _, r: filter(None, (r.figid, r.alias)),
            "figid|figid_alias",
        ),
        Row("schema:url", IRI, lambda v, _: v.page, "figid"),
        Row(
            "schema:license", IRI, Always(LICENSE), note="of the record; the image has none stated"
        ),
        Row("schema:isAccessibleForFree", "xsd:boolean", Always("true")),
        Row(
            "schema:keywords",
            STRING,
            lambda v, _: v.keywords,
            "keywords|schema-jsonld",
            "of both, each once; without any, the names of entities and organisms",
        ),
        Row("schema:measurementTechnique", STRING, Always("Pathway Figure OCR")),
        Row("schema:version", STRING, lambda v, _: v.data_version, note="given by --data-version"),
        Row("schema:creator", IRI, Always(ORGANIZATION)),
        Row("schema:includedInDataCatalog", IRI, Always(CATALOG)),
        Row("schema:distribution", IRI, lambda v, _: v.part("page"), "figid"),
        Row("schema:image", IRI, lambda v, _: v.image, "figid"),
        Row("schema:isBasedOn", IRI, lambda v, _: v.image, "figid"),
        Row("schema:citation", IRI, lambda v, _: v.article, "pmcid"),
        Row("schema:about", IRI, lambda v, r: _taxon_iris(v, r.organisms), "organisms"),
        Row(
            "schema:mentions",
            IRI,
            _entities,
            "genes|chemicals|diseases|organisms_ner",
            "each entity once",
        ),
        Row("pfocr:organismName", STRING, lambda _, r: taxon_names(r.organisms), "organisms"),
        Row(
            "pfocr:recognisedOrganismName",
            STRING,
            lambda _, r: taxon_names(r.recognised_organisms),
            "organisms_ner",
        ),
        Row("rdfs:seeAlso", IRI, _made_of_it, "wpid|ndex"),
        Row("schema:subjectOf", IRI, _made_of_it, "wpid|ndex", "the same, for pages"),
        Row("prov:wasGeneratedBy", IRI, lambda v, _: v.activity),
    ),
)

DISTRIBUTION = NodeMap(
    "distribution",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.part("page"),
    types=("schema:DataDownload",),
    rows=(
        Row("schema:contentUrl", IRI, lambda v, _: v.page, "figid"),
        Row("schema:encodingFormat", STRING, Always("text/html")),
    ),
)

IMAGE = NodeMap(
    "image",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.image,
    types=("schema:ImageObject", "foaf:Image", "obo:IAO_0000308"),
    rows=(
        Row("rdfs:label", STRING, lambda v, _: v.name, "figtitle"),
        Row("dcterms:isPartOf", IRI, lambda v, _: v.article, "pmcid"),
        Row("schema:name", STRING, lambda v, _: v.name, "figtitle"),
        Row("schema:caption", STRING, lambda _, r: r.caption, "caption", "in full"),
        Row("schema:creditText", STRING, lambda _, r: r.citation, "reftext"),
        Row("schema:contentUrl", IRI, _image_location, "filename"),
        Row("schema:encodingFormat", STRING, lambda v, _: v.image_format, "filename"),
        Row(
            "schema:url",
            IRI,
            lambda v, r: r.figlink and v.iri("pmc-figure", r.figlink.removeprefix("/pmc")),
            "figlink",
        ),
        Row("schema:isPartOf", IRI, lambda v, _: v.article, "pmcid"),
        Row("pfocr:figureNumber", STRING, lambda _, r: r.number, "number"),
        Row("pfocr:figureType", STRING, lambda _, r: r.figure_type, "figtype"),
        Row(
            "pfocr:pathwayScore",
            "xsd:decimal",
            lambda _, r: r.pathway_score,
            "pathway_score|automl_pathway",
        ),
        Row(
            "pfocr:rankedResultIndex",
            STRING,
            lambda _, r: r.ranked_result_index,
            "pmc_ranked_result_index",
        ),
    ),
)


CATALOG_NODE = NodeMap(
    "catalog",
    items=lambda v: (v.activity,),
    iri=always_iri(CATALOG),
    types=("schema:DataCatalog",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, Always("Pathway Figure OCR (PFOCR)")),
        Row("schema:name", STRING, Always("Pathway Figure OCR (PFOCR)")),
        Row("schema:description", STRING, Always(CATALOG_DESCRIPTION)),
        Row("schema:keywords", STRING, Always("pathway figures", "genes", "chemicals", "diseases")),
        Row("schema:provider", IRI, Always(ORGANIZATION)),
        Row("schema:url", IRI, Always(CATALOG)),
    ),
)

ORGANIZATION_NODE = NodeMap(
    "organization",
    items=lambda v: (v.activity,),
    iri=always_iri(ORGANIZATION),
    types=("schema:Organization",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, Always("WikiPathways")),
        Row("schema:name", STRING, Always("WikiPathways")),
        Row("schema:url", IRI, Always(ORGANIZATION)),
    ),
)

ACTIVITY = NodeMap(
    "activity",
    items=lambda v: (v.activity,),
    iri=lambda _, activity: activity,
    types=("prov:Activity",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, Always(f"export by rdfexport {__version__}")),
        Row("prov:wasAssociatedWith", IRI, lambda v, _: v.agent),
        Row("prov:used", IRI, lambda v, _: v.tables, note="the reference tables"),
    ),
)

AGENT = NodeMap(
    "agent",
    items=lambda v: (v.activity,),
    iri=lambda v, _: v.agent,
    types=("prov:SoftwareAgent",),
    shared=True,
    rows=(Row("rdfs:label", STRING, Always(f"rdfexport {__version__}")),),
)

CORE: Final = (
    RECORD,
    DISTRIBUTION,
    IMAGE,
    ARTICLE,
    GENE_MENTION,
    CHEMICAL_MENTION,
    DISEASE_MENTION,
    EXPANSION,
    PREDICTION,
    *ENTITIES,
    CATALOG_NODE,
    ORGANIZATION_NODE,
    ACTIVITY,
    AGENT,
)
"""The core part: one named graph a figure, whose name is the record's IRI."""
