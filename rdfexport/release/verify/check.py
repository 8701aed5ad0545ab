"""The result of a check of a release, and the comparison of files line by line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.printing import printable
from rdfexport.untrusted.files import lines

if TYPE_CHECKING:
    from pathlib import Path

MAKE_AGAIN: Final = "make the release again, or download this file again"
"""The remedy for a file that was published with a fault."""


@dataclass(slots=True)
class Check:
    """The result of a check.

    Args:
        name: Of the check.
        counted: What was checked, in words.
        findings: Faults.
        was_made: Whether anything was checked.
    """

    name: str
    counted: str = ""
    findings: list[Finding] = field(default_factory=list)
    was_made: bool = True

    def fault(self, file: str, problem: str, remedy: str) -> None:
        self.findings.append(Finding(Location(file), problem, remedy))


def compare_lines(made: Path, found: Path, name: str, check: Check, source: str) -> None:
    """Report the first line in which a file differs from one that was built from other files.

    Args:
        made: The file that was built.
        found: The file of the release.
        name: Its path in the release.
        check: Receives the finding.
        source: What the first was built from, for the message.
    """
    try:
        _compare_lines(made, found, name, check, source)
    except OSError as error:
        if error.errno is not None:
            raise
        check.fault(name, str(error), MAKE_AGAIN)


def _compare_lines(made: Path, found: Path, name: str, check: Check, source: str) -> None:
    with made.open("rb") as one, found.open("rb") as other:
        for number, (expected, line) in enumerate(zip_longest(lines(one), lines(other)), 1):
            if expected == line:
                continue
            if line is None:
                problem = f"lacks a line that {source} has: {_shown(expected)}"
            elif expected is None:
                problem = f"has a line that {source} does not: {_shown(line)}"
            else:
                problem = f"is not as in {source}: {_field(expected, line)}"
            check.findings.append(Finding(Location(name, number), problem, MAKE_AGAIN))
            return


def _field(expected: bytes, found: bytes) -> str:
    """The first column in which two lines differ, and both values."""
    one, other = (line.rstrip(b"\n").split(b"\t") for line in (expected, found))
    for number, (a, b) in enumerate(zip_longest(one, other, fillvalue=b""), 1):
        if a != b:
            return f"column {number} is {_shown(b)}, not {_shown(a)}"
    return "the way in which it ends"


def _shown(text: bytes) -> str:
    return repr(printable(text.decode("utf-8", "replace").rstrip("\n"), 80))
