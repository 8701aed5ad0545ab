"""The table of a collection that lists pathways which curators made of figures.

``_data/wpid_map.tsv`` of wikipathways/pfocr-database: a figid and an identifier of WikiPathways a
line, with white space between and no header.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import RecordError, SourceError
from rdfexport.model import MappedPathway
from rdfexport.printing import visible
from rdfexport.read.text import decoded, not_as_expected

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from rdfexport.sources.found import Found, Reports

_FIELD: Final = "wpid"
_HEADER: Final = ["figid", _FIELD]


class PathwayTables:
    """The lines of such tables, kept in a database.

    Args:
        database: Where they are kept, in a table of their own.
        reports: Called for tables and lines that cannot be read.
    """

    def __init__(self, database: sqlite3.Connection, reports: Reports) -> None:
        self._database = database
        self._reports = reports
        self._is_empty = True
        database.execute(
            "CREATE TABLE pathway (root TEXT, stem TEXT, wpid TEXT, file TEXT, line INTEGER,"
            " PRIMARY KEY (root, stem, wpid)) WITHOUT ROWID"
        )

    def add(self, found: Found) -> None:
        """Read a table."""
        name = found.member.name
        try:
            data = found.member.read()
            if (fault := not_as_expected(name, data)) is not None:
                raise fault
            lines = decoded(name, data).split("\n")
        except RecordError as error:
            self._reports.fault(SourceError(error.location, error.problem, error.remedy))
            return
        for number, line in enumerate(lines, 1):
            words = line.split()
            if not words or (number == 1 and words == _HEADER):
                continue
            if len(words) != len(_HEADER):
                problem = "a line is a figid and an identifier of WikiPathways, so it is not read"
                place = Location(visible(name), number)
                self._reports.finding(Finding(place, problem, "write it so, or remove it"))
                continue
            self._is_empty = False
            self._database.execute(
                "INSERT OR IGNORE INTO pathway VALUES (?,?,?,?,?)",
                (visible(found.root), visible(words[0]), words[1], visible(name), number),
            )

    def of(self, root: str, stem: str | None) -> tuple[MappedPathway, ...]:
        """The pathways of a figure of a collection, in the order of the lines."""
        if self._is_empty or stem is None:
            return ()
        rows = self._database.execute(
            "SELECT wpid, file, line FROM pathway WHERE root = ? AND stem = ? ORDER BY line",
            (root, stem),
        )
        return tuple(MappedPathway(wpid, Location(file, line, _FIELD)) for wpid, file, line in rows)

    def unused(self) -> Iterator[Finding]:
        """Findings about figures without a record, one a table.

        Nothing is said of a collection of which one record was asked for.
        """
        rows = self._database.execute(
            "SELECT file FROM pathway WHERE NOT EXISTS (SELECT 1 FROM member WHERE"
            " member.root = pathway.root AND member.stem = pathway.stem AND kind = 0)"
            " AND (SELECT count(*) FROM member WHERE member.root = pathway.root AND kind = 0) > 1"
        )
        for file, number in sorted(Counter(file for (file,) in rows).items()):
            problem = f"{number:,} of its figures have no record in the sources"
            yield Finding(Location(file), problem, "add the records, or remove the lines")
