"""Records, their tables, and archives at http and https addresses."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from rdfexport.diagnostics import Finding, Location
from rdfexport.encoding import without_mark
from rdfexport.errors import RecordError, SourceError, UsageError
from rdfexport.model import Kind
from rdfexport.read.fetch import DeniedError, Fetcher, shown
from rdfexport.read.found import Found
from rdfexport.read.members import Member
from rdfexport.read.names import TABLES, Role, table_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdfexport.read.found import Reports

_HEAD_BYTES: Final = 1024
_PAGE: Final = re.compile(rb"\s*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE)


class Web:
    """Reads what addresses lead to.

    Args:
        folder: Where downloads are kept.
        reports: Told of what cannot be had.
    """

    def __init__(self, folder: Path, reports: Reports) -> None:
        self._fetcher = Fetcher(folder)
        self._reports = reports

    def close(self) -> None:
        self._fetcher.close()

    def download(self, url: str) -> tuple[str, Path] | None:
        """Download what a source names; None if it cannot be had, which is reported.

        Returns:
            The name that the address gives it, and its file.

        Raises:
            UsageError: It is not an address.
        """
        try:
            name = posixpath.basename(unquote(urlsplit(url).path))
        except ValueError as error:
            raise UsageError("a source that begins with http is not a URL") from error
        try:
            path = self._fetch(url)
        except SourceError as error:
            self._reports.fault(error)
            return None
        assert path is not None
        return name, path

    def record(self, url: str, name: str, path: Path) -> Iterator[Found]:
        """Give a record and its tables; neither if a table cannot be had, which is reported.

        Args:
            url: The record's address. Its tables are asked for with the same query.
            name: The name of its file.
            path: The file that was downloaded.
        """
        stem, root = name.removesuffix(".md"), f"{path}!"
        found = [Found(Member(shown(url), str(path)), Role(stem, None), root)]
        for kind in Kind:
            address = _table_address(url, table_name(stem, kind))
            try:
                table = self._fetch(address, optional=True)
            except DeniedError as error:
                # A store that may not be listed answers so for a file that is not there.
                self._reports.finding(
                    Finding(
                        Location(shown(address)),
                        f"no such table, or no right to see it ({error.problem})",
                        "if the record has one, give access to it",
                    )
                )
                continue
            except SourceError as error:
                self._reports.fault(error)
                return
            if table is not None:
                found.append(Found(Member(shown(address), str(table)), Role(stem, kind), root))
        yield from found

    def _fetch(self, url: str, *, optional: bool = False) -> Path | None:
        """Download a file; None if it is optional and not there.

        Raises:
            DeniedError: It is optional, and the server does not say whether it is there.
            SourceError: It cannot be had.
        """
        try:
            path = self._fetcher.fetch(url, optional=optional)
        except DeniedError:
            raise
        except RecordError as error:
            raise SourceError(error.location, error.problem, error.remedy) from error
        if path is not None and _is_page(path):
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
        return _PAGE.match(without_mark(file.read(_HEAD_BYTES))) is not None
