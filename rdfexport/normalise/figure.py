"""A record as read → one typed `FigureRecord`, whichever form it had.

``docs/records.md`` describes the forms. What means "unknown" gives None. A field of the wrong type
rejects the record; an identifier of the wrong form does not, since the mention keeps its text: it
becomes a finding.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from rdfexport.diagnostics import Finding
from rdfexport.model import FigureRecord, Kind, Taxon
from rdfexport.normalise.mentions import concept_mentions, genes
from rdfexport.normalise.predictions import predictions
from rdfexport.normalise.unknown import check_record, check_schema_block
from rdfexport.normalise.values import UNKNOWN, Fields, is_unknown, type_name
from rdfexport.terms import FIGID, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdfexport.model import RawRecord

_NUMBER_PREFIXES: Final = {
    "F": "Figure",
    "FIG": "Figure",
    "FIGURE": "Figure",
    "S": "Scheme",
    "SCHEME": "Scheme",
    "SF": "Supplemental figure",
    "GA": "Graphical abstract",
    "AF": "Appendix figure",
    "EV": "Expanded view figure",
}
# "SF4_1" is the first supplement of figure 4, as eLife counts them.
_NUMBER = re.compile(r"([A-Za-z]+)\.?\s*(\d+[A-Za-z]?(?:_\d+[A-Za-z]?)?)")
_UNNUMBERED: Final = {"GA": "Graphical abstract"}
_ALIAS_ARTICLE = re.compile(r"(PMC\d+)__", re.ASCII)
_SPACE = re.compile(r"\s+")
_YEAR = re.compile(r"(?:1[89]|20)[0-9][0-9]")
# SHACL engines hold decimals of eighteen places.
_SCORE = re.compile(r"0(\.[0-9]{1,18})?|1(\.0{1,18})?")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
_DOI_PREFIX = re.compile(r"\A(?:https?://(?:dx\.|www\.)?doi\.org/|doi(?::\s*|\s+))", re.IGNORECASE)
_FIGLINK_HOST = re.compile(r"\A(?:https?:)?//(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov", re.IGNORECASE)
_OTHER_ARTICLE: Final = "correct it; until then it is not exported"


@cache
def organisms() -> Mapping[str, str]:
    """Latin name → NCBI taxonomy number, for the organisms that figures name most."""
    table = files("rdfexport").joinpath("data/organisms.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in table.splitlines()[1:])
    return {name: taxid for taxid, _, name in rows}


def normalise(raw: RawRecord, expected_figid: str | None, vocabulary: Vocabulary) -> FigureRecord:
    """Give a record its one form.

    Args:
        raw: The record as read.
        expected_figid: The stem of its file's name; None where it had no file name.
        vocabulary: The identifier spaces that identifiers are checked by.

    Raises:
        RecordError: A field without which there is no record is missing, or one has a wrong type.
    """
    fields = Fields(raw, vocabulary)
    front = raw.front_matter
    get = front.get
    text = fields.text
    figid = _figid(fields, get("figid"), expected_figid)
    citation = text(get("reftext"), "reftext")
    doi, doi_field = _doi(fields, text(get("doi"), "doi"), citation)
    schema_block = _schema_block(fields, get("schema-jsonld"))
    check_record(fields, raw)
    pmcid = _pmcid(fields, text(get("pmcid"), "pmcid"), figid)
    return FigureRecord(
        figid=figid,
        alias=_alias(fields, text(get("figid_alias"), "figid_alias"), pmcid),
        pmcid=pmcid,
        title=text(get("figtitle"), "figtitle"),
        caption=text(get("caption"), "caption"),
        number=_figure_number(fields.number_text(get("number"), "number")),
        figure_type=text(get("figtype"), "figtype"),
        filename=_filename(fields, text(get("filename"), "filename"), pmcid),
        figlink=_figlink(fields, text(get("figlink"), "figlink"), pmcid),
        paper_title=text(get("papertitle"), "papertitle"),
        citation=citation,
        year=_year(fields, fields.number_text(get("year"), "year")),
        doi=doi,
        doi_field=doi_field,
        journal=text(get("journal_title"), "journal_title"),
        journal_abbreviation=text(get("journal_nlm_ta"), "journal_nlm_ta"),
        publisher=text(get("publisher_name"), "publisher_name"),
        pathway_score=_score(fields, front),
        ranked_result_index=_rank(fields, get("pmc_ranked_result_index")),
        ndex=fields.identifier("ndex", text(get("ndex"), "ndex"), "ndex"),
        wpids=_wpids(fields, raw),
        keywords=_keywords(fields, get("keywords"), schema_block.get("keywords")),
        organisms=_taxa(fields, get("organisms"), "organisms"),
        recognised_organisms=_taxa(fields, get("organisms_ner"), "organisms_ner"),
        genes=genes(fields, raw),
        chemicals=concept_mentions(fields, raw, Kind.CHEMICAL),
        diseases=concept_mentions(fields, raw, Kind.DISEASE),
        predictions=predictions(fields, get("annotations")),
        origin=raw.origin,
        findings=tuple(fields.findings),
    )


def _figid(fields: Fields, value: object, expected: str | None) -> str:
    figid = fields.text(value, "figid")
    if figid is None:
        raise fields.reject("figid", "the record has no figid", "give it the name of its file")
    if FIGID.fullmatch(figid) is None:
        raise fields.reject(
            "figid",
            f"{figid[:80]!r} is not a figure identifier",
            "write PMC, digits, '__' and the stem of the image's file name",
        )
    if expected is not None and figid != expected:
        raise fields.reject(
            "figid",
            f"{figid!r} is not the name of the file ({expected!r})",
            "rename the file or correct the field",
        )
    return figid


def _pmcid(fields: Fields, pmcid: str | None, figid: str) -> str:
    of_figid = figid.partition("__")[0]
    if pmcid is not None and pmcid != of_figid:
        raise fields.reject(
            "pmcid", f"{pmcid!r} is not the article of {figid!r}", "correct the one that is wrong"
        )
    return of_figid


def _alias(fields: Fields, alias: str | None, pmcid: str) -> str | None:
    """The figure's other identifier, unless it is that of another article's figure."""
    named = None if alias is None else _ALIAS_ARTICLE.match(alias)
    if named is None or named[1] == pmcid:
        return alias
    fields.note("figid_alias", f"{alias!r} is of another article than {pmcid}", _OTHER_ARTICLE)
    return None


def _filename(fields: Fields, name: str | None, pmcid: str) -> str | None:
    """The image's file name, if PubMed Central can have a file of that name."""
    if name is None:
        return None
    path = fields.identifier("image", f"{pmcid}/{name}", "filename")
    return None if path is None else name


