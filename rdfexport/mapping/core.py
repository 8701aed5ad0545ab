"""The core part: record, image, article, mentions, and the entities they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.mapping.declare import IRI, STRING, Always, NodeMap, Row, always_iri
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdfexport import model
    from rdfexport.mapping.view import Concept, View
    from rdfexport.model import Taxon

LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"
CATALOG = "https://pfocr.wikipathways.org/"
ORGANIZATION = "https://www.wikipathways.org/"
DATASET_PROFILE = "https://bioschemas.org/profiles/Dataset/1.0-RELEASE"

# Google's Dataset guidelines: a description has 50 to 5,000 characters.
_DESCRIPTION_MIN, _DESCRIPTION_MAX = 50, 5000


def _name(v: View, _: object) -> str:
    record = v.record
    if record.title is not None:
        return record.title
    return ", ".join(filter(None, (record.number, record.paper_title))) or record.figid


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


def _image_location(v: View, _: object) -> str | None:
    path = f"{v.record.pmcid}/bin/{v.record.filename}"
    return v.iri("pmc-image", path) if v.matches("pmc-image", path) else None


def _image_format(v: View, _: object) -> str | None:
    extension = (v.record.filename or "").rpartition(".")[2].lower()
    return {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}.get(extension)


def _ndex(v: View, _: object) -> str | None:
    ndex = v.record.ndex
    return v.iri("ndex", ndex) if ndex is not None and v.matches("ndex", ndex) else None


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


def _taxon_names(taxa: Iterable[Taxon]) -> list[str]:
    return [taxon.name for taxon in taxa if taxon.name is not None]


def _bodies(
    v: View, mesh: model.Concept | None, second_space: str, second: model.Concept | None
) -> list[str]:
    pairs = (("mesh", mesh), (second_space, second))
    return [v.iri(space, concept.id) for space, concept in pairs if concept is not None]


_CURIES = {"mesh": "mesh:", "chebi": "CHEBI:", "doid": "DOID:"}


def _concept_curies(second: str) -> Callable[[View, Concept], list[str]]:
    return lambda _, c: [_CURIES[c.space] + c.id, *(_CURIES[second] + local for local in c.also)]


def _concept_same(v: View, c: Concept) -> list[str]:
    return [v.iri(f"mesh-{form}", c.id) for form in ("https", "http")] if c.space == "mesh" else []


RECORD = NodeMap(
    "record",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.page,
    types=("schema:Dataset",),
    rows=(
        Row("rdfs:label", STRING, _name),
        Row("dcterms:identifier", STRING, lambda v, _: v.record.figid),
        Row("dcterms:source", IRI, lambda v, _: v.article),
        Row("dcterms:license", IRI, Always(LICENSE)),
        Row("dcterms:conformsTo", IRI, Always(DATASET_PROFILE)),
        Row("schema:name", STRING, _name, "figtitle; without one, number and papertitle"),
        Row("schema:description", STRING, _description, "caption, brought to 50-5000 characters"),
        Row(
            "schema:identifier", STRING, lambda v, _: filter(None, (v.record.figid, v.record.alias))
        ),
        Row("schema:url", IRI, lambda v, _: v.page),
        Row("schema:license", IRI, Always(LICENSE), "of the record; the image has none stated"),
        Row("schema:isAccessibleForFree", "xsd:boolean", Always("true")),
        Row("schema:keywords", STRING, lambda v, _: v.record.keywords),
        Row("schema:measurementTechnique", STRING, Always("Pathway Figure OCR")),
        Row("schema:version", STRING, lambda v, _: v.data_version, "given by --data-version"),
        Row("schema:creator", IRI, Always(ORGANIZATION)),
        Row("schema:includedInDataCatalog", IRI, Always(CATALOG)),
        Row("schema:distribution", IRI, lambda v, _: v.part("page")),
        Row("schema:image", IRI, lambda v, _: v.image),
        Row("schema:isBasedOn", IRI, lambda v, _: v.image),
        Row("schema:citation", IRI, lambda v, _: v.article),
        Row("schema:about", IRI, lambda v, _: _taxon_iris(v, v.record.organisms), "organisms"),
        Row("schema:mentions", IRI, _entities, "each entity once"),
        Row("pfocr:organismName", STRING, lambda v, _: _taxon_names(v.record.organisms)),
        Row(
            "pfocr:recognisedOrganismName",
            STRING,
            lambda v, _: _taxon_names(v.record.recognised_organisms),
            "organisms_ner",
        ),
        Row("rdfs:seeAlso", IRI, _ndex, "ndex"),
        Row("prov:wasGeneratedBy", IRI, lambda v, _: v.activity),
    ),
)

DISTRIBUTION = NodeMap(
    "distribution",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.part("page"),
    types=("schema:DataDownload",),
    rows=(
        Row("schema:contentUrl", IRI, lambda v, _: v.page),
        Row("schema:encodingFormat", STRING, Always("text/html")),
    ),
)

IMAGE = NodeMap(
    "image",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.image,
    types=("schema:ImageObject", "foaf:Image", "obo:IAO_0000308"),
    rows=(
        Row("rdfs:label", STRING, _name),
        Row("dcterms:isPartOf", IRI, lambda v, _: v.article),
        Row("schema:name", STRING, _name),
        Row("schema:caption", STRING, lambda v, _: v.record.caption, "caption, in full"),
        Row("schema:creditText", STRING, lambda v, _: v.record.citation, "reftext"),
        Row("schema:contentUrl", IRI, _image_location, "pmcid and filename"),
        Row("schema:encodingFormat", STRING, _image_format),
        Row(
            "schema:url",
            IRI,
            lambda v, _: v.record.figlink and v.iri("pmc-figure", v.record.figlink),
        ),
        Row("schema:isPartOf", IRI, lambda v, _: v.article),
        Row("pfocr:figureNumber", STRING, lambda v, _: v.record.number),
        Row("pfocr:figureType", STRING, lambda v, _: v.record.figure_type),
        Row("pfocr:pathwayScore", "xsd:decimal", lambda v, _: v.record.pathway_score),
        Row("pfocr:rankedResultIndex", STRING, lambda v, _: v.record.ranked_result_index),
    ),
)

ARTICLE = NodeMap(
    "article",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.article,
    types=("schema:ScholarlyArticle",),
    rows=(
        Row("rdfs:label", STRING, lambda v, _: v.record.paper_title or v.record.pmcid),
        Row(
            "dcterms:identifier", STRING, lambda v, _: filter(None, (v.record.pmcid, v.record.doi))
        ),
        Row("dcterms:issued", "xsd:gYear", lambda v, _: v.record.year),
        Row("dcterms:bibliographicCitation", STRING, lambda v, _: v.record.citation),
        Row("prism:publicationName", STRING, lambda v, _: v.record.journal),
        Row("pfocr:journalAbbreviation", STRING, lambda v, _: v.record.journal_abbreviation),
        Row("dc:publisher", STRING, lambda v, _: v.record.publisher),
        Row("pfocr:doiSource", STRING, lambda v, _: v.record.doi_field, "doi or reftext"),
        Row("schema:name", STRING, lambda v, _: v.record.paper_title or v.record.pmcid),
        Row("schema:headline", STRING, lambda v, _: v.record.paper_title),
        Row("schema:identifier", STRING, lambda v, _: v.record.pmcid),
        Row("schema:datePublished", "schema:Date", lambda v, _: v.record.year),
        Row("schema:url", IRI, lambda v, _: v.iri("pmc-page", v.record.pmcid + "/")),
        Row("schema:sameAs", IRI, lambda v, _: v.record.doi and v.iri("doi", v.record.doi)),
    ),
)

GENE = NodeMap(
    "gene",
    items=lambda v: v.genes,
    iri=lambda v, g: v.iri("ncbigene", g.entrez),
    types=("schema:Gene",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, g: g.symbol),
        Row("dcterms:identifier", STRING, lambda _, g: g.entrez),
        Row("schema:name", STRING, lambda _, g: g.symbol),
        Row("schema:identifier", STRING, lambda _, g: "ncbigene:" + g.entrez),
        Row("schema:url", IRI, lambda v, g: v.iri("ncbigene-page", g.entrez)),
        Row(
            "schema:sameAs",
            IRI,
            lambda v, g: [v.iri(f"ncbigene-{form}", g.entrez) for form in ("http", "uniprot")],
        ),
        Row(
            "schema:taxonomicRange",
            IRI,
            lambda v, g: g.taxon and g.taxon.id and v.iri("taxon", g.taxon.id),
        ),
    ),
)

CHEMICAL = NodeMap(
    "chemical",
    items=lambda v: v.chemicals,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=lambda c: (
        ("schema:MolecularEntity",)
        if c.space == "chebi" or c.also
        else ("schema:ChemicalSubstance",)
    ),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, c: c.label),
        Row("dcterms:identifier", STRING, lambda _, c: c.id),
        Row("schema:name", STRING, lambda _, c: c.label),
        Row("schema:identifier", STRING, _concept_curies("chebi")),
        Row("schema:url", IRI, lambda v, c: v.iri(f"{c.space}-page", c.id)),
        Row("schema:sameAs", IRI, _concept_same),
    ),
)

DISEASE = NodeMap(
    "disease",
    items=lambda v: v.diseases,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=("schema:MedicalCondition",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, c: c.label),
        Row("dcterms:identifier", STRING, lambda _, c: c.id),
        Row("schema:name", STRING, lambda _, c: c.label),
        Row("schema:identifier", STRING, _concept_curies("doid")),
        Row("schema:url", IRI, lambda v, c: v.iri(f"{c.space}-page", c.id)),
        Row("schema:sameAs", IRI, _concept_same),
    ),
)

CROSS_REFERENCE = NodeMap(
    "cross-reference",
    items=lambda v: v.cross_references,
    iri=lambda v, c: v.iri(c[0], c[1]),
    types=("owl:Class",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, c: c[2]),
        Row("dcterms:identifier", STRING, lambda _, c: c[1]),
    ),
)

TAXON = NodeMap(
    "taxon",
    items=lambda v: v.taxa,
    iri=lambda v, t: v.iri("taxon", t.id),
    types=("schema:Taxon",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, t: t.name),
        Row("dcterms:identifier", STRING, lambda _, t: t.id),
        Row("schema:name", STRING, lambda _, t: t.name),
        Row("schema:identifier", STRING, lambda _, t: "NCBITaxon:" + t.id),
        Row(
            "schema:sameAs",
            IRI,
            lambda v, t: [v.iri(f"taxon-{form}", t.id) for form in ("uniprot", "identifiers.org")],
        ),
    ),
)


def _mention_rows(subject: str, *own: Row) -> tuple[Row, ...]:
    return (
        Row("rdfs:label", STRING, lambda _, m: m.word),
        Row("oa:motivatedBy", IRI, Always("http://www.w3.org/ns/oa#identifying")),
        Row("oa:hasTarget", IRI, lambda v, _: v.image),
        *own,
        Row("dcterms:subject", STRING, Always(subject)),
        Row("dcterms:source", STRING, lambda _, m: m.source, "the lexicon"),
        Row("pfocr:word", STRING, lambda _, m: m.word, "as read in the image"),
        Row("pfocr:symbol", STRING, lambda _, m: m.match, "the lexicon's term it matched"),
        Row("pfocr:matchType", IRI, lambda v, m: m.match_type and v.term(m.match_type.value)),
        Row("prov:wasDerivedFrom", IRI, lambda v, _: v.page),
    )


GENE_MENTION = NodeMap(
    "gene mention",
    items=lambda v: v.record.genes,
    iri=lambda v, m: v.part("m-" + m.id),
    types=("oa:Annotation",),
    rows=_mention_rows(
        "Gene",
        Row("oa:hasBody", IRI, lambda v, m: [v.iri("ncbigene", g.entrez) for g in m.genes]),
        Row("pfocr:expandedFrom", IRI, lambda v, m: m.group and v.part("x-" + m.group)),
        Row("pfocr:countDirect", "xsd:integer", lambda _, m: m.count_direct),
        Row("pfocr:countSynonym", "xsd:integer", lambda _, m: m.count_synonym),
        Row("pfocr:countMatch", "xsd:integer", lambda _, m: m.count_match),
    ),
)

CHEMICAL_MENTION = NodeMap(
    "chemical mention",
    items=lambda v: v.record.chemicals,
    iri=lambda v, m: v.part("m-" + m.id),
    types=("oa:Annotation",),
    rows=_mention_rows(
        "Chemical", Row("oa:hasBody", IRI, lambda v, m: _bodies(v, m.mesh, "chebi", m.chebi))
    ),
)

DISEASE_MENTION = NodeMap(
    "disease mention",
    items=lambda v: v.record.diseases,
    iri=lambda v, m: v.part("m-" + m.id),
    types=("oa:Annotation",),
    rows=_mention_rows(
        "Disease", Row("oa:hasBody", IRI, lambda v, m: _bodies(v, m.mesh, "doid", m.doid))
    ),
)

EXPANSION = NodeMap(
    "expansion",
    items=lambda v: v.expansions,
    iri=lambda v, m: v.part("x-" + m.group),
    types=("pfocr:FamilyExpansion",),
    rows=(
        Row("rdfs:label", STRING, lambda _, m: m.match or m.word),
        Row("oa:hasTarget", IRI, lambda v, _: v.image),
        Row("pfocr:word", STRING, lambda _, m: m.word),
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
    GENE,
    CHEMICAL,
    DISEASE,
    CROSS_REFERENCE,
    TAXON,
    CATALOG_NODE,
    ORGANIZATION_NODE,
    ACTIVITY,
    AGENT,
)
"""The core part: one named graph a figure, whose name is the record's IRI."""
