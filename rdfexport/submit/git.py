"""``git:PATH``: the descriptions of a release as a commit in a catalog's repository.

They go to ``pfocr/VERSION/`` on the branch ``pfocr-VERSION``, which begins at what is checked out.
The commit is made beside the working copy: its files, its index and its branch stay as they are,
and so do changes in it. Nothing is pushed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from rdfexport.errors import (
    BusyError,
    DiskError,
    UnreadableError,
    UsageError,
)
from rdfexport.release.checksums import SIGNATURE, SUMS
from rdfexport.release.describe.descriptions import DESCRIPTIONS
from rdfexport.release.git import GitError, git_problem, run_git
from rdfexport.release.model import FACTS, FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.release.model import Release

COMMITTED: Final = (FACTS, SUMS, SIGNATURE, *DESCRIPTIONS, "changes.tsv", "CHANGES.ttl")
"""Files of a release that are committed, if it has them: its descriptions, no data."""

_MAX_BYTES: Final = 20 * 1024**2


class Git:
    """A repository.

    Args:
        place: Its working copy.
    """

    def __init__(self, place: str) -> None:
        self._folder = Path(place)
        self._run = partial(run_git, place)

    def plan(self, release: Release) -> Iterator[str]:
        names = "\n".join(str(_place(release) / name) for name in _present(release))
        yield f"commit to the branch {_branch(release)} of {self._folder}:\n\n{names}"

    def submit(self, release: Release) -> Iterator[str]:
        self._check()
        branch = _branch(release)
        reference = f"refs/heads/{branch}"
        tip = self._try("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        parent = tip or self._try("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        with TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._run("read-tree", parent or "--empty", env=index)
            lines = "".join(
                f"100644 {self._blob(release.folder / name)}\t{_place(release) / name}\n"
                for name in _present(release)
            )
            self._run("update-index", "--add", "--index-info", stdin=lines, env=index)
            tree = self._run("write-tree", env=index)
        if parent is not None and self._run("rev-parse", f"{parent}^{{tree}}") == tree:
            return
        self._check_free(branch)
        message = f"PFOCR {release.version}\n\nRelease of {release.issued}: {release.url}\n"
        parents = () if parent is None else ("-p", parent)
        commit = self._run("commit-tree", tree, *parents, stdin=message)
        # Only if the branch is unchanged: somebody else may work here, too.
        self._run("update-ref", "-m", f"rdfexport: {release.version}", reference, commit, tip or "")
        yield f"committed {commit[:12]} to {branch} of {self._folder}"

    def _blob(self, path: Path) -> str:
        return self._run("hash-object", "-w", "--no-filters", "--", str(path.absolute()))

    def _check(self) -> None:
        if not self._folder.is_dir():
            raise DiskError(f"{self._folder}: there is no such folder")
        try:
            self._run("rev-parse", "--git-dir")
        except GitError as error:
            problem = git_problem(str(self._folder), error)
            if problem is None:
                raise UsageError(f"{self._folder}: is not a git repository") from error
            raise DiskError(problem) from error

    def _check_free(self, branch: str) -> None:
        worktrees = self._run("worktree", "list", "--porcelain").splitlines()
        if f"branch refs/heads/{branch}" in worktrees:
            raise BusyError(
                f"{self._folder}: {branch} is checked out, and its files would be changed:"
                " check out another branch first"
            )

    def _try(self, *arguments: str) -> str | None:
        try:
            return self._run(*arguments)
        except GitError:
            return None


def _branch(release: Release) -> str:
    return f"{FOLDER}-{release.version}"


def _present(release: Release) -> list[str]:
    found = [name for name in COMMITTED if (release.folder / name).is_file()]
    for name in found:
        if (release.folder / name).stat().st_size > _MAX_BYTES:
            raise UnreadableError(f"{release.folder / name}: is too large to describe a release")
    return found


def _place(release: Release) -> Path:
    return Path(FOLDER) / release.version