def _figure_number(value: str | None) -> str | None:
    """``F9``, ``FIGURE 9`` and ``Figure 9`` are ``Figure 9``; other forms stay as they are.

    The prefixes are those of PFOCR's pipeline (wikipathways/pfocr-pipeline,
    ``pp_figures_step_1.R``) and words that articles use.
    """
    if value is None:
        return None
    if value.upper() in _UNNUMBERED:
        return _UNNUMBERED[value.upper()]
    match = _NUMBER.fullmatch(value)
    if match is None:
        return value
    name = _NUMBER_PREFIXES.get(match[1].upper())
    return value if name is None else f"{name} {match[2]}"


def _figlink(fields: Fields, value: str | None, pmcid: str) -> str | None:
    """The path of the figure's page at PubMed Central, as ``/pmc/articles/PMC1/figure/F1/``.

    A page of another article is not the figure's.
    """
    if value is None:
        return None
    path = "/" + _FIGLINK_HOST.sub("", value).partition("?")[0].strip("/") + "/"
    path = path.removeprefix("/pmc")
    if fields.identifier("pmc-figure", path, "figlink") is None:
        return None
    if path.startswith(f"/articles/{pmcid}/"):
        return "/pmc" + path
    fields.note("figlink", f"{value!r} is a page of another article than {pmcid}", _OTHER_ARTICLE)
    return None


