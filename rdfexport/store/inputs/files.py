"""Reads RDF files and export folders as blocks, in a stable order, a few lines at a time.

The files of an export are known to be this package's own: their lines are used as they are, and
each figure has its graph whether the format names graphs or not. Any other file is parsed; a blank
node in it is refused, as a second load of it would make a second node.
"""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

import pyoxigraph as ox
import zstandard

from rdfexport import walk
from rdfexport.diagnostics import Location
from rdfexport.errors import DiskError, LoadError, UnreadableError, UsageError, reading_error
from rdfexport.limits import MAX_LINE_BYTES
from rdfexport.store.graph_names import is_reserved
from rdfexport.store.inputs.blocks import (
    LINES_AT_ONCE,
    Block,
    Source,
    as_text,
    block,
    from_ntriples,
)
from rdfexport.store.interface import batches
from rdfexport.terms import FIGID, GRAPH_BASE
from rdfexport.untrusted.files import EntityFree, unpacked
from rdfexport.untrusted.parsing import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FORMATS: Final = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".graph.jsonld": ox.RdfFormat.JSON_LD,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""Formats by file ending, in the order in which one is chosen where an export has several."""
_MARKDOWN: Final = frozenset({".md", ".markdown"})
_COMPRESSED: Final = ("", ".gz", ".zst")
# The page documents of an export hold a part of each figure only.
_PAGES: Final = ".jsonld"
_JOURNAL: Final = ".rdfexport-files"
_INDEX: Final = "index.tsv"
_PARTS: Final = ("core", "linkset", "wp")
_SHARED_GRAPHS: Final = {"linkset/linkset": "linkset", "wp/void": "void"}
# Oxigraph refuses longer terms.
_TYPE: Final = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DATASET: Final = ox.NamedNode("http://schema.org/Dataset")
# A figure's lines begin with what its record is.
_RECORD: Final = re.compile(
    rf"<([^>]*)> {re.escape(str(_TYPE))} {re.escape(str(_DATASET))} \.\n".encode()
)
_GRAPH: Final = re.compile(rb" <([^<>]*)> \.\n\Z")


def file_source(names: Sequence[str], graph: str | None) -> Source | None:
    """RDF files, folders of them and export folders; None if none of the names is one.

    Args:
        names: Their paths.
        graph: The graph that shall hold all; None for each statement's own.

    Raises:
        UsageError: Some are, and others are not.
    """
    paths = [Path(name) for name in names]
    exports = [path for path in paths if is_export(path)]
    rdf = [path for path in paths if path not in exports and _is_rdf(path)]
    if not exports and not rdf:
        return None
    others = [str(path) for path in paths if path not in exports and path not in rdf]
    if others:
        raise UsageError(f"{', '.join(others)}: neither an export nor RDF, as other sources are")
    key = ("files", str(graph), *(str(path.absolute()) for path in paths))
    return Source(lambda: blocks(paths, graph), graph is None and not rdf, key, graph)


def is_export(path: Path) -> bool:
    """Whether a path is the folder of an export, whole or not."""
    return path.is_dir() and ((path / _JOURNAL).is_file() or (path / _INDEX).is_file())


def _is_rdf(path: Path) -> bool:
    if path.is_file():
        return _ending(path.name) is not None
    # Records come with tables and notes, and a collection may have RDF beside them.
    if not path.is_dir():
        return False
    # A folder that cannot be listed may hold records; the reader of either kind reports it.
    names = [file.path for file in walk.files(str(path), lambda _error: None)]
    return not any(map(_is_record, names)) and any(map(_ending, names))


def _is_record(file: str) -> bool:
    """Whether a file may be a record, whose reader reports an ending other than ``.md``."""
    path = Path(file)
    return path.suffix == ".md" or (
        path.suffix.lower() in _MARKDOWN and FIGID.fullmatch(path.stem) is not None
    )


def _rdf_files(folder: Path) -> list[Path]:
    """The RDF files of a folder and of all below it.

    Raises:
        DiskError: A folder cannot be listed.
    """

    def on_error(error: OSError) -> NoReturn:
        raise DiskError(
            f"{error.filename}: the folder cannot be read ({error.strerror})"
        ) from error

    return sorted(
        Path(file.path) for file in walk.files(str(folder), on_error) if _ending(file.path)
    )


def blocks(paths: Iterable[Path], graph: str | None) -> Iterator[Block]:
    """Read RDF files, folders of them, and export folders.

    Args:
        paths: Where they are.
        graph: The graph that shall hold all; None for each statement's own, which a file in a
            format without graphs does not have unless it is part of an export.

    Raises:
        DiskError: A file cannot be read.
        UnreadableError: A file is damaged, or an export is not complete.
        UsageError: A graph is not known, or an export has none.
        LoadError: A file is not well-formed, or has blank nodes; says where.
    """
    for path in paths:
        if is_export(path):
            found = _export_blocks(path)
        elif path.is_dir():
            found = (one for file in _rdf_files(path) for one in _file_blocks(file, graph))
        else:
            found = _file_blocks(path, graph)
        yield from found if graph is None else (one.moved(graph) for one in found)


def _refuse_reserved(path: Path, graph: str) -> None:
    """Refuse a file with data for a graph of this program's own.

    Raises:
        LoadError: It names the graph; the message has the line, if the name stands there in full.
    """
    if not is_reserved(graph):
        return
    name = f"<{graph}>".encode()
    with _opened(path) as file:
        line = next((n for n, text in enumerate(_lines(path, file), 1) if name in text), None)
    raise LoadError(
        f"{Location(str(path), line)}: names the graph {graph}, in which rdfexport keeps what it"
        " has loaded: remove these statements, or put them into another graph"
    )


# --- export folders --------------------------------------------------------------------------


def _export_blocks(folder: Path) -> Iterator[Block]:
    if not (folder / _INDEX).is_file():
        raise UnreadableError(
            f"{folder}: the export is not complete, it has no {_INDEX}: export again"
        )
    names = sorted(f"{part}/{file.name}" for part in _PARTS for file in (folder / part).glob("*"))
    by_ending: dict[str, list[str]] = {}
    for name in names:
        if (ending := _ending(name)) is not None:
            by_ending.setdefault(ending, []).append(name)
    ending = next((e for e in _FORMATS if e != _PAGES and e in by_ending), None)
    if ending is None:
        raise UsageError(
            f"{folder}: holds no graphs that can be loaded: export with --format nquads"
        )
    for name in by_ending[ending]:
        part, _, file = name.partition("/")
        stem = f"{part}/{file.split('.')[0]}"
        shared = GRAPH_BASE + _SHARED_GRAPHS.get(stem, part)
        yield from _own_file_blocks(folder / name, ending, None if part == "core" else shared)


def _own_file_blocks(path: Path, ending: str, shared: str | None) -> Iterator[Block]:
    """The blocks of a file of an export; ``shared`` is the graph of a file without figures."""
    with _opened(path) as file:
        if ending == ".nq":
            yield from graph_lines(path, file, whole=shared is None)
            return
        if ending == ".nt":
            lines: Iterator[bytes] = _lines(path, file)
        else:
            quads = _parsed(path, file, _FORMATS[ending])
            lines = (f"{quad.triple} .\n".encode() for quad in quads)
        if shared is not None:
            for some in batches(lines, LINES_AT_ONCE):
                yield from_ntriples(shared, str(path), some)
            return
        yield from _figures(path, lines)


def _figures(path: Path, lines: Iterator[bytes]) -> Iterator[Block]:
    """Cut N-Triples where a figure's record begins."""
    graph, collected = "", list[bytes]()
    for line in lines:
        found = _RECORD.fullmatch(line)
        if found is not None:
            if collected:
                yield from_ntriples(graph, _label(path, graph), collected, whole=True)
            graph, collected = as_text(str(path), found[1]), []
        elif not graph:
            raise UnreadableError(f"{path}: does not begin with a figure's record: export again")
        collected.append(line)
    if collected:
        yield from_ntriples(graph, _label(path, graph), collected, whole=True)


