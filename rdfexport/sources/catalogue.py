"""Which records a list of sources holds, in order of their figids, and where each lies.

The list is kept in a temporary SQLite database that goes to disk when it grows, so a million
records take no more memory than a thousand.
"""

from __future__ import annotations

import os
import sqlite3
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import RecordError, SourceError, UsageError
from rdfexport.model import Kind
from rdfexport.printing import named, visible
from rdfexport.sources.find import Sources
from rdfexport.sources.found import Reports
from rdfexport.sources.members import Held, Member, held_from_urls
from rdfexport.sources.misnamed import MISNAMED_RECORDS, misnamed_stem
from rdfexport.sources.names import as_posix, is_in_figures
from rdfexport.sources.organisms import read_organisms
from rdfexport.sources.pathways import PathwayTables
from rdfexport.terms import file_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdfexport.model import MappedPathway
    from rdfexport.sources.found import Found

_KINDS: Final = (None, *Kind)
_SOURCES_NAMED: Final = 3


class Entry(NamedTuple):
    """A record to read.

    Args:
        stem: The name of its file, which its figid must equal; None if it has no name.
        record: Where it lies.
        tables: Where its tables lie.
        suffix: What stands behind its figid in the names of files that are made of it, so that they
            differ from those of another figure by more than case.
        pathways: Those that its collection's table lists for it.
    """

    stem: str | None
    record: Member | Held
    tables: Mapping[Kind, Member | Held]
    suffix: str = ""
    pathways: tuple[MappedPathway, ...] = ()

    @property
    def members(self) -> list[Member | Held]:
        """The record, and its tables in the order of their kinds."""
        return [self.record, *(self.tables[kind] for kind in sorted(self.tables))]

    def held(self) -> Entry:
        """The record and its tables as they are now, whatever happens to their files."""
        tables = {kind: table.held() for kind, table in self.tables.items()}
        return self._replace(record=self.record.held(), tables=tables)


def read_urls(entries: Sequence[Entry | RecordError]) -> list[Entry | RecordError]:
    """The same records, with what lies at URLs read.

    Raises:
        RemoteError: A store fails.
    """
    held = held_from_urls(m for entry in entries if isinstance(entry, Entry) for m in entry.members)
    return [
        entry._replace(
            record=held.get(entry.record, entry.record),
            tables={kind: held.get(table, table) for kind, table in entry.tables.items()},
        )
        if isinstance(entry, Entry) and held
        else entry
        for entry in entries
    ]


