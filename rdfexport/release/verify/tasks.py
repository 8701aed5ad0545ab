"""Tasks of verifying: a file each, or some members of an archive.

Nothing in an archive is trusted: names, sizes and packing of its members are checked before any is
read.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rdfexport.limits import FREE_MEMBER_BYTES, MAX_RDF_FILE_BYTES, MAX_RDF_RATIO
from rdfexport.printing import printable
from rdfexport.release.verify.read_changes import UPDATE_NAME
from rdfexport.terms import FIGURE_FILE, file_suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdfexport.release.verify.content import Content

# Kind of an archive → folder and ending of its members.
_MEMBERS: Final = {"core": ("core", ".ttl"), "wp": ("wp", ".ttl"), "jsonld": ("core", ".jsonld")}
LINKSET: Final = "linkset/linkset.ttl"
_MEMBERS_PER_TASK: Final = 100
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# Errors of the readers of archives and of RDF.
UNREADABLE: Final = (
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    OverflowError,
    struct.error,
    ValueError,
    SyntaxError,
)


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A part of the work: a file, or some members of an archive.

    Args:
        path: The file.
        name: Its path in the release, for messages.
        kind: That of ``ReleaseFile``.
        size: Bytes on disk, of the file or of these members.
        members: Names in the archive.
    """

    path: Path
    name: str
    kind: str
    size: int
    members: tuple[str, ...] = ()


def read_tasks(path: Path, name: str, kind: str, content: Content) -> Iterator[ReadTask]:
    """Cut the work on a file into tasks.

    Args:
        path: The file.
        name: Its path in the release.
        kind: That of ``ReleaseFile``.
        content: Receives faults of an archive's list of members.
    """
    if kind not in (*_MEMBERS, "linkset", "update"):
        yield ReadTask(path, name, kind, path.stat().st_size)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except UNREADABLE as error:
        content.unreadable(name, error)
        return
    members = list(_sound_members(infos, name, kind, content))
    if kind == "linkset":
        if len(infos) != 1:
            content.fault(name, f"has {len(infos)} members, not {LINKSET} alone")
    elif kind != "update":
        content.counts["figures"] += len(infos)
    for start in range(0, len(members), _MEMBERS_PER_TASK):
        some = members[start : start + _MEMBERS_PER_TASK]
        size = sum(info.compress_size for info in some)
        yield ReadTask(path, name, kind, size, tuple(info.filename for info in some))


def _sound_members(
    infos: Iterable[zipfile.ZipInfo], name: str, kind: str, content: Content
) -> Iterator[zipfile.ZipInfo]:
    """The members that a release may have; faults of others are added to the content."""
    before = ""
    for info in infos:
        stem = _stem(info, kind)
        shown = printable(info.filename)
        problem = None
        if stem is None:
            problem = f"has a member {shown!r}, which no release writes"
        elif (packing := _packing_problem(info, kind)) is not None:
            problem = f"member {shown} {packing}"
        elif stem in content.figures or (kind == "update" and stem == before):
            problem = f"member {shown} is in it twice"
        elif stem < before:
            problem = f"member {shown} is not in the order of figids"
        if problem is not None:
            content.fault(name, problem)
            content.broken = True
        if stem is not None:
            before = stem
            if kind in _MEMBERS:
                content.figures.add(stem)
        if problem is None:
            yield info


def _packing_problem(info: zipfile.ZipInfo, kind: str) -> str | None:
    """Why a member is not read; None if it is."""
    if info.flag_bits & 1 or info.compress_type not in _METHODS:
        return "is encrypted, or not packed as zip files are"
    if kind != "linkset" and info.file_size > MAX_RDF_FILE_BYTES:
        return f"is larger than {MAX_RDF_FILE_BYTES >> 20} MiB"
    if info.file_size > info.compress_size * MAX_RDF_RATIO + FREE_MEMBER_BYTES:
        return f"grows more than {MAX_RDF_RATIO} times on unpacking"
    return None


def _stem(info: zipfile.ZipInfo, kind: str) -> str | None:
    """The figid that a member is named after; None for one that no release has."""
    if not stat.S_ISREG(info.external_attr >> 16):
        return None
    if kind == "linkset":
        return "linkset" if info.filename == LINKSET else None
    if kind == "update":
        return info.filename if UPDATE_NAME.fullmatch(info.filename) is not None else None
    folder, ending = _MEMBERS[kind]
    stem = info.filename.removeprefix(f"{folder}/").removesuffix(ending)
    named = FIGURE_FILE.fullmatch(stem)
    if info.filename != f"{folder}/{stem}{ending}" or named is None:
        return None
    return named[1] if stem in {named[1], named[1] + file_suffix(named[1])} else None
