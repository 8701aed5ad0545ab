"""Typed access to the fields of a record: what is unknown, what is text, what is a number.

Where a value is unknown, R and pandas write a word in its place; which one depends on the type of
the column and on the writer. Those that can be nothing else are unknown everywhere. ``NaN`` and
``nan`` are names too (of the human gene SCN11A and of a fly gene), so they are unknown only where
no name of a gene, chemical or disease, and no word of a figure, can stand.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rdfexport.diagnostics import Finding, shortened
from rdfexport.errors import RecordError
from rdfexport.limits import MAX_MESSAGE, MAX_ROWS
from rdfexport.model import Concept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdfexport.model import RawRecord
    from rdfexport.terms import Vocabulary

UNKNOWN: Final = frozenset(
    {
        "",
        "NA",
        "<NA>",
        # R's package yaml (as.yaml), by the type of the vector.
        ".na",
        ".na.character",
        ".na.complex",
        ".na.integer",
        ".na.real",
        # Text that is not a number, where it was put between quotes.
        ".nan",
        ".NaN",
        ".NAN",
    }
)
"""Texts that stand for a missing value in any field."""

NOT_A_NUMBER: Final = frozenset({"NaN", "nan"})
"""Texts that stand for a missing value, except in a field that holds a name."""

_NUMBERS: Final = frozenset({int, float})
# No number of a record is larger, and Python refuses to print one of thousands of digits.
_MANY: Final = 10**18
# R's as.character and write.table turn 100000 into 1e+05, pandas an integer column with a gap into
# 100000.0; both are exact. A spreadsheet rounds, and writes 1.23E+08: that is no number of ours.
_DOUBLE = re.compile(r"[0-9]{1,18}(?:\.[0-9]{0,18})?(?:e[+-]?[0-9]{1,2})?", re.ASCII)
_LARGEST_EXACT: Final = 2**53
# Text that some format cannot hold: XML 1.0 (section 2.2) has no control characters but tab and
# the line ends, Unicode text no lone surrogates. YAML escapes can bring both into a record.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_unknown(value: object) -> bool:
    """Whether what stands for a whole list or block of fields says that there is none."""
    if isinstance(value, str):
        value = value.strip()
        return value in UNKNOWN or value in NOT_A_NUMBER
    return value is None or (isinstance(value, float) and math.isnan(value))


def whole_number(text: str) -> str | None:
    """The digits of a whole number that a program has written as a double, or None.

    >>> whole_number("2475.0"), whole_number("1e+05"), whole_number("4.1"), whole_number("F9")
    ('2475', '100000', None, None)
    """
    if _DOUBLE.fullmatch(text) is None:
        return None
    number = Decimal(text)
    if number > _LARGEST_EXACT or number != number.to_integral_value():
        return None
    return str(int(number))


def type_name(value: object) -> str:
    """The name of a value's type in messages."""
    if value is None:
        return "nothing"
    names = {bool: "true/false", int: "a number", float: "a number", dict: "fields", list: "a list"}
    return names.get(type(value), "text" if isinstance(value, str) else type(value).__name__)


