"""The nodes of a figure's content: mentions, expansions of families, predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.mapping.declare import IRI, STRING, Always, NodeMap, Row
from rdfexport.mapping.entities import ENTREZ_FIELD, identifier_fields
from rdfexport.model import Kind

if TYPE_CHECKING:
    from rdfexport.mapping.view import View
    from rdfexport.model import ConceptMention


def _bodies(v: View, mention: ConceptMention) -> list[str]:
    """The identifiers of a row, and the one that has replaced that of MeSH."""
    named = [v.iri(concept.space, concept.id) for concept in mention.concepts]
    return named + [
        v.iri(match.space, match.id)
        for concept in mention.concepts
        for match in concept.matches
        if match.predicate == "dcterms:isReplacedBy"
    ]


def _mention_rows(subject: str, *own: Row) -> tuple[Row, ...]:
    return (
        Row("rdfs:label", STRING, lambda _, m: m.word, "word"),
        Row("oa:motivatedBy", IRI, Always("http://www.w3.org/ns/oa#identifying")),
        Row("oa:hasTarget", IRI, lambda v, _: v.image),
        *own,
        Row("dcterms:subject", STRING, Always(subject)),
        Row("dcterms:source", STRING, lambda _, m: m.source, "source", "the lexicon"),
        Row("pfocr:word", STRING, lambda _, m: m.word, "word", "as read in the image"),
        Row("pfocr:symbol", STRING, lambda _, m: m.match, "symbol|match", "as the lexicon has it"),
        Row(
            "pfocr:matchType",
            IRI,
            lambda v, m: m.match_type and v.term(m.match_type.value),
            "source",
        ),
        Row("prov:wasDerivedFrom", IRI, lambda v, _: v.page),
    )


def _concept_mention(name: str, kind: Kind) -> NodeMap:
    return NodeMap(
        f"{name} mention",
        items=lambda v: getattr(v.record, kind.value),
        iri=lambda v, m: v.part("m-" + m.id),
        types=("oa:Annotation",),
        rows=_mention_rows(
            name.capitalize(),
            Row("oa:hasBody", IRI, _bodies, identifier_fields(kind)),
            Row(
                "pfocr:recordedName",
                STRING,
                lambda v, m: v.recorded_name(m),
                "name",
                "where it is not the label of the entity",
            ),
        ),
        place=lambda _, m: f"{kind.value}[{m.row}]",
    )


GENE_MENTION = NodeMap(
    "gene mention",
    items=lambda v: v.record.genes,
    iri=lambda v, m: v.part("m-" + m.id),
    types=("oa:Annotation",),
    rows=_mention_rows(
        "Gene",
        Row(
            "oa:hasBody",
            IRI,
            lambda v, m: [v.iri("ncbigene", g.entrez) for g in m.genes],
            ENTREZ_FIELD,
        ),
        Row("pfocr:expandedFrom", IRI, lambda v, m: m.group and v.part("x-" + m.group), "word"),
        Row(
            "pfocr:recordedSymbol",
            STRING,
            lambda _, m: [g.recorded_symbol for g in m.genes if g.recorded_symbol is not None],
            "hgnc_symbol|ncbigene_symbol",
            "where it is not the approved symbol of the gene",
        ),
        Row("pfocr:countDirect", "xsd:integer", lambda _, m: m.count_direct, "count_direct"),
        Row("pfocr:countSynonym", "xsd:integer", lambda _, m: m.count_synonym, "count_synonym"),
        Row("pfocr:countMatch", "xsd:integer", lambda _, m: m.count_match, "count_match"),
    ),
    place=lambda _, m: f"genes[{m.row}]",
)

CHEMICAL_MENTION = _concept_mention("chemical", Kind.CHEMICAL)

DISEASE_MENTION = _concept_mention("disease", Kind.DISEASE)

EXPANSION = NodeMap(
    "expansion",
    items=lambda v: v.expansions,
    iri=lambda v, m: v.part("x-" + m.group),
    types=("pfocr:FamilyExpansion",),
    rows=(
        Row("rdfs:label", STRING, lambda _, m: m.match or m.word, "symbol|match"),
        Row("oa:hasTarget", IRI, lambda v, _: v.image),
        Row("pfocr:word", STRING, lambda _, m: m.word, "word"),
    ),
    place=lambda _, m: f"genes[{m.row}]",
)

PREDICTION = NodeMap(
    "prediction",
    items=lambda v: v.record.predictions,
    iri=lambda v, p: v.part("p-" + p.id),
    types=("pfocr:Prediction",),
    rows=(
        Row("rdfs:label", STRING, lambda _, p: p.value, "value"),
        Row("oa:hasTarget", IRI, lambda v, _: v.image),
        Row("dcterms:subject", STRING, lambda _, p: p.type, "type", "kind of the term"),
        Row("pfocr:broaderTerm", STRING, lambda _, p: p.parent, "parent"),
    ),
    place=lambda _, p: f"annotations[{p.row}]",
)
