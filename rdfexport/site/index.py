"""An index of all figures, on disk while a site is built.

The figures that show a gene, are of the same article or have a word in common are not known from
one document, and for a large release the index does not fit into memory.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from rdfexport.errors import DiskError, UnreadableError
from rdfexport.pages.figure import YEARS, Entity, Link
from rdfexport.site.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdfexport.pages.figure import Figure
    from rdfexport.pages.mentions import Words

_TABLES: Final = """
CREATE TABLE figure (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, year TEXT NOT NULL,
  article TEXT NOT NULL, number INTEGER, words TEXT
);
CREATE TABLE entity (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
  about TEXT NOT NULL, organism TEXT NOT NULL, human TEXT NOT NULL, links TEXT NOT NULL,
  letter TEXT NOT NULL, sorted TEXT NOT NULL, figures INTEGER, UNIQUE (kind, key)
);
CREATE TABLE shows (
  entity INTEGER NOT NULL, figure INTEGER NOT NULL, PRIMARY KEY (entity, figure)
) WITHOUT ROWID;
CREATE TABLE word (word TEXT NOT NULL, figure INTEGER NOT NULL);
CREATE TABLE entity_word (word TEXT NOT NULL, number INTEGER NOT NULL);
"""
# Newest first; figures of a year by their names.
_READY: Final = """
UPDATE figure SET number = place.number FROM (
  SELECT id, row_number() OVER (ORDER BY year DESC, name) - 1 AS number FROM figure
) AS place WHERE figure.id = place.id;
CREATE INDEX article ON figure (article, number);
UPDATE entity SET figures = (SELECT count(*) FROM shows WHERE entity = entity.id);
CREATE INDEX browse ON entity (kind, sorted, key);
"""
_OTHER: Final = "other"
_MEMO: Final = 20_000


class Listed(NamedTuple):
    """A figure in a list; ``name`` is what its page is called."""

    name: str
    title: str
    year: str


class Counted(NamedTuple):
    """An entity, and how many figures show it."""

    id: int
    entity: Entity
    figures: int


class Index:
    """The index of all figures.

    Args:
        path: The database; a file there is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._remove()
        try:
            self.database = sqlite3.connect(path, isolation_level=None)
        except sqlite3.Error as error:
            raise DiskError(f"{path}: cannot be written ({error})") from error
        # It is thrown away: nothing has to be safe from a crash.
        self.database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
            "PRAGMA temp_store = FILE; PRAGMA cache_size = -32768;" + _TABLES + "BEGIN;"
        )
        self._ids: dict[Entity, int] = {}

    def close(self) -> None:
        """Remove the database."""
        self.database.close()
        self._remove()

    def _remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def add(self, figures: Iterable[Figure]) -> Iterator[int]:
        """Add figures; yields their number so far after each.

        Raises:
            UnreadableError: A figure occurs twice.
        """
        for number, figure in enumerate(figures, 1):
            try:
                self.database.execute(
                    "INSERT INTO figure (id, name, title, year, article) VALUES (?, ?, ?, ?, ?)",
                    (
                        number,
                        figure.name,
                        figure.title,
                        figure.year.key if figure.year.key.isdecimal() else "",
                        figure.article,
                    ),
                )
            except sqlite3.IntegrityError as error:
                raise UnreadableError(f"{figure.figid} is in the release twice") from error
            shown = [one for one in figure.entities if one.key]
            ids = dict.fromkeys(map(self._id, shown))
            self.database.executemany(
                "INSERT INTO shows VALUES (?, ?)", ((one, number) for one in ids)
            )
            found = words(
                figure.figid.partition("__")[0],
                figure.title,
                figure.paper,
                *(one.name for one in shown if one.kind != YEARS or one.key.isdecimal()),
                *(one.human for one in shown),
            )
            self.database.executemany(
                "INSERT INTO word VALUES (?, ?)", ((word, number) for word in found)
            )
            yield number
        self.database.executescript("BEGIN;" + _READY)

    def _id(self, entity: Entity) -> int:
        """The entity's number; its name and links do not depend on the order of figures."""
        known = self._ids.get(entity)
        if known is not None:
            return known
        folded = sort_key(entity.name)
        (found,) = (
            self.database.execute(
                "INSERT INTO entity (kind, key, name, about, organism, human, links, letter,"
                " sorted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET"
                " name = excluded.name, about = excluded.about, organism = excluded.organism,"
                " human = excluded.human, links = excluded.links, letter = excluded.letter,"
                " sorted = excluded.sorted"
                " WHERE (excluded.about, excluded.organism, excluded.human, excluded.links,"
                " excluded.name) > (about, organism, human, links, name) RETURNING id",
                (
                    *entity[:6],
                    orjson.dumps([list(link) for link in entity.links]).decode(),
                    folded[0] if "a" <= folded[:1] <= "z" else _OTHER,
                    folded,
                ),
            ).fetchone()
            or self.database.execute(
                "SELECT id FROM entity WHERE kind = ? AND key = ?", (entity.kind, entity.key)
            ).fetchone()
        )
        if len(self._ids) >= _MEMO:
            self._ids.clear()
        self._ids[entity] = found
        return int(found)

    def has_figure(self, name: str) -> bool:
        """True if there is a figure of this name."""
        found = self.database.execute("SELECT 1 FROM figure WHERE name = ?", (name,))
        return found.fetchone() is not None

    def add_words(self, name: str, words: Words) -> bool:
        """Store the words of a figure; False if there is no such figure."""
        done = self.database.execute(
            "UPDATE figure SET words = ? WHERE name = ?", (orjson.dumps(words), name)
        )
        return done.rowcount == 1

    def words_of(self, name: str) -> Words:
        """The words that were read in a figure.

        Raises:
            UnreadableError: No Turtle of it was noted.
        """
        found = self.database.execute("SELECT words FROM figure WHERE name = ?", (name,)).fetchone()
        if found is None or found[0] is None:
            raise UnreadableError(
                f"{name}: the release has no Turtle of it: make the release again"
            )
        words: Words = orjson.loads(found[0])
        return words

    def neighbours(self, article: str, name: str) -> list[Listed]:
        """The other figures of an article."""
        rows = self.database.execute(
            "SELECT name, title, year FROM figure WHERE article = ? AND name <> ?"
            " AND article <> '' ORDER BY number",
            (article, name),
        )
        return [Listed(*row) for row in rows]

    def figures(self) -> Iterator[Listed]:
        """All figures in the order of their numbers, which begin at 0."""
        rows = self.database.execute("SELECT name, title, year FROM figure ORDER BY number")
        return (Listed(*row) for row in rows)

    def figures_of(self, entity: int) -> Iterator[Listed]:
        """The figures that show an entity."""
        rows = self.database.execute(
            "SELECT name, title, year FROM shows JOIN figure ON figure.id = shows.figure"
            " WHERE entity = ? ORDER BY number",
            (entity,),
        )
        return (Listed(*row) for row in rows)

    def words(self) -> Iterator[tuple[str, int]]:
        """Words with the numbers of their figures, both in order."""
        return self.database.execute(
            "SELECT word, number FROM word JOIN figure ON figure.id = word.figure"
            " ORDER BY word, number"
        )

    def entity_words(self) -> Iterator[tuple[str, int]]:
        """Words of names and identifiers with the places of entities in ``found``, in order."""
        self.database.executemany(
            "INSERT INTO entity_word VALUES (?, ?)",
            (
                (word, number)
                for number, one in enumerate(self.found())
                for word in words(
                    one.entity.name,
                    one.entity.about,
                    one.entity.human,
                    one.entity.key.partition("-")[2],
                )
            ),
        )
        return self.database.execute("SELECT word, number FROM entity_word ORDER BY word, number")

    def entities(self, kind: str, letter: str | None = None) -> Iterator[Counted]:
        """The entities of a kind by their names, years backwards; those of a letter."""
        direction = "DESC" if kind == YEARS else "ASC"
        return self._entities(
            "kind = ? AND (letter = ? OR ? IS NULL)"
            f" ORDER BY sorted {direction}, key COLLATE BINARY",
            (kind, letter, letter),
        )

    def frequent(self, kind: str, number: int) -> list[Counted]:
        """The entities of a kind that most figures show."""
        return list(
            self._entities("kind = ? ORDER BY figures DESC, sorted, key LIMIT ?", (kind, number))
        )

    def found(self) -> Iterator[Counted]:
        """All entities that are searched by name: those of most figures first."""
        return self._entities("kind <> ? ORDER BY figures DESC, kind, sorted, key", (YEARS,))

    def _entities(self, which: str, values: tuple[object, ...]) -> Iterator[Counted]:
        rows = self.database.execute(
            "SELECT id, kind, key, name, about, organism, human, links, figures"  # noqa: S608
            f" FROM entity WHERE {which}",
            values,
        )
        for number, kind, key, name, about, organism, human, links, figures in rows:
            pairs = tuple(Link(*pair) for pair in orjson.loads(links))
            yield Counted(number, Entity(kind, key, name, about, organism, human, pairs), figures)

    def letters(self, kind: str) -> list[tuple[str, int]]:
        """The letters that names begin with, and how many do."""
        rows = self.database.execute(
            "SELECT letter, count(*) FROM entity WHERE kind = ? GROUP BY letter"
            " ORDER BY letter = ?, letter",
            (kind, _OTHER),
        )
        return [(letter, number) for letter, number in rows]

    def count(self, kind: str) -> int:
        """The number of entities of a kind."""
        (number,) = self.database.execute(
            "SELECT count(*) FROM entity WHERE kind = ?", (kind,)
        ).fetchone()
        return int(number)

    def papers(self) -> int:
        """The number of articles that the figures are from."""
        (number,) = self.database.execute(
            "SELECT count(DISTINCT article) FROM figure WHERE article <> ''"
        ).fetchone()
        return int(number)


def sort_key(name: str) -> str:
    """A name as it is sorted: without case and accents."""
    return "".join(
        one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)
    ).lower()
