"""The commit of the working copy that records are in."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_GITHUB: Final = re.compile(
    r"(?:https://(?:[^@/]*@)?github\.com/|git@github\.com:)([\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
# What git says since CVE-2022-24765, and the remedy that it names.
_DUBIOUS: Final = "dubious ownership"
_SAFE: Final = re.compile(r"safe\.directory (.+)")
_NO_REPOSITORY: Final = "not a git repository"
_GIVE_SOURCE: Final = "the release does not say where its records come from, unless --source does"


class Origin(NamedTuple):
    """The commit of records, or why it is unknown; neither outside working copies."""

    commit: str | None = None
    problem: str | None = None


class _GitError(Exception):
    """Git failed; the text is its message."""


def origin_of(sources: Sequence[str]) -> Origin:
    """The commit of the records, if they are one folder of a git working copy without changes.

    Returns:
        The commit's page on GitHub where the copy is of there, else ``commit`` and its name. If
        git refuses, or there are changes, the problem and its remedy.
    """
    if len(sources) != 1 or not Path(sources[0]).is_dir():
        return Origin()
    folder = sources[0]
    try:
        name = _git(folder, "rev-parse", "HEAD")
        if _git(folder, "status", "--porcelain", "--", "."):
            return Origin(problem=f"{folder}: has changes that are not committed: {_GIVE_SOURCE}")
    except _GitError as error:
        problem = git_problem(folder, str(error))
        return Origin(problem=problem and f"{problem}: {_GIVE_SOURCE}")
    try:
        match = _GITHUB.fullmatch(_git(folder, "remote", "get-url", "origin"))
    except _GitError:  # there is no remote of that name
        match = None
    return Origin(
        f"commit {name}" if match is None else f"https://github.com/{match[1]}/commit/{name}"
    )


def git_problem(folder: str, said: str) -> str | None:
    """The problem that a message of git means, with its remedy; None outside working copies."""
    if _NO_REPOSITORY in said:
        return None
    if _DUBIOUS in said:
        match = _SAFE.search(said)
        path = match[1].strip() if match is not None else folder
        return (
            f"{folder}: git refuses to read it, as another user owns it"
            f" (`git config --global --add safe.directory {path}` allows it)"
        )
    return f"{folder}: git cannot read it ({' '.join(said.split())[:300]})"


def _git(folder: str, *arguments: str) -> str:
    """Run git, and return its output.

    Raises:
        _GitError: It fails, or is not installed where there is a working copy.
    """
    command = ("git", "-C", folder, *arguments)
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the folder is the user's
            command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
        )
    except FileNotFoundError as error:
        path = Path(folder).resolve()
        is_copy = any((each / ".git").exists() for each in (path, *path.parents))
        raise _GitError("it is not installed" if is_copy else _NO_REPOSITORY) from error
    except OSError as error:
        raise _GitError(str(error)) from error
    if done.returncode != 0:
        raise _GitError(done.stderr)
    return done.stdout.strip()