def _wpids(fields: Fields, raw: RawRecord) -> tuple[str, ...]:
    """The pathways that curators made of the figure, by the record and the collection's table."""
    value = raw.front_matter.get("wpid")
    listed = value if isinstance(value, list) else [value]
    texts = (fields.number_text(one, "wpid") for one in listed)
    own = [one for text in texts if (one := fields.identifier("wikipathways", text, "wpid"))]
    mapped = []
    for wpid, place in raw.pathways:
        if fields.vocabulary.matches("wikipathways", wpid):
            mapped.append(wpid)
        else:
            problem = f"{wpid!r} is not an identifier of wikipathways"
            fields.findings.append(Finding(place, problem, "correct it; until then it is left out"))
    if own and mapped and set(own) != set(mapped):
        place = raw.pathways[0].location
        problem = f"the record has {', '.join(own)}, but {place} has {', '.join(mapped)}"
        fields.note("wpid", problem, "correct the one that is wrong; until then all are exported")
    return tuple(dict.fromkeys((*own, *mapped)))


def _year(fields: Fields, value: str | None) -> str | None:
    if value is None or _YEAR.fullmatch(value) is not None:
        return value
    fields.note("year", f"{value!r} is not a year", "write four digits, or '' if it is unknown")
    return None


def _doi(fields: Fields, value: str | None, citation: str | None) -> tuple[str | None, str | None]:
    """The article's DOI in lower case (DOI Handbook, 2.4), and the field it was found in."""
    if value is not None:
        bare = _DOI_PREFIX.sub("", value)
        doi = fields.identifier("doi", bare.lower(), "doi")
        return doi, None if doi is None else "doi"
    if citation is not None and "10." in citation and (found := _DOI.search(citation)):
        doi = found[0].rstrip(".,;:)]").lower()
        if fields.vocabulary.matches("doi", doi):
            return doi, "reftext"
    return None, None


def _score(fields: Fields, front: Mapping[str, Any]) -> str | None:
    """The classifier's score, from 0 to 1, as a decimal without exponent (XSD 1.1, decimal)."""
    name = "automl_pathway" if front.get("automl_pathway") is not None else "pathway_score"
    value = front.get(name)
    if is_unknown(value):
        return None
    if isinstance(value, float) and math.isfinite(value):
        value = format(Decimal(repr(value)), "f")
    elif not isinstance(value, float):
        value = fields.number_text(value, name)
        if value is None:
            return None
    if isinstance(value, str) and _SCORE.fullmatch(value) is not None:
        return value
    fields.note(name, f"{value!r} is not a number from 0 to 1", "write it like 0.9377")
    return None


def _rank(fields: Fields, value: object) -> str | None:
    rank = fields.number_text(value, "pmc_ranked_result_index")
    if rank is None or (rank.isdecimal() and rank.isascii()):
        return rank
    fields.note("pmc_ranked_result_index", f"{rank!r} is not a whole number", "correct it")
    return None


def _schema_block(fields: Fields, value: object) -> Mapping[str, Any]:
    """The record's own schema.org block: fields, or a list of them (the first counts)."""
    if isinstance(value, list):
        value = value[0] if value else None
    if is_unknown(value):
        return {}
    if isinstance(value, dict):
        check_schema_block(fields, value)
        return value
    raise fields.reject(
        "schema-jsonld", f"fields expected, found {type_name(value)}", "write 'name: value' lines"
    )


def _keywords(fields: Fields, value: object, schema_keywords: object) -> tuple[str, ...]:
    """Distinct keywords of the article, then those of the record's schema.org block."""
    own = fields.texts(value, "keywords")
    split = (_SPACE.sub(" ", part).strip() for text in own for part in text.split(" | "))
    block = fields.texts(schema_keywords, "schema-jsonld.keywords", are_names=True)
    return tuple(dict.fromkeys(k for k in (*split, *block) if k not in UNKNOWN))


def _taxa(fields: Fields, value: object, path: str) -> tuple[Taxon, ...]:
    known = organisms()
    return tuple(Taxon(name, known.get(name)) for name in fields.texts(value, path))
