"""The rows of a record's genes, chemicals and diseases → its mentions."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from rdfexport.model import (
    ChemicalMention,
    Concept,
    DiseaseMention,
    Gene,
    GeneMention,
    Kind,
    MatchType,
    RawRecord,
    Taxon,
)
from rdfexport.normalise.unknown import check_columns, check_rows
from rdfexport.normalise.values import Fields, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
_SEVERAL = re.compile(r"[\s,;|/]+")


def _mention_rows(
    fields: Fields, raw: RawRecord, kind: Kind
) -> tuple[list[Mapping[str, Any]], bool]:
    """The rows of a kind, and whether they come from a table (the newer form, which wins)."""
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


# Word, match, symbol and number of a row, by whether it stands in a table.
_GENE_COLUMNS: Final = {
    False: ("word", "symbol", "hgnc_symbol", "entrez"),
    True: ("word", "match", "ncbigene_symbol", "ncbigene_id"),
}


def genes(fields: Fields, raw: RawRecord) -> tuple[GeneMention, ...]:
    rows, in_table = _mention_rows(fields, raw, Kind.GENE)
    text, name = fields.text, fields.name
    identities = _Identities(Kind.GENE)
    *names, number = _GENE_COLUMNS[in_table]
    mentions = []
    for i, row in enumerate(rows):
        path = f"genes[{i}]."
        source = text(row.get("source"), path + "source")
        word, match, symbol = [name(row.get(c), path + c) for c in names]
        entrez = fields.number_text(row.get(number), path + number)
        taxon = _gene_taxon(fields, row, path) if in_table else _HUMAN
        taxid = taxon.id if taxon is not None else None
        match_type = MATCH_TYPES.get(source) if source is not None else None
        # The n-th row of a word and a gene belongs to the n-th expansion of that word.
        n = identities.occurrence(word, match, source, entrez, taxid)
        paths = (path + names[2], path + number)
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


def chemicals(fields: Fields, raw: RawRecord) -> tuple[ChemicalMention, ...]:
    found = _concept_mentions(fields, raw, Kind.CHEMICAL, "chebi")
    return tuple(ChemicalMention(*common, chebi) for common, chebi in found)


def diseases(fields: Fields, raw: RawRecord) -> tuple[DiseaseMention, ...]:
    found = _concept_mentions(fields, raw, Kind.DISEASE, "doid")
    return tuple(DiseaseMention(*common, doid) for common, doid in found)


def _concept_mentions(
    fields: Fields, raw: RawRecord, kind: Kind, second: str
) -> Iterator[tuple[_Common, Concept | None]]:
    """What chemicals and diseases have in common, and the concept in their ``second`` space."""
    rows, in_table = _mention_rows(fields, raw, kind)
    identities = _Identities(kind)
    for i, row in enumerate(rows):
        path = f"{kind.value}[{i}]."
        word, match, source, mesh, other = _concepts(fields, row, path, second, in_table=in_table)
        ids = (mesh.id if mesh else None, other.id if other else None)
        n = identities.occurrence(word, match, source, *ids)
        identity = identities.name(n, word, match, source, *ids)
        match_type = MatchType.BY_NAME if mesh or other else None
        yield (i, identity, word, match, source, match_type, mesh), other


_Common = tuple[int, str, str | None, str | None, str | None, MatchType | None, Concept | None]
_Concepts = tuple[str | None, str | None, str | None, Concept | None, Concept | None]


def _concepts(
    fields: Fields, row: Mapping[str, Any], path: str, other: str, *, in_table: bool
) -> _Concepts:
    """Word, match, source, MeSH concept and ``other`` concept of a chemical or disease row.

    In a table ``match`` is the label of the MeSH concept and ``name`` that of the other one; a
    legacy row has one identifier, whose ``source`` says which space it is of.
    """
    word = fields.name(row.get("word"), path + "word")
    if in_table:
        match = fields.name(row.get("match"), path + "match")
        name = fields.name(row.get("name"), path + "name")
        mesh_id = fields.text(row.get("mesh"), path + "mesh")
        other_id = fields.number_text(row.get(other), path + other)
        source = "MESH" if mesh_id is not None else other.upper() if other_id is not None else None
        mesh = fields.concept("mesh", mesh_id, match, path + "mesh", "mesh:")
        also = fields.concept(
            other, other_id, name or (match if mesh_id is None else None), path + other, f"{other}:"
        )
        return word, match, source, mesh, also
    source = fields.text(row.get("source"), path + "source")
    identifier = fields.number_text(row.get("identifier"), path + "identifier")
    if identifier is None:
        return word, None, source, None, None
    space = (source or identifier.partition(":")[0]).lower()
    if space == "mesh":
        mesh = fields.concept("mesh", identifier, None, path + "identifier", "mesh:")
        return word, None, source, mesh, None
    if space == other:
        also = fields.concept(other, identifier, None, path + "identifier", f"{other}:")
        return word, None, source, None, also
    fields.note(
        path + "identifier",
        f"{identifier!r} is of no space known here (source {source!r})",
        "correct the source; until then the mention keeps its text and gets no link",
    )
    return word, None, source, None, None
