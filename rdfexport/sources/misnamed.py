"""Files that look like records or tables but have not the name of one, so they are not read."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.model import Kind
from rdfexport.printing import visible
from rdfexport.sources.names import is_document, is_in_figures
from rdfexport.terms import FIGID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MISNAMED: Final = "files that look like tables and are not read, since they are not named so"
MISNAMED_RECORDS: Final = (
    "files that look like records and are not read (rename them, so that their names end in .md)"
)

_LOOKS_LIKE_A_RECORD = re.compile(
    r"(?P<stem>.+)\.(?:md|markdown|mdown|mkdn?|md\.txt|(?P<packed>md\.gz))", re.IGNORECASE
)
_LOOKS_LIKE_A_TABLE = re.compile(
    r"(?P<stem>PMC[0-9]+__.+?)[-_. ]+(?P<kind>[a-z]+)(?: ?\([0-9]+\))?"
    r"\.(?P<ending>tsv(?:\.txt|\.gz)?|tab|txt|csv|xlsx?)",
    re.IGNORECASE | re.ASCII,
)
_KINDS: Final = [kind.value for kind in Kind]
_RIGHT: Final = tuple(f"-{kind}.tsv" for kind in _KINDS)
# With one of these, a new name is not enough.
_OTHER_FORMATS: Final = frozenset({"csv", "xls", "xlsx", "tsv.gz"})


def misnamed_record(path: str, shown: str) -> Finding | None:
    """A finding about a file whose name is nearly that of a record.

    Outside of folders of records it must be named by a figid: other Markdown may be anything.

    Args:
        path: The file's path, with slashes.
        shown: The file, as messages shall name it.
    """
    name = path.rpartition("/")[2]
    match = None if name.endswith(".md") else _LOOKS_LIKE_A_RECORD.fullmatch(name)
    if match is None or is_document(match["stem"]):
        return None
    if FIGID.fullmatch(match["stem"]) is None and not is_in_figures(path):
        return None
    right = f"{match['stem']}.md"
    return Finding(
        Location(shown),
        "not read: the name of a record ends in .md",
        f"{'unpack it' if match['packed'] else 'rename it'} to {visible(right)}",
        MISNAMED_RECORDS,
    )


def misnamed_stem(path: str) -> str:
    """The name that the record has whose file `misnamed_record` is about."""
    match = _LOOKS_LIKE_A_RECORD.fullmatch(path.rpartition("/")[2])
    return match["stem"] if match is not None else ""


def misnamed_table(name: str, shown: str) -> Finding | None:
    """A finding about a file whose name is nearly that of a table.

    Args:
        name: The file's name, without its folder.
        shown: The file, as messages shall name it.
    """
    match = None if name.endswith(_RIGHT) else _LOOKS_LIKE_A_TABLE.fullmatch(name)
    if match is None:
        return None
    near = get_close_matches(match["kind"].casefold(), _KINDS, n=1, cutoff=0.75)
    if not near:
        return None
    right = f"{match['stem']}-{near[0]}.tsv"
    other_format = match["ending"].casefold() in _OTHER_FORMATS
    return Finding(
        Location(shown),
        f"not read: a record's table of {near[0]} is called {right}",
        f"save it as {right}" + (", with tabs between the cells" if other_format else ""),
        MISNAMED,
    )


def misnamed_beside(folder: Path, stem: str) -> Iterator[Finding]:
    """The files in a folder that look like tables of the record ``stem``."""
    with suppress(OSError):
        for name in _looking_like_tables(folder, folder.stat().st_mtime_ns):
            if _stem(name).casefold() == stem.casefold():
                finding = misnamed_table(name, str(folder / name))
                assert finding is not None
                yield finding


# Records that are named one by one share a folder, which may be large.
@lru_cache(maxsize=4)
def _looking_like_tables(folder: Path, _modified: int) -> tuple[str, ...]:
    with os.scandir(folder) as entries:
        return tuple(sorted(e.name for e in entries if misnamed_table(e.name, e.name) is not None))


def _stem(name: str) -> str:
    match = _LOOKS_LIKE_A_TABLE.fullmatch(name)
    return match["stem"] if match is not None else ""
