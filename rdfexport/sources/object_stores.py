"""Records, their tables, and archives in object stores and shared file systems."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rdfexport import remote
from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import AuthError
from rdfexport.model import Kind
from rdfexport.printing import named
from rdfexport.sources.found import Found, found_in_folder
from rdfexport.sources.members import AT_URL, Member
from rdfexport.sources.names import (
    FIGURES,
    ORGANISMS,
    PATHWAYS,
    TABLES,
    Role,
    collection,
    table_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.sources.found import Reports


def in_folder(url: str, reports: Reports) -> Iterator[Found]:
    """Give the records and tables of a folder; if it is ``_figures``, those beside it too.

    Raises:
        RemoteError: The store fails.
    """
    yield from _below(url, reports)
    parent, _, name = url.rpartition("/")
    for beside in (TABLES, ORGANISMS):
        if name == FIGURES and remote.is_folder(f"{parent}/{beside}"):
            yield from _below(f"{parent}/{beside}", reports)


def in_file(record: remote.Object, reports: Reports) -> Iterator[Found]:
    """Give a record and the tables that belong to it, its collection's table of pathways too.

    Raises:
        RemoteError: The store fails.
    """
    stem = posixpath.basename(record.url).removesuffix(".md")
    root = collection(record.url)
    yield Found(_member(record), Role(stem, None), root)
    for kind in Kind:
        for folder in (f"{root}/{TABLES}", posixpath.dirname(record.url)):
            table = _find(f"{folder}/{table_name(stem, kind)}", reports)
            if table is not None:
                yield Found(_member(table), Role(stem, kind), root)
                break
    pathways = _find(f"{root}/{TABLES}/{PATHWAYS}", None)
    if pathways is not None:
        yield Found(_member(pathways), None, root, lists_pathways=True)


def _find(url: str, reports: Reports | None) -> remote.Object | None:
    """A table, if it is there.

    Raises:
        RemoteError: The store fails.
    """
    try:
        return remote.find(url)
    except AuthError as error:
        if not remote.is_of_one_object(error.__cause__):
            raise
        # A store that may not be listed answers so for a file that is not there.
        if reports is not None:
            problem = f"no such table, or no permission to read it ({error})"
            remedy = "if the record has one, give access to it"
            reports.finding(Finding(Location(named(url)), problem, remedy))
        return None


def _below(url: str, reports: Reports) -> Iterator[Found]:
    for one in remote.below(url):
        found = found_in_folder(one.url, _member(one), reports)
        if found is not None:
            yield found


def _member(one: remote.Object) -> Member:
    return Member(named(one.url), one.url, AT_URL, one.size)
