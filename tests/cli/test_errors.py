"""Each error says its cause, and its cause alone decides the exit status."""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import rdfexport
from rdfexport import errors
from rdfexport.cli import main
from rdfexport.cli.status import exit_status
from rdfexport.errors import (
    BusyError,
    DiskError,
    IdentifierError,
    InvalidGraphError,
    LoadError,
    MissingPackageError,
    RdfExportError,
    RecordError,
    RefusedError,
    ReleaseError,
    SubmitError,
    TooLargeError,
    TooManyRejectedError,
    TransientError,
    UnreadableError,
    UsageError,
)
from rdfexport.validate.sources import file_piece

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Collection, Outcome

JUDGED = {
    errors.DataError,
    InvalidGraphError,
    LoadError,
    RecordError,
    RefusedError,
    ReleaseError,
    SubmitError,
    TooLargeError,
    TooManyRejectedError,
}
"""Errors that say the data is at fault; all others end a command with status 2."""
TREE = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, Exception)
}


def drawn() -> dict[str, str | None]:
    """The parent of each class in the tree that the module's docstring draws."""
    parents: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ([ │├└─]*)(\w+Error)\b", line)
        if found is None:
            continue
        depth, name = len(found[1]), found[2]
        while above and above[-1][0] >= depth:
            above.pop()
        parents[name] = above[-1][1] if above else None
        above.append((depth, name))
    return parents


def parent(kind: type) -> str | None:
    """The nearest class above one that the tree has."""
    return next((base.__name__ for base in kind.__mro__[1:] if base in TREE.values()), None)


def test_the_tree_in_the_docstring_is_that_of_the_classes() -> None:
    assert drawn() == {name: parent(kind) for name, kind in TREE.items()}


@pytest.mark.parametrize(
    "kind", sorted(set(TREE.values()) - {IdentifierError}, key=lambda kind: kind.__name__)
)
def test_each_class_has_one_exit_status(kind: type[RdfExportError]) -> None:
    error = kind.__new__(kind)
    assert exit_status(error) == (1 if kind in JUDGED else 2)
    below = type("OneOfAModuleError", (kind,), {})
    assert exit_status(below.__new__(below)) == exit_status(error)


def test_the_package_gives_the_causes_to_its_callers() -> None:
    named = {name for name in rdfexport.__all__ if name.endswith("Error")}
    assert named >= {"DataError", "LocalError", "RdfExportError", "RemoteError", "UsageError"}
    assert all(getattr(rdfexport, name) is TREE[name] for name in named)


@pytest.fixture
def cause(run: Callable[..., Outcome]) -> Callable[..., tuple[type, int]]:
    """Calls a command twice: its error's class, and the exit status."""

    def call(command: str, *arguments: object) -> tuple[type, int]:
        texts = [str(argument) for argument in arguments]
        with pytest.raises(RdfExportError) as caught:
            main.commands[command].main(texts, standalone_mode=False)
        outcome = run(command, *texts)
        message = outcome.stderr.replace("\n", "")
        assert f"error: {caught.value}".replace("\n", "") in message
        return caught.type, outcome.code

    return call


def test_an_impossible_option_is_a_usage_error(
    cause: Callable[..., tuple[type, int]], collection: Collection, tmp_path: Path
) -> None:
    arguments = (collection.root, "--out", tmp_path / "out", "--date", "yesterday")
    assert cause("export", *arguments) == (UsageError, 2)


def test_a_missing_source_is_a_disk_error(
    cause: Callable[..., tuple[type, int]], tmp_path: Path
) -> None:
    assert cause("export", tmp_path / "gone.md", "--out", tmp_path / "out") == (DiskError, 2)


def test_a_folder_that_cannot_be_written_to_is_a_disk_error(
    cause: Callable[..., tuple[type, int]], collection: Collection, tmp_path: Path
) -> None:
    collection.add()
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "out"
    assert cause("export", collection.root, "--out", out) == (DiskError, 2)


def test_a_missing_file_and_a_damaged_one_are_told_apart(
    cause: Callable[..., tuple[type, int]], tmp_path: Path
) -> None:
    (tmp_path / "damaged.ttl").write_text("<a> <b>")
    (tmp_path / "damaged.nq.gz").write_text("not gzip")
    assert cause("validate", tmp_path / "damaged.ttl") == (UnreadableError, 2)
    assert cause("validate", tmp_path / "damaged.nq.gz") == (UnreadableError, 2)
    store = ("--store", tmp_path / "store", "--graph", "urn:g")
    assert cause("load", tmp_path / "damaged.nq.gz", *store) == (UnreadableError, 2)
    # The command line asks for files that exist, but they may be gone when it comes to them.
    with pytest.raises(DiskError):
        file_piece(tmp_path / "gone.ttl")
    # A folder without the facts of a release is not damaged: it is the wrong one.
    assert cause("site", tmp_path, "--out", tmp_path / "out", "--base-url", "https://e.org/") == (
        DiskError,
        2,
    )


def test_a_store_that_another_process_has_open_is_busy(
    cause: Callable[..., tuple[type, int]], tmp_path: Path
) -> None:
    (tmp_path / "data.nt").write_text("<urn:a> <urn:b> <urn:c> .\n")
    held = ox.Store(str(tmp_path / "store"))
    arguments = (tmp_path / "data.nt", "--store", tmp_path / "store", "--graph", "urn:g")
    assert cause("load", *arguments) == (BusyError, 2)
    del held


def test_a_server_that_does_not_answer_is_a_transient_error(
    cause: Callable[..., tuple[type, int]],
    collection: Collection,
    tmp_path: Path,
) -> None:
    pytest.importorskip("distributed")
    dask_config = pytest.importorskip("dask.config")
    collection.add()
    cluster = ("--engine", "dask", "--scheduler", "tcp://127.0.0.1:9")
    out = ("--out", f"file://{tmp_path}/out")
    with dask_config.set({"distributed.comm.timeouts.connect": "1s"}):
        assert cause("export", collection.root, *cluster, *out) == (TransientError, 2)


def test_a_package_that_is_not_installed_is_named(
    cause: Callable[..., tuple[type, int]],
    collection: Collection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    arguments = (collection.root, "--out", tmp_path / "out", "--watch")
    assert cause("export", *arguments) == (MissingPackageError, 2)


def test_a_record_with_a_fault_is_the_fault_of_the_data(
    cause: Callable[..., tuple[type, int]], tmp_path: Path
) -> None:
    (tmp_path / "PMC1__f1.md").write_text("---\nfigid: [\n---\n")
    arguments = (tmp_path / "PMC1__f1.md", "--out", tmp_path / "out", "--strict")
    assert cause("export", *arguments) == (RecordError, 1)
