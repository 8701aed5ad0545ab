"""Queries with a header that describes them and their parameters.

::

    # title: Figures of a gene
    # about: The figures in which a word led to the gene,
    #   newest first.
    # param gene gene MTOR: the gene

A parameter declared by ``# option`` is one that need not be given: its example is its default. A
parameter has a name, a kind (see ``KINDS``) and examples. In the query it stands in a block
``VALUES ?gene { ... }`` that holds the terms of the examples, so that each file is a query that
runs as it is.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import UnreadableError, UsageError
from rdfexport.query.text import bind
from rdfexport.query.values import KINDS, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

_FOLDER: Final = files("rdfexport").joinpath("query/queries")
_PARAMETER: Final = re.compile(r"([A-Za-z]\w*) (\w+) ([^:]+?): (.+)", re.ASCII)


class Parameter(NamedTuple):
    """A parameter of a query, whose ``kind`` is a key of ``KINDS``.

    Of an ``is_optional`` one the example is the default, as it stands in the query.
    """

    name: str
    kind: str
    examples: tuple[str, ...]
    about: str
    is_optional: bool = False


class Query(NamedTuple):
    """A query and the fields of its header."""

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    text: str

    def bound(self, given: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
        """The text with values for all its parameters, and notes on the values.

        Args:
            given: Names and values; a name may come several times, for any of the values.

        Raises:
            UsageError: A parameter is unknown, missing, or its value has not the form of its kind.
        """
        kinds = {parameter.name: parameter.kind for parameter in self.parameters}
        terms: dict[str, list[ox.NamedNode | ox.Literal]] = {}
        notes = []
        for name, text in given:
            if name not in kinds:
                known = ", ".join(kinds) or "none"
                raise UsageError(
                    f"--param {name}: {self.name} has no such parameter (it has: {known})"
                )
            found = value(name, kinds[name], text)
            earlier = terms.setdefault(name, [])
            if found.term not in earlier:
                earlier.append(found.term)
            if found.note:
                notes.append(found.note)
        for parameter in self.parameters:
            if parameter.name not in terms and not parameter.is_optional:
                example = parameter.examples[0]
                raise UsageError(
                    f"{self.name} needs --param {parameter.name}=…, {KINDS[parameter.kind].about};"
                    f" such as --param {parameter.name}={example}"
                )
        # Without the declarations, the text runs as it is.
        text = re.sub(r"^# (?:param|option) .*\n", "", self.text, flags=re.MULTILINE)
        return bind(text, terms), notes


@cache
def bundled_names() -> tuple[str, ...]:
    """The names of the queries that come with the package, sorted."""
    return tuple(sorted(file.name.removesuffix(".rq") for file in _FOLDER.iterdir()))


def bundled(name: str) -> Query:
    """A query that comes with the package.

    Raises:
        KeyError: No query has this name.
    """
    if name not in bundled_names():
        raise KeyError(name)
    return read_query(name, _FOLDER.joinpath(f"{name}.rq").read_text("utf-8"))


def read_query(name: str, text: str) -> Query:
    """Read a query's header; a query without one is still a query.

    Raises:
        UnreadableError: A parameter is declared in a way that is not understood.
    """
    fields: list[tuple[str, str]] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if line.startswith("#   ") and fields:
            key, begun = fields[-1]
            fields[-1] = (key, f"{begun} {line[1:].strip()}")
        else:
            key, _, rest = line[1:].strip().partition(" ")
            fields.append((key.rstrip(":"), rest.strip()))
    first = dict(reversed(fields))
    parameters = tuple(
        _parameter(name, rest, key) for key, rest in fields if key in {"param", "option"}
    )
    return Query(name, first.get("title", name), first.get("about", ""), parameters, text)


def _parameter(query: str, text: str, key: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None or match[2] not in KINDS:
        raise UnreadableError(
            f"{query}: '# {key} {text}' is not understood: write '# {key} NAME KIND EXAMPLE: what"
            f" it is', with one of the kinds {', '.join(KINDS)}"
        )
    return Parameter(match[1], match[2], tuple(match[3].split()), match[4], key == "option")
