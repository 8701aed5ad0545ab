"""The linkset part: each equivalence once an entity, whichever figures name it, and its sources.

``skos:exactMatch`` where two IRIs are forms of one identifier or a reference table says so,
``skos:closeMatch`` where PFOCR's own row puts two identifiers side by side; never ``owl:sameAs``,
since a reasoner would then merge what different sources say of an entity. Here a row's first
argument is the ``Vocabulary``, and an item is what is needed of the entity, all text, so that it
can wait in a database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from rdfexport.mapping.declare import IRI, STRING, NodeMap, Row
from rdfexport.mapping.view import table_iri
from rdfexport.model import ReferenceTable
from rdfexport.terms import ORTHOLOGOUS, RO_ORTHOLOGOUS, SPACES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdfexport.mapping.view import View
    from rdfexport.terms import Vocabulary


class GeneLink(NamedTuple):
    """Identifiers of a gene; empty where there is none, several of a kind with blanks between.

    ``references`` are spaces and identifiers (``mgi:1928394``), ``orthologs`` NCBI Gene numbers.
    """

    entrez: str
    symbol: str
    hgnc: str
    ensembl: str
    uniprot: str
    references: str
    orthologs: str


class OrthologLink(NamedTuple):
    """``provider`` says that two genes are orthologous; it is the name of an identifier space."""

    entrez: str
    other: str
    provider: str


class ConceptLink(NamedTuple):
    """``predicate`` relates it to ``other`` in ``space``; all three are empty where it has none."""

    id: str
    predicate: str
    space: str
    other: str


class ArticleLink(NamedTuple):
    """``doi_field`` is the field the DOI was found in, or the table; empty is what is not known."""

    pmcid: str
    doi: str
    doi_field: str
    pubmed: str


class Equivalence(NamedTuple):
    """A mapping between identifiers of two entities; ``table`` is empty where it is PFOCR's own."""

    subject_space: str
    subject: str
    predicate: str
    object_space: str
    object: str
    justification: str
    table: str
    subject_label: str
    object_label: str

    @property
    def key(self) -> tuple[str, ...]:
        """The mapping without labels: two with the same key say the same."""
        return self[:5]


def equivalences(v: View) -> Iterator[Equivalence]:
    """The mappings that a figure's entities bring.

    Genes to HGNC, to their organism's database and to orthologs, MeSH to ChEBI, DO and MeSH.

    MeSH is the subject, since SKOS's near and exact matches go both ways.
    """
    for g in v.genes:
        if g.hgnc is not None:
            symbol = g.symbol or ""
            yield Equivalence(
                "ncbigene", g.entrez, "skos:exactMatch", "hgnc", g.hgnc, *_BY_HGNC, symbol, symbol
            )
        symbol = g.symbol or ""
        for space, local in g.references:
            same = ("skos:exactMatch", space, local, *_BY_NCBI_GENE)
            yield Equivalence("ncbigene", g.entrez, *same, symbol, symbol)
        for ortholog in g.orthologs:
            related = (RO_ORTHOLOGOUS, "ncbigene", ortholog.entrez, _UNSPECIFIED)
            labels = (symbol, ortholog.symbol or "")
            yield Equivalence("ncbigene", g.entrez, *related, ortholog.provider, *labels)
    for concept in (*v.chemicals, *v.diseases):
        for match in concept.matches:
            source = match.justification, match.table or ""
            one = concept.space, concept.id, concept.label or ""
            other = match.space, match.id, match.label or ""
            predicate = match.predicate
            if predicate == "dcterms:replaces":
                one, other, predicate = other, one, "dcterms:isReplacedBy"
            elif match.space == "mesh":
                one, other = other, one
            yield Equivalence(*one[:2], predicate, *other[:2], *source, one[2], other[2])


_UNSPECIFIED: Final = "semapv:UnspecifiedMatching"
_BY_HGNC: Final = (_UNSPECIFIED, "hgnc")
_BY_NCBI_GENE: Final = (_UNSPECIFIED, "ncbigene")


