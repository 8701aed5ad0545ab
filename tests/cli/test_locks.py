"""Two runs at one target: one lock, and the second is told who holds it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

import rdfexport
from rdfexport.locks import HOLDER, LOCK, locked
from support.records import Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DAY = "20261110"
RECORDS = 400


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection that takes some seconds."""
    made = Collection(tmp_path_factory.mktemp("many"))
    for number in range(RECORDS):
        figid = f"PMC{number + 1}__f{number}"
        made.add(figid, record_text(figid=figid), genes=table_text("genes"))
    return made.root


@pytest.fixture(scope="module")
def release(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release")
    words = ["release", records, "--version", DAY, "--out", out, "--no-validate", "-q"]
    subprocess.run([sys.executable, "-m", "rdfexport", *map(str, words)], check=True)
    return out / "pfocr" / DAY


def command(kind: str, records: Path, release: Path, out: Path) -> list[str]:
    words: list[object] = {
        "export": ["export", records, "--out", out, "--no-validate", "--layout", "files"],
        "url": ["export", records, "--out", f"file://{out}", "--no-validate"],
        "load": ["load", records, "--store", out / "store", "--no-validate", "--jobs", 1],
        "release": ["release", records, "--version", DAY, "--out", out, "--no-validate"],
        "site": ["site", release, "--base-url", "https://example.org/", "--out", out],
    }[kind]
    return [sys.executable, "-m", "rdfexport", *map(str, words), "-q"]


def locks(out: Path) -> list[Path]:
    return [path for path in out.rglob(f"{LOCK}*") if not path.name.startswith(HOLDER)]


@contextmanager
def stopped_within(words: list[str], out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run that is suspended once it holds the lock."""
    process = subprocess.Popen(words, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 120
    while not any(out.rglob(f"{HOLDER}*")):
        assert process.poll() is None, process.communicate()[1].decode()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # the test has killed it
            os.killpg(process.pid, signal.SIGCONT)
        process.communicate(timeout=300)


def content(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and not path.name.startswith(".rdfexport-cache") and "store" not in
        path.parts
    }  # fmt: skip


KINDS = ("export", "url", "load", "release", "site")


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_run_is_told_who_is_writing_and_the_first_is_not_disturbed(
    kind: str, records: Path, release: Path, tmp_path: Path
) -> None:
    out, alone = tmp_path / "out", tmp_path / "alone"
    words = command(kind, records, release, out)
    with stopped_within(words, out) as first:
        before = content(out)
        second = subprocess.run(words, capture_output=True, check=False, timeout=120)
        assert second.returncode == 2
        said = second.stderr.decode()
        assert f"process {first.pid} on {socket.gethostname()}, since 20" in said
        assert content(out) == before
    assert first.returncode == 0
    assert not locks(out)
    assert not list(out.rglob("*.partial"))
    subprocess.run(command(kind, records, release, alone), check=True, timeout=300)
    made, wanted = content(out), content(alone)
    assert made.keys() == wanted.keys()
    differing = {name for name in made if made[name] != wanted[name]}
    assert differing <= {".rdfexport-export"}  # in which is an export's own number


def test_commands_share_the_lock_of_a_folder(records: Path, release: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with stopped_within(command("export", records, release, out), out) as first:
        for kind in ("url", "site"):
            words = command(kind, records, release, out)
            second = subprocess.run(words, capture_output=True, check=False, timeout=120)
            assert second.returncode == 2
            assert f"process {first.pid} " in second.stderr.decode()


def test_exports_that_begin_together_leave_one_export(
    records: Path, release: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = command("export", records, release, out)
    both = [subprocess.Popen(words, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=300)[1].decode() for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 2], [0, 0]), said  # [0, 0]: one had ended when the other began
    assert len(list(out.glob("core/*.ttl"))) == RECORDS
    assert (out / "index.tsv").is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_the_lock_of_a_run_that_was_killed_blocks_nobody(
    kind: str, records: Path, release: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = command(kind, records, release, out)
    with stopped_within(words, out) as first:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait(60)
        done = subprocess.run(words, capture_output=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr.decode()
    assert not locks(out)


def test_a_run_that_fails_at_once_leaves_no_folder(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    out = tmp_path / "a" / "b"
    assert run("export", tmp_path / "none", "--out", out).code == 2
    assert not (tmp_path / "a").exists()


def test_a_lock_file_of_others_is_no_lock(tmp_path: Path) -> None:
    """What counts is whether a process holds it, not what is written in it."""
    (tmp_path / LOCK).write_text("")
    (tmp_path / HOLDER).write_text('{"pid": 1, "host": "elsewhere", "since": "2026"}')
    with locked(tmp_path):
        holder = json.loads((tmp_path / HOLDER).read_bytes())
        assert holder["pid"] == os.getpid()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", holder["since"])
    assert list(tmp_path.iterdir()) == []


# --- folders at URLs, which know no locks --------------------------------------------------------


def claim(out: Path, **changes: object) -> None:
    holder = {"pid": 1, "host": "another-host", "since": "2026-11-10T00:00:00Z"}
    said = {"token": "x", "holder": holder, "renewed": "2999-01-01T00:00:00+00:00", **changes}
    out.mkdir(exist_ok=True)
    (out / ".rdfexport-export").write_text(json.dumps(said))


def export_to(out: Path, source: Path) -> rdfexport.Summary:
    return rdfexport.export_to_url([source], f"file://{out}", rdfexport.FileOptions())


def test_a_claim_of_another_host_is_respected(collection: Collection, tmp_path: Path) -> None:
    collection.add()
    out = tmp_path / "out"
    claim(out)
    for call in (
        lambda: export_to(out, collection.root),
        lambda: rdfexport.export([collection.root], rdfexport.ExportOptions(out)),
    ):
        with pytest.raises(rdfexport.RdfExportError, match="process 1 on another-host"):
            call()
    assert [path.name for path in out.glob("[!.]*")] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"renewed": "2026-01-01T00:00:00+00:00"},
        {"holder": {"pid": 2**22 + 1, "host": socket.gethostname(), "since": "2026"}},
        {"holder": None},
        {"holder": "who", "renewed": 3},
    ],
    ids=["expired", "dead", "ended", "damaged"],
)
def test_a_claim_that_nobody_holds_is_taken_over(
    changes: dict[str, object], collection: Collection, tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"
    claim(out, **changes)
    assert export_to(out, collection.root).exported == 1
    assert json.loads((out / ".rdfexport-export").read_bytes())["holder"] is None
