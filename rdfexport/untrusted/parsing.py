"""The one place where foreign RDF is parsed: input that would end the process is refused first.

Oxigraph's parsers hold triple terms (RDF 1.2) within each other as they are nested, and end the
process where that is tens of thousands deep; so does its reader of JSON (CWE-674). No honest text
has such depth, so a scan in front of the parser refuses it, with its line.
"""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

import pyoxigraph as ox

from rdfexport.limits import MAX_LINE_BYTES, MAX_NESTING, MAX_XML_TRIPLE_TERMS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BLOCK: Final = 1 << 20
_OPENING: Final = b"<<("
_LINES: Final = frozenset({ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS})
# Turtle, section 6.5, and TriG: what may hold the signs of a triple term without being one, then
# these signs, then a long text that does not end here. A backslash escapes a sign in a name.
_TOKEN: Final = re.compile(
    rb'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""'
    rb"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*'''"
    rb'|"(?!"")(?:[^"\\\n\r]|\\.)*"|""(?!")'
    rb"|'(?!'')(?:[^'\\\n\r]|\\.)*'|''(?!')"
    rb'|<[^<>"{}|^`\x00-\x20]*>|\#[^\n\r]*|\\.'
    rb"|(?P<opening><<\()|(?P<closing>\)>>)"
    rb"|(?P<long>\"\"\"|''')",
    re.DOTALL,
)
# RDF/XML 1.2: a triple as the value of a property, whatever spells the attribute's value.
_XML_TRIPLE: Final = re.compile(rb"""parseType\s*=\s*["'](?!(?:Resource|Literal|Collection)["'])""")
_LONGEST_ATTRIBUTE: Final = 64
# JSON (RFC 8259): its strings, and all bytes that do not nest values.
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_BACKSLASHES: Final = re.compile(rb"\\*\Z")


def parse(source: bytes | str | IO[bytes], form: ox.RdfFormat, **more: Any) -> Iterator[ox.Quad]:
    """Parse RDF that is not trusted.

    Args:
        source: The text, or a file of it.
        form: Its format.
        more: As ``pyoxigraph.parse`` takes it: ``base_iri``, ``rename_blank_nodes``.

    Raises:
        SyntaxError: It is not well-formed, or nested too deep; now, or while it is read.
        OSError: The file cannot be read.
    """
    if isinstance(source, str):
        source = source.encode()
    if isinstance(source, bytes):
        check(source, form)
        return ox.parse(source, format=form, **more)
    return ox.parse(_checked(source, form), format=form, **more)


def check(text: bytes, form: ox.RdfFormat) -> None:
    """Refuse a text that a parser would not survive.

    Raises:
        SyntaxError: It is nested too deep.
    """
    if _may_be_deep(text, form):
        checked = _checked(io.BytesIO(text), form)
        while checked.read(_BLOCK):
            pass


def _may_be_deep(text: bytes, form: ox.RdfFormat) -> bool:
    if form == ox.RdfFormat.JSON_LD:
        return True
    if form == ox.RdfFormat.RDF_XML:
        return b"parseType" in text
    return text.count(_OPENING) > MAX_NESTING


def _checked(file: IO[bytes], form: ox.RdfFormat) -> Any:
    """A file that is checked as it is read."""
    if form == ox.RdfFormat.JSON_LD:
        return Shallow(file, _refuse_json)
    if form == ox.RdfFormat.RDF_XML:
        return _XmlTriples(file)
    return _Lines(file, is_turtle=form not in _LINES)


def _refuse_json() -> None:
    raise SyntaxError("its values are nested too deep")


def _too_deep(line: int) -> SyntaxError:
    problem = f"triple terms are nested more than {MAX_NESTING} deep"
    return SyntaxError(problem, (None, line, None, None))


class _Lines:
    """N-Triples, N-Quads, Turtle or TriG as it is read, in whole lines that were checked."""

    def __init__(self, file: IO[bytes], *, is_turtle: bool) -> None:
        self._file = file
        self._is_turtle = is_turtle
        self._ready = io.BytesIO()
        self._rest = b""
        self._depth = 0
        self._line = 1

    def read(self, size: int = -1) -> bytes:
        data = self._ready.read(size)
        while not data and size:
            block = self._file.read(_BLOCK)
            text = self._rest + block
            end = text.rfind(b"\n") + 1 if block else len(text)
            end = self._check(text, end)
            if len(text) - end > MAX_LINE_BYTES:
                problem = f"a line or a text has more than {MAX_LINE_BYTES >> 20} MiB"
                raise SyntaxError(problem, (None, self._line, None, None))
            self._rest = text[end:]
            self._ready = io.BytesIO(text[:end])
            data = self._ready.read(size)
            if not block:
                break
        return data

    def _check(self, text: bytes, end: int) -> int:
        """Check a text, and give its checked length: a long text may continue in the next block."""
        part = text[:end]
        quotes = self._is_turtle and (b'"""' in part or b"'''" in part)
        if not (self._depth or quotes or _OPENING in part):
            self._line += part.count(b"\n")
            return end
        if not self._is_turtle:
            # A term ends within its line.
            for line in part.splitlines(keepends=True):
                self._depth = 0
                if line.count(_OPENING) > MAX_NESTING:
                    self._follow(line)
                self._line += line.count(b"\n")
            self._depth = 0
            return end
        end = self._follow(part)
        self._line += part.count(b"\n", 0, end)
        return end

    def _follow(self, text: bytes) -> int:
        """Track the nesting of a text up to a long text that does not end in it."""
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup
            if kind == "opening":
                self._depth += 1
                if self._depth > MAX_NESTING:
                    raise _too_deep(self._line + text.count(b"\n", 0, token.start()))
            elif kind == "closing":
                self._depth = max(self._depth - 1, 0)
            elif kind == "long":
                return token.start()
        return len(text)


class _XmlTriples:
    """RDF/XML as it is read, in which triple terms are counted."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._number = 0
        self._before = b""

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        text = self._before + block
        self._number += sum(1 for _ in _XML_TRIPLE.finditer(text))
        if self._number > MAX_XML_TRIPLE_TERMS:
            raise SyntaxError(
                f"it has more than {MAX_XML_TRIPLE_TERMS:,} triple terms: write Turtle"
            )
        # What stands in both is counted twice, which does no harm.
        self._before = text[-_LONGEST_ATTRIBUTE:]
        return block


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
