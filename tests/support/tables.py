"""Readers of tables, each by its own rule: rows of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[list[str]]


def by_pandas(path: Path, separator: str = "\t", skip: int = 0) -> Rows:
    """By pandas' default rule of quotes; no text stands for a missing value."""
    table = pd.read_csv(
        path, sep=separator, dtype=str, keep_default_na=False, header=None, skiprows=skip
    )
    return [[str(cell) for cell in row] for row in table.to_numpy().tolist()]


def by_polars(path: Path, separator: str = "\t", skip: int = 0) -> Rows:
    table = pl.read_csv(
        path,
        separator=separator,
        has_header=False,
        infer_schema=False,
        skip_lines=skip,
    ).fill_null("")
    return [list(row) for row in table.rows()]


def by_r(path: Path, separator: str = "\t", skip: int = 0) -> Rows:
    r"""By the rule of R's ``read.delim`` (``scan``, with a separator and ``quote = "\""``).

    A lone carriage return ends a line as well, a quotation mark opens a quoted part anywhere in a
    field, and a doubled one in it stands for itself. R skips an embedded zero byte and warns.
    """
    text = path.read_bytes().decode()
    assert "\0" not in text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.split("\n", skip)[skip]
    rows: Rows = []
    row: list[str] = []
    cell, is_quoted, at = "", False, 0
    while at < len(text):
        char = text[at]
        if is_quoted:
            if char != '"':
                cell += char
            elif text[at + 1 : at + 2] == '"':
                cell += '"'
                at += 1
            else:
                is_quoted = False
        elif char == '"':
            is_quoted = True
        elif char == separator:
            row.append(cell)
            cell = ""
        elif char == "\n":
            rows.append([*row, cell])
            row, cell = [], ""
        else:
            cell += char
        at += 1
    assert not is_quoted, "EOF within quoted string"
    assert not row, "incomplete final line"
    assert not cell, "incomplete final line"
    assert len({len(row) for row in rows}) == 1, "rows of different lengths"
    return rows


def by_lines(path: Path) -> Rows:
    """As readers of GMT files do: a line at any of Unicode's line ends, split at its tabs."""
    return [line.split("\t") for line in path.read_bytes().decode().splitlines()]


READERS = {"pandas": by_pandas, "polars": by_polars, "R": by_r}
