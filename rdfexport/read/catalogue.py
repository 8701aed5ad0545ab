"""Which records a list of sources holds, in order of their figids, and where each lies.

The list is kept in a temporary SQLite database that goes to disk when it grows, so a million
records take no more memory than a thousand.
"""

from __future__ import annotations

import glob
import os
import posixpath
import shutil
import sqlite3
import sys
import tempfile
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from urllib.parse import unquote, urljoin, urlsplit

from rdfexport import remote
from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import DiskError, NotFoundError, RecordError, RemoteError, UsageError
from rdfexport.model import Kind
from rdfexport.net.address import checked, is_url, shown
from rdfexport.net.policy import DOWNLOAD
from rdfexport.read.archives import archive_kind, members
from rdfexport.read.frontmatter import decode
from rdfexport.read.members import AT_URL, Held, Member, held_from_urls, printable
from rdfexport.read.misnamed import misnamed_beside, misnamed_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdfexport.net.session import Session

_KINDS: Final = (None, *Kind)
_DOCUMENTS: Final = frozenset(
    {"README", "CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "LICENSE", "SECURITY", "INDEX"}
)
_SOURCES_NAMED: Final = 3


class Entry(NamedTuple):
    """A record to read: ``stem`` is its file's name, which its figid must equal (None: no name)."""

    stem: str | None
    record: Member | Held
    tables: Mapping[Kind, Member | Held]

    @property
    def members(self) -> list[Member | Held]:
        """The record, and its tables in the order of their kinds."""
        return [self.record, *(self.tables[kind] for kind in sorted(self.tables))]

    def held(self) -> Entry:
        """The record and its tables as they are now, whatever becomes of their files."""
        tables = {kind: table.held() for kind, table in self.tables.items()}
        return Entry(self.stem, self.record.held(), tables)


def fetched(entries: Sequence[Entry | RecordError]) -> list[Entry | RecordError]:
    """The same records, with what lies at URLs read.

    Raises:
        RemoteError: A store fails.
    """
    held = held_from_urls(m for entry in entries if isinstance(entry, Entry) for m in entry.members)
    return [
        Entry(
            entry.stem,
            held.get(entry.record, entry.record),
            {kind: held.get(table, table) for kind, table in entry.tables.items()},
        )
        if isinstance(entry, Entry) and held
        else entry
        for entry in entries
    ]


class Catalogue:
    """The records of some sources.

    Args:
        sources: Record files, folders, globs, archives, URLs, or ``-`` for standard input.

    Raises:
        DiskError: A source is not there.
        UsageError: There is no record in any.
    """

    def __init__(self, sources: Iterable[str]) -> None:
        sources = list(sources)
        self._folder = tempfile.TemporaryDirectory(prefix="rdfexport-")
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.execute(
            "CREATE TABLE member (source INTEGER, root TEXT, stem TEXT, kind INTEGER,"
            " in_figures INTEGER, name TEXT, path TEXT, offset INTEGER, size INTEGER,"
            " packed INTEGER, method INTEGER, crc INTEGER, UNIQUE (path, offset))"
        )
        self._session: Session | None = None
        self._downloads = 0
        self._source = 0
        self.faults: list[RecordError] = []
        self.findings: list[Finding] = []
        try:
            for source in sources:
                self._source += 1
                self._add(source)
            self._keep_figures_folders()
        except BaseException:
            self.close()
            raise
        if not len(self):
            self.close()
            named = ", ".join(map(_named, sources[:_SOURCES_NAMED]))
            raise UsageError(
                f"no record in any source ({named}): name a record file, a folder of .md files, an"
                " archive of them, a URL, or - for standard input"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was kept on disk."""
        self._database.close()
        if self._session is not None:
            self._session.close()
        self._folder.cleanup()

    def __len__(self) -> int:
        """How many records there are, those included that are already known to be faulty."""
        (count,) = self._database.execute("SELECT count(*) FROM member WHERE kind = 0").fetchone()
        return int(count) + len(self.faults)

    def entries(self) -> Iterator[Entry | RecordError]:
        """Each record in order of figid; in place of one that cannot be read, the reason."""
        yield from self.faults
        rows = self._database.execute(
            "SELECT stem, root, kind, name, path, offset, size, packed, method, crc"
            " FROM member ORDER BY stem, root, kind, name"
        )
        for stem, of_stem in groupby(rows, key=lambda row: row[0]):
            first: str | None = None
            for _, group in groupby(of_stem, key=lambda row: row[1]):
                records, tables = self._split(group)
                for member in records:
                    if first is not None and stem is not None:
                        yield RecordError(
                            Location(member.name, None, "figid"),
                            f"{stem!r} is also the figure of {first}",
                            "remove one of the two",
                        )
                        continue
                    first = member.name
                    yield Entry(stem, member, tables)

    def _split(self, group: Iterable[tuple[Any, ...]]) -> tuple[list[Member], dict[Kind, Member]]:
        records: list[Member] = []
        tables: dict[Kind, Member] = {}
        for row in group:
            kind, member = _KINDS[row[2]], Member(row[3], os.fsdecode(row[4]), *row[5:])
            if kind is None:
                records.append(member)
            elif not records or kind in tables:
                self.findings.append(
                    Finding(
                        Location(member.name),
                        "a table that belongs to no record, or a second one of its kind",
                        "add the record, or remove the table",
                    )
                )
            else:
                tables[kind] = member
        return records, tables

    def _add(self, source: str) -> None:
        if source == "-":
            self._add_stream()
        elif is_url(source):
            self._add_url(source)
        elif remote.is_remote(source):
            scheme, _, rest = source.partition("://")
            self._add_remote(f"{scheme}://{rest.rstrip('/')}")
        elif os.path.lexists(source):
            self._add_path(Path(source))
        elif matches := sorted(glob.glob(source, recursive=True)):  # noqa: PTH207 - it takes absolute patterns
            for match in _outermost(matches):
                self._add_path(match, named=False)
        else:
            raise DiskError(f"{source}: no such file, folder or match")

    def _add_path(self, path: Path, *, named: bool = True) -> None:
        """Take a file or folder; a file that was not named is a record only if it is Markdown."""
        if path.is_dir():
            self._add_folder(path)
            tables = path.with_name("_data")
            if path.name == "_figures" and tables.is_dir():
                self._add_folder(tables)
            return
        try:
            kind = archive_kind(path.name, path) if path.is_file() else None
        except OSError:
            kind = None
        if kind is not None:
            self._add_archive(printable(str(path)), path, kind)
            return
        if not named and path.suffix != ".md":
            return
        self._offer(str(path), Member(str(path), str(path)), stem=path.stem)
        parent = path.parent
        folders = (parent.parent if parent.name == "_figures" else parent) / "_data", parent
        for folder in folders:
            for table in Kind:
                file = folder / f"{path.stem}-{table.value}.tsv"
                if file.is_file():
                    self._offer(str(file), Member(str(file), str(file)))
            self.findings += misnamed_beside(folder, path.stem)

    def _add_folder(self, folder: Path) -> None:
        for parent, folders, names in os.walk(folder, onerror=self._on_walk_error):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = f"{parent}{os.sep}{name}"
                self._offer(path, Member(path, path))

    def _on_walk_error(self, error: OSError) -> None:
        self.faults.append(
            RecordError(
                Location(printable(str(error.filename))),
                f"the folder cannot be read ({error.strerror})",
                "make it readable",
            )
        )

    def _add_archive(self, name: str, path: Path, kind: str) -> None:
        try:
            for inner, member in members(
                name, path, kind, Path(self._folder.name), self.faults.append
            ):
                self._offer(inner, member, root=f"{path}!{_root(inner)}")
        except RecordError as error:
            self.faults.append(error)

    def _add_stream(self) -> None:
        path = Path(self._folder.name) / "stdin"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        self._add_saved("-", path)

    def _add_url(self, url: str) -> None:
        name = posixpath.basename(unquote(checked(url, "a source").path))
        try:
            path = self._download(url)
            kind = archive_kind(name, path)
            if kind is not None:
                self._add_archive(shown(url), path, kind)
                return
            if not name.endswith(".md"):
                self._offer_nameless(Member(shown(url), str(path)))
                return
            stem = name[: -len(".md")]
            tables = []
            for table in Kind:
                table_url = urljoin(url, f"../_data/{stem}-{table.value}.tsv")
                with suppress(NotFoundError):
                    table_path = self._download(table_url)
                    tables.append((table_url, Member(shown(table_url), str(table_path))))
            root = f"{path}!"
            self._offer(url, Member(shown(url), str(path)), stem=stem, root=root)
            for table_url, member in tables:
                self._offer(urlsplit(table_url).path, member, root=root)
        except RecordError as error:
            self.faults.append(error)
        except RemoteError as error:
            self.faults.append(RecordError(Location(error.where), error.problem, error.remedy))

    def _download(self, url: str) -> Path:
        from rdfexport.net.download import download  # noqa: PLC0415 - slow to import, seldom used
        from rdfexport.net.session import Session  # noqa: PLC0415

        if self._session is None:
            self._session = Session(DOWNLOAD, netrc=True)
        self._downloads += 1
        path = Path(self._folder.name) / f"download-{self._downloads}"
        download(self._session, url, path)
        return path

    def _add_remote(self, url: str) -> None:
        """Take what is at the URL of a store: a folder, a record with its tables, or an archive."""
        parent, _, name = url.rpartition("/")
        if remote.is_folder(url):
            self._add_remote_folder(url)
            if name == "_figures" and remote.is_folder(f"{parent}/_data"):
                self._add_remote_folder(f"{parent}/_data")
            return
        found = remote.find(url)
        if found is None:
            raise NotFoundError(f"{url}: no such file or folder")
        if name.endswith(".md"):
            self._add_remote_record(found, name[: -len(".md")])
            return
        path = Path(self._folder.name) / f"object-{self._source}"
        remote.download(url, path)
        self._add_saved(url, path)

    def _add_remote_folder(self, url: str) -> None:
        for found in remote.below(url):
            self._offer(found.url, _at_url(found))

    def _add_remote_record(self, record: remote.Object, stem: str) -> None:
        self._offer(record.url, _at_url(record), stem=stem)
        for folder in (f"{_root(record.url)}/_data", posixpath.dirname(record.url)):
            for table in Kind:
                found = remote.find(f"{folder}/{stem}-{table.value}.tsv")
                if found is not None:
                    self._offer(found.url, _at_url(found))

    def _add_saved(self, name: str, path: Path) -> None:
        """Take what was saved here, an archive or a record; ``name`` is that of its origin."""
        kind = archive_kind(posixpath.basename(name), path)
        if kind is not None:
            self._add_archive(name, path, kind)
            return
        try:
            self._offer_nameless(Member(name, str(path)))
        except RecordError as error:
            self.faults.append(error)

    def _offer_nameless(self, member: Member) -> None:
        """Take a record that came without a file name under the figid that it states."""
        figid = decode(member.name, member.read(), {}).front_matter.get("figid")
        stem = figid.strip() if isinstance(figid, str) and figid.isprintable() else None
        self._offer(member.name, member, stem=stem, root=f"{member.path}!")

    def _offer(
        self, path: str, member: Member, *, stem: str | None = "", root: str | None = None
    ) -> None:
        """Take a file, once, if it is a record or a table.

        Args:
            path: Tells by its name what it is.
            member: Where it lies.
            stem: Given for what surely is a record.
            root: What a record and its tables have in common; files on disk share a folder.
        """
        path = printable(path)
        name = posixpath.basename(path.replace(os.sep, "/"))
        kind = 0
        if stem == "":
            if name.endswith(".md") and name[:-3].upper() not in _DOCUMENTS:
                stem = name[:-3]
            else:
                for index, table in enumerate(_KINDS):
                    if table is not None and name.endswith(f"-{table.value}.tsv"):
                        stem, kind = name[: -len(f"-{table.value}.tsv")], index
                        break
                else:
                    if (misnamed := misnamed_table(name, printable(member.name))) is not None:
                        self.findings.append(misnamed)
                    return
        parts = path.replace(os.sep, "/").split("/")
        self._database.execute(
            "INSERT OR IGNORE INTO member VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                self._source,
                printable(root if root is not None else _root(path)),
                printable(stem) if stem is not None else None,
                kind,
                len(parts) > 1 and parts[-2] == "_figures",
                printable(member.name),
                os.fsencode(member.path),
                *member[2:],
            ),
        )

    def _keep_figures_folders(self) -> None:
        """Where a source has ``_figures`` folders, Markdown elsewhere in it is not a record."""
        self._database.execute(
            "DELETE FROM member WHERE kind = 0 AND NOT in_figures AND source IN"
            " (SELECT source FROM member WHERE in_figures)"
        )


def _named(source: str) -> str:
    """A source as a message may show it."""
    return shown(source) if is_url(source) else printable(source)


def _at_url(found: remote.Object) -> Member:
    return Member(printable(found.url), found.url, AT_URL, found.size)


def _outermost(matches: list[str]) -> Iterator[Path]:
    """The matches of a glob without those in a folder that is a match itself."""
    folders: set[Path] = set()
    for path in map(Path, matches):
        if folders.isdisjoint(path.parents):
            yield path
            if path.is_dir():
                folders.add(path)


def _root(path: str) -> str:
    """The folder of a collection: what holds ``_figures`` and ``_data``, or a file's own folder."""
    folder = posixpath.dirname(path.replace(os.sep, "/"))
    return (
        posixpath.dirname(folder) if posixpath.basename(folder) in {"_figures", "_data"} else folder
    )
