"""SPARQL as text: which form a query has, which words it uses, and where its parameters stand.

The lexical rules are those of SPARQL 1.1, section 19.8: what looks like a keyword within a string,
an IRI, a comment or a name is not a keyword.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rdfexport.errors import UsageError
from rdfexport.limits import MAX_QUERY_NESTING, MAX_QUERY_OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyoxigraph as ox

_TOKEN: Final = re.compile(
    r"""(?P<skip> \s+ | \#[^\n\r]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"\"\"(?:[^"\\]|\\.|\"(?!\"\"))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<unclosed> ["'].* )
    | (?P<variable> [?$]\w+ )
    | (?P<run> \w[\w.-]* | (?=:) )
      (?P<local> : (?: (?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%])*
                       (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%]) )? )?
    | (?P<word> @\w+ )
    | (?P<sign> . )""",
    re.VERBOSE | re.DOTALL,
)
# What a name's prefix would begin with, if a colon followed.
_PART: Final = re.compile(r"(?P<word>\w+)|(?P<sign>.)", re.DOTALL)
Form = Literal["rows", "truth", "triples"]
_FORMS: Final[dict[str, Form]] = {
    "SELECT": "rows",
    "ASK": "truth",
    "CONSTRUCT": "triples",
    "DESCRIBE": "triples",
}

# Each of these is a level of the engine's recursion; it ends at some 3,000 of them.
_OPERATORS: Final = frozenset(
    ("UNION", "OPTIONAL", "BIND", "FILTER", "MINUS", "GRAPH", "SERVICE", "AS", *"|&!+-*/=^")
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def form(text: str) -> Form:
    """The form of a query's answer: ``rows``, ``truth`` or ``triples``.

    Raises:
        UsageError: It is not a query but an update or something else, or it is nested too deep.
    """
    _check_depth(text)
    for word in words(text):
        if word in _FORMS:
            return _FORMS[word]
        if word not in {"BASE", "PREFIX"}:
            break
    raise UsageError("not a SPARQL query: it has no SELECT, ASK, CONSTRUCT or DESCRIBE")


def _check_depth(text: str) -> None:
    """Refuse a query that would exhaust the stack of Oxigraph, which would end the process."""
    depth = operators = 0
    for token in _tokens(text):
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth -= 1
        elif token.text.upper() in _OPERATORS:
            operators += 1
        if depth > MAX_QUERY_NESTING or operators > MAX_QUERY_OPERATORS:
            raise UsageError(
                f"the query is nested more than {MAX_QUERY_NESTING} deep, or has more than"
                f" {MAX_QUERY_OPERATORS} operators: shorten it, VALUES may list any number of terms"
            )


def words(text: str) -> Iterator[str]:
    """The keywords and names of functions in a query, in capitals."""
    return (token.text.upper() for token in _tokens(text) if token.kind == "word")


def bind(text: str, values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
    """Replace the content of each ``VALUES ?name { ... }`` by the parameter's values.

    The author of the query decides by that block where a value belongs, and so what the query
    means: SPARQL evaluates from the inside out, so a value joined from outside comes too late for a
    subquery, a UNION or a FILTER within braces.

    Args:
        text: The query.
        values: Variable, without its question mark, to terms. They are written by the library that
            parsed them, so no value can end the block.

    Raises:
        UsageError: A variable has no such block.
    """
    parts, end, unplaced = [], 0, set(values)
    for name, start, stop in _places(text):
        if name in values:
            terms = " ".join(str(term) for term in values[name])
            parts += [text[end:start], f" {terms} "]
            end = stop
            unplaced.discard(name)
    if unplaced:
        name = min(unplaced)
        raise UsageError(
            f"the query has no place for {name}: write VALUES ?{name} {{ UNDEF }} there"
        )
    return "".join((*parts, text[end:]))


def _places(text: str) -> Iterator[tuple[str, int, int]]:
    """Each ``VALUES ?name { ... }``: the name, and from where to where its values stand."""
    tokens = list(_tokens(text))
    for index, token in enumerate(tokens[:-3]):
        variable, brace = tokens[index + 1 : index + 3]
        if token.text.upper() == "VALUES" and variable.kind == "variable" and brace.text == "{":
            close = next((one for one in tokens[index + 3 :] if one.text == "}"), None)
            if close is not None:
                yield variable.text[1:], brace.end, close.start


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens of a text, each character of which is read once."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "run":
            # No prefix, as no colon follows: words, and signs between them.
            for part in _PART.finditer(text, match.start(), match.end()):
                yield _Token(part.lastgroup or "sign", part[0], part.start(), part.end())
        elif kind is not None and kind != "skip":
            yield _Token(kind, match[0], match.start(), match.end())
