"""Arguments of Python callers: paths or texts, one source or many, choices that are checked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from rdfexport.errors import UsageError

AnyPath: TypeAlias = "str | os.PathLike[str]"
Sources: TypeAlias = "AnyPath | Iterable[AnyPath]"
"""One source, or several: paths, globs, URLs, or ``-`` for standard input."""


def source_names(sources: Sources) -> list[str]:
    """The sources as texts.

    Raises:
        UsageError: One is neither a text nor a path, or there is none.
    """
    given: Any = sources  # whatever the annotation says
    is_one = isinstance(given, str | bytes | os.PathLike) or not isinstance(given, Iterable)
    several = [given] if is_one else given
    names = []
    for source in several:
        if not isinstance(source, str | os.PathLike):
            raise UsageError(f"{source!r} is not a source: give a path or a URL, as str or Path")
        name = os.fspath(source)
        if not isinstance(name, str):
            raise UsageError(f"{source!r} is not a source: give its path as text, not as bytes")
        names.append(name)
    if not names:
        raise UsageError("there are no sources: give at least one path or URL")
    return names


def as_path(name: str, value: Any) -> Path:
    """The value of an option as a path.

    Args:
        name: The option's name.
        value: A path or a text.

    Raises:
        UsageError: It is neither, or the URL of a store.
    """
    if not isinstance(value, str | os.PathLike):
        raise UsageError(f"{name}={value!r}: give a path, as str or Path")
    if isinstance(value, str) and "://" in value:
        raise UsageError(f"{name}={value!r}: is a URL: export_to_url writes to one")
    return Path(value)


def check_choice(name: str, value: object, choices: Iterable[str]) -> None:
    """See that an option has one of its values.

    Raises:
        UsageError: It has another; the message names the choices.
    """
    allowed = list(choices)
    if value not in allowed:
        raise UsageError(f"{name}={value!r}: choose from {', '.join(map(repr, allowed))}")


def check_kind(name: str, value: object, kind: type) -> None:
    """See that an option is an object of its class, as those that hold options of their own are.

    Raises:
        UsageError: It is another; the message names the class.
    """
    if not isinstance(value, kind):
        raise UsageError(f"{name}={value!r}: give rdfexport.{kind.__name__}(...)")


def check_options(options: object, kind: type) -> None:
    """See that a caller has passed options, and not what belongs into them.

    Raises:
        UsageError: They are of another type; the message names the right one.
    """
    check_kind("options", options, kind)
