"""YAML text → Python values by PyYAML, for where ``yaml-rs`` is not installed.

PyYAML reads YAML 1.1. Only its parser is used here; scalars are converted as ``yaml-rs`` does, by
the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), with binary numbers and
underscores between digits, so that a record means the same with either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    import yaml

# Line breaks in YAML 1.1 but text in YAML 1.2 (section 5.4), and the mark that its parser skips.
_NOT_BREAKS: Final = "\u0085\u2028\u2029\ufeff"
_PRIVATE_USE: Final = range(0xE000, 0xF900)
_DEEPEST: Final = 200  # a record is three levels deep
_TAG: Final = "tag:yaml.org,2002:"
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL: Final = {word: word.lower() == "true" for word in ("true", "True", "TRUE")} | dict.fromkeys(
    ("false", "False", "FALSE"), False
)
_INT: Final = re.compile(r"[-+]?(?:0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)")
_CUT_PREFIX: Final = re.compile(r"[-+]?(?:_+0_*|0_+)[oOxXbB]")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE: Final = re.compile(r"([-+]?)\.inf", re.IGNORECASE)


class SlowYamlError(ValueError):
    """The text is not YAML, or not what a record may hold.

    Args:
        what: What is wrong.
        line: Where, from 1; None if it is not known.
    """

    def __init__(self, what: str, line: int | None) -> None:
        super().__init__(what)
        self.line = line


def loads(text: str) -> Any:
    """Read YAML; aliases are refused, and so is what is nested more than 200 levels deep.

    Raises:
        SlowYamlError: The text is not YAML, or not what a record may hold.
    """
    import yaml  # noqa: PLC0415 - slow to import, and needed only without yaml-rs

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    stand_ins = _stand_ins(text)
    builder = _Builder({ord(new): old for old, new in stand_ins.items()})
    try:
        for event in yaml.parse(
            text.translate({ord(old): new for old, new in stand_ins.items()}), Loader=loader
        ):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise SlowYamlError(
            error.problem or str(error), None if mark is None else mark.line + 1
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise SlowYamlError(str(error), None) from error
    documents = builder.documents
    return documents[0] if len(documents) == 1 else documents or None


def _stand_ins(text: str) -> dict[str, str]:
    """For each character that PyYAML takes for a line break, one that is not in the text."""
    used = [old for old in _NOT_BREAKS if old in text]
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    return dict(zip(used, free, strict=False)) if used else {}


class _Builder:
    """Makes values of the parser's events, without recursion.

    Args:
        characters: What each stand-in in the text is for.
    """

    def __init__(self, characters: dict[int, str]) -> None:
        self._characters = characters
        self.documents: list[Any] = []
        self._anchors: set[str] = set()
        self._open: list[tuple[str, list[Any]]] = []

    def take(self, event: yaml.Event) -> None:
        import yaml  # noqa: PLC0415

        line = None if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            is_known = event.anchor in self._anchors
            raise SlowYamlError("alias" if is_known else f"unknown alias: {event.anchor}", line)
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._anchors.add(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            event.value = event.value.translate(self._characters)
            self._add(_scalar(event, line), line)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) >= _DEEPEST:
                raise SlowYamlError(f"nested {_DEEPEST} levels deep, which no record is", line)
            kind = "map" if isinstance(event, yaml.MappingStartEvent) else "seq"
            if kind == "map" and event.tag == f"{_TAG}set":
                kind = "set"
            self._open.append((kind, []))
        elif isinstance(event, yaml.CollectionEndEvent):
            kind, items = self._open.pop()
            self._add(_COLLECTIONS[kind](items), line)

    def _add(self, value: Any, line: int | None) -> None:
        if not self._open:
            self.documents.append(value)
            return
        kind, items = self._open[-1]
        if kind != "seq" and len(items) % 2 == 0:  # a key
            try:
                value = _hashable(value)
            except TypeError as error:
                raise SlowYamlError("a key that is not text", line) from error
            if value in items[::2]:
                raise SlowYamlError(f"duplicate mapping key: {value!r}", line)
        items.append(value)


def _mapping(items: list[Any]) -> dict[Any, Any]:
    return dict(zip(items[::2], items[1::2], strict=True))


_COLLECTIONS: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "map": _mapping,
    "set": lambda items: set(items[::2]),
    "seq": list,
}


def _hashable(key: Any) -> Any:
    """The key as yaml-rs gives it.

    Raises:
        TypeError: It is a mapping that holds lists or mappings.
    """
    if isinstance(key, list):
        return tuple(_hashable(item) for item in key)
    if isinstance(key, dict):
        return frozenset(key.items())  # refuses collections in it, as yaml-rs does
    return frozenset((name, None) for name in key) if isinstance(key, set) else key


def _scalar(event: yaml.ScalarEvent, line: int | None) -> Any:
    text: str = event.value
    tag = event.tag
    if tag is None:
        return _converted(text, line) if event.implicit[0] else text
    if not tag.startswith(_TAG):
        return text
    name = tag.removeprefix(_TAG)
    if name in {"str", "binary"}:
        return text
    if name not in _TYPES:
        raise SlowYamlError(f"Invalid tag: '!!{name}'", line)
    value = _converted(text, line)
    if name == "float" and type(value) is int:
        value = float(value)
    if type(value) is not _TYPES[name]:
        raise SlowYamlError(f"Invalid value '{text}' for '!!{name}' tag", line)
    return value


def _converted(text: str, line: int | None) -> Any:
    try:
        return _plain(text)
    except ValueError as error:
        raise SlowYamlError("a number of more digits than can be read", line) from error


_TYPES: Final = {"int": int, "float": float, "bool": bool, "null": type(None)}


def _plain(text: str) -> Any:
    """The value of an unquoted scalar."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    bare = text if _CUT_PREFIX.match(text) else text.replace("_", "")
    if _INT.fullmatch(bare):
        is_decimal = bare.lstrip("+-")[1:2] not in tuple("oOxXbB")
        return int(bare, 10 if is_decimal else 0)
    if _FLOAT.fullmatch(bare):
        return float(bare)
    if (infinite := _INFINITE.fullmatch(text)) is not None:
        return float(f"{infinite[1]}inf")
    return float("nan") if text.lower() == ".nan" else text
