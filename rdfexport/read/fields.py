"""The fields that records have: one table, by which misspelt names are recognised.

``docs/records.md`` shows it. The columns of the tables beside a record are in ``read.tables``.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from rdfexport.model import Kind

Form = Literal["older", "newer", "both"]


class Field(NamedTuple):
    """A field that records have.

    Args:
        name: Its name.
        form: In which form of the record it stands.
        note: What it says; of one that is not exported, why.
        is_exported: Whether what it says goes into the graph.
    """

    name: str
    form: Form
    note: str
    is_exported: bool = True


def _left_out(name: str, form: Form, why: str) -> Field:
    return Field(name, form, why, is_exported=False)


RECORD_FIELDS: Final = (
    Field("figid", "both", "identifier of the figure, and name of its file"),
    Field("figid_alias", "both", "its earlier identifier"),
    _left_out("redirect_from", "both", "the path of a page made from `figid_alias`"),
    Field("figtitle", "both", "title of the figure"),
    Field("figtype", "both", "kind of figure"),
    Field("number", "both", "its number in the article"),
    Field("caption", "both", "its caption"),
    Field("filename", "both", "file name of its image"),
    Field("figlink", "both", "its page at PubMed Central"),
    Field("pmcid", "both", "the article"),
    Field("papertitle", "both", "title of the article"),
    Field("reftext", "both", "citation of the article"),
    Field("year", "both", "year of the article"),
    Field("doi", "newer", "DOI of the article"),
    Field("journal_title", "newer", "its journal"),
    Field("journal_nlm_ta", "newer", "abbreviation of the journal"),
    Field("publisher_name", "newer", "publisher of the journal"),
    Field("keywords", "newer", "keywords of the article"),
    Field("organisms", "both", "organisms of the article"),
    Field("organisms_ner", "newer", "organisms recognised in the figure's text"),
    Field("automl_pathway", "newer", "score of the classifier"),
    Field("pathway_score", "older", "the same"),
    Field("pmc_ranked_result_index", "older", "rank in the search that found the figure"),
    Field("ndex", "both", "its network at NDEx"),
    Field("genes", "older", "a list of rows (below)"),
    Field("chemicals", "older", "a list of rows (below)"),
    Field("diseases", "older", "a list of rows (below)"),
    Field("schema-jsonld", "both", "a block of fields (below)"),
    Field("wpid", "both", "the pathway that curators made of the figure"),
    Field("annotations", "older", "a list of predictions (below)"),
    _left_out("seo", "both", "a setting of the web site, the same in all records"),
)
"""Fields of the front matter."""

SCHEMA_FIELDS: Final = (
    Field("keywords", "both", "symbols and words of the figure"),
    _left_out("@context", "both", "the same in all records"),
    _left_out("@id", "both", "the address of the figure's page, made from `figid`"),
    _left_out("@type", "both", "the same in all records"),
    _left_out("description", "both", "repeats `caption`"),
    _left_out("license", "both", "the same in all records"),
    _left_out("name", "both", "the same in all records"),
    _left_out("creator", "both", "the same in all records"),
)
"""Fields of the block ``schema-jsonld``."""

ANNOTATION_FIELDS: Final = (
    Field("type", "older", "kind of the predicted term"),
    Field("value", "older", "the term"),
    Field("parent", "older", "a broader term"),
)
"""Fields of an entry of ``annotations``."""

_GENE_FIELDS: Final = (
    Field("word", "older", "the word in the figure"),
    Field("symbol", "older", "the name that the word matched"),
    Field("source", "older", "the lexicon of that name"),
    Field("hgnc_symbol", "older", "symbol of the gene"),
    Field("entrez", "older", "number of the gene at NCBI"),
)
_CONCEPT_FIELDS: Final = (
    Field("word", "older", "the word in the figure"),
    Field("source", "older", "`MESH`, `CHEBI` or `DOID`"),
    Field("identifier", "older", "the identifier there"),
)
ROW_FIELDS: Final = {
    Kind.GENE: _GENE_FIELDS,
    Kind.CHEMICAL: _CONCEPT_FIELDS,
    Kind.DISEASE: _CONCEPT_FIELDS,
}
"""Fields of a row that stands in the front matter."""