def _concept_links(space: str) -> Callable[[View], Iterator[ConceptLink]]:
    """The identifiers of a space that a figure names, and their mappings."""

    def links(v: View) -> Iterator[ConceptLink]:
        for concept in (*v.chemicals, *v.diseases):
            also = ((match.space, match.id) for match in concept.matches)
            for of, local in ((concept.space, concept.id), *also):
                if of == space:
                    yield ConceptLink(local, "", "", "")
        for mapping in equivalences(v):
            if mapping.subject_space == space:
                yield ConceptLink(*mapping[1:5])

    return links


def _related(predicate: str) -> Row:
    """The row of the concepts related by ``predicate``."""
    return Row(
        predicate,
        IRI,
        lambda n, c: n.iri(c.space, c.other) if c.predicate == predicate else None,
        note=_NOTES[predicate],
    )


_NOTES: Final = {
    "skos:exactMatch": "of Biomappings, to ChEBI",
    "skos:closeMatch": "of PFOCR's own rows; of DO's cross-references",
    "skos:narrowMatch": "of Biomappings, to ChEBI",
    "skos:broadMatch": "of Biomappings, to ChEBI",
    "dcterms:isReplacedBy": "an identifier that NLM has withdrawn",
}


def _equal(n: Vocabulary, space: str, local: str) -> list[str]:
    """The other forms of a published IRI."""
    return [n.iri(form, local) for form in SPACES[space].equal]


def _gene_forms(n: Vocabulary, g: GeneLink) -> list[str]:
    forms = _equal(n, "ncbigene", g.entrez)
    if g.hgnc:
        forms += [n.iri("hgnc", g.hgnc), *_equal(n, "hgnc", g.hgnc)]
    return forms + [n.iri(*one.split(":", 1)) for one in g.references.split()]


GENE_LINKS = NodeMap(
    "gene",
    items=lambda v: [
        GeneLink(
            g.entrez,
            g.hgnc_symbol or "",
            g.hgnc or "",
            g.ensembl or "",
            " ".join(g.uniprot),
            " ".join(f"{space}:{local}" for space, local in g.references),
            " ".join(dict.fromkeys(one.entrez for one in g.orthologs)),
        )
        for g in v.genes
    ],
    iri=lambda n, g: n.iri("ncbigene", g.entrez),
    types=(),
    restore=GeneLink._make,
    rows=(
        Row("skos:exactMatch", IRI, _gene_forms, note="HGNC's and other databases' by the tables"),
        Row(
            ORTHOLOGOUS,
            IRI,
            lambda n, g: [n.iri("ncbigene", other) for other in g.orthologs.split()],
            note="to a human gene, and of one to a mouse gene",
        ),
        Row(
            "rdfs:seeAlso",
            IRI,
            lambda n, g: [n.iri("uniprot-rdf", protein) for protein in g.uniprot.split()],
            note="its proteins in UniProt's RDF; of HGNC",
        ),
        Row("foaf:page", IRI, lambda n, g: n.page("ncbigene", g.entrez)),
        Row("wp:bdbEntrezGene", IRI, lambda n, g: n.iri("ncbigene", g.entrez)),
        Row(
            "wp:bdbHgncSymbol",
            IRI,
            lambda n, g: n.iri("hgnc.symbol", g.symbol) if g.symbol else None,
            note="a name, so never a match",
        ),
        Row("wp:bdbEnsembl", IRI, lambda n, g: n.iri("ensembl", g.ensembl) if g.ensembl else None),
        Row(
            "wp:bdbUniprot",
            IRI,
            lambda n, g: [n.iri("uniprot", protein) for protein in g.uniprot.split()],
        ),
    ),
)

ORTHOLOG_LINKS = NodeMap(
    "orthology",
    items=lambda v: [
        OrthologLink(g.entrez, one.entrez, one.provider) for g in v.genes for one in g.orthologs
    ],
    iri=lambda n, o: f"{n.graph_base}orthology/{o.entrez}-{o.other}-{o.provider}",
    types=("owl:Axiom",),
    restore=OrthologLink._make,
    rows=(
        Row("owl:annotatedSource", IRI, lambda n, o: n.iri("ncbigene", o.entrez)),
        Row("owl:annotatedProperty", IRI, lambda n, _: n.expand(ORTHOLOGOUS)),
        Row("owl:annotatedTarget", IRI, lambda n, o: n.iri("ncbigene", o.other)),
        Row("dcterms:source", IRI, lambda _, o: SPACES[o.provider].provider, note="who says so"),
    ),
)

