"""The organisms that a collection describes itself: a file each in ``_organisms``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.errors import RecordError, SourceError
from rdfexport.read.frontmatter import decode
from rdfexport.sources.members import held_from_urls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdfexport.sources.members import Member

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,11}")
_UNKNOWN: Final = frozenset({"", "NA", "None", ".na.character"})


def read_organisms(
    members: Iterable[Member],
    on_finding: Callable[[Finding], None],
    on_fault: Callable[[RecordError], None],
) -> dict[str, str]:
    """Latin name to NCBI taxonomy number, from the fields ``latin`` and ``ncbi``.

    Args:
        members: The Markdown files.
        on_finding: Called for a file without name and number, or with another number than before.
        on_fault: Called for a file that cannot be read.

    Raises:
        RemoteError: A store fails.
    """
    members = list(members)
    held = held_from_urls(members)
    found: dict[str, str] = {}
    for member in members:
        try:
            fields = decode(member.name, held.get(member, member).read(), {}).front_matter
        except SourceError as error:
            on_fault(error)
            continue
        except RecordError as error:
            on_finding(Finding(error.location, error.problem, error.remedy))
            continue
        name, number = _text(fields.get("latin")), _text(fields.get("ncbi"))
        if number in _UNKNOWN:
            continue
        problem, field = None, "ncbi"
        if _NUMBER.fullmatch(number) is None:
            problem = f"{number[:80]!r} is not a number of NCBI Taxonomy"
        elif name in _UNKNOWN:
            problem, field = "the organism has no Latin name", "latin"
        elif found.setdefault(name, number) != number:
            problem = f"{name!r} is {found[name]} in another file, and {number} here"
        if problem is not None:
            place = Location(member.name, None, field)
            on_finding(Finding(place, problem, "correct it; until then the file is not used"))
    return found


def _text(value: Any) -> str:
    return str(value).strip()
