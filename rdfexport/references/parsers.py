"""The published files → rows, one at a time: no file is ever in memory whole.

Each parser is given the file, already unpacked, and the columns that its declaration requires.

Raises:
    MalformedError: The file is not what it should be.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final
from xml.parsers import expat

from rdfexport.errors import UnreadableError
from rdfexport.limits import MAX_TABLE_LINE_BYTES
from rdfexport.untrusted.encoding import decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = tuple[str, ...]

VALUE_SEPARATOR: Final = "|"
"""Between the values of a cell that has several, as HGNC writes it."""

_BLOCK: Final = 1 << 18
_MESH_ID: Final = re.compile(r"[CD][0-9]+")
_PMCID: Final = re.compile(r"PMC[0-9]{1,12}")
_INFORMAL: Final = re.compile(r" (sp|cf|aff)\. ")


class MalformedError(UnreadableError):
    """A published file is malformed; the message says how."""


def one_after_the_other(sources: Mapping[str, Iterator[Row]]) -> Iterator[Row]:
    """The rows of all sources."""
    return chain.from_iterable(sources.values())


def hgnc(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """Approved genes of HGNC's complete set.

    In: tab-separated, header first, cells with ``|`` quoted
    (https://www.genenames.org/help/download/#hgnc-complete-set).
    Out: HGNC number, symbol, name, Entrez, Ensembl, UniProt, previous symbols, aliases.
    """
    for cells in records(file, columns):
        hgnc_id, symbol, name, status, entrez, ensembl, uniprot, previous, alias = cells
        if status == "Approved":
            number = hgnc_id.removeprefix("HGNC:")
            yield number, symbol, name, entrez, ensembl, uniprot, previous, alias


def mesh(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """Records of a MeSH edition.

    In: NLM's XML; ``columns`` names the elements of a record, its identifier and its name
    (https://www.nlm.nih.gov/mesh/xml_data_elements.html).
    Out: identifier, preferred label, and nothing for what replaces it.
    """
    reader = _MeshReader(*columns)
    while block := file.read(_BLOCK):
        yield from reader.feed(block)
    yield from reader.feed(b"")
    if not reader.records:
        raise MalformedError(f"there is no {columns[0]} in it")


def mesh_chebi(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """The mappings between MeSH and ChEBI of a set of mappings, as from MeSH to ChEBI.

    In: SSSOM/TSV, metadata in lines that begin with # (https://w3id.org/sssom).
    Out: MeSH identifier, ChEBI number, predicate, justification, MeSH label, ChEBI label.
    """
    for subject, label, predicate, obj, object_label, justification in records(file, columns):
        if not predicate.startswith("skos:"):
            continue
        here, there = _local(subject), _local(obj)
        spaces = (_prefix(subject), _prefix(obj))
        if spaces == ("mesh", "chebi"):
            yield here, there, predicate, justification, label, object_label
        elif spaces == ("chebi", "mesh"):
            inverse = _INVERSE.get(predicate, predicate)
            yield there, here, inverse, justification, object_label, label


_INVERSE: Final = {
    "skos:narrowMatch": "skos:broadMatch",
    "skos:broadMatch": "skos:narrowMatch",
}


def sure_mappings(sources: Mapping[str, Iterator[Row]]) -> Iterator[Row]:
    """Curated mappings, and predicted ones where nothing is left to judge.

    A prediction is taken if both names are the same but for case, nobody has rejected it, there is
    no curated mapping of the MeSH term, and no second prediction of that kind.

    In: rows of ``mesh_chebi`` for each of the three sets.
    Out: MeSH identifier, ChEBI number, predicate, justification, ChEBI label.
    """
    rejected = {row[:2] for row in sources["mesh-chebi-rejected"]}
    curated = set()
    for mesh_id, chebi, predicate, justification, _, label in sources["mesh-chebi-curated"]:
        curated.add(mesh_id)
        yield mesh_id, chebi, predicate, justification, label
    predicted: dict[str, dict[str, Row]] = {}
    for row in sources["mesh-chebi-predicted"]:
        mesh_id, chebi, predicate, justification, mesh_name, label = row
        if mesh_id in curated or row[:2] in rejected or mesh_name.lower() != label.lower():
            continue
        mapping = (mesh_id, chebi, predicate, justification, label)
        predicted.setdefault(mesh_id, {})[chebi] = mapping
    for mappings in predicted.values():
        if len(mappings) == 1:
            yield from mappings.values()


def doid(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """Diseases of the Disease Ontology, and what replaced former identifiers.

    Out: DOID number, label, MeSH identifiers it refers to, status, what replaced it.
    """
    for local, label, status, replacement, term in _terms(file, columns, "DOID"):
        xrefs = (xref.split(maxsplit=1)[0] for xref in term.get("xref", ()) if xref.strip())
        ids = [xref.removeprefix("MESH:") for xref in xrefs if xref.startswith("MESH:")]
        mesh_ids = sorted({mesh_id for mesh_id in ids if _MESH_ID.fullmatch(mesh_id)})
        mesh = "" if status else VALUE_SEPARATOR.join(mesh_ids)
        yield local, label, mesh, status, replacement


def chebi(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """Entities of ChEBI, and what replaced former identifiers.

    Out: ChEBI number, label, status, what replaced it.
    """
    for local, label, status, replacement, _ in _terms(file, columns, "CHEBI"):
        yield local, label, status, replacement


SECONDARY: Final = "secondary"
OBSOLETE: Final = "obsolete"
"""Kinds of former identifiers: a secondary one of a term, or that of an obsolete term."""

_Term = Mapping[str, Sequence[str]]


def _terms(
    file: BinaryIO, columns: tuple[str, ...], prefix: str
) -> Iterator[tuple[str, str, str, str, _Term]]:
    """The terms of an ontology, then those that they replace.

    In: OBO 1.4 (https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html).
    Out: number, label, status (nothing for a term in use), what replaced it, the term's tags.
    """
    live = set()
    secondary: dict[str, str] = {}
    for term in _stanzas(file):
        try:
            curie, label = (term[column][0] for column in columns)
        except KeyError as error:
            raise MalformedError(f"a term lacks its {error.args[0]}") from None
        space, _, local = curie.partition(":")
        if space != prefix:
            continue
        live.add(local)
        if term.get("is_obsolete") == ["true"]:
            replacement = next(iter(term.get("replaced_by", ())), "")
            same = replacement if replacement.startswith(f"{prefix}:") else ""
            yield local, label.removeprefix("obsolete "), OBSOLETE, _local(same), term
            continue
        yield local, label, "", "", term
        secondary |= {_local(other): local for other in term.get("alt_id", ())}
    for other, local in secondary.items():
        if other not in live:
            yield other, "", SECONDARY, local, {}


def _stanzas(file: BinaryIO) -> Iterator[_Term]:
    stream = lines(file)
    if not next(stream, "").startswith("format-version:"):
        raise MalformedError("it does not begin as an OBO file does")
    term: dict[str, list[str]] | None = None
    for line in chain(stream, ("[end]",)):
        if line.startswith("["):
            if term is not None:
                yield term
            term = {} if line == "[Term]" else None
        elif term is not None:
            tag, _, value = line.partition(": ")
            term.setdefault(tag, []).append(value.partition(" ! ")[0])


def taxonomy(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """Scientific names of NCBI Taxonomy, but for those of unnamed species ("Bacillus sp. X1").

    These are half of all, and no figure's organisms are called so.

    In: ``names.dmp`` of the taxonomy dump
    (https://ftp.ncbi.nlm.nih.gov/pub/taxonomy/taxdump_readme.txt).
    Out: taxonomy identifier, name.
    """
    for line in lines(file):
        cells = line.removesuffix("\t|").split("\t|\t")
        if len(cells) != len(columns):
            raise MalformedError(f"a line has {len(cells)} columns, not {', '.join(columns)}")
        taxon, name, _, kind = cells
        if kind == "scientific name" and not _INFORMAL.search(name):
            yield taxon, name


def pmc_ids(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """Identifiers and years of the articles of PubMed Central.

    In: ``PMC-ids.csv``, comma-separated, header first
    (https://pmc.ncbi.nlm.nih.gov/tools/id-converter-api/).
    Out: digits of the PMCID, PubMed identifier, DOI in lower case, year; empty where there is none.
    """
    for pmcid, pubmed, doi, year in records(file, columns, ","):
        if _PMCID.fullmatch(pmcid) is not None:
            yield pmcid[3:], "" if pubmed == "0" else pubmed, doi.strip().lower(), year


def _prefix(curie: str) -> str:
    return curie.partition(":")[0].lower()


def _local(curie: str) -> str:
    return curie.partition(":")[2]


def lines(file: BinaryIO) -> Iterator[str]:
    """Lines without their ends; one that does not end is not read into memory."""
    while line := file.readline(MAX_TABLE_LINE_BYTES):
        if len(line) == MAX_TABLE_LINE_BYTES:
            raise MalformedError("a line has no end")
        yield decoded(line).rstrip("\r\n")


def records(file: BinaryIO, columns: Sequence[str], delimiter: str = "\t") -> Iterator[list[str]]:
    """The required cells of each record, in the order of ``columns``."""
    reader = csv.reader(_after_comments(lines(file)), delimiter=delimiter)
    header = next(reader, [])
    missing = [column for column in columns if column not in header]
    if missing:
        raise MalformedError(f"the column {missing[0]} is missing")
    places = [header.index(column) for column in columns]
    for cells in reader:
        if len(cells) != len(header):
            raise MalformedError(f"line {reader.line_num}: {len(cells)} cells, not {len(header)}")
        yield [cells[place] for place in places]


def _after_comments(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not line.startswith("#"))


class _MeshReader:
    """Collects identifier and name of each record; refuses entities, so that none expands.

    The external DTD that NLM's files name is not read: expat opens no address by itself.
    """

    def __init__(self, record: str, identifier: str, name: str) -> None:
        self.records = 0
        # Depth matters: a record also names others, inside elements of the same names.
        self._wanted = {(record, identifier): 0, (record, name, "String"): 1}
        self._record = record
        self._path: list[str] = []
        self._cells = ["", ""]
        self._cell: int | None = None
        self._rows: list[Row] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity

    def feed(self, block: bytes) -> list[Row]:
        """The records that end in a block; an empty block ends the document."""
        self._rows = []
        try:
            self._parser.Parse(block, not block)
        except expat.ExpatError as error:
            raise MalformedError(f"it is not whole XML ({error})") from error
        return self._rows

    def _start(self, name: str, _: Mapping[str, str]) -> None:
        self._path.append(name)
        if len(self._path) <= 4:
            self._cell = self._wanted.get(tuple(self._path[1:]))

    def _text(self, text: str) -> None:
        if self._cell is not None:
            self._cells[self._cell] += text

    def _end(self, name: str) -> None:
        self._path.pop()
        self._cell = None
        if name == self._record and len(self._path) == 1:
            identifier, label = (cell.strip() for cell in self._cells)
            if not _MESH_ID.fullmatch(identifier) or not label:
                raise MalformedError(f"a {name} lacks its identifier or its name")
            self._rows.append((identifier, label, ""))
            self._cells = ["", ""]
            self.records += 1

    def _entity(self, name: str, *_: object) -> None:
        raise MalformedError(f"it declares the entity {name}, which no MeSH file does")
