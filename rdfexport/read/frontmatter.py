"""The bytes of a record's Markdown file → its front matter, untouched.

Rules: YAML 1.2 (https://yaml.org/spec/1.2.2/) between two lines ``---``, as Jekyll has it
(https://jekyllrb.com/docs/front-matter/); a record uses no anchors, aliases, tags or merge keys.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rdfexport.diagnostics import Location
from rdfexport.errors import RecordError
from rdfexport.model import Kind, RawRecord
from rdfexport.read import slow_yaml
from rdfexport.read.origin import Origin
from rdfexport.read.tables import header, rows
from rdfexport.read.text import decoded, not_as_expected

try:
    import yaml_rs
except ImportError:  # it has no wheels for some platforms
    yaml_rs = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import yaml

    from rdfexport.model import MappedPathway

_END = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?=\n|\Z)")
# YAML 1.2.2, production c-printable, negated. The reader passes some of these on and cuts the
# text short at NUL, so they are looked for before it sees them.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
# A record is three levels deep. Block collections nested near 10,000 levels deep exhaust the
# reader's stack. Each begins further right, after white space and the entries' signs, so a text
# long enough for that is looked over first; the reader itself refuses flow collections ("[[[[")
# nested that deep.
_NESTED = re.compile(r"^[ \t?:-]{200}", re.MULTILINE)
_LONG_ENOUGH_TO_NEST = 8_000
# White space after the colon may be a tab (YAML 1.2.2, section 6.2), which the reader refuses. The
# line keeps its length, so that faults behind it are located.
_TAB_AFTER_COLON = re.compile(
    r"""^((?:[ ]|-[ ])*(?:[\w@.-]+|'[^'\n]*'|"[^"\n]*"):)\t""", re.MULTILINE
)
IS_FAST = yaml_rs is not None
"""Whether ``yaml-rs`` reads the records; PyYAML does otherwise."""
_ERROR_LINE = re.compile(r"line (\d+), column \d+")
_ERROR_WHAT = re.compile(r"\n[ |]*\^\s*(.+)\Z", re.DOTALL)


def decode(
    name: str,
    data: bytes,
    tables: Mapping[Kind, tuple[str, bytes]],
    pathways: tuple[MappedPathway, ...] = (),
) -> RawRecord:
    """Read one record from its bytes.

    Args:
        name: The record's file, as messages shall name it.
        data: The bytes of that file.
        tables: Name and bytes of each sibling table there is.
        pathways: Those that the collection's table lists for it.

    Raises:
        RecordError: The file or a table cannot be read; says where and what to do.
    """
    text = decoded(name, data)
    front_matter_text, fields = _mapping(name, _front_matter(name, text, data))
    texts = {kind: (file, _table_text(file, table)) for kind, (file, table) in tables.items()}
    origin = Origin(
        name,
        front_matter_text,
        {kind: file for kind, (file, _) in texts.items()},
        {kind: header(table) for kind, (_, table) in texts.items()},
    )
    return RawRecord(
        front_matter=fields,
        tables={kind: rows(file, table, kind) for kind, (file, table) in texts.items()},
        origin=origin,
        # A control character comes into a record by an escape in YAML, or as it is in a table.
        may_hold_controls="\\" in front_matter_text
        or any(_NOT_PRINTABLE.search(table) for _, table in texts.values()),
        pathways=pathways,
    )


def _table_text(file: str, data: bytes) -> str:
    if (fault := not_as_expected(file, data)) is not None:
        raise fault
    return decoded(file, data)


def _front_matter(name: str, text: str, data: bytes) -> str:
    opening = text.partition("\n")[0]
    if opening.rstrip() != "---":
        raise not_as_expected(name, data) or RecordError(
            Location(name, 1),
            "no front matter: the first line is not '---'",
            "begin the file with '---', the fields, and '---'",
        )
    end = _END.search(text, len(opening))
    if end is None:
        raise RecordError(
            Location(name, 1),
            "the front matter is not closed",
            "put a line '---' after its last field",
        )
    return text[len(opening) + 1 : end.start() + 1]


