"""From a field of a record back to the file and line it was written on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rdfexport.diagnostics import Location

if TYPE_CHECKING:
    from rdfexport.model import Kind

_YAML_TEXT = "tag:yaml.org,2002:str"
# The kinds of nodes, by their id; PyYAML is slow to import, and most records have no fault.
_SCALAR, _SEQUENCE, _MAPPING = "scalar", "sequence", "mapping"
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


# A key of the front matter, and an entry of a list that stands as far left as its key.
_KEY = re.compile(r"^[^\s-]", re.MULTILINE)
_ENTRY = re.compile(r"^-", re.MULTILINE)


# One record's faults come one after the other.
@lru_cache(maxsize=4)
def _composed(text: str) -> Any:
    import yaml  # noqa: PLC0415

    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None


@lru_cache(maxsize=4)
def _entries(text: str, name: str) -> tuple[int, ...]:
    """Where the entries of a list begin in the front matter, and where the last one ends.

    Empty where the list is not written in the way of nearly all records. (What looks like
    the beginning of an entry, a text continued at the left margin, the YAML reader rejects.)
    """
    key = f"\n{name}:\n-"
    found = text.find(key[1:]) if text.startswith(key[1:]) else text.find(key) + 1
    if found == 0 and not text.startswith(key[1:]):
        return ()
    start = found + len(key) - 2
    following = _KEY.search(text, start)
    end = len(text) if following is None else following.start()
    return (*(entry.start() for entry in _ENTRY.finditer(text, start, end)), end)


def _holds(node: Any, text: str) -> bool:
    """Whether a node, or one below it, says a text (in any case)."""
    if node.id == _SCALAR:
        return text in str(node.value).casefold()
    if node.id == _SEQUENCE:
        return any(_holds(child, text) for child in node.value)
    return any(_holds(child, text) for _, child in node.value)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record came from.

    Lines are worked out only when asked for: a second, slower reading of the front matter that
    the many records without a fault never pay for.

    Args:
        file: The record's file, as the user knows it (``archive.zip!_figures/F.md``).
        text: The front matter, from the line after the opening ``---``.
        table_files: The tables that were read, each under its kind.
        headers: The columns of each of them.
        first_line: The line on which ``text`` begins.
    """

    file: str
    text: str = ""
    table_files: dict[Kind, str] = field(default_factory=dict)
    headers: dict[Kind, tuple[str, ...]] = field(default_factory=dict)
    first_line: int = 2

    def locate(self, path: str, value: str | None = None) -> Location:
        """Give file and line of a field.

        Args:
            path: A field (``figtitle``), an entry (``genes[3]``), or a field of an entry
                (``genes[3].entrez``). Where a value can come from more than one field, the names
                stand with ``|`` between (``genes[3].entrez|ncbigene_id``). What is not there is
                located at what it would be in.
            value: What is sought there: of several fields, it tells which.
        """
        above, dot, names = path.rpartition(".")
        choices = names.split("|")
        sought = (value or "").casefold()
        for kind, table in self.table_files.items():
            if path == kind.value:
                return Location(table, 1, path)
            if path.startswith(f"{kind.value}["):
                row = int(path[len(kind.value) + 1 : path.index("]")])
                columns = [name for name in choices if name in self.headers.get(kind, ())]
                # Identifiers name their space, and columns are named after it.
                named = [name for name in columns if name in sought] or columns
                return Location(table, row + 2, named[0] if named else None)
        found = [(above + dot + name, *self._find(above + dot + name)) for name in choices]
        field, line, _, _ = max(
            found, key=lambda one: (one[2] and bool(sought) and _holds(one[3], sought), one[2])
        )
        return Location(self.file, line, field)

    def text_at(self, path: str) -> str | None:
        """The text of a field that YAML 1.1 reads as text, whatever YAML 1.2 takes it for."""
        node = self._find(path)[2]
        is_text = node is not None and node.id == _SCALAR and node.tag == _YAML_TEXT
        return str(node.value) if is_text else None

    def locate_column(self, kind: Kind, name: str) -> Location:
        """Give file and line of a column's name in the header of a table."""
        return Location(self.table_files.get(kind, self.file), 1, name)

    def written_at(self, path: str) -> str | None:
        """The text of a field as it was written, whatever its type; None where there is none."""
        node = self._find(path)[2]
        return str(node.value) if node is not None and node.id == _SCALAR else None

    def _find(self, path: str) -> tuple[int | None, bool, Any]:
        """The line of a field, or of what it would be in, whether it is there, and its node."""
        steps = _STEP.findall(path)
        text, first_line = self.text, self.first_line
        # The whole takes a millisecond, one entry a fiftieth of that.
        if len(steps) > 1 and (index := steps[1][1]):
            entries = _entries(text, steps[0][0])
            if int(index) + 1 < len(entries):
                begin, end = entries[int(index) : int(index) + 2]
                first_line += text.count("\n", 0, begin)
                text, steps = text[begin:end], [("", "0"), *steps[2:]]
        node = _composed(text)
        if node is None:
            return None, False, None
        line = first_line
        for name, index in steps:
            if node.id == _MAPPING and name:
                found = next(((k, v) for k, v in node.value if k.value == name), None)
                if found is None:
                    return line, False, None
                line, node = first_line + found[0].start_mark.line, found[1]
            elif node.id == _SEQUENCE and index and int(index) < len(node.value):
                node = node.value[int(index)]
                line = first_line + node.start_mark.line
            else:
                return line, False, None
        return line, True, node
