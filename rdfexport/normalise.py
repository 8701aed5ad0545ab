"""A record as read → one typed `FigureRecord`, whichever form it had.

What the forms are is told in ``docs/records.md``. Sentinels mean "unknown" and give None. A field
of the wrong type rejects the record; an identifier of the wrong form does not, since the mention
keeps its text: it becomes a finding.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from rdfexport.diagnostics import Finding
from rdfexport.errors import RecordError
from rdfexport.model import (
    Concept,
    ConceptMention,
    FigureRecord,
    Gene,
    GeneMention,
    Kind,
    MatchType,
    RawRecord,
    Taxon,
)
from rdfexport.terms import FIGID, Vocabulary, spaces_of

if TYPE_CHECKING:
    from collections.abc import Mapping


SENTINELS: Final = frozenset({"", "NA", ".na.character"})
"""What records write where a value is unknown."""

MATCH_TYPES: Final[dict[str, MatchType]] = {
    "hgnc_symbol": MatchType.EXACT,
    "hgnc_alias_symbol": MatchType.ALIAS,
    "hgnc_prev_symbol": MatchType.PREVIOUS,
    "bioentities_symbol": MatchType.FAMILY,
    "ncbigene_symbol": MatchType.EXACT,
    "ncbigene_synonym": MatchType.ALIAS,
    "famplex_relations": MatchType.FAMILY,
    "MESH": MatchType.BY_NAME,
    "CHEBI": MatchType.BY_NAME,
}
"""How each known lexicon matches; the list of lexicons is open, an unknown one has no type."""

_NUMBERS: Final = frozenset({int, float})
_HUMAN: Final = Taxon("Homo sapiens", "9606")
_NUMBER_PREFIXES: Final = {
    "F": "Figure",
    "FIG": "Figure",
    "FIGURE": "Figure",
    "S": "Scheme",
    "SCHEME": "Scheme",
    "SF": "Supplemental figure",
    "GA": "Graphical abstract",
    "EV": "Expanded view figure",
}
_NUMBER = re.compile(r"([A-Za-z]+)\.?\s*(\d+[A-Za-z]?)")
_SEVERAL = re.compile(r"[\s,;|/]+")
_SPACE = re.compile(r"\s+")
# No number of a record is larger, and Python refuses to print one of thousands of digits.
_MANY: Final = 10**18
_YEAR = re.compile(r"(?:1[89]|20)[0-9][0-9]")
# SHACL engines hold decimals of eighteen places.
_SCORE = re.compile(r"0(\.[0-9]{1,18})?|1(\.0{1,18})?")
_DOI = re.compile(r"\b10\.[0-9]{4,9}/\S+")
_FIGLINK_HOST = re.compile(r"\A(?:https?:)?//(?:www\.|pmc\.)?ncbi\.nlm\.nih\.gov", re.IGNORECASE)
# Text that some format cannot hold: XML 1.0 (section 2.2) has no control characters but tab and
# the line ends, Unicode text no lone surrogates. YAML escapes can bring both into a record.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@cache
def organisms() -> Mapping[str, str]:
    """Latin name → NCBI taxonomy number, for the organisms that figures name most."""
    table = files("rdfexport").joinpath("data/organisms.tsv").read_text("utf-8")
    rows = (line.partition("\t") for line in table.splitlines()[1:])
    return {name: taxid for taxid, _, name in rows}


class _Fields:
    """Typed access to a record's fields that says where a fault is."""

    __slots__ = ("findings", "may_hold_controls", "origin", "vocabulary")

    def __init__(self, raw: RawRecord, vocabulary: Vocabulary) -> None:
        self.origin = raw.origin
        self.may_hold_controls = raw.may_hold_controls
        self.vocabulary = vocabulary
        self.findings: list[Finding] = []

    def note(self, path: str, problem: str, remedy: str) -> None:
        self.findings.append(Finding(self.origin.locate(path), problem, remedy))

    def reject(self, path: str, problem: str, remedy: str) -> RecordError:
        return RecordError(self.origin.locate(path), problem, remedy)

    def text(self, value: object, path: str) -> str | None:
        """A text without its outer white space, or None where it is unknown."""
        if type(value) is str and value in SENTINELS:
            return None
        if value is None:
            return None
        if not isinstance(value, str):
            # YAML 1.1, which records are written in, has texts that are numbers in YAML 1.2: 2E1.
            written = self.origin.text_at(path) if type(value) in _NUMBERS else None
            if written is None:
                raise self.reject(
                    path, f"text expected, found {_type_name(value)}", "put it between quotes"
                )
            value = written
        if self.may_hold_controls and (odd := _UNWRITABLE.search(value)) is not None:
            self.note(
                path,
                f"character U+{ord(odd[0]):04X} in a text, which not every format can hold",
                "remove it; until then U+FFFD stands in its place",
            )
            value = _UNWRITABLE.sub("\ufffd", value)
        value = value.strip()
        return None if value in SENTINELS else value

    def number_text(self, value: object, path: str) -> str | None:
        """A whole number that stands as text or as a number."""
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MANY:
            return str(value)
        return self.text(value, path)

    def texts(self, value: object, path: str) -> tuple[str, ...]:
        """Distinct texts of a list; a lone text is a list of one."""
        if value is None:
            return ()
        if isinstance(value, str):
            return tuple(filter(None, (self.text(value, path),)))
        if not isinstance(value, list):
            raise self.reject(path, f"list expected, found {_type_name(value)}", "write a list")
        found = (self.text(item, f"{path}[{i}]") for i, item in enumerate(value))
        return tuple(dict.fromkeys(filter(None, found)))

    def rows(self, value: object, path: str) -> list[Mapping[str, Any]]:
        """The entries of a list of mappings."""
        if value is None or (isinstance(value, str) and value.strip() in SENTINELS):
            return []
        if not isinstance(value, list):
            raise self.reject(path, f"list expected, found {_type_name(value)}", "write a list")
        for i, item in enumerate(value):
            if not isinstance(item, dict):
                raise self.reject(
                    f"{path}[{i}]",
                    f"fields expected, found {_type_name(item)}",
                    "write its fields as 'name: value'",
                )
        return value

    def identifier(self, space: str, value: str | None, path: str, prefix: str = "") -> str | None:
        """A local identifier of the space, or None and a finding where it has not its form."""
        if value is None:
            return None
        local = value[len(prefix) :] if value[: len(prefix)].lower() == prefix else value
        if self.vocabulary.matches(space, local):
            return local
        self.note(
            path,
            f"{value!r} is not an identifier of {space}",
            "correct it; until then the mention keeps its text and gets no link",
        )
        return None

    def concept(
        self, space: str, value: str | None, label: str | None, path: str
    ) -> tuple[Concept, ...]:
        """The concept with an identifier, which may have its space's name before it; or none."""
        local = self.identifier(space, value, path, f"{space}:")
        return () if local is None else (Concept(space, local, label),)


