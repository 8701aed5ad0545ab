"""GMT files of the sets of all figures: one for each kind and organism."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.diagnostics import Finding, Location
from rdfexport.write import OutputFile, gmt_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rdfexport.release.tables.gene_sets import FigureSets

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_MAX_NAME: Final = 80
_HASH_DIGITS: Final = 8


class SetFile(NamedTuple):
    """A GMT file: its name, its kind, its organism (None if it is of no known one), its sets."""

    name: str
    kind: str
    organism: str | None
    sets: int


class SetFiles:
    """Collects the sets of all figures, on disk, and writes them.

    Names are unique among figures: where two have one short name, it goes to a record that
    states it, else to the first; the other figure is named by its figid.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.executescript(
            "CREATE TABLE figure (figid TEXT PRIMARY KEY, alias TEXT, own INTEGER, title TEXT,"
            " file TEXT, line INTEGER) WITHOUT ROWID;"
            "CREATE TABLE member (kind TEXT, organism TEXT, figid TEXT, name TEXT, ids TEXT,"
            " PRIMARY KEY (kind, organism, figid)) WITHOUT ROWID"
        )

    def add(self, figure: FigureSets) -> None:
        *head, sets = figure
        if figure.own or sets:
            self._database.execute("INSERT INTO figure VALUES (?,?,?,?,?,?)", head)
        self._database.executemany(
            "INSERT INTO member VALUES (?,?,?,?,?)",
            ((kind, key, figure.figid, name, "\t".join(ids)) for kind, key, name, ids in sets),
        )

    def make_names_unique(self, on_finding: Callable[[Finding], None]) -> None:
        """Give each name to one figure, and report the others; call it after the last ``add``."""
        self._database.execute("CREATE INDEX by_name ON figure (coalesce(alias, figid))")
        # A figid may be the short name of another figure, so it may take more than one round.
        while twice := self._database.execute(
            "SELECT coalesce(alias, figid) AS name, figid, file, line FROM figure WHERE name IN"
            " (SELECT coalesce(alias, figid) FROM figure GROUP BY 1 HAVING count(*) > 1)"
            " ORDER BY name, alias IS NOT NULL, own DESC, figid"
        ).fetchall():
            for name, same in groupby(twice, key=itemgetter(0)):
                (_, first, *_), *others = same
                for _, figid, file, line in others:
                    problem = f"{name} is the short name of {first} too"
                    remedy = f"give one of them another; until then sets are named {figid}"
                    on_finding(Finding(Location(file, line, "figid_alias"), problem, remedy))
                    self._database.execute(
                        "UPDATE figure SET alias = NULL WHERE figid = ?", (figid,)
                    )

    def write(self, folder: Path, stem: str) -> Iterator[SetFile]:
        """Write a file for each kind and organism as ``{stem}-{kind}-{organism}.gmt``."""
        files = self._database.execute(
            "SELECT kind, organism, min(name), count(*) FROM member GROUP BY kind, organism"
        ).fetchall()
        parts = {
            kind: _file_parts((organism, name) for _, organism, name, _ in some)
            for kind, some in groupby(files, key=itemgetter(0))
        }
        for kind, organism, organism_name, number in files:
            path = f"{stem}-{kind}-{parts[kind][organism]}"
            with OutputFile(folder / f"{path}.gmt") as file:
                for name, title, ids in self._database.execute(
                    "SELECT coalesce(alias, figid), title, ids FROM member JOIN figure USING"
                    " (figid) WHERE kind = ? AND organism = ? ORDER BY figid",
                    (kind, organism),
                ):
                    file.write(gmt_line((name, title, *ids.split("\t"))))
            known = organism_name if organism else None
            yield SetFile(f"{path}.gmt", kind, known, number)

    def close(self) -> None:
        self._database.close()


def _file_parts(organisms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name the file of each organism: no two alike, on systems that ignore case either.

    Of organisms whose names fall together, the one with the smallest taxon number (or else the
    first name) keeps the plain name; the others add their number, or a hash of their name. A plain
    name has no hyphen, so it is never the name of another with an addition.

    Args:
        organisms: Number (or name, where that is not known) and name of each.

    Returns:
        Number (or name) → what stands for the organism in the file's name.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for organism, name in organisms:
        part = _UNSAFE.sub("_", name).strip("_")[:_MAX_NAME] or "unnamed"
        groups.setdefault(part.lower(), []).append((organism, part))
    parts: dict[str, str] = {}
    for same in groups.values():
        (first, plain), *others = sorted(same, key=_by_number)
        parts[first] = plain
        for organism, part in others:
            parts[organism] = f"{part}-{_distinction(organism)}"
    return parts


def _by_number(item: tuple[str, str]) -> tuple[bool, int, str]:
    organism = item[0]
    known = organism.isdecimal()
    return not known, int(organism) if known else 0, organism


def _distinction(organism: str) -> str:
    if organism.isdecimal():
        return organism
    return hashlib.sha256(organism.encode()).hexdigest()[:_HASH_DIGITS]
