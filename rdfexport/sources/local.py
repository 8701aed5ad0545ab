"""Records and tables in files of this machine, from wherever one stands and through links."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport import walk
from rdfexport.diagnostics import Location
from rdfexport.errors import SourceError
from rdfexport.model import Kind
from rdfexport.printing import visible
from rdfexport.sources.found import Found, broken_link, found_in_folder
from rdfexport.sources.members import Member
from rdfexport.sources.misnamed import misnamed_beside
from rdfexport.sources.names import (
    FIGURES,
    ORGANISMS,
    PATHWAYS,
    TABLES,
    Role,
    as_posix,
    collection,
    is_in_collection,
    is_in_figures,
    table_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.sources.found import Reports


# Of a path (PATH_MAX in Linux's limits.h).
_LONGEST_PATH: Final = 4096


def in_folder(folder: Path, reports: Reports) -> Iterator[Found]:
    """Give the records and tables of a folder and all below it.

    If it is a collection's ``_figures``, its tables in ``_data`` and its organisms in
    ``_organisms`` beside it are given as well.

    Args:
        folder: As the user wrote it; messages begin with that.
        reports: Take what cannot be read.
    """
    place = absolute(folder)
    yield from _below(place, str(folder), reports)
    tables = os.path.join(os.path.dirname(place), TABLES)
    if os.path.basename(place) == FIGURES and os.path.lexists(tables):
        shown = os.path.normpath(folder / ".." / TABLES)
        if os.path.isdir(tables):
            yield from _below(tables, shown, reports)
        elif os.path.islink(tables):
            broken_link(as_posix(tables), visible(shown), os.readlink(tables), reports)
    organisms = os.path.join(os.path.dirname(place), ORGANISMS)
    if os.path.basename(place) == FIGURES and os.path.isdir(organisms):
        yield from _below(organisms, os.path.normpath(folder / ".." / ORGANISMS), reports)


def in_file(file: Path, reports: Reports) -> Iterator[Found]:
    """Give a record and the tables that belong to it.

    Args:
        file: As the user wrote it, and surely a record.
        reports: Called for files that look like its tables and are not named so.
    """
    place = absolute(file)
    role, root = Role(file.stem, None), collection(place)
    real = os.path.realpath(place)
    yield Found(Member(str(file), real), role, root, is_in_figures(place))
    for kind in Kind:
        tables = (
            folder / table_name(file.stem, kind)
            for at in dict.fromkeys((place, real))
            for folder in (Path(collection(at)) / TABLES, Path(at).parent)
        )
        # A link to nothing is taken as well, so that it is said.
        table = next((str(path) for path in tables if os.path.lexists(path)), None)
        if table is not None:
            member = Member(_shown(table, place, file), os.path.realpath(table))
            yield Found(member, Role(file.stem, kind), root)
    pathways = Path(root) / TABLES / PATHWAYS
    if pathways.is_file():
        member = Member(_shown(str(pathways), place, file), os.path.realpath(pathways))
        yield Found(member, None, root, lists_pathways=True)
    for folder in (Path(root) / TABLES, Path(place).parent):
        for misnamed in misnamed_beside(folder, file.stem):
            where = misnamed.location._replace(file=_shown(misnamed.location.file, place, file))
            reports.finding(replace(misnamed, location=where))


def tables_beside(figures: Path) -> list[Path]:
    """The folders in which tables of a folder of records may be.

    Args:
        figures: The folder of records, or a link to it.
    """
    places = (absolute(figures), os.path.realpath(figures))
    tables = (Path(place).with_name(TABLES) for place in places if Path(place).name == FIGURES)
    return [folder for folder in dict.fromkeys(tables) if folder.is_dir()]


def absolute(path: Path) -> str:
    """The absolute path, with the links that are in it.

    What ``..`` means after a link, only the file system knows; then there are none in it.
    """
    full = os.path.join(os.getcwd(), path)
    if ".." not in path.parts:
        return os.path.normpath(full)
    if path.name == "..":
        return os.path.realpath(full)
    return os.path.join(os.path.realpath(os.path.dirname(full)), path.name)


def _below(place: str, shown: str, reports: Reports) -> Iterator[Found]:
    """The files below a folder; messages name it ``shown``."""
    begin = len(place.rstrip(os.sep)) + 1
    prefix = "" if shown == "." else os.path.join(shown, "")

    def name(path: str) -> str:
        return visible(prefix + path[begin:])

    def on_error(error: OSError) -> None:
        folder = str(error.filename)
        problem = f"the folder cannot be read ({error.strerror})"
        where = Location(visible(shown) if folder == place else name(folder))
        reports.fault(SourceError(where, problem, "make it readable"))

    for file in walk.files(place, on_error):
        member = Member(name(file.path), file.real)
        found = found_in_folder(file.path, member, reports)
        if found is not None:
            if file.path != file.real:
                found = found._replace(in_figures=found.in_figures or is_in_figures(file.real))
            yield found
            if file.path != file.real and found.role is not None and found.role.kind is None:
                yield from _tables_behind(file, found)
        elif file.is_broken:
            if (target := _target(file.path)) is not None:
                broken_link(as_posix(file.path), member.name, target, reports)
        elif is_in_collection(file.path) and _is_written_link(file.real):
            reports.fault(
                SourceError(
                    Location(member.name),
                    "a link to a folder, checked out as a file",
                    "check it out on a file system with links, and git's core.symlinks set to true",
                )
            )


def _target(link: str) -> str | None:
    """Where a link leads, as messages show it; None if it is gone, as those in /dev/fd may be."""
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return None
    except OSError:  # as of links of other users' processes
        return "a place that may not be seen"


def _is_written_link(file: str) -> bool:
    """Whether a file holds nothing but the path of a folder.

    Git writes links so where ``core.symlinks`` is false, as it is on Windows.
    """
    try:
        if "." in os.path.basename(file) or os.path.getsize(file) > _LONGEST_PATH:
            return False
        with open(file, encoding="utf-8") as text:
            return os.path.isdir(os.path.join(os.path.dirname(file), text.read()))
    except (OSError, ValueError):
        return False


def _tables_behind(file: walk.File, record: Found) -> Iterator[Found]:
    """The tables of a record that was reached by a link, where the link leads.

    A table that lies where the link itself is comes before them.
    """
    assert record.role is not None
    here, there = collection(file.path), collection(file.real)
    for kind in Kind:
        table = table_name(record.role.stem, kind)
        nearer = (Path(here) / TABLES / table, Path(file.path).parent / table)
        if not any(map(os.path.lexists, nearer)):
            for path in (Path(there) / TABLES / table, Path(file.real).parent / table):
                if os.path.lexists(path):
                    member = Member(visible(str(path)), os.path.realpath(path))
                    yield Found(member, Role(record.role.stem, kind), record.root)
                    break


def _shown(table: str, place: str, file: Path) -> str:
    """A table's path as messages show it: written as that of the record is."""
    if file.is_absolute():
        return visible(table)
    return visible(os.path.normpath(file.parent / os.path.relpath(table, os.path.dirname(place))))