def _type_name(value: object) -> str:
    names = {bool: "true/false", int: "a number", float: "a number", dict: "fields", list: "a list"}
    return names.get(type(value), "text" if isinstance(value, str) else type(value).__name__)


def normalise(raw: RawRecord, expected_figid: str | None, vocabulary: Vocabulary) -> FigureRecord:
    """Give a record its one form.

    Args:
        raw: The record as read.
        expected_figid: The stem of its file's name; None where it had no file name.
        vocabulary: The identifier spaces that identifiers are held against.

    Raises:
        RecordError: A field without which there is no record is missing, or one has a wrong type.
    """
    fields = _Fields(raw, vocabulary)
    front = raw.front_matter
    get = front.get
    text = fields.text
    figid = _figid(fields, get("figid"), expected_figid)
    citation = text(get("reftext"), "reftext")
    doi, doi_field = _doi(fields, text(get("doi"), "doi"), citation)
    schema_block = _schema_block(fields, get("schema-jsonld"))
    if get("annotations"):
        fields.note(
            "annotations",
            "annotations are not exported: they are predictions, in no known form",
            "nothing to mend",
        )
    return FigureRecord(
        figid=figid,
        alias=text(get("figid_alias"), "figid_alias"),
        pmcid=_pmcid(fields, text(get("pmcid"), "pmcid"), figid),
        title=text(get("figtitle"), "figtitle"),
        caption=text(get("caption"), "caption"),
        number=_figure_number(fields.number_text(get("number"), "number")),
        figure_type=text(get("figtype"), "figtype"),
        filename=_filename(fields, text(get("filename"), "filename"), figid),
        figlink=_figlink(fields, text(get("figlink"), "figlink")),
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
        keywords=_keywords(fields, get("keywords"), schema_block.get("keywords")),
        organisms=_taxa(fields, get("organisms"), "organisms"),
        recognised_organisms=_taxa(fields, get("organisms_ner"), "organisms_ner"),
        genes=_genes(fields, raw),
        chemicals=_concept_mentions(fields, raw, Kind.CHEMICAL),
        diseases=_concept_mentions(fields, raw, Kind.DISEASE),
        origin=raw.origin,
        findings=tuple(fields.findings),
    )


