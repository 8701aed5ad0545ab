"""Documents, mentions and sets of figures, each read twice.

They are read from their own files, and built again from the figures' core graphs.
"""

from __future__ import annotations

import hashlib
import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import orjson

from rdfexport.diagnostics import Finding, Location
from rdfexport.limits import FREE_RDF_BYTES, MAX_CELL_CHARACTERS, MAX_RDF_RATIO, MAX_ROWS
from rdfexport.mapping import View
from rdfexport.printing import printable
from rdfexport.release.diff.compare import page_of
from rdfexport.release.tables import gene_sets, mentions
from rdfexport.release.tables.aliases import figure_alias
from rdfexport.release.verify.check import MAKE_AGAIN
from rdfexport.release.verify.figure_graph import FigureGraph
from rdfexport.release.verify.row_hashes import fingerprint
from rdfexport.terms import Vocabulary
from rdfexport.write.formats import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from rdfexport.release.tables.mentions import Row
    from rdfexport.release.verify.content import Content
    from rdfexport.release.verify.figure_graph import Loose
    from rdfexport.release.verify.tasks import ReadTask

_VOCABULARY: Final = Vocabulary()
_MEMBER: Final = {
    gene_sets.GENES: re.compile(r"[1-9][0-9]*"),
    gene_sets.HOMOLOGY: re.compile(r"[1-9][0-9]*"),
    gene_sets.CHEMICALS: re.compile(r"chebi:[1-9][0-9]*"),
}
_DIGEST_BYTES: Final = 16
_ROWS_AT_ONCE: Final = 10_000
# A figure takes more bytes of a file than this.
_FIGURE_BYTES: Final = 16
_MOST_FIGURES: Final = 1_000
_NO_DICTIONARY: Final = frozenset({"row", "linked", "wikipathways"})


def read_core(
    figid: str,
    triples: Iterable[ox.Quad],
    options: gene_sets.SetOptions,
    loose: Loose,
    content: Content,
) -> None:
    """Build document, rows and sets of a figure from its core graph, and add them to the content.

    Raises:
        ValueError: The graph is not what rdfexport writes.
    """
    try:
        graph = FigureGraph(page_of(figid), triples, loose)
        content.documents[figid] = _digest((json_text(graph.document()) + "\n").encode())
        record = graph.record()
        if record.figid != figid:
            raise ValueError(f"its graph is of {printable(record.figid) or 'no figure'}")
        view = View(record, _VOCABULARY)
        alias = figure_alias(view.record)
        sets, _ = gene_sets.figure_sets(view, alias, options)
        content.sets.append(sets)
        if rows := list(mentions.rows(view, alias.name)):
            content.rows[figid] = fingerprint(rows)
        content.activities.update(graph.activities())
    except (KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"its graph is not that of a figure ({error})") from error


def read_document(data: bytes, figid: str, place: str, content: Content) -> None:
    """Add the JSON-LD document of a figure to the content.

    Raises:
        ValueError: It is not JSON.
    """
    document = orjson.loads(data)
    if not isinstance(document, dict):
        content.fault(place, "is not a JSON object")
    elif document.get("@id") != page_of(figid):
        content.fault(place, f"its @id is not {page_of(figid)}")
    else:
        content.documents[figid] = _digest(data)


def document_difference(turtle: Iterable[ox.Quad], figid: str, data: bytes) -> str:
    """Where the document of a figure differs from its graph."""
    expected = FigureGraph(page_of(figid), turtle).document()
    path = first_difference(expected, orjson.loads(data))
    return path or "the way in which it is written"


