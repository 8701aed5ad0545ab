"""The entities that mentions name: genes, chemicals, diseases, taxa. Figures share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.mapping.declare import IRI, STRING, NodeMap, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.mapping.view import Concept, CrossReference, View
    from rdfexport.model import Gene

# The fields of a gene's row: in a record's list, and in a table.
_SYMBOL = "hgnc_symbol|ncbigene_symbol"
ENTREZ_FIELD = "entrez|ncbigene_id"


def local_identifier(v: View, c: Concept | CrossReference) -> str:
    """An identifier as its own database writes it: OBO's with the prefix, MeSH's without."""
    return c.id if c.space == "mesh" else v.curie(c.space, c.id)


def _concept_same(v: View, c: Concept) -> list[str]:
    forms = [v.iri(f"mesh-{form}", c.id) for form in ("https", "http")] if c.space == "mesh" else []
    return forms + [v.iri(match.space, match.id) for match in c.same]


def _gene_same(v: View, g: Gene) -> list[str]:
    forms = [v.iri(f"ncbigene-{form}", g.entrez) for form in ("http", "uniprot")]
    return forms if g.hgnc is None else [*forms, v.iri("hgnc", g.hgnc)]


GENE = NodeMap(
    "gene",
    items=lambda v: v.genes,
    iri=lambda v, g: v.iri("ncbigene", g.entrez),
    types=("schema:Gene",),
    rows=(
        Row("rdfs:label", STRING, lambda _, g: g.symbol, _SYMBOL),
        Row("dcterms:identifier", STRING, lambda _, g: g.entrez, ENTREZ_FIELD),
        Row("schema:name", STRING, lambda _, g: g.symbol, _SYMBOL),
        Row("schema:alternateName", STRING, lambda _, g: g.name, ENTREZ_FIELD, "of HGNC"),
        Row(
            "schema:identifier",
            STRING,
            lambda v, g: [
                v.curie("ncbigene", g.entrez),
                *([] if g.hgnc is None else [v.curie("hgnc", g.hgnc)]),
            ],
            ENTREZ_FIELD,
        ),
        Row("schema:url", IRI, lambda v, g: v.iri("ncbigene-page", g.entrez), ENTREZ_FIELD),
        Row("schema:sameAs", IRI, _gene_same, ENTREZ_FIELD),
        Row(
            "schema:taxonomicRange",
            IRI,
            lambda v, g: g.taxon and g.taxon.id and v.iri("taxon", g.taxon.id),
            "organism_id",
        ),
    ),
    place=lambda v, g: next(
        f"genes[{m.row}]" for m in v.record.genes if any(x.entrez == g.entrez for x in m.genes)
    ),
    shared=True,
)


def _concept_rows(second: str) -> tuple[Row, ...]:
    ids = f"identifier|mesh|{second}"
    return (
        Row("rdfs:label", STRING, lambda _, c: c.label, "match|name"),
        Row("dcterms:identifier", STRING, local_identifier, ids),
        Row("schema:name", STRING, lambda _, c: c.label, "match|name"),
        Row(
            "schema:identifier",
            STRING,
            lambda v, c: [v.curie(c.space, c.id), *(v.curie(m.space, m.id) for m in c.also)],
            ids,
        ),
        Row("schema:url", IRI, lambda v, c: v.iri(f"{c.space}-page", c.id), ids),
        Row("schema:sameAs", IRI, _concept_same, ids),
    )


def _concept_place(kind: str, second: str) -> Callable[[View, Concept], str]:
    def place(v: View, c: Concept) -> str:
        mentions = v.record.chemicals if kind == "chemicals" else v.record.diseases
        attribute = "mesh" if c.space == "mesh" else second
        for mention in mentions:
            concept = getattr(mention, attribute)
            if concept is not None and c.id in (concept.id, *(m.id for m in concept.matches)):
                return f"{kind}[{mention.row}]"
        return kind

    return place


CHEMICAL = NodeMap(
    "chemical",
    items=lambda v: v.chemicals,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=lambda c: (
        ("schema:MolecularEntity",)
        if c.space == "chebi" or any(match.space == "chebi" for match in c.also)
        else ("schema:ChemicalSubstance",)
    ),
    rows=_concept_rows("chebi"),
    place=_concept_place("chemicals", "chebi"),
    shared=True,
)

DISEASE = NodeMap(
    "disease",
    items=lambda v: v.diseases,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=("schema:MedicalCondition",),
    rows=_concept_rows("doid"),
    place=_concept_place("diseases", "doid"),
    shared=True,
)

CROSS_REFERENCE = NodeMap(
    "cross-reference",
    items=lambda v: v.cross_references,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=lambda c: ("skos:Concept",) if c.space == "mesh" else ("owl:Class",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, c: c.label),
        Row("dcterms:identifier", STRING, local_identifier),
        Row(
            "dcterms:isReplacedBy",
            IRI,
            lambda v, c: c.replacement and v.iri("mesh", c.replacement),
            note="a MeSH identifier that NLM has withdrawn",
        ),
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
        Row("schema:identifier", STRING, lambda v, t: v.curie("taxon", t.id)),
        Row(
            "schema:sameAs",
            IRI,
            lambda v, t: [v.iri(f"taxon-{form}", t.id) for form in ("uniprot", "identifiers.org")],
        ),
    ),
)
