"""A source that the user names → its records and tables."""

from __future__ import annotations

import glob
import os
import posixpath
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport import remote
from rdfexport.errors import DiskError, NotFoundError, RecordError, SourceError
from rdfexport.net.address import is_url
from rdfexport.printing import named, shown, visible
from rdfexport.read.frontmatter import decode
from rdfexport.sources import local, object_stores
from rdfexport.sources.archives import members
from rdfexport.sources.found import Found, found_in_folder
from rdfexport.sources.members import Member
from rdfexport.sources.misnamed import misnamed_record
from rdfexport.sources.names import Role, as_posix, collection
from rdfexport.sources.packing import archive_kind
from rdfexport.sources.web import Web
from rdfexport.walk import is_leftover

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.sources.found import Reports

STANDARD_INPUT: Final = "-"


class Sources:
    """Finds what sources have.

    Args:
        reports: Take what is wrong with them.
    """

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._folder = tempfile.TemporaryDirectory(prefix="rdfexport-")
        self._web: Web | None = None
        self._downloads = 0

    def close(self) -> None:
        """Remove what was kept on disk."""
        if self._web is not None:
            self._web.close()
        self._folder.cleanup()

    def find(self, source: str) -> Iterator[Found]:
        """Give the records and tables of a source.

        Args:
            source: A record file, folder, glob, archive, URL, or ``-`` for standard input.

        Raises:
            DiskError: There is no such file.
            UsageError: It is not a valid address.
            RemoteError: A store fails, or has no such file.
        """
        if source == STANDARD_INPUT:
            yield from self._in_stream()
        elif is_url(source):
            yield from self._at_url(source)
        elif remote.is_remote(source):
            scheme, _, rest = source.partition("://")
            yield from self._in_store(f"{scheme}://{rest.rstrip('/')}")
        elif os.path.lexists(source):
            yield from self._at_path(Path(source))
        elif matches := sorted(glob.glob(source, recursive=True)):  # noqa: PTH207 - it takes absolute patterns
            for match in _outermost(matches):
                if not is_leftover(match.name):
                    yield from self._at_path(match, named=False)
        else:
            raise DiskError(f"{named(source)}: no such file, folder or match")

    def _at_path(self, path: Path, *, named: bool = True) -> Iterator[Found]:
        """Take a file or folder; a file that was not named is a record only if it is Markdown."""
        if path.is_dir():
            yield from local.in_folder(path, self._reports)
            return
        try:
            kind = archive_kind(path.name, path) if path.is_file() else None
        except OSError:
            kind = None
        if kind is not None:
            yield from self._in_archive(visible(str(path)), path, kind)
        elif named or path.suffix == ".md":
            yield from local.in_file(path, self._reports)
        elif misnamed := misnamed_record(as_posix(local.absolute(path)), visible(str(path))):
            self._reports.finding(misnamed)

    def _in_archive(self, name: str, path: Path, kind: str) -> Iterator[Found]:
        try:
            found = members(name, path, kind, Path(self._folder.name), self._reports.fault)
            for inner, member in found:
                root = f"{path}!{collection(inner)}"
                one = found_in_folder(inner, member, self._reports, root)
                if one is not None:
                    yield one
        except SourceError as error:
            self._reports.fault(error)

    def _in_stream(self) -> Iterator[Found]:
        path = self._new_file()
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield from self._in_saved(STANDARD_INPUT, STANDARD_INPUT, path)

    def _at_url(self, url: str) -> Iterator[Found]:
        if self._web is None:
            self._web = Web(Path(self._folder.name), self._reports)
        downloaded = self._web.download(url)
        if downloaded is None:
            return
        name, path = downloaded
        if name.endswith(".md"):
            yield from self._web.record(url, name, path)
        else:
            yield from self._in_saved(shown(url), name, path)

    def _in_store(self, url: str) -> Iterator[Found]:
        """Take what is at the URL of a store: a folder, a record with its tables, or an archive."""
        if remote.is_folder(url):
            yield from object_stores.in_folder(url, self._reports)
            return
        found = remote.find(url)
        if found is None:
            raise NotFoundError(f"{url}: no such file or folder")
        name = posixpath.basename(url)
        if name.endswith(".md"):
            yield from object_stores.in_file(found, self._reports)
            return
        path = self._new_file()
        remote.download(url, path)
        yield from self._in_saved(named(url), name, path)

    def _in_saved(self, shown: str, name: str, path: Path) -> Iterator[Found]:
        """Take what was saved here, an archive or a record under the figid that it states.

        Args:
            shown: How messages name it.
            name: The name of the file, where it came from.
            path: Where it is now.
        """
        kind = archive_kind(name, path)
        if kind is not None:
            yield from self._in_archive(shown, path, kind)
            return
        member = Member(shown, str(path))
        try:
            figid = decode(shown, member.read(), {}).front_matter.get("figid")
        except RecordError as error:
            self._reports.fault(error)
            return
        stem = figid.strip() if isinstance(figid, str) and figid.isprintable() else None
        yield Found(member, None if stem is None else Role(stem, None), f"{path}!")

    def _new_file(self) -> Path:
        self._downloads += 1
        return Path(self._folder.name) / f"saved-{self._downloads}"


def _outermost(matches: list[str]) -> Iterator[Path]:
    """The matches of a glob without those in a folder that is a match itself."""
    folders: set[Path] = set()
    for path in map(Path, matches):
        if folders.isdisjoint(path.parents):
            yield path
            if path.is_dir():
                folders.add(path)