def _mapping(name: str, text: str) -> tuple[str, dict[str, Any]]:
    """The fields, and the text they were read from."""
    if (odd := _NOT_PRINTABLE.search(text)) is not None:
        raise RecordError(
            Location(name, text.count("\n", 0, odd.start()) + 2),
            f"control character U+{ord(odd[0]):04X}, which YAML does not allow",
            "remove it",
        )
    if len(text) > _LONG_ENOUGH_TO_NEST and (deep := _NESTED.search(text)):
        raise RecordError(
            Location(name, text.count("\n", 0, deep.start()) + 2),
            "YAML nested 200 columns deep, which no record is",
            "restore the record",
        )
    try:
        fields = _loads(text)
    except ValueError as error:
        if (spaced := _TAB_AFTER_COLON.sub(r"\1 ", text)) != text:
            return _mapping(name, spaced)
        if isinstance(error, slow_yaml.SlowYamlError):
            raise _slow_yaml_error(name, error) from error
        raise _yaml_error(name, text, str(error)) from error
    except TypeError as error:  # what it makes of such a key cannot be one in Python
        raise _yaml_error(name, text, "a key that is not text") from error
    # The reader turns an alias within its own anchor into null without a word.
    if "&" in text and "*" in text and (line := _line_of_alias(text)) is not None:
        raise _alias_error(name, line)
    if not isinstance(fields, dict):
        raise RecordError(
            Location(name, 2),
            "the front matter is not a list of fields",
            "write one 'field: value' a line",
        )
    return text, fields


def _loads(text: str) -> Any:
    if yaml_rs is None:
        return slow_yaml.loads(text)
    none = yaml_rs.AliasLimits(max_total_replayed_events=0, max_alias_expansions_per_anchor=0)
    return yaml_rs.loads(text, parse_datetime=False, alias_limits=none)


def _slow_yaml_error(name: str, error: slow_yaml.SlowYamlError) -> RecordError:
    line = None if error.line is None else error.line + 1
    if str(error) == "alias":
        return _alias_error(name, line)
    return RecordError(Location(name, line), f"not valid YAML ({error})", "correct the YAML there")


def _yaml_error(name: str, text: str, message: str) -> RecordError:
    if (place := _ERROR_LINE.search(message)) is not None:
        what = _ERROR_WHAT.search(message)
        return RecordError(
            Location(name, int(place[1]) + 1),
            f"not valid YAML ({' '.join((what[1] if what else message).split())})",
            "correct the YAML there",
        )
    if message.startswith("alias"):
        return _alias_error(name, _line_of_alias(text))
    line = _line_of_bad_key(text) or _line_of_tag(text, message)
    return RecordError(Location(name, line), f"not valid YAML ({message})", "correct it")


def _alias_error(name: str, line: int | None) -> RecordError:
    return RecordError(
        Location(name, line),
        "a YAML alias, which no record uses",
        "write the value out, or quote it if it is text",
    )


def _line_of_alias(text: str) -> int | None:
    import yaml  # noqa: PLC0415 - slow to import, and most records have no fault

    return _line_of_event(text, lambda event: isinstance(event, yaml.AliasEvent))


def _line_of_tag(text: str, message: str) -> int | None:
    def is_meant(event: yaml.Event) -> bool:
        tag = getattr(event, "tag", None)
        return tag is not None and tag.replace("tag:yaml.org,2002:", "!!") in message

    return _line_of_event(text, is_meant)


def _line_of_event(text: str, is_meant: Callable[[yaml.Event], bool]) -> int | None:
    import yaml  # noqa: PLC0415

    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if is_meant(event) and event.start_mark is not None:
                return event.start_mark.line + 2
    except yaml.YAMLError:
        pass
    return None


def _line_of_bad_key(text: str) -> int | None:
    """The line of a key that comes twice, or else of the first that is not text."""
    import yaml  # noqa: PLC0415

    try:
        pending = [yaml.compose(text, Loader=yaml.CSafeLoader)]
    except yaml.YAMLError:
        return None
    first: int | None = None
    while pending:
        node = pending.pop()
        if isinstance(node, yaml.SequenceNode):
            pending += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                line = int(key.start_mark.line) + 2
                pending.append(value)
                if not isinstance(key, yaml.ScalarNode):
                    first = first or line
                elif key.value in seen:
                    return line
                else:
                    seen.add(key.value)
    return first
