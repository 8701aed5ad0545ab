"""The rows of a record's genes, chemicals and diseases → its mentions."""

from __future__ import annotations

import re
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
from rdfexport.normalise.identities import Identities
from rdfexport.normalise.unknown import check_columns, check_rows
from rdfexport.normalise.values import Fields, whole_number
from rdfexport.read.columns import is_early
from rdfexport.terms import spaces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


# Word, match, symbol and number of a row: in the front matter and in early tables, and today.
_GENE_COLUMNS: Final = {
    False: ("word", "symbol", "hgnc_symbol", "entrez"),
    True: ("word", "match", "ncbigene_symbol", "ncbigene_id"),
}


def genes(fields: Fields, raw: RawRecord) -> tuple[GeneMention, ...]:
    rows, is_newer = _mention_rows(fields, raw, Kind.GENE)
    text, name = fields.text, fields.name
    identities = Identities(Kind.GENE.value)
    *names, number = _GENE_COLUMNS[is_newer]
    mentions: list[GeneMention] = []
    expansions = _Expansions(identities)
    for i, row in enumerate(rows):
        path = f"genes[{i}]."
        source = text(row.get("source"), path + "source")
        word, match, symbol = [name(row.get(c), path + c) for c in names]
        entrez = fields.number_text(row.get(number), path + number)
        taxon = _gene_taxon(fields, row, path) if is_newer else _HUMAN
        taxid = taxon.id if taxon is not None else None
        match_type = MATCH_TYPES.get(source) if source is not None else None
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
        expansions.add(n, word, match, taxid, source if match_type is MatchType.FAMILY else None)
        mentions.append(
            GeneMention(
                row=i,
                id=identities.name(n, word, match, source, entrez, taxid),
                word=word,
                match=match,
                source=source,
                match_type=match_type,
                genes=tuple(gene for gene in genes if gene is not None),
                **_counts(fields, row, path) if is_newer else {},
            )
        )
    return tuple(mentions) if expansions.is_empty else tuple(expansions.grouped(mentions))


class _Expansions:
    """Finds the rows into which one word was expanded.

    A word is expanded where one of its rows comes from a lexicon of families. Then all rows of the
    word, the name it matched and the organism are of the expansion, and matched by family: where a
    lexicon of synonyms has the family's name for one of its members, today's tables take that row
    from there. The gene whose own symbol is the family's name (``FOS``) stays an exact match. A
    word may match several names (``JNK/p38``), each of which is expanded by itself.

    Args:
        identities: Name the expansions.
    """

    __slots__ = ("_families", "_identities", "_rows")

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        # Occurrence, and word, matched name and organism of each row.
        self._rows: list[tuple[int, tuple[str | None, ...]]] = []
        self._families: dict[tuple[str | None, ...], str] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no word names a family."""
        return not self._families

    def add(
        self,
        occurrence: int,
        word: str | None,
        match: str | None,
        taxid: str | None,
        family: str | None,
    ) -> None:
        """Take a row; ``family`` is its lexicon, if that is one of families.

        The n-th row of a word and a gene belongs to the n-th expansion of that word.
        """
        key = (word, match, taxid)
        self._rows.append((occurrence, key))
        if family is not None:
            self._families[key] = min(family, self._families.get(key, family))

    def grouped(self, mentions: Iterable[GeneMention]) -> Iterator[GeneMention]:
        """The mentions, in the order of the rows, with the names of their expansions."""
        for mention, (occurrence, key) in zip(mentions, self._rows, strict=True):
            source = self._families.get(key)
            if source is None:
                yield mention
            else:
                word, match, taxid = key
                group = self._identities.name(occurrence, word, match, source, taxid)
                is_exact = mention.match_type is MatchType.EXACT
                how = MatchType.EXACT if is_exact else MatchType.FAMILY
                yield mention._replace(group=group, match_type=how)


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
    identities = Identities(kind.value)
    mentions = []
    for i, row in enumerate(rows):
        path = f"{kind.value}[{i}]."
        word = fields.name(row.get("word"), path + "word")
        match, name, source, concepts = read(fields, row, path, spaces)
        ids = {concept.space: concept.id for concept in concepts}
        content = (word, match, source, *map(ids.get, first))
        content += tuple(f"{space}:{ids[space]}" for space in later if space in ids)
        identity = identities.name(identities.occurrence(*content), *content)
        match_type = MatchType.BY_NAME if concepts else None
        mentions.append(
            ConceptMention(i, identity, word, match, source, match_type, concepts, name)
        )
    return tuple(mentions)


_Content = tuple[str | None, str | None, str | None, tuple[Concept, ...]]
"""Match, name, source and concepts of a row."""


def _columns_of_spaces(
    fields: Fields, row: Mapping[str, Any], path: str, spaces: tuple[str, ...]
) -> _Content:
    """The content of a row with a column for each space.

    ``match`` is the label of the MeSH concept, ``name`` that of the others; the first identifier
    says what the source is. Without MeSH, ``match`` is what the word matched, which is no label.
    """
    match = fields.name(row.get("match"), path + "match")
    name = fields.name(row.get("name"), path + "name")
    source = None
    concepts: tuple[Concept, ...] = ()
    for space in spaces:
        local = fields.number_text(row.get(space), path + space)
        if local is None:
            continue
        if source is None:
            source = space.upper()
        label = match if space == "mesh" else name
        concepts += fields.concept(space, local, label, path + space)
    return match, name, source, concepts


def _source_and_identifier(
    fields: Fields, row: Mapping[str, Any], path: str, spaces: tuple[str, ...]
) -> _Content:
    """The content of a row with one identifier, whose source names its space."""
    source = fields.text(row.get("source"), path + "source")
    identifier = fields.number_text(row.get("identifier"), path + "identifier")
    if identifier is None:
        return None, None, source, ()
    space = (source or identifier.partition(":")[0]).lower()
    if space in spaces:
        concepts = fields.concept(space, identifier, None, path + "identifier")
        return None, None, source, concepts
    fields.note(
        path + "identifier",
        f"{identifier!r} is of no space known here (source {source!r})",
        "correct the source; until then the mention keeps its text and gets no link",
    )
    return None, None, source, ()
