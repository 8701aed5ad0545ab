"""JSON whose values are nested so deep that a parser's stack would not hold them (CWE-674)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol

from rdfexport.limits import MAX_NESTING

if TYPE_CHECKING:
    from collections.abc import Callable

_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_BACKSLASHES: Final = re.compile(rb"\\*\Z")


class _File(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Shallow:
    """A JSON text as a file, which is checked before a parser has it.

    Args:
        file: Where it comes from.
        on_deep: Called, to raise, where values are nested much deeper than the 5 levels of SPARQL
            results (https://www.w3.org/TR/sparql11-results-json/): 64 are let through, 129 are not.
    """

    def __init__(self, file: _File, on_deep: Callable[[], object]) -> None:
        self._file = file
        self._on_deep = on_deep
        self._depth = 0
        self._begun = b""

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        rest = _STRING.sub(b"", self._begun + block)
        # A quotation mark that is left begins a string that continues in the next block.
        rest, mark, text = rest.partition(b'"')
        escapes = _BACKSLASHES.search(text)
        self._begun = mark + (b"\\" if escapes and len(escapes[0]) % 2 else b"")
        brackets = rest.translate(None, _OTHERS)
        for _ in range(MAX_NESTING):  # each takes away the innermost pairs
            before = len(brackets)
            brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
            if len(brackets) == before:
                break
        # What is left closes what earlier blocks opened, and then opens.
        self._depth += 2 * (brackets.count(b"{") + brackets.count(b"[")) - len(brackets)
        if self._depth > MAX_NESTING or b"{}" in brackets or b"[]" in brackets:
            self._on_deep()
        return block