def graph_lines(path: Path | str, file: IO[bytes], *, whole: bool) -> Iterator[Block]:
    """Read N-Quads that this package wrote.

    They are cut where the graph changes, or where there are many lines of one that is not ``whole``
    in one block.

    Raises:
        LoadError: A line is not one of this package's; says where.
    """
    ending, graph, collected = b"", "", list[bytes]()
    for number, line in enumerate(_lines(path, file), 1):
        if (
            not line.endswith(ending)
            or not ending
            or (not whole and len(collected) >= LINES_AT_ONCE)
        ):
            if collected:
                yield _own_block(path, graph, collected, whole=whole)
            found = _GRAPH.search(line)
            if found is None:
                raise LoadError(f"{path}:{number}: not a line of an export: export again")
            graph, collected = as_text(str(path), found[1]), []
            if isinstance(path, Path):
                _refuse_reserved(path, graph)
            ending = f" <{graph}> .\n".encode()
        collected.append(line)
    if collected:
        yield _own_block(path, graph, collected, whole=whole)


def _own_block(path: Path | str, graph: str, lines: list[bytes], *, whole: bool) -> Block:
    one = block(graph, _label(path, graph), lines, whole=whole)
    # An export has none; a file that was changed may.
    if b"_:" in one.data:
        _check(one)
    return one


