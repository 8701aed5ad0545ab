"""The article that a figure is part of, as the core part has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.mapping.declare import IRI, STRING, NodeMap, Row

if TYPE_CHECKING:
    from rdfexport.mapping.view import View
    from rdfexport.model import FigureRecord


def _article_name(_: View, record: FigureRecord) -> str:
    return record.paper_title or record.pmcid


def _other_iris(v: View, record: FigureRecord) -> list[str]:
    ids = (("doi", record.doi), ("pubmed", record.pubmed))
    return [v.iri(space, local) for space, local in ids if local is not None]


ARTICLE = NodeMap(
    "article",
    items=lambda v: (v.record,),
    iri=lambda v, _: v.article,
    types=("schema:ScholarlyArticle",),
    rows=(
        Row("rdfs:label", STRING, _article_name, "papertitle", "without one, pmcid"),
        Row(
            "dcterms:identifier",
            STRING,
            lambda _, r: filter(None, (r.pmcid, r.doi)),
            "pmcid|doi|reftext",
        ),
        Row("dcterms:issued", "xsd:gYear", lambda _, r: r.year, "year"),
        Row(
            "pfocr:yearSource",
            STRING,
            lambda _, r: r.year_source,
            note="pmc-ids, if not the record",
        ),
        Row("dcterms:bibliographicCitation", STRING, lambda _, r: r.citation, "reftext"),
        Row("prism:publicationName", STRING, lambda _, r: r.journal, "journal_title"),
        Row(
            "pfocr:journalAbbreviation",
            STRING,
            lambda _, r: r.journal_abbreviation,
            "journal_nlm_ta",
        ),
        Row("dc:publisher", STRING, lambda _, r: r.publisher, "publisher_name"),
        Row("pfocr:doiSource", STRING, lambda _, r: r.doi_field, "doi|reftext", "or pmc-ids"),
        Row("schema:name", STRING, _article_name, "papertitle", "without one, pmcid"),
        Row("schema:headline", STRING, lambda _, r: r.paper_title, "papertitle"),
        Row("schema:identifier", STRING, lambda _, r: r.pmcid, "pmcid"),
        Row("schema:datePublished", "schema:Date", lambda _, r: r.year, "year"),
        Row("schema:url", IRI, lambda v, r: v.iri("pmc-page", r.pmcid + "/"), "pmcid"),
        Row(
            "schema:sameAs",
            IRI,
            _other_iris,
            "doi|reftext",
            "PubMed's by the table of articles",
        ),
    ),
)