def _figid(fields: _Fields, value: object, expected: str | None) -> str:
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


def _pmcid(fields: _Fields, pmcid: str | None, figid: str) -> str:
    of_figid = figid.partition("__")[0]
    if pmcid is not None and pmcid != of_figid:
        raise fields.reject(
            "pmcid", f"{pmcid!r} is not the article of {figid!r}", "correct the one that is wrong"
        )
    return of_figid


def _filename(fields: _Fields, name: str | None, figid: str) -> str | None:
    """The image's file name, if PubMed Central can have a file of that name."""
    if name is None:
        return None
    prefix = figid.partition("__")[0] + "/bin/"
    path = fields.identifier("pmc-image", prefix + name, "filename")
    return None if path is None else name


def _figure_number(value: str | None) -> str | None:
    """``F9``, ``FIGURE 9`` and ``Figure 9`` are ``Figure 9``; other forms stay as they are."""
    match = _NUMBER.fullmatch(value) if value is not None else None
    if match is None:
        return value
    name = _NUMBER_PREFIXES.get(match[1].upper())
    return value if name is None else f"{name} {match[2]}"


def _figlink(fields: _Fields, value: str | None) -> str | None:
    """The path of the figure's page at PubMed Central, without a host."""
    if value is None:
        return None
    path = "/" + _FIGLINK_HOST.sub("", value).strip("/") + "/"
    if not path.startswith("/pmc/"):
        path = "/pmc" + path
    return fields.identifier("pmc-figure", path, "figlink")


def _year(fields: _Fields, value: str | None) -> str | None:
    if value is None or _YEAR.fullmatch(value) is not None:
        return value
    fields.note("year", f"{value!r} is not a year", "write four digits, or '' if it is unknown")
    return None


def _doi(fields: _Fields, value: str | None, citation: str | None) -> tuple[str | None, str | None]:
    """The article's DOI in lower case (DOI Handbook, 2.4), and the field it was found in."""
    if value is not None:
        bare = re.sub(r"\A(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", value, flags=re.IGNORECASE)
        doi = fields.identifier("doi", bare.lower(), "doi")
        return doi, None if doi is None else "doi"
    if citation is not None and "10." in citation and (found := _DOI.search(citation)):
        doi = found[0].rstrip(".,;:)]").lower()
        if fields.vocabulary.matches("doi", doi):
            return doi, "reftext"
    return None, None


def _score(fields: _Fields, front: Mapping[str, Any]) -> str | None:
    """The classifier's score, from 0 to 1, as a decimal without exponent (XSD 1.1, decimal)."""
    name = "automl_pathway" if front.get("automl_pathway") is not None else "pathway_score"
    value = front.get(name)
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


def _rank(fields: _Fields, value: object) -> str | None:
    rank = fields.number_text(value, "pmc_ranked_result_index")
    if rank is None or (rank.isdecimal() and rank.isascii()):
        return rank
    fields.note("pmc_ranked_result_index", f"{rank!r} is not a whole number", "correct it")
    return None


def _schema_block(fields: _Fields, value: object) -> Mapping[str, Any]:
    """The record's own schema.org block: fields, or a list of them (the first counts)."""
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None or (isinstance(value, str) and value.strip() in SENTINELS):
        return {}
    if isinstance(value, dict):
        return value
    raise fields.reject("schema-jsonld", f"fields expected, found {_type_name(value)}", "mend it")


def _keywords(fields: _Fields, value: object, schema_keywords: object) -> tuple[str, ...]:
    """Distinct keywords of the article, then those of the record's schema.org block."""
    own = fields.texts(value, "keywords")
    split = (_SPACE.sub(" ", part).strip() for text in own for part in text.split(" | "))
    block = fields.texts(schema_keywords, "schema-jsonld.keywords")
    return tuple(dict.fromkeys(k for k in (*split, *block) if k not in SENTINELS))