def _check(one: Block) -> None:
    try:
        for quad in parse(one.ntriples, ox.RdfFormat.N_TRIPLES):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise _blank(one.label)
    except SyntaxError as error:
        line = error.lineno or 1
        raise LoadError(f"{one.label}: line {line} of its graph: {error.msg}") from error


def _label(path: Path | str, graph: str) -> str:
    figure = graph.rpartition("/")[2].removesuffix(".html")
    return f"{path}: {figure}"


# --- any RDF file ----------------------------------------------------------------------------


def _file_blocks(path: Path, graph: str | None) -> Iterator[Block]:
    ending = _ending(path.name)
    if ending is None:
        raise UsageError(f"{path}: not an RDF file: its name ends in {', '.join(_FORMATS)}")
    with _opened(path) as file:
        quads = _parsed(path, file, _FORMATS[ending])
        for name, run in groupby(quads, key=lambda quad: quad.graph_name):
            if isinstance(name, ox.NamedNode):
                iri = name.value
            elif isinstance(name, ox.BlankNode):
                raise _blank(str(path))
            elif graph is not None:
                iri = graph
            else:
                raise UsageError(f"{path}: its triples are in no named graph: add --graph IRI")
            if graph is None:
                _refuse_reserved(path, iri)
            lines = (f"{quad.triple} .\n".encode() for quad in run)
            for some in batches(lines, LINES_AT_ONCE):
                yield from_ntriples(iri, str(path), some)


def _parsed(path: Path, file: IO[bytes], form: ox.RdfFormat) -> Iterator[ox.Quad]:
    try:
        entity_free: Any = EntityFree(file) if form == ox.RdfFormat.RDF_XML else file
        for quad in parse(entity_free, form):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise _blank(str(path))
            yield quad
    except SyntaxError as error:
        place = f"{path}:{error.lineno}" if error.lineno is not None else str(path)
        if "LoadDocumentCallback" in error.msg:
            raise LoadError(
                f"{place}: it needs a context that rdfexport does not have, and none is fetched:"
                f" {_instead_of(path)}"
            ) from error
        raise LoadError(f"{place}: not well-formed ({error.msg})") from error
    except MemoryError as error:
        raise LoadError(f"{path}: cannot be parsed ({error})") from error


def _instead_of(path: Path) -> str:
    """The remedy for JSON-LD whose context would have to be fetched.

    Mostly that is a page's document, which holds a part of its figure only.
    """
    export = path.parent.parent
    if is_export(export):
        return f"a page's document for schema.org holds a part of the figure only: load {export}"
    return (
        "if it is a page's document, load the export or release that it is from; if not, convert it"
        " to N-Quads, or write the context into it"
    )


def _blank(place: str) -> LoadError:
    return LoadError(
        f"{place}: has blank nodes, which loading it again would double: give them IRIs first"
    )


def _ending(name: str) -> str | None:
    for ending in sorted(_FORMATS, key=len, reverse=True):
        if name.endswith(tuple(ending + more for more in _COMPRESSED)):
            return ending
    return None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with unpacked(path) as file:
            yield file
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise reading_error(error)(f"{path}: cannot be read ({error})") from error


def _lines(path: Path | str, file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE_BYTES):
        if len(line) == MAX_LINE_BYTES:
            raise LoadError(
                f"{path}: a line has more than {MAX_LINE_BYTES >> 20} MiB: export again"
            )
        yield line
