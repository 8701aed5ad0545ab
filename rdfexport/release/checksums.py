"""``SHA256SUMS``: written, and read from releases that anybody may have made."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from rdfexport.diagnostics import Finding, Location
from rdfexport.printing import printable
from rdfexport.write import OutputFile

if TYPE_CHECKING:
    from pathlib import Path

SUMS: Final = "SHA256SUMS"
SIGNATURE: Final = f"{SUMS}.sig"
GET_IT: Final = "get it again from where the release is published"

_LINE: Final = re.compile(rb"([0-9a-f]{64})  ([^\n]+)\n")
_SAFE_PATH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def is_safe_path(path: str) -> bool:
    """Whether a path is relative, below its folder, and of plain characters."""
    return _SAFE_PATH.fullmatch(path) is not None


def parse_sums(data: bytes) -> tuple[dict[str, str], list[Finding]]:
    """Read checksums, and report lines that ``write_sums`` would not write.

    Returns:
        Path → checksum, of the valid lines, and findings about the others.
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
        elif not is_safe_path(path):
            problem = f"'{printable(path)}' is not a path below the release"
            findings.append(Finding(place, problem, "do not trust this release"))
        else:
            if path <= before:
                problem = "is not in the order of paths, each once"
                findings.append(Finding(place, problem, GET_IT))
            before = path
            sums[path] = match[1].decode()
    return sums, findings


def files_below(folder: Path) -> list[Path]:
    """All files of a folder, in the order of their paths."""
    return sorted(
        (path for path in folder.rglob("*") if path.is_file()),
        key=lambda path: path.relative_to(folder).as_posix(),
    )


def sha256(path: Path) -> str:
    """The checksum of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """Write the checksums of all files, in the form that ``sha256sum --check`` reads."""
    unlisted = (folder / SUMS, folder / SIGNATURE)
    paths = [path for path in files_below(folder) if path not in unlisted]
    with OutputFile(folder / SUMS) as file:
        for path in paths:
            file.write(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n")
