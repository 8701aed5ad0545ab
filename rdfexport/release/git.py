"""Git, run as a command."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Final

from rdfexport.errors import LocalError, MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS: Final = 120
# Variables of a surrounding git command would lead to another repository.
_LEFT_OUT: Final = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"}
# The message of git since CVE-2022-24765, and the remedy that it names.
_DUBIOUS: Final = "dubious ownership"
_SAFE: Final = re.compile(r"safe\.directory (.+)")
_NO_REPOSITORY: Final = "not a git repository"


class GitError(LocalError):
    """Git failed.

    Args:
        message: Folder, command, and the beginning of the output.
        output: Of git.
    """

    def __init__(self, message: str, output: str) -> None:
        super().__init__(message)
        self.output = output


def run_git(
    folder: str, *arguments: str, stdin: str | None = None, env: Mapping[str, str] | None = None
) -> str:
    """Run git in a folder, and return its output.

    Raises:
        GitError: It fails, or does not end.
        MissingPackageError: It is not installed.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    command = ["git", "-C", folder, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing of a record
            command,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            env={**inherited, **(env or {}), "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"},
        )
    except FileNotFoundError as error:
        raise MissingPackageError("git is not installed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"{folder}: git {arguments[0]}: {error}", str(error)) from error
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[:300]
        raise GitError(f"{folder}: git {arguments[0]}: {said}", done.stderr)
    return done.stdout.strip()


def git_problem(folder: str, error: GitError) -> str | None:
    """The problem with a folder that git refuses, with its remedy; None outside working copies."""
    if _NO_REPOSITORY in error.output:
        return None
    if _DUBIOUS in error.output:
        match = _SAFE.search(error.output)
        path = match[1].strip() if match is not None else folder
        return (
            f"{folder}: git refuses to read it, as another user owns it"
            f" (`git config --global --add safe.directory {path}` allows it)"
        )
    return f"{folder}: git cannot read it ({' '.join(error.output.split())[:300]})"
