"""RDF files to be loaded: found, told apart by their names, opened unpacked."""

from __future__ import annotations

import gzip
from typing import IO, TYPE_CHECKING, Final, NamedTuple, cast

import pyoxigraph as ox
import zstandard

from rdfexport.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# By what stands before the compression; the first ones keep graphs, and are read fastest.
_FORMATS: Final = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
    ".graph.jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_COMPRESSIONS: Final = (".gz", ".zst")


class RdfFile(NamedTuple):
    """A file of one of the formats that hold a whole graph."""

    path: Path
    ending: str

    @property
    def format(self) -> ox.RdfFormat:
        return _FORMATS[self.ending]

    def open(self) -> IO[bytes]:
        """Open it, unpacked."""
        if self.path.suffix == ".gz":
            return cast("IO[bytes]", gzip.open(self.path, "rb"))
        if self.path.suffix == ".zst":
            return cast("IO[bytes]", zstandard.open(self.path, "rb"))
        return self.path.open("rb")


def rdf_files(paths: Iterable[Path]) -> list[RdfFile]:
    """The RDF files among files and folders (with all below them), in a stable order.

    An export in several formats says the same in each, so of a folder those of one format are
    taken: of one that keeps graphs, if there is any. Documents for pages (``.jsonld``) are not
    the whole graph and are never taken.

    Raises:
        CallError: A file is not named as RDF, or there is none.
    """
    found: list[RdfFile] = []
    for path in paths:
        if not path.is_dir():
            ending = _ending(path)
            if ending is None:
                raise CallError(f"{path}: its name ends in none of {', '.join(_FORMATS)}")
            found.append(RdfFile(path, ending))
            continue
        below = [RdfFile(file, e) for file in sorted(path.rglob("*")) if (e := _ending(file))]
        chosen = next((e for e in _FORMATS if any(file.ending == e for file in below)), None)
        found += [file for file in below if file.ending == chosen]
    if not found:
        raise CallError("no RDF file: export with --format nquads, and name the folder")
    return found


def _ending(path: Path) -> str | None:
    name = path.name
    for compression in _COMPRESSIONS:
        name = name.removesuffix(compression)
    return next((ending for ending in _FORMATS if name.endswith(ending)), None)