def first_difference(expected: Any, found: Any, path: str = "") -> str:
    """The path of the first value in which two JSON documents differ; empty if they do not."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in (*expected, *(found.keys() - expected.keys())):
            below = f"{path}.{name}" if path else name
            if name not in expected or name not in found:
                return below
            if different := first_difference(expected[name], found[name], below):
                return different
        return ""
    if isinstance(expected, list) and isinstance(found, list):
        for number, (one, other) in enumerate(zip(expected, found, strict=False)):
            if different := first_difference(one, other, f"{path}[{number}]"):
                return different
        same = len(expected) == len(found)
        return "" if same else f"{path}[{min(len(expected), len(found))}]"
    return "" if type(expected) is type(found) and expected == found else path or "its top level"


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()


# --- sets ------------------------------------------------------------------------------------


def read_sets(task: ReadTask, content: Content) -> None:
    """Check the syntax of a file of sets; its content is compared as a whole."""
    names: set[str] = set()
    with task.path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_CELL_CHARACTERS), b""), 1):
            problem = _set_problem(line, _MEMBER[task.kind], names)
            if problem is not None:
                content.findings.append(Finding(Location(task.name, number), problem, MAKE_AGAIN))
            content.counts["sets"] += 1


def _set_problem(line: bytes, member: re.Pattern[str], names: set[str]) -> str | None:
    if not line.endswith(b"\n"):
        return "is cut off: a line ends in a newline, within a megabyte"
    name, *rest = line[:-1].decode().split("\t")
    if name in names:
        return f"set '{printable(name)}' is in it twice"
    names.add(name)
    members = rest[1:]
    if not name or not members:
        return "a line is a name, a title and at least one member, with tabs between"
    wrong = next((one for one in members if member.fullmatch(one) is None), None)
    if wrong is not None:
        return f"'{printable(wrong)}' is not an identifier of its kind"
    return "has a member twice" if len(set(members)) < len(members) else None


# --- mentions --------------------------------------------------------------------------------


def read_mentions(task: ReadTask, content: Content) -> None:
    """Add the table of mentions to the content, in little memory however its pages are packed."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    expected = mentions.schema()
    # Repeated values are in memory once: a few bytes may encode all of them.
    packed = [name for name in mentions.COLUMNS if name not in _NO_DICTIONARY]
    packed += ("linked.list.element", "wikipathways.list.element")
    try:
        with pq.ParquetFile(task.path) as table:
            if not table.schema_arrow.equals(expected):
                content.fault(task.name, f"its columns are not {', '.join(expected.names)}")
                return
            _check_sizes(table.metadata, task.path)
        with pq.ParquetFile(task.path, read_dictionary=packed, pre_buffer=False) as table:
            batches = table.iter_batches(_ROWS_AT_ONCE, use_threads=False)
            for figid, rows in groupby(_rows(batches, content), itemgetter("figid")):
                _take_rows(figid, rows, task.name, content, task.size // _FIGURE_BYTES)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, TypeError, IndexError) as error:
        content.unreadable(task.name, error)


def _check_sizes(metadata: Any, path: Path) -> None:
    """Check that a table does not grow too much on unpacking.

    Raises:
        OSError: It does.
    """
    size = path.stat().st_size
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > size * MAX_RDF_RATIO + FREE_RDF_BYTES:
        raise OSError(f"it grows more than {MAX_RDF_RATIO} times on unpacking")
    if metadata.num_rows > size + _ROWS_AT_ONCE:
        raise OSError("it has more rows than bytes")


def _rows(batches: Iterable[Any], content: Content) -> Iterator[Row]:
    for batch in batches:
        content.counts["rows"] += batch.num_rows
        columns = {name: _values(batch.column(name)) for name in mentions.COLUMNS}
        for number in range(batch.num_rows):
            yield {name: values[number] for name, values in columns.items()}


def _values(column: Any) -> list[Any]:
    """The values of a column; those that are the same are one object."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    if pa.types.is_list(column.type):
        known = _values(column.values)
        offsets = column.offsets.to_pylist()
        valid = column.is_valid().to_pylist()
        return [
            known[start:end] if is_there else None
            for start, end, is_there in zip(offsets, offsets[1:], valid, strict=False)
        ]
    if not pa.types.is_dictionary(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]
    words = column.dictionary.to_pylist()
    if any(word is not None and len(word) > MAX_CELL_CHARACTERS for word in words):
        raise OSError(f"a cell has more than {MAX_CELL_CHARACTERS:,} characters")
    return [None if index is None else words[index] for index in column.indices.to_pylist()]


def _take_rows(figid: Any, rows: Iterable[Row], name: str, content: Content, most: int) -> None:
    taken: list[Row] = []
    for row in rows:
        if len(taken) >= MAX_ROWS:
            raise OSError(f"{printable(str(figid))} has more than {MAX_ROWS:,} rows")
        taken.append(row)
    if len(content.figures) > _MOST_FIGURES + most:
        raise OSError("it has more figures than fit into it")
    if figid in content.figures:
        content.fault(name, f"the rows of {printable(str(figid))} are not side by side")
    content.figures.add(figid)
    content.rows[figid] = fingerprint(taken)
