"""What happens to a machine: full disks, killed processes, files that change, clocks that jump.

``RDFEXPORT_KILLS=200`` kills two hundred times where the usual run kills twelve times.
"""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import zstandard

from rdfexport.sources.members import Member
from support.records import Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KILLS = int(os.environ.get("RDFEXPORT_KILLS", "12"))
RECORDS = 60
DAY = "20261110"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection that takes some time."""
    made = Collection(tmp_path_factory.mktemp("many"))
    for number in range(RECORDS):
        figid = f"PMC{number + 1}__f{number}"
        form = "current" if number % 2 else "legacy"
        tables = {"genes": table_text("genes"), "chemicals": table_text("chemicals")}
        made.add(figid, record_text(form, figid), **(tables if form == "current" else {}))
    return made.root


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {".lock", ".rdfexport-cache"}
    }


# --- killed ----------------------------------------------------------------------------------


def command(kind: str, records: Path, exported: Path, out: Path) -> list[object]:
    if kind == "load":
        return ["load", exported, "--store", out / "store"]
    if kind == "release":
        return ["release", records, "--version", DAY, "--out", out, "--jobs", 2]
    layout = kind.removeprefix("export-")
    options = ["--layout", layout, "--jobs", 1 + (layout == "shards"), "--format", "nquads"]
    return ["export", records, "--out", out, "--no-validate", "--compress", "gz", *options]


def result(kind: str, out: Path) -> object:
    """What is left that must be the same."""
    if kind != "load":
        return {k: v for k, v in tree(out).items() if not k.startswith("reports/")}
    # Its own notes of when it was loaded are not data.
    graphs = ox.Store.read_only(str(out / "store"))
    return {str(quad) for quad in graphs if "/graph/load" not in str(quad.graph_name)}


def start(words: list[object]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "rdfexport", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1800000000"},
    )


def finished(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    return process.returncode, said.decode()


KINDS = ("export-files", "export-shards", "load", "release")


@pytest.fixture(scope="module")
def undisturbed(
    records: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[object, float]]:
    """What each command leaves, and how long it takes."""
    known: dict[str, tuple[object, float]] = {}
    exported = tmp_path_factory.mktemp("exported") / "export-files"
    for kind in KINDS:
        out = exported if kind == "export-files" else exported.with_name(kind)
        began = time.monotonic()
        assert finished(start(command(kind, records, exported, out)))[0] == 0
        known[kind] = result(kind, out), time.monotonic() - began
    known["exported"] = exported, 0
    return known


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_command_is_brought_to_its_end(
    seed: int, records: Path, undisturbed: dict[str, tuple[object, float]], tmp_path: Path
) -> None:
    kind = KINDS[seed % len(KINDS)]
    expected, seconds = undisturbed[kind]
    chance = random.Random(seed)
    exported = undisturbed["exported"][0]
    assert isinstance(exported, Path)
    words = command(kind, records, exported, tmp_path / "out")
    for _ in range(2):  # killed again while it makes good
        process = start(words)
        time.sleep(seconds * chance.uniform(0.2, 1.0))
        os.killpg(process.pid, signal.SIGKILL)
        finished(process)
    code, said = finished(start(words))
    whole = kind == "release" and "already exists" in said
    assert code == (2 if whole else 0), said
    assert result(kind, tmp_path / "out") == expected


# --- no place to write -----------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A disk of its own; its options can be changed by another call."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        remount = "remount," if mounted else ""
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", remount + options, "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        if done.returncode != 0:
            pytest.skip("a small disk: only root can mount one, where that is allowed")
        mounted.append(folder)
        return folder

    yield mount
    if mounted:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kilobytes", [4, 30, 60])
def test_a_full_disk_is_said_and_with_room_all_is_there(
    kind: str,
    kilobytes: int,
    records: Path,
    undisturbed: dict[str, tuple[object, float]],
    small_disk: Callable[[str], Path],
) -> None:
    expected = undisturbed[kind][0]
    exported = undisturbed["exported"][0]
    assert isinstance(exported, Path)
    out = small_disk(f"size={kilobytes}k")
    words = command(kind, records, exported, out)
    code, said = finished(start(words))
    assert code in {1, 2}, said
    assert said.startswith("error: ") or "\nerror: " in said
    assert "Traceback" not in said
    assert str(out) in said
    small_disk("size=200m")
    assert finished(start(words))[0] == 0
    assert result(kind, out) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_that_can_only_be_read_is_said(
    kind: str,
    records: Path,
    undisturbed: dict[str, tuple[object, float]],
    small_disk: Callable[[str], Path],
) -> None:
    exported = undisturbed["exported"][0]
    assert isinstance(exported, Path)
    out = small_disk("ro,size=1m")
    code, said = finished(start(command(kind, records, exported, out)))
    assert code == 2, said
    assert "Traceback" not in said
    assert str(out) in said


def test_a_temporary_folder_that_is_full_is_said(small_disk: Callable[[str], Path]) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        info = tarfile.TarInfo("_figures/PMC1__f1.md")
        info.size = 3_000_000
        tar.addfile(info, io.BytesIO(os.urandom(info.size)))
    folder = small_disk("size=200k")
    archive = folder.with_name("a.tar.gz")
    archive.write_bytes(data.getvalue())
    done = subprocess.run(
        [sys.executable, "-m", "rdfexport", "export", archive, "--out", folder.with_name("out")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(folder)},
    )
    assert done.returncode in {1, 2}, done.stderr
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


# --- sources that change ---------------------------------------------------------------------


def before_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do something when the first record is about to be read: all have been found by then."""
    read, done = Member.read, []

    def reading(member: Member) -> bytes:
        if not done:
            done.append(True)
            act()
        return read(member)

    monkeypatch.setattr(Member, "read", reading)


