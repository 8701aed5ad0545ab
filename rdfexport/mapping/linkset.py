"""The linkset part: each equivalence once an entity, whichever figures name it.

``skos:exactMatch`` where two IRIs are forms of one identifier, ``skos:closeMatch`` where PFOCR's
own row puts two identifiers side by side; never ``owl:sameAs``, since a reasoner would then merge
what different sources say of an entity. Here a row's first argument is the ``Vocabulary``, and an
item is what is needed of the entity, all text, so that it can wait in a database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from rdfexport.mapping.declare import IRI, NodeMap, Row

if TYPE_CHECKING:
    from rdfexport.mapping.view import View


class GeneLink(NamedTuple):
    """``symbol`` is the HGNC symbol that a record gives, or empty."""

    entrez: str
    symbol: str


class ConceptLink(NamedTuple):
    """``second`` is the identifier a row puts beside it in ``second_space``, or empty."""

    id: str
    second_space: str
    second: str


class ArticleLink(NamedTuple):
    """``doi_field`` is the field the DOI was found in."""

    pmcid: str
    doi: str
    doi_field: str


def _mesh_links(v: View) -> list[ConceptLink]:
    links = []
    for space, concepts in (("chebi", v.chemicals), ("doid", v.diseases)):
        for concept in concepts:
            if concept.space == "mesh":
                links += [ConceptLink(concept.id, space, other) for other in concept.also or ("",)]
    return links


def _chebi_ids(v: View) -> dict[str, None]:
    ids = [c.id for c in v.chemicals if c.space == "chebi"]
    return dict.fromkeys(ids + [local for c in v.chemicals for local in c.also])


GENE_LINKS = NodeMap(
    "gene",
    items=lambda v: [GeneLink(g.entrez, g.hgnc_symbol or "") for g in v.genes],
    iri=lambda n, g: n.iri("ncbigene", g.entrez),
    types=(),
    restore=GeneLink._make,
    rows=(
        Row(
            "skos:exactMatch",
            IRI,
            lambda n, g: [n.iri(f"ncbigene-{form}", g.entrez) for form in ("http", "uniprot")],
        ),
        Row("foaf:page", IRI, lambda n, g: n.iri("ncbigene-page", g.entrez)),
        Row("wp:bdbEntrezGene", IRI, lambda n, g: n.iri("ncbigene", g.entrez)),
        Row(
            "wp:bdbHgncSymbol",
            IRI,
            lambda n, g: n.iri("hgnc.symbol", g.symbol) if g.symbol else None,
            note="a name, so never a match",
        ),
    ),
)

MESH_LINKS = NodeMap(
    "mesh",
    items=_mesh_links,
    iri=lambda n, c: n.iri("mesh", c.id),
    types=(),
    restore=ConceptLink._make,
    rows=(
        Row(
            "skos:exactMatch",
            IRI,
            lambda n, c: [n.iri(f"mesh-{form}", c.id) for form in ("https", "http")],
        ),
        Row(
            "skos:closeMatch",
            IRI,
            lambda n, c: n.iri(c.second_space, c.second) if c.second else None,
            note="of PFOCR's own rows",
        ),
        Row(
            "wp:bdbChEBI",
            IRI,
            lambda n, c: (
                n.iri("chebi-identifiers.org", c.second)
                if c.second and c.second_space == "chebi"
                else None
            ),
        ),
    ),
)

CHEBI_LINKS = NodeMap(
    "chebi",
    items=lambda v: [(local,) for local in _chebi_ids(v)],
    iri=lambda n, c: n.iri("chebi", c[0]),
    types=(),
    rows=(
        Row("skos:exactMatch", IRI, lambda n, c: n.iri("chebi-identifiers.org", c[0])),
        Row("wp:bdbChEBI", IRI, lambda n, c: n.iri("chebi-identifiers.org", c[0])),
    ),
)

TAXON_LINKS = NodeMap(
    "taxon",
    items=lambda v: [(taxon.id,) for taxon in v.taxa],
    iri=lambda n, t: n.iri("taxon", t[0]),
    types=(),
    rows=(
        Row(
            "skos:exactMatch",
            IRI,
            lambda n, t: [
                n.iri(f"taxon-{form}", t[0])
                for form in ("uniprot", "identifiers.org", "identifiers.org-http")
            ],
        ),
    ),
)

ARTICLE_LINKS = NodeMap(
    "article",
    items=lambda v: (ArticleLink(v.record.pmcid, v.record.doi or "", v.record.doi_field or ""),),
    iri=lambda n, a: n.iri("pmc", a.pmcid),
    types=(),
    restore=ArticleLink._make,
    rows=(
        Row("skos:exactMatch", IRI, lambda n, a: n.iri("pmc-http", a.pmcid)),
        Row(
            "skos:exactMatch",
            IRI,
            lambda n, a: n.iri("doi", a.doi) if a.doi_field == "doi" else None,
            note="doi",
        ),
        Row(
            "skos:closeMatch",
            IRI,
            lambda n, a: n.iri("doi", a.doi) if a.doi_field == "reftext" else None,
            note="a DOI found in reftext",
        ),
        Row("foaf:page", IRI, lambda n, a: n.iri("pmc-page", a.pmcid + "/")),
    ),
)

DOI_LINKS = NodeMap(
    "doi",
    items=lambda v: [(v.record.doi,)] if v.record.doi else [],
    iri=lambda n, d: n.iri("doi", d[0]),
    types=(),
    rows=(
        Row(
            "skos:exactMatch",
            IRI,
            lambda _, d: "https://doi.org/" + quote(d[0].upper(), safe=""),
            note="as WikiPathways writes the DOIs that BridgeDb gives",
        ),
    ),
)

LINKSET: Final = (GENE_LINKS, MESH_LINKS, CHEBI_LINKS, TAXON_LINKS, ARTICLE_LINKS, DOI_LINKS)
