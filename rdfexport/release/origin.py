"""Where records come from: the commit of the working copy that they lie in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_GITHUB: Final = re.compile(
    r"(?:https://(?:[^@/]*@)?github\.com/|git@github\.com:)([\w.-]+/[\w.-]+?)(?:\.git)?/?"
)


def commit_of(sources: Sequence[str]) -> str | None:
    """The commit of the records, if they are one folder of a git working copy without changes.

    Returns:
        Its page on GitHub where the copy is of there, else ``commit`` and its name; None if there
        is no such commit.
    """
    if len(sources) != 1 or not Path(sources[0]).is_dir():
        return None
    folder = sources[0]
    name = _git(folder, "rev-parse", "HEAD")
    if not name or _git(folder, "status", "--porcelain", "--", ".") != "":
        return None
    match = _GITHUB.fullmatch(_git(folder, "remote", "get-url", "origin") or "")
    return f"commit {name}" if match is None else f"https://github.com/{match[1]}/commit/{name}"


def _git(folder: str, *arguments: str) -> str | None:
    """What git says, None if it is not there or there is nothing that it could tell."""
    command = ("git", "-C", folder, *arguments)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