def _taxa(fields: _Fields, value: object, path: str) -> tuple[Taxon, ...]:
    known = organisms()
    return tuple(Taxon(name, known.get(name)) for name in fields.texts(value, path))


def _mention_rows(
    fields: _Fields, raw: RawRecord, kind: Kind
) -> tuple[list[Mapping[str, Any]], bool]:
    """The rows of a kind, and whether they come from a table (the newer form, which wins)."""
    path = kind.value
    listed = fields.rows(raw.front_matter.get(path), path)
    table = raw.tables.get(kind)
    if table is None:
        return listed, False
    if listed:
        fields.note(
            path,
            f"the record lists {path} in its front matter and in a table",
            "remove one; the table was used",
        )
    return list(table), True


class _Identities:
    """Names the rows of one kind by what they say, so that the names survive a new order."""

    __slots__ = ("_kind", "_seen")

    def __init__(self, kind: Kind) -> None:
        self._kind = kind.value
        self._seen: Counter[tuple[str | None, ...]] = Counter()

    def occurrence(self, *content: str | None) -> int:
        """Which of the equal rows this one is, from 1."""
        self._seen[content] += 1
        return self._seen[content]

    def name(self, occurrence: int, *content: str | None) -> str:
        parts = (self._kind, *content, str(occurrence))
        joined = "\x1f".join(["\x1e" if part is None else part for part in parts])
        return hashlib.sha256(joined.encode()).hexdigest()[:16]


_GENE_COLUMNS: Final = {
    False: ("word", "source", "symbol", "hgnc_symbol", "entrez"),
    True: ("word", "source", "match", "ncbigene_symbol", "ncbigene_id"),
}


def _genes(fields: _Fields, raw: RawRecord) -> tuple[GeneMention, ...]:
    rows, in_table = _mention_rows(fields, raw, Kind.GENE)
    text = fields.text
    identities = _Identities(Kind.GENE)
    columns = _GENE_COLUMNS[in_table]
    mentions = []
    for i, row in enumerate(rows):
        path = f"genes[{i}]."
        word, source, match, symbol = [text(row.get(c), path + c) for c in columns[:4]]
        entrez = fields.number_text(row.get(columns[4]), path + columns[4])
        taxon = _gene_taxon(fields, row, path) if in_table else _HUMAN
        taxid = taxon.id if taxon is not None else None
        match_type = MATCH_TYPES.get(source) if source is not None else None
        # The n-th row of a word and a gene belongs to the n-th expansion of that word.
        n = identities.occurrence(word, match, source, entrez, taxid)
        paths = (path + columns[3], path + columns[4])
        pairs = _numbers_and_symbols(entrez, symbol) if entrez is not None else []
        genes = [_gene(fields, pair, taxon, paths) for pair in pairs]
        mentions.append(
            GeneMention(
                row=i,
                id=identities.name(n, word, match, source, entrez, taxid),
                word=word,
                match=match,
                source=source,
                match_type=match_type,
                genes=tuple(gene for gene in genes if gene is not None),
                group=identities.name(n, word, match, source, taxid)
                if match_type is MatchType.FAMILY
                else None,
                **_counts(fields, row, path) if in_table else {},
            )
        )
    return tuple(mentions)


def _numbers_and_symbols(entrez: str, symbol: str | None) -> list[tuple[str, str | None]]:
    """The genes of a cell: one, unless it holds several numbers."""
    if entrez.isdecimal():
        return [(entrez, symbol)]
    numbers = [number for number in _SEVERAL.split(entrez) if number]
    symbols = _SEVERAL.split(symbol) if symbol is not None else []
    if len(numbers) == 1 or len(symbols) != len(numbers):
        return [(number, symbol if len(numbers) == 1 else None) for number in numbers]
    return list(zip(numbers, symbols, strict=True))


def _gene(
    fields: _Fields, pair: tuple[str, str | None], taxon: Taxon | None, paths: tuple[str, str]
) -> Gene | None:
    """A gene, if its number is one; ``paths`` are those of the symbol and of the number."""
    number, symbol = pair
    if fields.identifier("ncbigene", number, paths[1]) is None:
        return None
    human = taxon is not None and taxon.id == _HUMAN.id
    return Gene(
        number, symbol, fields.identifier("hgnc.symbol", symbol, paths[0]) if human else None, taxon
    )


