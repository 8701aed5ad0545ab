"""New editions of the tables: downloaded or read from a folder, checked, and installed.

Each table is replaced for itself. Whatever is wrong with one, the one in use stays in use.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from rdfexport.errors import DiskError, NotFoundError, RemoteError, UsageError
from rdfexport.net.address import checked
from rdfexport.net.policy import DOWNLOAD
from rdfexport.printing import shown
from rdfexport.references import database
from rdfexport.references.database import FileState, TableState
from rdfexport.references.organisms import NOTE, Taxa
from rdfexport.references.parsers import MalformedError
from rdfexport.references.tables import SOURCES, TABLES
from rdfexport.references.unpacking import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdfexport.net.download import Download
    from rdfexport.net.session import Session
    from rdfexport.references.parsers import Row
    from rdfexport.references.tables import Source, Table

Progress = Callable[[str, int, int | None], None]
"""Called with the source, the bytes received, and their total, if the server states it."""

_ELSEWHERE: Final = "or choose another address with --url or files with --from"

Status = Literal["updated", "unchanged", "absent", "failed"]


@dataclass(frozen=True)
class Outcome:
    """How the update of a table ended.

    Args:
        table: Its name.
        status: "absent": the folder has no file for it, and it was not asked for by name.
        state: What is in use now.
        problem: What went wrong, and what to do; nothing unless it failed.
    """

    table: str
    status: Status
    state: TableState
    problem: str = ""


def _ignore(_source: str, _size: int, _total: int | None) -> None:
    pass


@dataclass(frozen=True)
class UpdateOptions:
    """Which tables to update, and from where.

    Args:
        only: Names of tables. Without any, all that the package has a copy of, those that were
            asked for before, and with ``source_folder`` those it has files for.
        source_folder: Files already downloaded, to be read instead of downloading.
        urls: Source to the address to use instead of the official one.
        taxa: The organisms of the tables of genes, as NCBI taxonomy numbers, or "all"; without any,
            those of ``GENE_ORGANISMS``.
        cache: Where the database is, by default in the platform's cache folder.
        on_progress: Called as bytes are received.
    """

    only: Sequence[str] = ()
    source_folder: Path | None = None
    urls: Mapping[str, str] = field(default_factory=dict)
    taxa: Sequence[str] = ()
    cache: Path | None = None
    on_progress: Progress = _ignore


def update(options: UpdateOptions) -> Iterator[Outcome]:
    """Bring tables up to date, one after the other.

    Returns:
        How each ended, as it ends.

    Raises:
        UsageError: There is no such table or source, an address is not valid, or the folder has no
            file for a table.
        DiskError: The cache folder cannot be written to.
    """
    names = list(dict.fromkeys(options.only)) or list(TABLES)
    taxa = Taxa.of(options.taxa)
    for name in names:
        if name not in TABLES:
            raise UsageError(f"{name}: there is no such table: choose from {', '.join(TABLES)}")
    addresses = _addresses(options.urls)
    asked = {source.name for name in names for source in TABLES[name].sources}
    if unused := sorted(set(options.urls) - asked):
        raise UsageError(f"--url {unused[0]}=...: has no effect with --only {','.join(names)}")
    cache = options.cache or database.cache_folder()
    try:
        path = database.ensure(cache)
        if options.source_folder is not None:
            yield from _from_folder(options.source_folder, names, path, options, taxa)
            return
        from rdfexport.net.session import Session  # noqa: PLC0415 - slow to import

        # Not in the cache folder: what a killed update leaves there would stay for ever.
        with (
            tempfile.TemporaryDirectory(prefix="rdfexport-") as temporary,
            Session(DOWNLOAD, netrc=True) as session,
        ):
            online = _Online(session, Path(temporary), addresses, options.on_progress)
            present = _states(path)
            for name in names:
                if options.only or TABLES[name].shipped or name in present:
                    yield _update(TABLES[name], path, online, taxa)
    except (OSError, sqlite3.Error) as error:
        raise DiskError(
            f"{cache}: cannot be written ({error}):"
            f" set {database.CACHE_VARIABLE} to a folder that can"
        ) from error


@dataclass(frozen=True)
class _Obtained:
    """The files for a table, and their description."""

    origin: str
    source: str
    date: str
    paths: dict[str, tuple[Path, ...]]
    downloaded: tuple[FileState, ...] = ()


def _update(table: Table, path: Path, obtain: _Online | _Local, taxa: Taxa) -> Outcome:
    with closing(database.connect(path)) as connection:
        state = database.table_states(connection).get(table.name) or _no_state(table)
        files = database.file_states(connection)
    try:
        note = taxa.note(table)
        # The same files give other rows for other organisms.
        same = state.source.partition(NOTE)[1:] == note.partition(NOTE)[1:]
        obtained = obtain(table, state, files if same else {})
        if obtained is None:
            return Outcome(table.name, "unchanged", state)
        intended = TableState(
            table.name, obtained.origin, obtained.source + note, obtained.date, 0, table.licence, ""
        )
        rows = _rows(table, obtained.paths, state.rows if same else 0, taxa)
        installed = database.install(path.parent, intended, rows, obtained.downloaded)
    except RemoteError as error:
        problem = f"{error}, {_ELSEWHERE}"
    except (MalformedError, sqlite3.IntegrityError) as error:
        problem = f"{error}: {obtain.remedy}"
    else:
        return Outcome(table.name, "updated", installed)
    problem += f"; the table of {state.date} stays in use" if state.date else ""
    return Outcome(table.name, "failed", state, problem)


def _states(path: Path) -> dict[str, TableState]:
    with closing(database.connect(path)) as connection:
        return database.table_states(connection)


def _no_state(table: Table) -> TableState:
    """The state of a table that does not exist yet."""
    return TableState(table.name, "", "", "", 0, table.licence, "")


@dataclass(frozen=True)
class _Online:
    """Gets files from their addresses; None if they are those that the table was made from."""

    remedy: ClassVar = f"try again later, {_ELSEWHERE}"
    session: Session
    folder: Path
    addresses: Mapping[str, list[str]]
    on_progress: Progress

    def __call__(
        self, table: Table, state: TableState, files: Mapping[str, FileState]
    ) -> _Obtained | None:
        known = files if state.origin == "download" else {}
        downloads = {
            source.name: self._fetch(source, known.get(source.name)) for source in table.sources
        }
        if not any(downloads.values()):
            return None
        # A table is made of all its files, and those that did not change were not kept.
        whole = {
            source.name: downloads[source.name] or self._fetch(source, None)
            for source in table.sources
        }
        got = {name: download for name, download in whole.items() if download is not None}
        if all(
            name in known and known[name].sha256 == download.sha256
            for name, download in got.items()
        ):
            return None
        return _Obtained(
            origin="download",
            source=" ".join(shown(download.url) for download in got.values()),
            date=max(_day(download.modified) for download in got.values()),
            paths={name: (download.path,) for name, download in got.items()},
            downloaded=tuple(
                # Without its secrets no address is equal to this one, so it is requested again.
                FileState(
                    name, shown(download.url), download.etag, download.modified, download.sha256
                )
                for name, download in got.items()
            ),
        )

    def _fetch(self, source: Source, known: FileState | None) -> Download | None:
        """Download a source from its first address that has the file; None: it did not change."""
        *others, last = self.addresses[source.name]
        for url in others:
            with suppress(NotFoundError):
                return self._download(source, url, known)
        return self._download(source, last, known)

    def _download(self, source: Source, url: str, known: FileState | None) -> Download | None:
        from rdfexport.net.download import Wanted, download  # noqa: PLC0415 - slow to import

        wanted = Wanted(checksum=True)
        if known is not None and known.url == url:
            wanted = Wanted(checksum=True, etag=known.etag, modified=known.modified)
        return download(
            self.session,
            url,
            self.folder / source.name,
            wanted,
            partial(self.on_progress, source.name),
        )


def _day(modified: str) -> str:
    """The day of a ``Last-Modified``, or today's."""
    try:
        return parsedate_to_datetime(modified).strftime("%Y-%m-%d")
    except ValueError:
        return time.strftime("%Y-%m-%d", time.gmtime())


