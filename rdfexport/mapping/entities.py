"""The entities that mentions name: genes, chemicals, diseases, taxa. Figures share them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdfexport.mapping.declare import IRI, STRING, NodeMap, Row
from rdfexport.mapping.view import same_matches
from rdfexport.model import Kind
from rdfexport.terms import ORTHOLOGOUS, SPACES, spaces_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.mapping.view import CrossReference, View
    from rdfexport.model import Concept, Gene

# The fields of a gene's row: in a record's list, and in a table.
_SYMBOL = "hgnc_symbol|ncbigene_symbol"
ENTREZ_FIELD = "entrez|ncbigene_id"


def identifier_fields(kind: Kind) -> str:
    """The fields of the identifiers of a kind of row: in a record's list, and in a table."""
    return "|".join(("identifier", *(space.name for space in spaces_of(kind.value))))


def local_identifier(v: View, c: Concept | CrossReference) -> str:
    return v.identifier(c.space, c.id)


def _forms(v: View, space: str, local: str) -> list[str]:
    """The other forms of a published IRI that stand in the core part."""
    return [v.iri(f"{space}-{form}", local) for form in SPACES[space].same_as]


def _concept_same(v: View, c: Concept) -> list[str]:
    return _forms(v, c.space, c.id) + [v.iri(m.space, m.id) for m in same_matches(c)]


def _gene_same(v: View, g: Gene) -> list[str]:
    forms = _forms(v, "ncbigene", g.entrez)
    if g.hgnc is not None:
        forms.append(v.iri("hgnc", g.hgnc))
    return [*forms, *(v.iri(space, local) for space, local in g.references)]


GENE = NodeMap(
    "gene",
    items=lambda v: v.genes,
    iri=lambda v, g: v.iri("ncbigene", g.entrez),
    types=("schema:Gene",),
    rows=(
        Row("rdfs:label", STRING, lambda _, g: g.symbol, _SYMBOL),
        Row("dcterms:identifier", STRING, lambda _, g: g.entrez, ENTREZ_FIELD),
        Row("schema:name", STRING, lambda _, g: g.symbol, _SYMBOL),
        Row(
            "schema:alternateName",
            STRING,
            lambda _, g: g.name,
            ENTREZ_FIELD,
            "of HGNC, or of NCBI Gene",
        ),
        Row(
            "schema:identifier",
            STRING,
            lambda v, g: [
                v.curie("ncbigene", g.entrez),
                *([] if g.hgnc is None else [v.curie("hgnc", g.hgnc)]),
                *(v.curie(space, local) for space, local in g.references),
            ],
            ENTREZ_FIELD,
        ),
        Row("schema:url", IRI, lambda v, g: v.address("ncbigene", g.entrez), ENTREZ_FIELD),
        Row("schema:sameAs", IRI, _gene_same, ENTREZ_FIELD),
        Row(
            "schema:taxonomicRange",
            IRI,
            lambda v, g: g.taxon and g.taxon.id and v.iri("taxon", g.taxon.id),
            "organism_id",
        ),
        Row(
            ORTHOLOGOUS,
            IRI,
            lambda v, g: [v.iri("ncbigene", one.entrez) for one in g.orthologs],
            ENTREZ_FIELD,
            "to a human gene, and of one to a mouse gene",
        ),
    ),
    place=lambda v, g: next(
        f"genes[{m.row}]" for m in v.record.genes if any(x.entrez == g.entrez for x in m.genes)
    ),
    shared=True,
)


ORTHOLOG = NodeMap(
    "ortholog",
    items=lambda v: v.human_orthologs,
    iri=lambda v, one: v.iri("ncbigene", one.entrez),
    types=("obo:SO_0000704",),
    shared=True,
    rows=(
        Row("rdfs:label", STRING, lambda _, one: one.symbol, note="the approved symbol"),
        Row("dcterms:identifier", STRING, lambda _, one: one.entrez),
        Row("schema:name", STRING, lambda _, one: one.symbol, note="the approved symbol"),
    ),
)


def _concept_rows(kind: Kind) -> tuple[Row, ...]:
    ids = identifier_fields(kind)
    return (
        Row("rdfs:label", STRING, lambda _, c: c.label, "match|name"),
        Row("dcterms:identifier", STRING, local_identifier, ids),
        Row("schema:name", STRING, lambda _, c: c.label, "match|name"),
        Row(
            "schema:identifier",
            STRING,
            lambda v, c: [v.curie(c.space, c.id), *(v.curie(m.space, m.id) for m in c.matches)],
            ids,
        ),
        Row("schema:url", IRI, lambda v, c: v.address(c.space, c.id), ids),
        Row("schema:sameAs", IRI, _concept_same, ids),
    )


def _concept_place(kind: Kind) -> Callable[[View, Concept], str]:
    def place(v: View, c: Concept) -> str:
        for mention in getattr(v.record, kind.value):
            for concept in mention.concepts:
                ids = (concept.id, *(match.id for match in concept.matches))
                if concept.space == c.space and c.id in ids:
                    return f"{kind.value}[{mention.row}]"
        return kind.value

    return place


CHEMICAL = NodeMap(
    "chemical",
    items=lambda v: v.chemicals,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=lambda c: (
        ("schema:MolecularEntity",)
        if c.space == "chebi" or any(match.space == "chebi" for match in c.matches)
        else ("schema:ChemicalSubstance",)
    ),
    rows=_concept_rows(Kind.CHEMICAL),
    place=_concept_place(Kind.CHEMICAL),
    shared=True,
)

DISEASE = NodeMap(
    "disease",
    items=lambda v: v.diseases,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=("schema:MedicalCondition",),
    rows=_concept_rows(Kind.DISEASE),
    place=_concept_place(Kind.DISEASE),
    shared=True,
)

CROSS_REFERENCE = NodeMap(
    "cross-reference",
    items=lambda v: v.cross_references,
    iri=lambda v, c: v.iri(c.space, c.id),
    types=lambda c: ("owl:Class",) if SPACES[c.space].is_obo else ("skos:Concept",),
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
            lambda v, t: _forms(v, "taxon", t.id),
        ),
    ),
)

ENTITIES: Final = (GENE, ORTHOLOG, CHEMICAL, DISEASE, CROSS_REFERENCE, TAXON)
