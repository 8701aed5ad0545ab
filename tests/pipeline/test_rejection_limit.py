"""How many records may be rejected, and what happens when there are more."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rdfexport import ExportOptions, RdfExportError, export
from rdfexport.pipeline import RejectionLimit
from support.records import Collection, Outcome, record_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def add(collection: Collection, numbers: range, *, text: bytes | None = None) -> None:
    for number in numbers:
        figid = f"PMC{number}__f1"
        collection.add(figid, record_text("legacy", figid) if text is None else text)


@pytest.fixture
def call(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> Callable[..., Outcome]:
    def one(*options: str) -> Outcome:
        out = tmp_path / "out"
        return run(
            "export",
            collection.root,
            "--out",
            out,
            "--jobs=1",
            "--no-validate",
            "--no-link",
            *options,
        )

    return one


def content(folder: Path) -> dict[str, bytes]:
    """The files of an export, but for what is hidden."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_any_rejected_record_is_a_fault_unless_some_may_be(
    collection: Collection, call: Callable[..., Outcome]
) -> None:
    add(collection, range(100, 200))
    add(collection, range(200, 203), text=b"")
    assert call().code == 1
    for limit in ("3", "5", "3%", "2.92%", "100%"):
        outcome = call("--max-rejected", limit)
        assert outcome.code == 0
        assert f"within --max-rejected {limit}" in outcome.stderr
        assert outcome.stderr.count("rejected: ") == 3
    for limit in ("0", "2", "2%"):
        assert call("--max-rejected", limit, "--full").code == 1


@pytest.mark.parametrize("layout", ["files", "shards"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_broken_collection_leaves_the_earlier_export_as_it_was(
    collection: Collection, call: Callable[..., Outcome], tmp_path: Path, layout: str, jobs: str
) -> None:
    out = tmp_path / "out"
    options = ("--layout", layout, "--jobs", jobs)
    add(collection, range(100, 180))
    assert call(*options).code == 0
    before = content(out)
    # Some figures change, one is new, one is gone, and half of them are broken.
    for number in range(100, 120):
        figid = f"PMC{number}__f1"
        collection.add(figid, record_text("legacy", figid, {"figtitle": "Another title"}))
    add(collection, range(300, 301))
    (collection.root / "_figures" / "PMC121__f1.md").unlink()
    add(collection, range(140, 180), text=b"---\nfigid: broken\n")
    outcome = call(*options)
    assert outcome.code == 1
    assert "--max-rejected" in outcome.stderr.splitlines()[-1]
    assert content(out) == before
    # What is repaired is exported, and nothing of the failed run is in the way.
    add(collection, range(140, 180))
    assert call(*options).code == 0
    fresh = tmp_path / "fresh"
    assert call(*options, "--out", str(fresh)).code == 0
    assert content(out) == content(fresh)
    assert {path.name for path in out.iterdir()} == {path.name for path in fresh.iterdir()}


def test_the_earlier_export_is_replaced_when_so_many_may_be_rejected(
    collection: Collection, call: Callable[..., Outcome], tmp_path: Path
) -> None:
    add(collection, range(100, 120))
    assert call().code == 0
    add(collection, range(100, 112), text=b"")
    assert call().code == 1
    assert len(list((tmp_path / "out" / "core").glob("*.ttl"))) == 20
    assert call("--max-rejected", "12").code == 0
    assert len(list((tmp_path / "out" / "core").glob("*.ttl"))) == 8


def test_without_an_earlier_export_what_can_be_exported_is(
    collection: Collection, call: Callable[..., Outcome], tmp_path: Path
) -> None:
    add(collection, range(100, 102))
    add(collection, range(200, 230), text=b"")
    outcome = call("--max-rejected", "1%")
    assert outcome.code == 1
    assert "more than --max-rejected 1%" in outcome.stderr
    assert len((tmp_path / "out" / "index.tsv").read_text().splitlines()) == 3
    assert len((tmp_path / "out" / "rejected.jsonl").read_text().splitlines()) == 30


def test_a_few_faults_do_not_stop_an_export_over_an_earlier_one(
    collection: Collection, call: Callable[..., Outcome], tmp_path: Path
) -> None:
    add(collection, range(100, 105))
    assert call().code == 0
    add(collection, range(100, 103), text=b"")
    assert call().code == 1
    assert len((tmp_path / "out" / "index.tsv").read_text().splitlines()) == 3


def test_a_run_that_was_killed_does_not_cost_the_earlier_export(
    collection: Collection,
    call: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "out"
    add(collection, range(100, 140))
    assert call("--layout=files").code == 0
    before = content(out)
    for number in range(100, 110):
        figid = f"PMC{number}__f1"
        collection.add(figid, record_text("legacy", figid, {"figtitle": "Another title"}))
    monkeypatch.setattr("rdfexport.pipeline.run.Run.shared", _stop)
    with pytest.raises(KeyError):
        call("--layout=files")
    monkeypatch.undo()
    assert not (out / "index.tsv").exists()
    assert content(out) != before
    add(collection, range(100, 140), text=b"")
    assert call("--layout=files").code == 1
    assert content(out) == before


def _stop(_: object) -> None:
    raise KeyError("stopped")


def test_a_file_system_without_hard_links(
    collection: Collection,
    call: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(collection, range(100, 140))
    assert call("--layout=shards").code == 0
    before = content(tmp_path / "out")

    def link(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    add(collection, range(120, 140), text=b"")
    assert call("--layout=shards").code == 1
    assert content(tmp_path / "out") == before


def test_an_export_to_a_url_removes_nothing_and_says_that_it_is_not_whole(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    command = (
        "export",
        collection.root,
        "--out",
        f"file://{folder}",
        "--jobs=1",
        "--no-validate",
        "--no-link",
        "--layout=files",
    )
    add(collection, range(100, 120))
    assert run(*command).code == 0
    add(collection, range(100, 115), text=b"")
    outcome = run(*command)
    assert outcome.code == 1
    assert "index.tsv" in outcome.stderr
    assert len(list((folder / "core").glob("*.ttl"))) == 20
    assert not (folder / "index.tsv").exists()
    assert run(*command, "--max-rejected", "15").code == 0
    assert len(list((folder / "core").glob("*.ttl"))) == 5


@pytest.mark.parametrize("text", ["", "x", "-1", "101%", "5 %%", "1/2", "1e3", "0.5"])
def test_what_is_no_limit_is_refused(
    collection: Collection, call: Callable[..., Outcome], text: str
) -> None:
    add(collection, range(100, 101))
    assert call(f"--max-rejected={text}").code == 2


def test_python_callers_get_an_error_of_the_data(collection: Collection, tmp_path: Path) -> None:
    add(collection, range(100, 120))
    options = ExportOptions(tmp_path / "out", validation=None, linking=None)
    export([str(collection.root)], options)
    add(collection, range(100, 115), text=b"")
    with pytest.raises(RdfExportError, match="11 of 20"):
        export([str(collection.root)], options)
    assert RejectionLimit.parse("0.5%").of(1000) == 5
    assert RejectionLimit().of(20) == 10
    assert RejectionLimit().of(1000) == 100
