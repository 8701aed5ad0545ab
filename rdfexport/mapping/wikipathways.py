"""The WikiPathways part: a figure's content in the shape of WikiPathways' own RDF.

A figure depicts a pathway for each organism of its genes, as WikiPathways has one pathway for each.
A depicted pathway is typed ``wp:Pathway`` here and nowhere else, and its graph is never
WikiPathways' own, so that counts over their data stay what they are. Forms: WikiPathways' RDF
generator (wikipathways/GPML2RDF) and its vocabulary
(http://vocabularies.wikipathways.org/wp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.mapping.declare import IRI, STRING, Always, NodeMap, Row
from rdfexport.mapping.entities import local_identifier
from rdfexport.terms import SPACES

if TYPE_CHECKING:
    from rdfexport.mapping.view import Pathway, View
    from rdfexport.model import Concept


def _chebi_links(v: View, c: Concept) -> list[str]:
    ids = [c.id] if c.space == "chebi" else []
    ids += [
        match.id
        for match in c.matches
        if match.space == "chebi" and match.predicate in ("skos:exactMatch", "skos:closeMatch")
    ]
    return [v.iri("chebi-identifiers.org", local) for local in ids]


def _pathway_iris(v: View, _: object) -> list[str]:
    return [pathway.iri for pathway in v.pathways]


def _organism(v: View, pathway: Pathway) -> str | None:
    organism = pathway.organism
    return None if organism is None or organism.id is None else v.iri("taxon", organism.id)


def _reference(v: View, _: object) -> str:
    """The article as WikiPathways has it, by its PubMed number; else by that of PubMed Central."""
    pubmed = v.record.pubmed
    return v.article if pubmed is None else v.iri("pubmed", pubmed)


PATHWAY = NodeMap(
    "pathway",
    items=lambda v: v.pathways,
    iri=lambda _, p: p.iri,
    types=("wp:Pathway", "skos:Collection"),
    rows=(
        Row(
            "dc:identifier",
            IRI,
            lambda v, _: v.page,
            note="the record, as WikiPathways has its page",
        ),
        Row("dcterms:identifier", STRING, lambda v, _: v.record.figid, "figid"),
        Row("dc:title", "@en", lambda v, _: v.name, "figtitle"),
        Row("dcterms:description", STRING, lambda v, _: v.record.caption, "caption"),
        Row("dc:source", STRING, Always("PFOCR")),
        Row("wp:organism", IRI, _organism, "genes", "of its genes"),
        Row(
            "wp:organismName",
            STRING,
            lambda _, p: p.organism and p.organism.name,
            "genes",
            "likewise",
        ),
        Row("foaf:page", IRI, lambda v, _: v.page),
        Row("foaf:depiction", IRI, lambda v, _: v.image),
        Row("dcterms:references", IRI, _reference, "pmcid"),
        Row("cito:cites", IRI, _reference, "pmcid"),
    ),
)

DEPICTION = NodeMap(
    "depiction",
    items=lambda v: (v.record,) if v.pathways else (),
    iri=lambda v, _: v.image,
    types=("foaf:Image",),
    rows=(
        Row("foaf:depicts", IRI, _pathway_iris),
        Row("dcterms:format", STRING, lambda v, _: v.image_format),
    ),
)

GENE_PRODUCT = NodeMap(
    "gene product",
    items=lambda v: v.pathway_genes,
    iri=lambda v, g: v.iri("ncbigene", g.entrez),
    types=("wp:DataNode", "wp:GeneProduct"),
    rows=(
        Row("rdfs:label", STRING, lambda _, g: g.symbol),
        Row("dc:identifier", IRI, lambda v, g: v.iri("ncbigene", g.entrez)),
        Row("dcterms:identifier", STRING, lambda _, g: g.entrez),
        Row("dc:source", STRING, Always("Entrez Gene")),
        Row("dcterms:isPartOf", IRI, lambda v, g: v.pathway_of[g.entrez]),
        Row("wp:bdbEntrezGene", IRI, lambda v, g: v.iri("ncbigene", g.entrez)),
        Row(
            "wp:bdbHgncSymbol",
            IRI,
            lambda v, g: g.hgnc_symbol and v.iri("hgnc.symbol", g.hgnc_symbol),
        ),
        Row("wp:bdbEnsembl", IRI, lambda v, g: g.ensembl and v.iri("ensembl", g.ensembl)),
        Row("wp:bdbUniprot", IRI, lambda v, g: [v.iri("uniprot", p) for p in g.uniprot]),
        Row("foaf:page", IRI, lambda v, g: v.address("ncbigene", g.entrez)),
    ),
)

METABOLITE = NodeMap(
    "metabolite",
    items=lambda v: v.chemicals if v.pathways else (),
    iri=lambda v, c: v.iri(c.space, c.id),
    types=("wp:DataNode", "wp:Metabolite"),
    rows=(
        Row("rdfs:label", STRING, lambda _, c: c.label),
        Row("dc:identifier", IRI, lambda v, c: v.iri(c.space, c.id)),
        Row("dcterms:identifier", STRING, local_identifier),
        Row("dc:source", STRING, lambda _, c: SPACES[c.space].label),
        Row("dcterms:isPartOf", IRI, _pathway_iris),
        Row("wp:bdbChEBI", IRI, _chebi_links),
        Row("foaf:page", IRI, lambda v, c: v.address(c.space, c.id)),
    ),
)

REFERENCE = NodeMap(
    "reference",
    items=lambda v: (v.record,) if v.pathways else (),
    iri=_reference,
    types=("wp:PublicationReference",),
    rows=(
        Row("dcterms:identifier", STRING, lambda _, r: r.pubmed or r.pmcid),
        Row("dc:source", STRING, lambda _, r: "PubMed" if r.pubmed else "PMC"),
        Row("dcterms:isPartOf", IRI, _pathway_iris),
        Row(
            "foaf:page",
            IRI,
            lambda v, r: (
                v.address("pubmed", r.pubmed) if r.pubmed else v.iri("pmc-page", r.pmcid + "/")
            ),
        ),
    ),
)

WIKIPATHWAYS: Final = (PATHWAY, DEPICTION, GENE_PRODUCT, METABOLITE, REFERENCE)
