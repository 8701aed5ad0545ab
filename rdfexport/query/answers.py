"""Writes answers as text while they are read."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from rdfexport.errors import DiskError, RemoteError, UsageError
from rdfexport.printing import visible
from rdfexport.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from rdfexport.query.backends import Answer

FORMATS: Final = ("table", "csv", "json", "ttl")
_SERIALIZED: Final = {"csv": ox.QueryResultsFormat.CSV, "json": ox.QueryResultsFormat.JSON}
_ROWS_MEASURED: Final = 100
"""The number of rows whose cells decide how wide a table's columns are."""


def write(answer: Answer, form: str | None, out: BinaryIO) -> None:
    """Write an answer while it is read, in memory that does not grow with it.

    Args:
        answer: Of a query.
        form: One of ``FORMATS``; None is a table, and Turtle for triples. ``json`` is
            https://www.w3.org/TR/sparql11-results-json/, ``csv`` the CSV of the same specification.
        out: Where to.

    Raises:
        UsageError: The format is not one for this answer, or the query cannot be evaluated.
        DiskError: The answer cannot be written.
        RemoteError: The answer is not whole, which may show after its first part was written.
    """
    results = answer.results
    has_triples = not isinstance(results, ox.QueryBoolean | ox.QuerySolutions)
    if has_triples and form not in {None, "ttl"}:
        raise UsageError(f"--format {form}: the answer has triples, not rows: use ttl")
    if not has_triples and form == "ttl":
        raise UsageError("--format ttl: the answer has no triples: use table, csv or json")
    try:
        if isinstance(results, ox.QueryBoolean):
            _write_truth(results, form, out)
        elif not isinstance(results, ox.QuerySolutions):
            write_turtle(results, out)
        elif form in _SERIALIZED:
            results.serialize(out, _SERIALIZED[form])
        else:
            _write_table(results, out)
    except SyntaxError as error:
        raise RemoteError(
            f"{answer.source}: its answer is not well-formed ({error.msg})"
        ) from error
    except BrokenPipeError:
        raise
    except (RuntimeError, ValueError, OSError) as error:
        cause = DiskError if isinstance(error, OSError) else UsageError
        raise cause(f"the query cannot be answered: {error}") from error
    if answer.cut_at:
        raise RemoteError(
            f"{answer.source}: the answer is not whole: the server gives no more than"
            f" {answer.cut_at} rows: narrow the query, or ask in parts with LIMIT and OFFSET"
        )


def write_turtle(triples: Iterable[ox.Triple], out: BinaryIO) -> None:
    """Write triples as Turtle, with the prefixes of this package in their order."""
    writer: Any = _SortedPrefixes(out)
    ox.serialize(triples, writer, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    writer.close_header()


class _SortedPrefixes:
    """Puts the first lines of Turtle in order: the serializer writes its prefixes in any."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._header: list[bytes] | None = []
        self._begun = b""

    def write(self, data: bytes) -> int:
        if self._header is None:
            return self._out.write(data)
        *lines, self._begun = (self._begun + data).split(b"\n")
        for index, line in enumerate(lines):
            if not line.startswith(b"@prefix "):
                rest = b"\n".join((*lines[index:], self._begun))
                self.close_header()
                self._out.write(rest)
                break
            self._header.append(line + b"\n")
        return len(data)

    def close_header(self) -> None:
        if self._header is not None:
            self._out.write(b"".join(sorted(self._header)))
            self._header = None

    def flush(self) -> None:
        self._out.flush()


def _write_truth(truth: ox.QueryBoolean, form: str | None, out: BinaryIO) -> None:
    if form == "json":
        truth.serialize(out, ox.QueryResultsFormat.JSON)
    else:
        out.write(b"true\n" if truth else b"false\n")


def _write_table(solutions: ox.QuerySolutions, out: BinaryIO) -> None:
    names = [variable.value for variable in solutions.variables]
    rows = ([_cell(term) for term in solution] for solution in solutions)
    first = list(islice(rows, _ROWS_MEASURED))
    widths = [max(map(len, column)) for column in zip(names, *first, strict=True)]
    for row in chain((names,), first, rows):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        out.write("  ".join(padded).rstrip().encode(errors="replace") + b"\n")


def _cell(term: Any) -> str:
    """A term for the eye, without what a terminal would obey: texts of records are not trusted."""
    if term is None:
        return ""
    text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
    return visible(text)
