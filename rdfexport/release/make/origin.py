"""The commit of the working copy that records are in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from rdfexport.errors import MissingPackageError
from rdfexport.release.git import GitError, git_problem, run_git

if TYPE_CHECKING:
    from collections.abc import Sequence

_GITHUB: Final = re.compile(
    r"(?:https://(?:[^@/]*@)?github\.com/|git@github\.com:)([\w.-]+/[\w.-]+?)(?:\.git)?/?"
)
_GIVE_SOURCE: Final = "the release does not say where its records come from, unless --source does"


class Origin(NamedTuple):
    """The commit of records, or why it is unknown; neither outside working copies."""

    commit: str | None = None
    problem: str | None = None


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
        name = run_git(folder, "rev-parse", "HEAD")
        if run_git(folder, "status", "--porcelain", "--", "."):
            return Origin(problem=f"{folder}: has changes that are not committed: {_GIVE_SOURCE}")
    except GitError as error:
        problem = git_problem(folder, error)
        return Origin(problem=problem and f"{problem}: {_GIVE_SOURCE}")
    except MissingPackageError as error:
        path = Path(folder).resolve()
        is_copy = any((each / ".git").exists() for each in (path, *path.parents))
        return Origin(problem=f"{folder}: {error}: {_GIVE_SOURCE}" if is_copy else None)
    try:
        match = _GITHUB.fullmatch(run_git(folder, "remote", "get-url", "origin"))
    except GitError:  # there is no remote of that name
        match = None
    return Origin(
        f"commit {name}" if match is None else f"https://github.com/{match[1]}/commit/{name}"
    )
