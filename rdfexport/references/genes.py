"""NCBI's files of genes, and HGNC's columns of orthologs → rows, one at a time.

NCBI's files hold the genes of all organisms, so each parser is told which are wanted; None stands
for all. Columns: https://ftp.ncbi.nlm.nih.gov/gene/DATA/README.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from rdfexport.references.parsers import VALUE_SEPARATOR, MalformedError, Row, lines, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    Taxa = frozenset[str] | None

LIVE: Final = "live"
REPLACED: Final = "replaced"
DISCONTINUED: Final = "discontinued"
"""The status of a gene: in use, or withdrawn by NCBI in favour of another one or of none."""

HUMAN: Final = "9606"
MOUSE: Final = "10090"
RAT: Final = "10116"

_NONE: Final = "-"
# The databases of NCBI's dbXrefs that are identifier spaces here.
_SPACES: Final = {
    "Ensembl": "ensembl",
    "FLYBASE": "flybase",
    "MGI": "mgi",
    "RGD": "rgd",
    "SGD": "sgd",
    "TAIR": "araport",
    "Araport": "araport",
    "WormBase": "wormbase",
    "Xenbase": "xenbase",
    "ZFIN": "zfin",
}
_PLACEHOLDER: Final = "NEWENTRY"


def gene_info(file: BinaryIO, columns: tuple[str, ...], taxa: Taxa) -> Iterator[Row]:
    """Genes that NCBI keeps.

    Out: number, taxon, symbol, full name, synonyms, references (``mgi:1928394``), status, and
    nothing for what replaced it.
    """
    for cells in _cells(file, columns, taxa):
        taxon, number, symbol, synonyms, references, description, official = map(_text, cells)
        if symbol != _PLACEHOLDER:
            name = official or description
            yield number, taxon, symbol, name, synonyms, _references(references), LIVE, ""


def gene_history(file: BinaryIO, columns: tuple[str, ...], taxa: Taxa) -> Iterator[Row]:
    """Genes that NCBI has withdrawn, as ``gene_info`` gives those it keeps."""
    for cells in _cells(file, columns, taxa):
        taxon, replacement, number, symbol = map(_text, cells)
        status = REPLACED if replacement else DISCONTINUED
        yield number, taxon, symbol, "", "", "", status, replacement


def gene_orthologs(file: BinaryIO, columns: tuple[str, ...], taxa: Taxa) -> Iterator[Row]:
    """Pairs of orthologous genes, both of wanted organisms or human.

    Out: gene, its taxon, other gene, its taxon, provider; genes as CURIEs.
    """
    wanted = None if taxa is None else taxa | {HUMAN}
    for cells in _cells(file, columns, wanted):
        taxon, number, relation, other_taxon, other = cells
        if relation == "Ortholog" and (wanted is None or other_taxon in wanted):
            yield f"ncbigene:{number}", taxon, f"ncbigene:{other}", other_taxon, "ncbigene"


def hgnc_orthologs(file: BinaryIO, columns: tuple[str, ...]) -> Iterator[Row]:
    """The mouse and rat genes that HGNC's complete set gives for human ones.

    MGI and RGD say which they are. Out: as ``gene_orthologs``.
    """
    for status, entrez, mouse, rat in records(file, columns):
        if status == "Approved" and entrez:
            yield from hgnc_pairs(entrez, mouse, rat)


def hgnc_pairs(entrez: str, mouse: str, rat: str) -> Iterator[Row]:
    """The pairs of one human gene; ``mouse`` and ``rat`` may hold several identifiers."""
    for space, taxon, cell in (("mgi", MOUSE, mouse), ("rgd", RAT, rat)):
        for value in cell.replace(",", VALUE_SEPARATOR).split(VALUE_SEPARATOR):
            local = value.strip().rpartition(":")[2]
            if local.isdecimal():
                yield f"ncbigene:{entrez}", HUMAN, f"{space}:{local}", taxon, "hgnc"


def _cells(file: BinaryIO, columns: tuple[str, ...], taxa: Taxa) -> Iterator[list[str]]:
    """The required cells of each line of an organism that is wanted.

    The files are no CSV: a quotation mark is one like any other. The taxon is the first cell.
    """
    rows = lines(file)
    header = next(rows, "").removeprefix("#").split("\t")
    missing = [column for column in columns if column not in header]
    if missing:
        raise MalformedError(f"the column {missing[0]} is missing")
    places = [header.index(column) for column in columns]
    for number, line in enumerate(rows, 2):
        if taxa is not None and line.partition("\t")[0] not in taxa:
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            raise MalformedError(f"line {number}: {len(cells)} cells, not {len(header)}")
        yield [cells[place] for place in places]


def _text(cell: str) -> str:
    return "" if cell == _NONE else cell


def _references(cell: str) -> str:
    """``MGI:MGI:1928394|Ensembl:ENSMUSG00000028991`` → those of known spaces, each once."""
    found: dict[str, None] = {}
    for reference in cell.split(VALUE_SEPARATOR):
        database, _, local = reference.partition(":")
        if database in _SPACES:
            found[f"{_SPACES[database]}:{local.rpartition(':')[2]}"] = None
    return VALUE_SEPARATOR.join(found)