def exported(run: Callable[..., Outcome], source: Path, out: Path) -> tuple[Outcome, list[str]]:
    outcome = run("export", source, "--out", out, "--jobs", "1", "--no-validate")
    lines = (out / "index.tsv").read_text().splitlines()[1:]
    return outcome, [line.partition("\t")[0] for line in lines]


@pytest.mark.parametrize(
    ("act", "said", "code"),
    [
        (lambda path: path.unlink(), "cannot be read (No such file or directory)", 2),
        (lambda path: os.truncate(path, 200), "the front matter is not closed", 1),
        (lambda path: path.write_bytes(b""), "the file is empty", 1),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read (Is a directory)", 2),
    ],
    ids=["removed", "cut", "emptied", "a folder"],
)
def test_a_record_that_changes_is_told_of(
    *,
    act: Callable[[Path], object],
    said: str,
    code: int,
    run: Callable[..., Outcome],
    collection: Collection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for figid in ("PMC1__a", "PMC2__b", "PMC3__c"):
        path = collection.add(figid)
    before_reading(monkeypatch, lambda: act(path) and None)
    outcome, there = exported(run, collection.root, tmp_path / "out")
    assert outcome.code == code
    assert f"rejected: {path}" in outcome.stderr
    assert said in outcome.stderr
    assert there == ["PMC1__a", "PMC2__b"]


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize("table", [False, True])
def test_an_archive_that_is_cut_while_it_is_read(
    *,
    kind: str,
    table: bool,
    run: Callable[..., Outcome],
    collection: Collection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collection.add("PMC1__a")
    rows = table_text("genes") + table_text("genes").partition("\n")[2] * 500
    collection.add("PMC2__b", **({"genes": rows} if table else {}))
    archive = tmp_path / f"a.{kind}"
    files = sorted(collection.root.rglob("*.*"), key=lambda path: (path.suffix, path.name))
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as packed:
            for file in files:
                packed.write(file, file.relative_to(collection.root))
    else:
        with tarfile.open(archive, "w") as tar:
            for file in files:
                tar.add(file, file.relative_to(collection.root))
    # Within the last member: a line's end in the table, so that the rest looks whole.
    text = archive.read_bytes()
    at = text.rindex(b"\n", 0, len(text) // 2) if table else text.rindex(b"papertitle")
    before_reading(monkeypatch, lambda: os.truncate(archive, at + 1))
    outcome, there = exported(run, archive, tmp_path / "out")
    assert outcome.code == 2
    assert there == ["PMC1__a"]
    assert f"rejected: {archive}!" in outcome.stderr


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
def test_a_zstandard_file_that_breaks_off_is_no_shorter_one(
    share: float, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    lines = b"".join(b"<http://a/%d> <http://b> <http://c/%d> .\n" % (n, n) for n in range(90_000))
    data = zstandard.compress(lines[: len(lines) // 2]) + zstandard.compress(b"")
    data += zstandard.compress(lines[len(lines) // 2 :])
    file = tmp_path / "a.nt.zst"
    file.write_bytes(data)
    load = ("load", file, "--graph", "http://g/", "--store")
    assert run(*load, tmp_path / "store").code == 0
    assert len(ox.Store.read_only(str(tmp_path / "store"))) >= 90_000
    file.write_bytes(data[: int(len(data) * share)])
    outcome = run(*load, tmp_path / "other")
    assert outcome.code in {1, 2}
    assert str(file) in outcome.stderr
    outcome = run("validate", file)
    assert (outcome.code, outcome.stderr) == (2, f"error: {file}: cannot be read (it is cut off)\n")


# --- clocks ----------------------------------------------------------------------------------


def test_a_clock_that_jumps_back_changes_nothing(
    records: Path, run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--jobs", "1", "--format", "nquads", "--layout", "shards")
    assert run("export", records, "--out", tmp_path / "a", *words).code == 0
    ticks = iter(range(2_000_000_000, 0, -1_000))
    monkeypatch.setattr(time, "time", lambda: float(next(ticks)))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
    assert run("export", records, "--out", tmp_path / "b", *words).code == 0
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    for name in ("one", "two"):  # the second replaces the first, whose time is later
        assert run("load", tmp_path / "a", "--store", tmp_path / "store").code == 0, name
    release = ("release", records, "--version", DAY, "--jobs", "1", "--out")
    assert run(*release, tmp_path / "r").code == 0
    monkeypatch.undo()
    assert run(*release, tmp_path / "s").code == 0
    published = {k: v for k, v in tree(tmp_path / "r").items() if k.startswith("pfocr/")}
    assert published == {k: v for k, v in tree(tmp_path / "s").items() if k.startswith("pfocr/")}