MESH_LINKS = NodeMap(
    "mesh",
    items=_concept_links("mesh"),
    iri=lambda n, c: n.iri("mesh", c.id),
    types=(),
    restore=ConceptLink._make,
    rows=(
        Row("skos:exactMatch", IRI, lambda n, c: _equal(n, "mesh", c.id)),
        *map(_related, _NOTES),
        Row(
            "wp:bdbChEBI",
            IRI,
            lambda n, c: (
                n.iri("chebi-identifiers.org", c.other)
                if c.space == "chebi" and c.predicate in ("skos:exactMatch", "skos:closeMatch")
                else None
            ),
        ),
    ),
)

CHEBI_LINKS = NodeMap(
    "chebi",
    items=_concept_links("chebi"),
    iri=lambda n, c: n.iri("chebi", c.id),
    types=(),
    restore=ConceptLink._make,
    rows=(
        Row("skos:exactMatch", IRI, lambda n, c: _equal(n, "chebi", c.id)),
        _related("skos:closeMatch"),
        Row("wp:bdbChEBI", IRI, lambda n, c: n.iri("chebi-identifiers.org", c.id)),
    ),
)

TAXON_LINKS = NodeMap(
    "taxon",
    items=lambda v: [(taxon.id,) for taxon in v.taxa],
    iri=lambda n, t: n.iri("taxon", t[0]),
    types=(),
    rows=(Row("skos:exactMatch", IRI, lambda n, t: _equal(n, "taxon", t[0])),),
)

ARTICLE_LINKS = NodeMap(
    "article",
    items=lambda v: (
        ArticleLink(
            v.record.pmcid, v.record.doi or "", v.record.doi_field or "", v.record.pubmed or ""
        ),
    ),
    iri=lambda n, a: n.iri("pmc", a.pmcid),
    types=(),
    restore=ArticleLink._make,
    rows=(
        Row("skos:exactMatch", IRI, lambda n, a: _equal(n, "pmc", a.pmcid)),
        Row(
            "skos:exactMatch",
            IRI,
            lambda n, a: n.iri("doi", a.doi) if a.doi_field in ("doi", "pmc-ids") else None,
            note="doi, or of the table of articles",
        ),
        Row(
            "skos:exactMatch",
            IRI,
            lambda n, a: (
                [n.iri("pubmed", a.pubmed), *_equal(n, "pubmed", a.pubmed)] if a.pubmed else []
            ),
            note="PubMed's, of the table of articles",
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
            lambda _, d: SPACES["doi"].base + quote(d[0].upper(), safe=""),
            note="as WikiPathways writes the DOIs that BridgeDb gives",
        ),
    ),
)

REFERENCE_TABLE = NodeMap(
    "reference table",
    items=lambda v: v.record.references.tables if v.record.references is not None else (),
    iri=lambda n, table: table_iri(n.graph_base, table),
    types=("pfocr:ReferenceTable", "prov:Entity"),
    restore=ReferenceTable._make,
    rows=(
        Row("rdfs:label", STRING, lambda _, t: f"reference table {t.name} of {t.date}"),
        Row("dcterms:identifier", STRING, lambda _, t: t.content, note="SHA-256 of its rows"),
        Row("dcterms:date", "xsd:date", lambda _, t: t.date),
        Row("dcterms:source", STRING, lambda _, t: t.source),
        Row("dcterms:rights", STRING, lambda _, t: t.licence),
    ),
)

LINKSET: Final = (
    GENE_LINKS,
    ORTHOLOG_LINKS,
    MESH_LINKS,
    CHEBI_LINKS,
    TAXON_LINKS,
    ARTICLE_LINKS,
    DOI_LINKS,
    REFERENCE_TABLE,
)
