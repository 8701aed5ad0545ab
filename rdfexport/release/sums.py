"""``SHA256SUMS`` as others may have written it: nothing in it is trusted."""

from __future__ import annotations

import re
from typing import Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.printing import visible
from rdfexport.release.folder import SUMS

GET_IT: Final = "get it again from where the release is published"
MAKE_AGAIN: Final = "make the release again, or download this file again"

_LINE: Final = re.compile(rb"([0-9a-f]{64})  ([^\n]+)\n")
_SAFE_PATH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def is_safe(path: str) -> bool:
    """Whether a path is relative, below its folder, and of plain characters."""
    return _SAFE_PATH.fullmatch(path) is not None


def parse_sums(data: bytes) -> tuple[dict[str, str], list[Finding]]:
    """Read checksums, and tell where they are not as ``write_sums`` writes them.

    Returns:
        Path → checksum, of the lines that can be used, and what is wrong with the others.
    """
    sums: dict[str, str] = {}
    findings = []
    before = ""
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        match = _LINE.fullmatch(line)
        path = "" if match is None else match[2].decode("ascii", "replace")
        place = Location(SUMS, number)
        if match is None:
            problem = "a line is a SHA-256 checksum, two blanks, and a path"
            findings.append(Finding(place, problem, GET_IT))
        elif not is_safe(path):
            problem = f"'{printable(path)}' is not a path below the release"
            findings.append(Finding(place, problem, "do not trust this release"))
        else:
            if path <= before:
                problem = "is not in the order of paths, each once"
                findings.append(Finding(place, problem, GET_IT))
            before = path
            sums[path] = match[1].decode()
    return sums, findings


def printable(text: str, limit: int = 200) -> str:
    """A text of someone else's as a message may show it."""
    shown = visible(text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
