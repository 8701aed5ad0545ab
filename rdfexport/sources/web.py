"""Records, their tables, and archives at http and https addresses."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import AuthError, NotFoundError, RemoteError, SourceError
from rdfexport.model import Kind
from rdfexport.net.address import checked
from rdfexport.net.policy import DOWNLOAD
from rdfexport.printing import shown
from rdfexport.read.text import is_web_page
from rdfexport.sources.found import Found
from rdfexport.sources.members import Member
from rdfexport.sources.names import PATHWAYS, TABLES, Role, table_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdfexport.sources.found import Reports

_HEAD_BYTES: Final = 1024


class Web:
    """Reads what addresses lead to.

    Args:
        folder: Where downloads are kept.
        reports: Take what cannot be had.
    """

    def __init__(self, folder: Path, reports: Reports) -> None:
        from rdfexport.net.session import Session  # noqa: PLC0415 - slow to import, seldom used

        self._session = Session(DOWNLOAD, netrc=True)
        self._folder = folder
        self._reports = reports
        self._downloads = 0

    def close(self) -> None:
        self._session.close()

    def download(self, url: str) -> tuple[str, Path] | None:
        """Download what a source names; None if it cannot be had, which is reported.

        Returns:
            The name that the address gives it, and its file.

        Raises:
            UsageError: It is not an address.
        """
        name = posixpath.basename(unquote(checked(url, "a source").path))
        try:
            return name, self._fetch(url)
        except SourceError as error:
            self._reports.fault(error)
        except RemoteError as error:
            self._reports.fault(SourceError(Location(error.where), error.problem, error.remedy))
        return None

    def record(self, url: str, name: str, path: Path) -> Iterator[Found]:
        """Give a record and its tables; neither if a table cannot be had, which is reported.

        Args:
            url: The record's address. Its tables are asked for with the same query.
            name: The name of its file.
            path: The file that was downloaded.
        """
        stem, root = name.removesuffix(".md"), f"{path}!"
        found = [Found(Member(shown(url), str(path)), Role(stem, None), root)]
        try:
            for kind in Kind:
                table = self._table(_table_address(url, table_name(stem, kind)), is_expected=True)
                if table is not None:
                    found.append(Found(table, Role(stem, kind), root))
        except SourceError as error:
            self._reports.fault(error)
            return
        yield from found
        try:
            pathways = self._table(_table_address(url, PATHWAYS), is_expected=False)
        except SourceError as error:
            self._reports.fault(error)
            return
        if pathways is not None:
            yield Found(pathways, None, root, lists_pathways=True)

    def _table(self, address: str, *, is_expected: bool) -> Member | None:
        """A table, if it is there and may be seen; one that is expected but hidden is reported.

        Raises:
            SourceError: It cannot be had.
        """
        try:
            return Member(shown(address), str(self._fetch(address)))
        except NotFoundError:
            return None
        except AuthError as error:
            # A store that may not be listed answers so for a file that is not there.
            if is_expected:
                self._reports.finding(
                    Finding(
                        Location(error.where),
                        f"no such table, or no permission to read it ({error.problem})",
                        "if the record has one, give access to it",
                    )
                )
            return None
        except RemoteError as error:
            raise SourceError(Location(error.where), error.problem, error.remedy) from error

    def _fetch(self, url: str) -> Path:
        """Download a file.

        Raises:
            SourceError: The server answers with a web page.
            RemoteError: It cannot be had.
            DiskError: It cannot be written.
        """
        from rdfexport.net.download import download  # noqa: PLC0415 - slow to import

        self._downloads += 1
        path = self._folder / f"download-{self._downloads}"
        download(self._session, url, path)
        if _is_page(path):
            raise SourceError(
                Location(shown(url)),
                "a web page, not a file of a collection",
                "give the address of the file itself (at GitHub: its raw address)",
            )
        return path


def _table_address(url: str, name: str) -> str:
    parts = urlsplit(urljoin(url, f"../{TABLES}/{quote(name)}"))
    return urlunsplit(parts._replace(query=urlsplit(url).query))


def _is_page(path: Path) -> bool:
    with path.open("rb") as file:
        return is_web_page(file.read(_HEAD_BYTES))