def _from_folder(
    folder: Path, names: Sequence[str], path: Path, options: UpdateOptions, taxa: Taxa
) -> Iterator[Outcome]:
    try:
        present = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError as error:
        raise DiskError(f"{folder}: cannot be read ({error.strerror})") from error
    found = {
        source.name: tuple(folder / name for name in some)
        for source in SOURCES.values()
        if (some := _files_for(source, present))
    }
    tables = [TABLES[name] for name in names]
    if not any(source.name in found for table in tables for source in table.sources):
        wanted = ", ".join(
            pattern for table in tables for s in table.sources for pattern in s.files
        )
        raise UsageError(f"{folder}: has none of the files for these tables: {wanted}")
    local = _Local(found)
    for table in tables:
        own = [source.name for source in table.sources if not source.borrowed]
        if options.only or not found.keys().isdisjoint(own):
            yield _update(table, path, local, taxa)
        elif (state := _states(path).get(table.name)) is not None:
            yield Outcome(table.name, "absent", state)


def _files_for(source: Source, present: Sequence[str]) -> list[str]:
    """The file of a source; of several editions, which bear their years, the last.

    A source of all organisms may have several.
    """
    for pattern in source.files:
        matching = [name for name in present if fnmatch(name, pattern)]
        if matching:
            return matching if source.by_taxon else matching[-1:]
    return []


