"""The descriptions of a release into a repository."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.catalogs import small_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Outcome

DESCRIPTIONS = {
    "pfocr/20261110/SHA256SUMS",
    "pfocr/20261110/dataset.jsonld",
    "pfocr/20261110/dcat.ttl",
    "pfocr/20261110/rdf/pfocr-rdf-void.ttl",
    "pfocr/20261110/release.json",
}
BRANCH = "pfocr-20261110"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return small_release(tmp_path / "out")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy with a commit, and with changes of each kind that is not committed."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    folder = tmp_path / "catalog"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "A curator")
    git(folder, "config", "user.email", "curator@example.org")
    for name in ("README.md", "staged", "removed"):
        (folder / name).write_text(name)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    (folder / "README.md").write_text("changed")
    (folder / "staged").write_text("changed")
    git(folder, "add", "staged")
    git(folder, "rm", "-q", "removed")
    (folder / "new").write_text("new")
    return folder


def snapshot(folder: Path) -> tuple[object, ...]:
    files = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file() and ".git" not in p.parts}
    status = git(folder, "status", "--porcelain")
    return files, status, git(folder, "rev-parse", "HEAD"), git(folder, "symbolic-ref", "HEAD")


def test_what_describes_a_release_is_committed_to_a_branch_and_nothing_else_changes(
    release: Path, repository: Path, run: Callable[..., Outcome]
) -> None:
    before = snapshot(repository)
    outcome = run("submit", release, "--to", f"git:{repository}")
    assert outcome.code == 0, outcome.stderr
    assert snapshot(repository) == before
    files = set(git(repository, "ls-tree", "-r", "--name-only", BRANCH).splitlines())
    assert files == DESCRIPTIONS | {"README.md", "staged", "removed"}
    assert git(repository, "show", f"{BRANCH}:README.md") == "README.md"
    committed = git(repository, "show", f"{BRANCH}:pfocr/20261110/release.json")
    assert json.loads(committed)["version"] == "20261110"
    assert git(repository, "rev-parse", f"{BRANCH}^") == git(repository, "rev-parse", "main")
    assert git(repository, "log", "-1", "--format=%an %s", BRANCH) == "A curator PFOCR 20261110"


def test_a_second_run_makes_no_second_commit(
    release: Path, repository: Path, run: Callable[..., Outcome]
) -> None:
    run("submit", release, "--to", f"git:{repository}")
    tip = git(repository, "rev-parse", BRANCH)
    outcome = run("submit", release, "--to", f"git:{repository}")
    assert outcome.code == 0
    assert "all is there already" in outcome.stderr
    assert git(repository, "rev-parse", BRANCH) == tip
    (release / "dcat.ttl").write_text("# changed\n")
    assert run("submit", release, "--to", f"git:{repository}").code == 0
    assert git(repository, "rev-parse", f"{BRANCH}^") == tip


def test_nothing_is_pushed(
    release: Path, repository: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(repository, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(repository, "config", "push.default", "current")
    assert run("submit", release, "--to", f"git:{repository}").code == 0
    assert git(tmp_path / "remote.git", "branch", "--list") == ""


def test_a_branch_that_is_checked_out_is_left_alone(
    release: Path, repository: Path, run: Callable[..., Outcome]
) -> None:
    git(repository, "switch", "-q", "-c", BRANCH)
    before = snapshot(repository)
    outcome = run("submit", release, "--to", f"git:{repository}")
    assert outcome.code == 2
    assert "check out another branch first" in outcome.stderr
    assert snapshot(repository) == before
    git(repository, "switch", "-q", "main")
    assert run("submit", release, "--to", f"git:{repository}").code == 0
    # Once all is there, it does not matter.
    git(repository, "stash", "-q")
    git(repository, "switch", "-q", BRANCH)
    assert run("submit", release, "--to", f"git:{repository}").code == 0


def test_a_repository_without_a_commit_gets_its_first(
    release: Path, tmp_path: Path, repository: Path, run: Callable[..., Outcome]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    for name in ("user.name", "user.email"):
        git(empty, "config", name, git(repository, "config", name))
    for _ in range(2):
        assert run("submit", release, "--to", f"git:{empty}").code == 0
    assert git(empty, "rev-list", "--count", BRANCH) == "1"


def test_a_surrounding_git_command_does_not_lead_elsewhere(
    release: Path,
    repository: Path,
    tmp_path: Path,
    run: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other" / ".git" / "index"))
    assert run("submit", release, "--to", f"git:{repository}").code == 0
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert git(repository, "branch", "--list", BRANCH)
    assert not git(tmp_path / "other", "branch", "--list")


def test_what_is_no_repository_is_refused(
    release: Path, repository: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    (tmp_path / "plain").mkdir()
    for name, said in (("plain", "is not a git repository"), ("none", "there is no such folder")):
        outcome = run("submit", release, "--to", f"git:{tmp_path / name}")
        assert outcome.code == 2
        assert said in outcome.stderr
    git(repository, "config", "--unset", "user.email")
    git(repository, "config", "user.useConfigOnly", "true")
    outcome = run("submit", release, "--to", f"git:{repository}")
    assert outcome.code == 2
    assert "git commit-tree" in outcome.stderr
    assert not git(repository, "branch", "--list", BRANCH)


def test_a_dry_run_names_the_files_and_commits_none(
    release: Path, repository: Path, run: Callable[..., Outcome]
) -> None:
    outcome = run("submit", release, "--to", f"git:{repository}", "--dry-run")
    assert outcome.code == 0
    assert set(outcome.stdout.split("\n\n")[1].splitlines()) == DESCRIPTIONS
    assert not git(repository, "branch", "--list", BRANCH)
