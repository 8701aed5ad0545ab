"""The rows of a record's genes, chemicals and diseases → its mentions."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from rdfexport.limits import MAX_IDENTIFIERS
from rdfexport.model import (
    Concept,
    ConceptMention,
    Gene,
    GeneMention,
    Kind,
    MatchType,
    RawRecord,
    Taxon,
)
from rdfexport.normalise.unknown import check_columns, check_rows
from rdfexport.normalise.values import Fields, whole_number
from rdfexport.read.columns import is_early
from rdfexport.terms import spaces_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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

_HUMAN: Final = Taxon("Homo sapiens", "9606")
# SEPT2, MARCH5 and DEC1 as spreadsheets show them: 2-Sep, 5-Mar, Dec-01, 2/9/2023, 2023-09-02.
_MONTH: Final = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
_EXCEL_DATE: Final = re.compile(
    rf"\d{{1,2}}-(?:{_MONTH})(?:-\d{{2,4}})?|(?:{_MONTH})-\d{{2}}"
    r"|\d{1,2}/\d{1,2}/(?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}(?: 00:00:00)?",
    re.IGNORECASE | re.ASCII,
)
_SEVERAL = re.compile(r"[\s,;|/]+")


def _mention_rows(
    fields: Fields, raw: RawRecord, kind: Kind
) -> tuple[list[Mapping[str, Any]], bool]:
    """The rows of a kind, from its table if there is one, and whether they have today's columns."""
    path = kind.value
    listed = fields.rows(raw.front_matter.get(path), path)
    table = raw.tables.get(kind)
    if table is None:
        check_rows(fields, listed, kind)
        return listed, False
    if table:
        check_columns(fields, table[0], kind)
    if listed:
        fields.note(
            path,
            f"the record lists {path} in its front matter and in a table",
            "remove one; the table was used",
        )
    return list(table), not (table and is_early(kind, table[0]))


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


# Word, match, symbol and number of a row: in the front matter and in early tables, and today.
_GENE_COLUMNS: Final = {
    False: ("word", "symbol", "hgnc_symbol", "entrez"),
    True: ("word", "match", "ncbigene_symbol", "ncbigene_id"),
}


def genes(fields: Fields, raw: RawRecord) -> tuple[GeneMention, ...]:
    rows, is_newer = _mention_rows(fields, raw, Kind.GENE)
    text, name = fields.text, fields.name
    identities = _Identities(Kind.GENE)
    *names, number = _GENE_COLUMNS[is_newer]
    mentions = []
    for i, row in enumerate(rows):
        path = f"genes[{i}]."
        source = text(row.get("source"), path + "source")
        word, match, symbol = [name(row.get(c), path + c) for c in names]
        entrez = fields.number_text(row.get(number), path + number)
        taxon = _gene_taxon(fields, row, path) if is_newer else _HUMAN
        taxid = taxon.id if taxon is not None else None
        match_type = MATCH_TYPES.get(source) if source is not None else None
        # The n-th row of a word and a gene belongs to the n-th expansion of that word.
        n = identities.occurrence(word, match, source, entrez, taxid)
        paths = (path + names[2], path + number)
        if entrez is not None and len(_SEVERAL.split(entrez, MAX_IDENTIFIERS)) > MAX_IDENTIFIERS:
            raise fields.reject(
                path + number,
                f"more than {MAX_IDENTIFIERS:,} identifiers in one cell",
                "give each gene a row of its own",
            )
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
                **_counts(fields, row, path) if is_newer else {},
            )
        )
    return tuple(mentions)


def _numbers_and_symbols(entrez: str, symbol: str | None) -> list[tuple[str, str | None]]:
    """The genes of a cell: one, unless it holds several numbers."""
    if entrez.isdecimal():
        return [(entrez, symbol)]
    numbers = [whole_number(number) or number for number in _SEVERAL.split(entrez) if number]
    symbols = _SEVERAL.split(symbol) if symbol is not None else []
    if len(numbers) == 1 or len(symbols) != len(numbers):
        return [(number, symbol if len(numbers) == 1 else None) for number in numbers]
    return list(zip(numbers, symbols, strict=True))


def _gene(
    fields: Fields, pair: tuple[str, str | None], taxon: Taxon | None, paths: tuple[str, str]
) -> Gene | None:
    """A gene, if its number is one; ``paths`` are those of the symbol and of the number."""
    number, symbol = pair
    if fields.identifier("ncbigene", number, paths[1]) is None:
        return None
    human = taxon is not None and taxon.id == _HUMAN.id
    if symbol is not None and _EXCEL_DATE.fullmatch(symbol):
        fields.note(
            paths[0],
            f"{symbol!r} is a date, which a spreadsheet made of a gene symbol",
            "write the symbol; until then the number counts",
        )
        return Gene(number, None, None, taxon, recorded_symbol=symbol)
    return Gene(
        number, symbol, fields.identifier("hgnc.symbol", symbol, paths[0]) if human else None, taxon
    )


def _gene_taxon(fields: Fields, row: Mapping[str, Any], path: str) -> Taxon | None:
    taxid = fields.number_text(row.get("organism_id"), path + "organism_id")
    name = fields.text(row.get("organism_name"), path + "organism_name")
    taxid = fields.identifier("taxon", taxid, path + "organism_id")
    return None if taxid is None and name is None else Taxon(name, taxid)


def _counts(fields: Fields, row: Mapping[str, Any], path: str) -> dict[str, str]:
    counts = {}
    for column in ("count_direct", "count_synonym", "count_match"):
        value = fields.number_text(row.get(column), path + column)
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
"""The spaces whose identifiers are part of a mention's name even where there is none.

Identifiers of other spaces are part of it only where there are any: so a new space does not change
the IRIs of the mentions that have no identifier of it.
"""


def concept_mentions(fields: Fields, raw: RawRecord, kind: Kind) -> tuple[ConceptMention, ...]:
    """The mentions of a record's chemicals or diseases."""
    rows, is_newer = _mention_rows(fields, raw, kind)
    read = _columns_of_spaces if is_newer else _source_and_identifier
    spaces, first = _SPACES[kind], _NAMED_BY[kind]
    later = [space for space in spaces if space not in first]
    identities = _Identities(kind)
    mentions = []
    for i, row in enumerate(rows):
        path = f"{kind.value}[{i}]."
        word = fields.name(row.get("word"), path + "word")
        match, source, concepts = read(fields, row, path, spaces)
        ids = {concept.space: concept.id for concept in concepts}
        content = (word, match, source, *map(ids.get, first))
        content += tuple(f"{space}:{ids[space]}" for space in later if space in ids)
        identity = identities.name(identities.occurrence(*content), *content)
        match_type = MatchType.BY_NAME if concepts else None
        mentions.append(ConceptMention(i, identity, word, match, source, match_type, concepts))
    return tuple(mentions)


_MatchSourceConcepts = tuple[str | None, str | None, tuple[Concept, ...]]


def _columns_of_spaces(
    fields: Fields, row: Mapping[str, Any], path: str, spaces: tuple[str, ...]
) -> _MatchSourceConcepts:
    """Match, source and concepts of a row with a column for each space.

    ``match`` is the label of the MeSH concept, ``name`` that of the others; the first identifier
    says what the source is.
    """
    match = fields.name(row.get("match"), path + "match")
    name = fields.name(row.get("name"), path + "name")
    source, other_label = None, name or match
    concepts: tuple[Concept, ...] = ()
    for space in spaces:
        local = fields.number_text(row.get(space), path + space)
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
    fields: Fields, row: Mapping[str, Any], path: str, spaces: tuple[str, ...]
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
