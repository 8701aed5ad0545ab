"""The tables beside a record (``_data/<figid>-genes.tsv`` and the like): bytes → rows."""

from __future__ import annotations

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError
from rdfexport.model import Kind

COLUMNS: dict[Kind, tuple[str, ...]] = {
    Kind.GENE: (
        "organism_id",
        "organism_name",
        "organism_group",
        "word",
        "match",
        "ncbigene_symbol",
        "ncbigene_id",
        "source",
        "count_direct",
        "count_synonym",
        "count_match",
    ),
    Kind.CHEMICAL: ("word", "mesh", "match", "name", "chebi"),
    Kind.DISEASE: ("word", "mesh", "match", "name", "doid"),
}


def rows(file: str, text: str, kind: Kind) -> list[dict[str, str]]:
    """Read a table: a header line, then one row a line, cells apart by a tab, nothing quoted.

    Columns may stand in any order and others may be among them; row ``i`` is line ``i + 2``.

    Raises:
        RecordError: A column is missing or doubled, or a row has not as many cells as the header.
    """
    header_line, *lines = text.rstrip("\n").split("\n")
    header = header_line.split("\t")
    if missing := [column for column in COLUMNS[kind] if column not in header]:
        raise RecordError(
            Location(file, 1),
            f"the header lacks {', '.join(missing)}",
            f"give it the columns {', '.join(COLUMNS[kind])}",
        )
    if len(set(header)) != len(header):
        raise RecordError(Location(file, 1), "a column stands twice", "name each column once")
    table = []
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise RecordError(
                Location(file, number),
                f"{len(cells)} cells where the header has {len(header)}",
                "give the row one cell a column, NA where nothing is known",
            )
        table.append(dict(zip(header, cells, strict=True)))
    return table
