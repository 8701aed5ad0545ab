"""A file of a source that may be a record or a table, and the report of what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import SourceError
from rdfexport.printing import visible
from rdfexport.sources.members import LINK_OUTSIDE, LINK_TO_NOTHING
from rdfexport.sources.misnamed import misnamed_record, misnamed_table
from rdfexport.sources.names import (
    Role,
    as_posix,
    collection,
    is_in_collection,
    is_in_figures,
    is_pathway_table,
    role,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.errors import RecordError
    from rdfexport.sources.members import Member


class Found(NamedTuple):
    """A record or a table of a source.

    Args:
        member: Where its bytes lie.
        role: What it is; None for a record that nothing gives a name.
        root: What a record and its tables have in common.
        in_figures: Whether it is in a folder for records.
        lists_pathways: Whether it is a collection's table of pathways, not a record or its table.
    """

    member: Member
    role: Role | None
    root: str
    in_figures: bool = False
    lists_pathways: bool = False


class Reports(NamedTuple):
    """Take what is wrong with sources.

    Args:
        fault: Of a record that is left out, or of what could not be read.
        finding: Of something that is read anyway.
    """

    fault: Callable[[RecordError], None]
    finding: Callable[[Finding], None]


def found_in_folder(
    path: str, member: Member, reports: Reports, root: str | None = None
) -> Found | None:
    """Take a file of a folder or archive if it is a record or a table.

    Args:
        path: The file's path, which says what it is, and of which collection.
        member: Where it lies.
        reports: Called for a record or table whose name is nearly right, and of a link to nothing
            that may have been a folder of records.
        root: What it has in common with its record or tables, where the path does not say that.
    """
    what = role(path)
    if what is not None:
        return Found(member, what, root or collection(path), is_in_figures(path))
    if is_pathway_table(as_posix(path)):
        return Found(member, None, root or collection(path), lists_pathways=True)
    shown = visible(member.name)
    misnamed = misnamed_record(path, shown) or misnamed_table(path.rpartition("/")[2], shown)
    if misnamed is not None:
        reports.finding(misnamed)
    elif member.offset in {LINK_OUTSIDE, LINK_TO_NOTHING}:
        broken_link(path, member.name, member.path, reports)
    return None


def broken_link(path: str, name: str, target: str, reports: Reports) -> None:
    """Say that a link leads to nothing, if it may have led to records or tables.

    Args:
        path: The link's path.
        name: How messages name it.
        target: Where it leads.
        reports: Take the finding.
    """
    if "." in path.rpartition("/")[2]:
        return  # named as a file that is neither a record nor a table
    problem = f"a link to {visible(target)}, where there is nothing that can be read"
    if is_in_collection(path):
        reports.fault(SourceError(Location(name), problem, "correct or remove it"))
    else:
        reports.finding(Finding(Location(name), problem, "correct or remove it"))