class Fields:
    """Typed access to a record's fields that says where a fault is.

    Args:
        raw: The record.
        vocabulary: The identifier spaces.
    """

    __slots__ = ("findings", "may_hold_controls", "origin", "vocabulary")

    def __init__(self, raw: RawRecord, vocabulary: Vocabulary) -> None:
        self.origin = raw.origin
        self.may_hold_controls = raw.may_hold_controls
        self.vocabulary = vocabulary
        self.findings: list[Finding] = []

    def note(self, path: str, problem: str, remedy: str) -> None:
        """Add a finding about a field."""
        problem = shortened(problem, MAX_MESSAGE)
        self.findings.append(Finding(self.origin.locate(path), problem, remedy))

    def reject(self, path: str, problem: str, remedy: str) -> RecordError:
        """The error of a field for which the record cannot be exported."""
        return RecordError(self.origin.locate(path), problem, remedy)

    def name(self, value: object, path: str) -> str | None:
        """A name or word without its outer white space, or None where it is unknown.

        Raises:
            RecordError: It is not text.
        """
        if type(value) is str and value in UNKNOWN:
            return None
        if value is None:
            return None
        if not isinstance(value, str):
            if isinstance(value, float) and math.isnan(value):
                return None
            # YAML 1.1, which records are written in, has texts that are numbers in YAML 1.2: 2E1.
            written = self.origin.text_at(path) if type(value) in _NUMBERS else None
            if written is None:
                raise self.reject(
                    path, f"text expected, found {type_name(value)}", "put it between quotes"
                )
            value = written
        if self.may_hold_controls and (odd := _UNWRITABLE.search(value)) is not None:
            self.note(
                path,
                f"character U+{ord(odd[0]):04X} in a text, which not every format can hold",
                "remove it; until then U+FFFD stands in its place",
            )
            value = _UNWRITABLE.sub("\ufffd", value)
        value = value.strip()
        return None if value in UNKNOWN else value

    def text(self, value: object, path: str) -> str | None:
        """A text that is no name: ``NaN`` and ``nan`` are unknown as well.

        Raises:
            RecordError: It is not text.
        """
        found = self.name(value, path)
        return None if found in NOT_A_NUMBER else found

    def number_text(self, value: object, path: str) -> str | None:
        """A text that should be a whole number, in whichever way that was written.

        A whole number that was written as a double comes without its fraction or exponent; what is
        no whole number comes as it was written.

        Raises:
            RecordError: It is neither text nor a number.
        """
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MANY:
            return str(value)
        if isinstance(value, float):
            if math.isnan(value):
                return None
            written = self.origin.written_at(path) or repr(value)
            return whole_number(written) or written
        text = self.text(value, path)
        if text is None or text.isdecimal():
            return text
        return whole_number(text) or text

    def texts(self, value: object, path: str, *, are_names: bool = False) -> tuple[str, ...]:
        """Distinct texts of a list; a lone text is a list of one.

        Raises:
            RecordError: It is no list, or something in it is not text.
        """
        if value is None:
            return ()
        read = self.name if are_names else self.text
        if isinstance(value, str):
            return tuple(filter(None, (read(value, path),)))
        if not isinstance(value, list):
            if is_unknown(value):
                return ()
            raise self.reject(path, f"list expected, found {type_name(value)}", "write a list")
        found = (read(item, f"{path}[{i}]") for i, item in enumerate(value))
        return tuple(dict.fromkeys(filter(None, found)))

    def rows(self, value: object, path: str) -> list[Mapping[str, Any]]:
        """The entries of a list of mappings.

        Raises:
            RecordError: It is no list or too long a one, or something in it is no mapping.
        """
        if is_unknown(value):
            return []
        if not isinstance(value, list):
            raise self.reject(path, f"list expected, found {type_name(value)}", "write a list")
        if len(value) > MAX_ROWS:
            raise self.reject(path, f"more than {MAX_ROWS:,} rows", "restore the record")
        for i, item in enumerate(value):
            if not isinstance(item, dict):
                # R writes an empty list as a list of one missing value.
                if all(map(is_unknown, value)):
                    return []
                raise self.reject(
                    f"{path}[{i}]",
                    f"fields expected, found {type_name(item)}",
                    "write its fields as 'name: value'",
                )
        return value

    def identifier(self, space: str, value: str | None, path: str, prefix: str = "") -> str | None:
        """A local identifier of the space, or None and a finding where it has not its form."""
        if value is None:
            return None
        local = value[len(prefix) :] if value[: len(prefix)].lower() == prefix else value
        if self.vocabulary.matches(space, local):
            return local
        self.note(
            path,
            f"{value!r} is not an identifier of {space}",
            "correct it; until then the mention keeps its text and gets no link"
            if "[" in path
            else "correct it; until then it is not exported",
        )
        return None

    def concept(self, space: str, value: str, label: str | None, path: str) -> tuple[Concept, ...]:
        """The concept with an identifier, which may have the space's name before it (``mesh:``).

        It is none, and there is a finding, where the identifier has not the form of the space.
        """
        local = self.identifier(space, value, path, f"{space}:")
        return () if local is None else (Concept(space, local, label),)