class Catalogue:
    """The records of some sources.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.

    Attributes:
        faults: What is wrong with sources, and with records that are known to be left out.
        findings: What is odd about files that are taken, or that nothing needs.

    Raises:
        UsageError: There is no record in any.
        DiskError: A source is not there.
        RemoteError: A store fails.
    """

    def __init__(self, sources: Iterable[str]) -> None:
        sources = list(sources)
        self.faults: list[RecordError] = []
        self.findings: list[Finding] = []
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute("PRAGMA cache_size = -16000")
        # A table may belong to several collections, by links; a record is of one figure.
        self._database.executescript(
            "CREATE TABLE member (source INTEGER, root TEXT, stem TEXT, kind INTEGER,"
            " in_figures INTEGER, name TEXT, path TEXT, offset INTEGER, size INTEGER,"
            " packed INTEGER, method INTEGER, crc INTEGER);"
            "CREATE UNIQUE INDEX once ON member"
            " (path, offset, stem, kind, iif(kind = 0, '', root));"
        )
        reports = Reports(self.faults.append, self.findings.append)
        self._pathways = PathwayTables(self._database, reports)
        self._sources = Sources(reports)
        try:
            for number, source in enumerate(sources, 1):
                for found in self._sources.find(source):
                    self._add(number, found)
            self._set_organisms_apart()
            self._keep_figures_folders()
            self.findings += self._pathways.unused()
            self._clashes = self._case_clashes()
        except BaseException:
            self.close()
            raise
        if not len(self):
            self.close()
            raise UsageError(self._no_record(sources))
        self._reject_misnamed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was kept on disk."""
        self._database.close()
        self._sources.close()

    def __len__(self) -> int:
        """How many records there are, those included that are already known to be faulty."""
        (count,) = self._database.execute("SELECT count(*) FROM member WHERE kind = 0").fetchone()
        return int(count) + len(self.faults)

    @property
    def incomplete(self) -> list[SourceError]:
        """The parts of sources that could not be read, as far as known before records are read.

        If there is any, a figure that is missing here may still be in its source.
        """
        return [fault for fault in self.faults if isinstance(fault, SourceError)]

    def stems(self) -> Iterator[str]:
        """The names of all records, those included that are faulty."""
        rows = self._database.execute(
            "SELECT DISTINCT stem FROM member WHERE kind = 0 AND stem IS NOT NULL ORDER BY stem"
        )
        return (stem for (stem,) in rows)

    def organisms(self) -> dict[str, str]:
        """The organisms that the sources describe: Latin name to NCBI taxonomy number.

        What is wrong with their files is added to ``findings`` and ``faults``.

        Raises:
            RemoteError: A store fails.
        """
        rows = self._database.execute(
            "SELECT name, path, offset, size, packed, method, crc FROM organism ORDER BY name"
        )
        members = [Member(name, os.fsdecode(path), *rest) for name, path, *rest in rows]
        return read_organisms(members, self.findings.append, self.faults.append)

    def entries(self) -> Iterator[Entry | RecordError]:
        """Each record in order of figid; in place of one that cannot be read, the reason."""
        yield from self.faults
        rows = self._database.execute(
            "SELECT stem, root, kind, name, path, offset, size, packed, method, crc"
            " FROM member ORDER BY stem, root, kind, name"
        )
        for stem, of_stem in groupby(rows, key=lambda row: row[0]):
            first: str | None = None
            for root, group in groupby(of_stem, key=lambda row: row[1]):
                records, tables = self._split(root, group)
                for member in records:
                    if first is not None and stem is not None:
                        yield RecordError(
                            Location(member.name, None, "figid"),
                            f"{stem!r} is also the figure of {first}",
                            "remove one of the two",
                        )
                        continue
                    first = member.name
                    pathways = self._pathways.of(root, stem)
                    yield Entry(stem, member, tables, self._suffix(stem, member), pathways)

    def _reject_misnamed(self) -> None:
        """Reject figures whose only record has the wrong name, so that none vanishes with a 0.

        A file beside its record is a copy, and one out of ``_figures`` is no record by any name.
        """
        execute = self._database.execute
        has_folder = execute("SELECT 1 FROM member WHERE in_figures").fetchone() is not None
        for finding in [one for one in self.findings if one.topic == MISNAMED_RECORDS]:
            file = as_posix(finding.location.file).replace("!", "/")  # before an archive's member
            row = execute(
                "SELECT 1 FROM member WHERE kind = 0 AND stem = ?", (misnamed_stem(file),)
            ).fetchone()
            if row is None and (is_in_figures(file) or not has_folder):
                self.findings.remove(finding)
                self.faults.append(RecordError(finding.location, finding.problem, finding.remedy))

    def _no_record(self, sources: Sequence[str]) -> str:
        """The message for sources without a record."""
        some = ", ".join(map(named, sources[:_SOURCES_NAMED]))
        problem = f"no record in any source ({some})"
        misnamed = [one for one in self.findings if one.topic == MISNAMED_RECORDS]
        if misnamed:
            return f"{problem}; {MISNAMED_RECORDS}: {len(misnamed)}, the first is {misnamed[0]}"
        return (
            f"{problem}: name a record file, a folder of .md files, an archive of them, a URL, or -"
            " for standard input"
        )

    def _split(
        self, root: str, group: Iterable[tuple[Any, ...]]
    ) -> tuple[list[Member], dict[Kind, Member]]:
        records: list[Member] = []
        tables: dict[Kind, Member] = {}
        for row in group:
            kind, member = _KINDS[row[2]], Member(row[3], os.fsdecode(row[4]), *row[5:])
            if kind is None:
                records.append(member)
            elif records and kind not in tables:
                tables[kind] = member
            elif not self._is_used_elsewhere(root, row[0], row[2], row[4]):
                self.findings.append(
                    Finding(
                        Location(member.name),
                        "a table that belongs to no record, or a second one of its kind",
                        "add the record, or remove the table",
                    )
                )
        return records, tables

    def _is_used_elsewhere(self, root: str, stem: str, kind: int, path: bytes) -> bool:
        """Whether a table belongs to a record of another collection, to which links lead too."""
        others = self._database.execute(
            "SELECT root FROM member WHERE path = ? AND stem = ? AND kind = ? AND root <> ?",
            (path, stem, kind, root),
        )
        return any(
            self._database.execute(
                "SELECT 1 FROM member WHERE root = ? AND stem = ? AND kind = 0", (other, stem)
            ).fetchone()
            for (other,) in others.fetchall()
        )

    def _add(self, source: int, found: Found) -> None:
        """Take a file, once: a record rather by the way that leads through ``_figures``."""
        if found.lists_pathways:
            self._pathways.add(found)
            return
        member, stem = found.member, None if found.role is None else found.role.stem
        self._database.execute(
            "INSERT INTO member VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
            " source = excluded.source, root = excluded.root, in_figures = 1, name = excluded.name"
            " WHERE kind = 0 AND excluded.in_figures AND NOT in_figures",
            (
                source,
                visible(found.root),
                None if stem is None else visible(stem),
                0 if found.role is None else _KINDS.index(found.role.kind),
                found.in_figures,
                visible(member.name),
                os.fsencode(member.path),
                *member[2:],
            ),
        )

    def _set_organisms_apart(self) -> None:
        """Take the files that describe organisms from those that may be records."""
        self._database.executescript(
            "CREATE TABLE organism AS SELECT * FROM member WHERE kind = 0 AND NOT in_figures AND"
            " (root = '_organisms' OR root LIKE '%/\\_organisms' ESCAPE '\\'"
            " OR root LIKE '%!\\_organisms' ESCAPE '\\');"
            "DELETE FROM member WHERE kind = 0 AND (path, offset) IN"
            " (SELECT path, offset FROM organism)"
        )

    def _keep_figures_folders(self) -> None:
        """Where a source has ``_figures`` folders, Markdown elsewhere in it is not a record."""
        self._database.execute(
            "DELETE FROM member WHERE kind = 0 AND NOT in_figures AND source IN"
            " (SELECT source FROM member WHERE in_figures)"
        )

    def _case_clashes(self) -> dict[str, str]:
        """The names of records that differ in case only, in lower case → the first of them."""
        return dict(
            self._database.execute(
                "SELECT lower(stem), min(stem) FROM member WHERE kind = 0 AND stem IS NOT NULL"
                " GROUP BY lower(stem) HAVING count(DISTINCT stem) > 1"
            )
        )

    def _suffix(self, stem: str | None, member: Member) -> str:
        """The suffix of a figure's files where another figid differs in case only.

        The first of them, in the order of figids, has the names that it would have alone.
        """
        first = None if stem is None else self._clashes.get(_lower(stem))
        if stem is None or first is None or first == stem:
            return ""
        self.findings.append(
            Finding(
                Location(member.name, None, "figid"),
                f"{stem!r} differs from {first!r} in case only, so its files get a longer name",
                "give one of the two another figid",
            )
        )
        return file_suffix(stem)


def _lower(stem: str) -> str:
    """A name in lower case as SQLite has it: letters of ASCII only, and figids have no others."""
    return "".join(c.lower() if c.isascii() else c for c in stem)
