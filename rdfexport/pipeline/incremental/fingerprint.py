"""Digests of all that decides what an export writes: program, options, shapes, tables, records.

What an earlier run made is used again only where its digest is the same.
"""

from __future__ import annotations

import hashlib
import platform
import re
import zlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.errors import RecordError
from rdfexport.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdfexport.sources import Entry

_LABEL: Final = re.compile(r"_:[A-Za-z0-9]+")

_LIBRARIES: Final = ("orjson", "pyoxigraph", "pyshacl", "pyyaml", "shacl", "yaml-rs", "zstandard")


@cache
def program_fingerprint() -> str:
    """Version, code and libraries: programs for which these are the same make the same output.

    The version alone would not do for those who work on the program.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parents[2]
    data = (path for path in folder.glob("data/*") if path.is_file())
    for path in sorted((*folder.rglob("*.py"), *data)):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    libraries = [f"{name} {_version(name)}" for name in _LIBRARIES]
    zlib_version = f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
    return "; ".join(
        (__version__, digest.hexdigest(), *libraries, zlib_version, platform.python_version())
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def rules_digest(options: str, shapes: str | None, tables: object) -> bytes:
    """A digest of what decides, besides the records, how they are exported.

    Args:
        options: A text that stands for options and program.
        shapes: The shapes as N-Triples, if there are any.
        tables: What stands for the reference tables, if there are any; its ``repr`` counts.
    """
    rules = (options, _relabelled(shapes or ""), tables)
    return hashlib.sha256(repr(rules).encode()).digest()


def _relabelled(ntriples: str) -> str:
    """A graph whose blank nodes are numbered as they come: their labels are new at each reading."""
    labels: dict[str, str] = {}
    return _LABEL.sub(lambda match: labels.setdefault(match[0], f"_:{len(labels)}"), ntriples)


def entry_digest(entry: Entry | RecordError) -> bytes:
    """A digest of a record as it lies there, which is read for it, and of how messages name it."""
    if isinstance(entry, RecordError):
        return hashlib.sha256(f"fault {entry}".encode()).digest()
    made = hashlib.sha256()
    # A length before each content, so that none passes into the next.
    about: list[object] = [entry.stem, entry.suffix, entry.pathways, *entry.tables]
    contents = []
    for member in entry.members:
        try:
            contents.append(member.read())
            about += (member.name, len(contents[-1]))
        except RecordError as error:
            about += (member.name, str(error))
    made.update(repr(about).encode())
    for content in contents:
        made.update(content)
    return made.digest()


def entries_digest(entries: Iterable[Entry | RecordError]) -> bytes:
    """The digest of some records, which are read for it one after the other."""
    made = hashlib.sha256()
    for entry in entries:
        made.update(entry_digest(entry))
    return made.digest()
