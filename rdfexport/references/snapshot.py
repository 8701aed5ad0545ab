"""The tables that come with the package: dated copies, so that nothing need be downloaded.

Each is a file of tab-separated rows, packed with xz, beside a JSON file that says what it is; both
are made by ``tools/build_references.py``.
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from rdfexport.references.parsers import Row

FOLDER: Final = "data/references"


@dataclass(frozen=True)
class Packaged:
    """The description of a table that comes with the package.

    Args:
        source: Publisher and edition, and the packages that the copy was taken from.
        date: Day of the copy.
        rows: How many rows it has.
        sha256: Of the rows, unpacked.
        licence: Terms of the published data.
    """

    source: str
    date: str
    rows: int
    sha256: str
    licence: str


def folder() -> Traversable:
    return files("rdfexport").joinpath(FOLDER)


def packaged(table: str) -> Packaged:
    said = json.loads(folder().joinpath(f"{table}.json").read_text("utf-8"))
    return Packaged(said["source"], said["date"], said["rows"], said["sha256"], said["licence"])


def rows(table: str) -> Iterator[Row]:
    """The rows of a table; the first line of its file, which names the columns, is left out."""
    packed = folder().joinpath(f"{table}.tsv.xz")
    with packed.open("rb") as file, lzma.open(file) as lines:
        next(lines)
        for line in lines:
            yield tuple(line[:-1].decode().split("\t"))
