"""The role of a file, by its name, and its collection, by its path."""

from __future__ import annotations

import os
import posixpath
from functools import lru_cache
from typing import Final, NamedTuple

from rdfexport.model import Kind
from rdfexport.walk import is_leftover

FIGURES: Final = "_figures"
TABLES: Final = "_data"
ORGANISMS: Final = "_organisms"
PATHWAYS: Final = "wpid_map.tsv"
"""The table in ``_data`` that lists pathways which curators made of figures."""
_FOLDERS: Final = frozenset({FIGURES, TABLES})
_DOCUMENTS: Final = frozenset(
    {"README", "CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "LICENSE", "SECURITY", "INDEX"}
)
_TABLE_ENDINGS: Final = {f"-{kind.value}.tsv": kind for kind in Kind}


class Role(NamedTuple):
    """The role of a file: the record of the figure ``stem``, or its table of a kind."""

    stem: str
    kind: Kind | None


def role(path: str) -> Role | None:
    """The role of a file, by the end of its path; None if it is neither record nor table."""
    name = path.rpartition("/")[2]
    if name.endswith(".md"):
        stem = name.removesuffix(".md")
        return None if is_document(stem) else Role(stem, None)
    for ending, kind in _TABLE_ENDINGS.items():
        if name.endswith(ending):
            return Role(name.removesuffix(ending), kind)
    return None


def is_pathway_table(path: str) -> bool:
    """Whether a file is a collection's table of pathways, by the end of its path."""
    folder, _, name = path.rpartition("/")
    return name == PATHWAYS and posixpath.basename(folder) == TABLES


def is_document(stem: str) -> bool:
    """Whether any project may have a Markdown file of that name (without its ending)."""
    return stem.upper() in _DOCUMENTS


def table_name(stem: str, kind: Kind) -> str:
    """The file name of the table of a kind that belongs to the record ``stem``."""
    return f"{stem}-{kind.value}.tsv"


def collection(path: str) -> str:
    """The folder of the collection that a file is part of.

    That is the folder that holds ``_figures`` and ``_data``, or the file's own where it is in
    neither of them.
    """
    return _folder(posixpath.dirname(as_posix(path)))[0]


def is_in_figures(path: str) -> bool:
    """Whether a file is in a folder of records, or in one below it."""
    return _folder(posixpath.dirname(as_posix(path)))[1]


# Files come folder by folder.
@lru_cache(maxsize=64)
def _folder(path: str) -> tuple[str, bool]:
    """The collection of the files in a folder, and whether they are records by their place."""
    parts = path.split("/")
    inner = max((place for place, part in enumerate(parts) if part in _FOLDERS), default=None)
    return "/".join(parts if inner is None else parts[:inner]), FIGURES in parts


def is_in_collection(path: str) -> bool:
    """Whether a path is that of a collection's folder of records or tables, or in one of them."""
    return not _FOLDERS.isdisjoint(as_posix(path).split("/"))


def is_passed_over(path: str) -> bool:
    """Whether a file of an archive or store, or a folder it is in, is hidden or a leftover."""
    return any(is_leftover(part) for part in path.split("/") if part not in {"", ".", ".."})


def as_posix(path: str) -> str:
    return path if os.sep == "/" else path.replace(os.sep, "/")