def _gene_taxon(fields: _Fields, row: Mapping[str, Any], path: str) -> Taxon | None:
    taxid = fields.number_text(row.get("organism_id"), path + "organism_id")
    name = fields.text(row.get("organism_name"), path + "organism_name")
    taxid = fields.identifier("taxon", taxid, path + "organism_id")
    return None if taxid is None and name is None else Taxon(name, taxid)


def _counts(fields: _Fields, row: Mapping[str, Any], path: str) -> dict[str, str]:
    counts = {}
    for column in ("count_direct", "count_synonym", "count_match"):
        value = fields.text(row[column], path + column)
        if value is None:
            continue
        if value.isdecimal() and value.isascii():
            counts[column] = value
        else:
            fields.note(
                path + column, f"{value!r} is not a whole number", "correct it, or write NA"
            )
    return counts


_SPACES: Final = {
    kind: tuple(space.name for space in spaces_of(kind.value))
    for kind in (Kind.CHEMICAL, Kind.DISEASE)
}
"""The spaces of the identifiers that a row of each kind may have."""

_NAMED_BY: Final = {Kind.CHEMICAL: ("mesh", "chebi"), Kind.DISEASE: ("mesh", "doid")}
"""The spaces that mentions were first named by: what is absent of them is part of a name too.

Identifiers of other spaces are part of it only where there are any, so that a new space does not
change the IRIs of the mentions that have none of its identifiers.
"""


def _concept_mentions(fields: _Fields, raw: RawRecord, kind: Kind) -> tuple[ConceptMention, ...]:
    rows, in_table = _mention_rows(fields, raw, kind)
    spaces, first = _SPACES[kind], _NAMED_BY[kind]
    later = [space for space in spaces if space not in first]
    read = _columns_of_spaces if in_table else _source_and_identifier
    identities = _Identities(kind)
    mentions = []
    for i, row in enumerate(rows):
        path = f"{kind.value}[{i}]."
        word = fields.text(row.get("word"), path + "word")
        match, source, concepts = read(fields, row, path, spaces)
        ids = {concept.space: concept.id for concept in concepts}
        content = (word, match, source, *map(ids.get, first))
        content += tuple(f"{space}:{ids[space]}" for space in later if space in ids)
        mentions.append(
            ConceptMention(
                i,
                identities.name(identities.occurrence(*content), *content),
                word,
                match,
                source,
                MatchType.BY_NAME if concepts else None,
                concepts,
            )
        )
    return tuple(mentions)


_MatchSourceConcepts = tuple[str | None, str | None, tuple[Concept, ...]]


def _columns_of_spaces(
    fields: _Fields, row: Mapping[str, Any], path: str, spaces: tuple[str, ...]
) -> _MatchSourceConcepts:
    """Match, source and concepts of a row with a column for each space.

    ``match`` is the label of the MeSH concept, ``name`` that of the others; the first identifier
    says what the source is.
    """
    text = fields.text
    match, name = text(row.get("match"), path + "match"), text(row.get("name"), path + "name")
    source, other_label = None, name or match
    concepts: tuple[Concept, ...] = ()
    for space in spaces:
        local = text(row.get(space), path + space)
        if local is None:
            continue
        if source is None:
            source = space.upper()
        label = other_label
        if space == "mesh":
            label, other_label = match, name
        concepts += fields.concept(space, local, label, path + space)
    return match, source, concepts


def _source_and_identifier(
    fields: _Fields, row: Mapping[str, Any], path: str, spaces: tuple[str, ...]
) -> _MatchSourceConcepts:
    """Match, source and concept of a row with one identifier, whose source names its space."""
    source = fields.text(row.get("source"), path + "source")
    identifier = fields.number_text(row.get("identifier"), path + "identifier")
    if identifier is None:
        return None, source, ()
    space = (source or identifier.partition(":")[0]).lower()
    if space in spaces:
        return None, source, fields.concept(space, identifier, None, path + "identifier")
    fields.note(
        path + "identifier",
        f"{identifier!r} is of no space known here (source {source!r})",
        "correct the source; until then the mention keeps its text and gets no link",
    )
    return None, source, ()