@dataclass(frozen=True)
class _Local:
    """Gets files from a folder."""

    remedy: ClassVar = "put a whole file into the folder, or leave out --from"
    found: Mapping[str, tuple[Path, ...]]

    def __call__(
        self, table: Table, _state: TableState, _files: Mapping[str, FileState]
    ) -> _Obtained:
        paths = {}
        for source in table.sources:
            if source.name not in self.found:
                raise MalformedError(
                    f"{source.name}: the folder has no {' or '.join(source.files)}"
                )
            paths[source.name] = self.found[source.name]
        files = [path for some in paths.values() for path in some]
        changed = max(path.stat().st_mtime for path in files)
        return _Obtained(
            origin="folder",
            source=" ".join(f"{path.name} (SHA-256 {_sha256(path)})" for path in files),
            date=time.strftime("%Y-%m-%d", time.gmtime(changed)),
            paths=paths,
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rows(
    table: Table, paths: Mapping[str, tuple[Path, ...]], present: int, taxa: Taxa
) -> Iterator[Row]:
    """The rows of a table's files; they raise if they are not enough to be the whole."""
    number = 0
    read = {source.name: _read(source, paths[source.name], taxa) for source in table.sources}
    for row in table.merge(read):
        number += 1
        yield row
    if number * 2 < present:
        raise MalformedError(f"{number:,} rows are less than half of the {present:,} in use")


def _read(source: Source, paths: Sequence[Path], taxa: Taxa) -> Iterator[Row]:
    # Of organisms that someone chose there may be few genes.
    least = 1 if source.by_taxon and taxa.chosen else source.least
    wanted = (taxa.numbers,) if source.by_taxon else ()

    def rows() -> Iterator[Row]:
        for path in paths:
            with unpacked(path) as file:
                yield from source.parse(file, source.columns, *wanted)

    try:
        yield from _at_least(least, rows())
    except (MalformedError, csv.Error, UnicodeDecodeError) as error:
        raise MalformedError(f"{source.name}: {error}") from error


def _at_least(least: int, rows: Iterable[Row]) -> Iterator[Row]:
    number = 0
    for row in rows:
        number += 1
        yield row
    if number < least:
        raise MalformedError(f"it has {number:,} rows, and at least {least:,} are usual")


def _addresses(chosen: Mapping[str, str]) -> dict[str, list[str]]:
    """Source → its addresses, the best first: as chosen, as its variable says, or the official."""
    for name in chosen:
        if name not in SOURCES:
            raise UsageError(f"{name}: there is no such source: choose from {', '.join(SOURCES)}")
    addresses = {}
    for name, source in SOURCES.items():
        url = chosen.get(name) or os.environ.get(source.variable) or source.url
        checked(url, f"the source {name}")
        addresses[name] = [url.replace("{year}", str(year)) for year in _years(url)]
    return addresses


def _years(url: str) -> Iterable[int]:
    """Editions to look for: NLM publishes the next year's in December, or later."""
    this_year = time.gmtime().tm_year
    return (this_year + 1, this_year, this_year - 1) if "{year}" in url else (this_year,)
