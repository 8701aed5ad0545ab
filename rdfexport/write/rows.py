"""Rows of TSV and GMT files, written so that every reader finds the same rows.

A reader may end a line at a lone carriage return, at U+0085 or at U+2028 (Python's ``splitlines``,
R's ``readLines``, spreadsheets), inside quotes too. So control characters and line separators
become spaces, and no cell is ever spread over lines. A cell with a quotation mark is quoted as in
RFC 4180, which pandas, polars, R's ``read.delim`` and Python's ``csv`` undo alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# C0, DEL and C1 (among them tab, line feed, carriage return and U+0085), and Unicode's separators.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def plain(text: str) -> str:
    """The text on one line: a space stands for each control character and line separator."""
    return _BREAKS.sub(" ", text)


def tsv_line(cells: Iterable[str]) -> str:
    """A row of a TSV file; a cell that has a quotation mark is quoted (RFC 4180, section 2.7)."""
    return "\t".join(map(_tsv_cell, cells)) + "\n"


def gmt_line(cells: Iterable[str]) -> str:
    """A row of a GMT file, whose readers know no quotes: they split each line at its tabs."""
    return "\t".join(map(plain, cells)) + "\n"


def _tsv_cell(text: str) -> str:
    text = plain(text)
    return '"{}"'.format(text.replace('"', '""')) if '"' in text else text
