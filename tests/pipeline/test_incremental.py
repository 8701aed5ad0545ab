"""An export over an earlier one makes only what has changed, and ends up as a full one does."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from rdfexport.graph import Mapper
from rdfexport.link import reference_tables
from rdfexport.pipeline.incremental.cache import CACHE
from rdfexport.pipeline.target.earlier import EARLIER
from support.records import Collection, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rdfexport.mapping import View
    from rdfexport.model import FigureRecord
    from support.records import Outcome

FIGIDS = [f"PMC{number}__f" for number in range(1, 13)]
LAYOUTS = {
    "files": ("--layout", "files", "--format", "turtle", "--format", "jsonld"),
    "compressed": ("--layout", "files", "--format", "nquads", "--compress", "gz",
                   "--compat", "wikipathways", "--date", "2026-01-01"),
    "shards": ("--layout", "shards", "--format", "ntriples", "--format", "rdfxml"),
    "zst": ("--layout", "shards", "--format", "trig", "--format", "jsonld-graph",
            "--compress", "zst", "--on-violation", "warn"),
}  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    """All of an export but for what is kept for the next one."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != CACHE and EARLIER not in path.parts
    }


def written(folder: Path) -> dict[str, tuple[int, int]]:
    """When each file with graphs was written, and which one it is on the disk."""
    files = (path for path in folder.glob("*/*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in files
    }


@dataclass
class Exports:
    """Exports a collection again and again into one folder, and once more into a fresh one."""

    run: Callable[..., Outcome]
    collection: Collection
    folder: Path
    options: tuple[object, ...]
    sources: tuple[object, ...]

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def again(self, *more: object, code: int | None = None) -> Outcome:
        """Export over what is there, and compare with a full export into a fresh folder."""
        outcome = self.go(self.out, *more)
        fresh = self.folder / "fresh" / str(time.monotonic_ns())
        full = self.go(fresh, *more)
        assert outcome.code == full.code, outcome.stderr
        assert code is None or outcome.code == code, outcome.stderr
        assert tree(self.out) == tree(fresh)
        assert told(outcome) == told(full)
        return outcome

    def go(self, out: Path, *more: object) -> Outcome:
        options = ("--jobs", 1, *self.options, *more)
        return self.run("export", *self.sources, "--out", out, *options)

    def changed(self, *more: object) -> set[str]:
        """The files that an export over what is there writes, or removes."""
        before = written(self.out)
        self.again(*more)
        after = written(self.out)
        return {name for name in before.keys() | after if before.get(name) != after.get(name)}


def told(outcome: Outcome) -> list[str]:
    """What an export says, but for what depends on what was there before."""
    lines = outcome.stderr.splitlines()
    lines = [line for line in lines if not line.startswith(("unchanged", "seconds"))]
    # On a slow machine there are lines of progress as well.
    kept = (line for line in lines if not line.endswith(" a second"))
    return [re.sub(r" in \S+.*|, all in \S+", "", line) for line in kept]


def unchanged(outcome: Outcome) -> int:
    found = re.search(r"^unchanged +([\d,]+)$", outcome.stderr, re.MULTILINE)
    return 0 if found is None else int(found[1].replace(",", ""))


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def exports(
    layout: str,
    run: Callable[..., Outcome],
    collection: Collection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Exports:
    """A collection of both forms that was exported once, some records with warnings or faults."""
    monkeypatch.setattr("rdfexport.pipeline.executor.tasks._SHARD_ENDS", 4)
    for number, figid in enumerate(FIGIDS):
        tables = {} if number % 2 else {kind: table_text(kind) for kind in ("genes", "diseases")}
        form = "legacy" if number % 2 else "current"
        collection.add(figid, record_text(form, figid), **tables)
    collection.add("PMC50__bad", "no record")
    collection.add("PMC51__warned", record_text("legacy", "PMC51__warned", {"year": "soon"}))
    made = Exports(run, collection, tmp_path, LAYOUTS[layout], (collection.root,))
    # Files that were written a moment ago count as old, so that their times are enough.
    monkeypatch.setattr("rdfexport.pipeline.incremental.units._RACY", 0)
    made.again(code=1)
    return made


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def record_of(exports: Exports, number: int) -> Path:
    return exports.collection.root / "_figures" / f"{FIGIDS[number]}.md"


def files_of(exports: Exports, figid: str) -> set[str]:
    """The files that hold a figure."""
    rows = dict(line.split("\t") for line in (exports.out / "index.tsv").read_text().splitlines())
    stem = rows[figid]
    return {name for name in written(exports.out) if name.rpartition("/")[2].split(".")[0] == stem}


# --- What changes ----------------------------------------------------------------------------


def test_nothing_changed(exports: Exports) -> None:
    assert exports.changed() == set()
    assert unchanged(exports.again()) == 14


@pytest.mark.parametrize("layout", ["shards", "zst"], indirect=True)
def test_a_shard_takes_what_did_not_change_from_the_last(
    exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the record that changed is mapped again, and the others' texts are copied."""
    made = []
    view = Mapper.view

    def noted(self: Mapper, record: FigureRecord) -> View:
        made.append(record.figid)
        return view(self, record)

    edit(record_of(exports, 5), "A pathway.", "Another pathway.")
    monkeypatch.setattr(Mapper, "view", noted)
    outcome = exports.go(exports.out)
    assert made == [FIGIDS[5]]
    assert unchanged(outcome) == 13
    # Damaged, what is known of the records does not count, and they are made again.
    with sqlite3.connect(exports.out / CACHE) as database:
        database.execute("UPDATE shard SET data = zeroblob(100)")
    database.close()
    edit(record_of(exports, 5), "Another pathway.", "A pathway.")
    exports.go(exports.out)
    assert len(made) > 2
    exports.again()


@pytest.mark.parametrize("layout", ["shards", "zst"], indirect=True)
def test_a_record_that_comes_or_goes_changes_one_shard(exports: Exports) -> None:
    before = {name for name in written(exports.out) if name.startswith("core/")}
    assert len(before) > 4
    exports.collection.add("PMC3__z")  # does not end a shard
    changed = exports.changed()
    (exports.collection.root / "_figures" / "PMC3__z.md").unlink()
    assert exports.changed() == changed
    # Of the shards that were there, one, in each of the formats.
    assert len({name.partition(".")[0] for name in changed & before}) == 1


@pytest.mark.parametrize("number", [0, 5])
def test_a_changed_record(exports: Exports, number: int) -> None:
    edit(record_of(exports, number), "A pathway.", "Another pathway.")
    files = files_of(exports, FIGIDS[number])
    assert files
    assert exports.changed() - {"wp/void.nq.gz"} == files
    edit(record_of(exports, number), "Another pathway.", "A pathway.")
    assert exports.changed() - {"wp/void.nq.gz"} == files


def test_a_new_link_changes_the_linkset(exports: Exports) -> None:
    edit(record_of(exports, 1), "D020123", "D000001")
    changed = exports.changed()
    assert {name for name in changed if name.startswith("linkset/")}
    assert {n for n in changed if n.startswith("core/")} <= files_of(exports, FIGIDS[1])


def test_a_changed_table_alone(exports: Exports) -> None:
    table = exports.collection.root / "_data" / f"{FIGIDS[2]}-genes.tsv"
    edit(table, "mTor\t", "mTORx\t")
    assert {n for n in exports.changed() if n.startswith("core/")} == {
        n for n in files_of(exports, FIGIDS[2]) if n.startswith("core/")
    }
    table.unlink()
    exports.again()
    table.write_text(table_text("genes"))
    exports.again()


def test_with_several_processes(exports: Exports) -> None:
    for number in range(0, 12, 3):
        edit(record_of(exports, number), "A pathway.", "Another pathway.")
    record_of(exports, 7).unlink()
    for number in range(60, 100):
        exports.collection.add(f"PMC{number}__f")
    exports.again("--jobs", 2, code=1)
    assert exports.changed("--jobs", 2) == set()


def test_touched_only(exports: Exports) -> None:
    for path in exports.collection.root.rglob("*.md"):
        os.utime(path)
    assert exports.changed() == set()
    # It was read once for that, and its new times are known now.
    record_of(exports, 1).chmod(0o600)
    assert unchanged(exports.again()) == 14


def test_a_change_that_hides_its_time_and_size(exports: Exports) -> None:
    path = record_of(exports, 1)
    before = path.stat()
    edit(path, "A pathway.", "B pathway.")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert exports.changed() >= files_of(exports, FIGIDS[1])


def test_a_file_that_is_too_young_is_read(
    exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with git's index: its times may be the same after the next change."""
    monkeypatch.setattr("rdfexport.pipeline.incremental.units._RACY", 10**12)
    exports.go(exports.out, "--full")
    with sqlite3.connect(exports.out / CACHE) as database:
        rows = database.execute("SELECT signature FROM unit").fetchall()
    assert rows
    assert {signature for (signature,) in rows} == {None}
    assert exports.changed() == set()


def test_added_and_removed_records(exports: Exports) -> None:
    exports.collection.add("PMC3__g")
    exports.collection.add("PMC0__first")
    exports.again()
    for number in (0, 4, 11):
        record_of(exports, number).unlink()
    exports.again()
    assert not any(FIGIDS[0] in name for name in tree(exports.out))
    with sqlite3.connect(exports.out / CACHE) as database:
        names = {name for (name,) in database.execute("SELECT name FROM unit")}
    assert not any(name == FIGIDS[0] for name in names)


def test_a_renamed_record(exports: Exports) -> None:
    path = record_of(exports, 3)
    path.rename(path.with_name("PMC4__g.md"))
    exports.again(code=1)
    edit(path.with_name("PMC4__g.md"), FIGIDS[3], "PMC4__g")
    exports.again(code=1)
    path.with_name("PMC4__g.md").rename(path)
    exports.again(code=1)


def test_broken_and_mended(exports: Exports) -> None:
    edit(record_of(exports, 6), "figid: ", "figid: x")
    outcome = exports.again(code=1)
    assert outcome.stderr.count("rejected: ") == 2
    # It is told of again although it was not read again.
    outcome = exports.again(code=1)
    assert outcome.stderr.count("rejected: ") == 2
    edit(record_of(exports, 6), "figid: x", "figid: ")
    exports.collection.add("PMC50__bad")
    assert exports.again(code=0).stderr.count("rejected: ") == 0


def test_strict_stops_at_what_was_rejected_before(exports: Exports) -> None:
    before = tree(exports.out)
    outcome = exports.go(exports.out, "--strict")
    assert outcome.code == 1
    assert "error: " in outcome.stderr
    assert "PMC50__bad" in outcome.stderr
    assert tree(exports.out).keys() == before.keys() - {"index.tsv"}
    assert unchanged(exports.again()) == 14


def test_a_record_that_comes_twice(exports: Exports, tmp_path: Path) -> None:
    other = Collection(tmp_path / "other")
    other.add(FIGIDS[2])
    exports.sources = (*exports.sources, other.root)
    assert "is also the figure of" in exports.again(code=1).stderr
    assert "is also the figure of" in exports.again(code=1).stderr
    exports.sources = exports.sources[:1]
    exports.again(code=1)


def test_a_collection_that_moved(exports: Exports) -> None:
    """Messages name records by their paths."""
    moved = exports.collection.root.rename(exports.folder / "moved")
    exports.sources = (moved,)
    exports.again(code=1)


def test_archives_are_read(exports: Exports, tmp_path: Path) -> None:
    archive = tmp_path / "records.zip"
    files = sorted(path for path in exports.collection.root.rglob("*") if path.is_file())

    def pack() -> None:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for path in files:
                file.write(path, path.relative_to(exports.collection.root))

    exports.sources = (archive,)
    pack()
    exports.again()
    edit(record_of(exports, 1), "A pathway.", "B pathway.")
    pack()
    assert exports.changed() - {"wp/void.nq.gz"} == files_of(exports, FIGIDS[1])


@pytest.mark.parametrize("layout", ["shards", "compressed"], indirect=True)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes(exports: Exports, seed: int) -> None:
    """Records come, go, change, break and are mended, tables and files of the output too."""
    rng = random.Random(seed)
    collection = exports.collection
    folder = collection.root / "_figures"
    for _ in range(6):
        for _ in range(rng.randint(0, 4)):
            figid = f"PMC{rng.randint(1, 20)}__{rng.choice('fg')}"
            act = rng.randrange(6)
            if act == 0:
                (folder / f"{figid}.md").unlink(missing_ok=True)
            elif act == 1:
                collection.add(figid, "broken" if rng.random() < 0.5 else "")
            elif act == 2:
                name = rng.choice(sorted(written(exports.out)))
                (exports.out / name).write_bytes(b"x" * rng.randint(0, 9))
            elif act == 3:
                collection.add(figid, genes=table_text("genes", rng.choice([None, ""])))
            else:
                title = f"title {rng.randint(1, 3)}"
                form = rng.choice(["legacy", "current"])
                collection.add(figid, record_text(form, figid, {"figtitle": title}))
        exports.again(*rng.choice([(), (), (), ("--data-version", "2"), ("--full",)]))


# --- What it depends on besides --------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        ("--data-version", "1"),
        ("--no-link",),
        ("--no-validate",),
        ("--diseases-by-label",),
        ("--figure-base", "https://example.org/"),
        ("--vocab-base", "https://example.org/v#"),
    ],
    ids=lambda options: options[0],
)
def test_other_options(exports: Exports, options: tuple[str, ...]) -> None:
    if "--no-validate" in options and "--on-violation" in exports.options:
        at = exports.options.index("--on-violation")  # it would have no effect
        exports.options = exports.options[:at]
    assert unchanged(exports.again(*options)) == 0
    assert unchanged(exports.again(*options)) == 14
    assert unchanged(exports.again()) == 0


def test_another_day_changes_the_description_only(exports: Exports, layout: str) -> None:
    if layout == "compressed":
        assert exports.changed("--date", "2026-01-02") == {"wp/void.nq.gz"}
    else:  # nothing is dated
        assert exports.go(exports.out, "--date", "2026-01-02").code == 2


def test_other_shapes(exports: Exports, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <http://schema.org/> .
        <urn:s> sh:targetClass schema:Dataset ;
            sh:property [ sh:path schema:nothing ; sh:minCount 1 ; sh:severity sh:%s ] ."""
    shapes.write_text(shape % "Warning")
    assert unchanged(exports.again("--shapes", shapes)) == 0
    assert unchanged(exports.again("--shapes", shapes)) == 14
    shapes.write_text(shape % "Violation")
    assert unchanged(exports.again("--shapes", shapes, "--max-rejected", "100%")) == 0


def test_a_report_is_whole(exports: Exports, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    exports.go(exports.out, "--report", report)
    whole = report.read_bytes()
    assert b"results" in whole
    report.unlink()
    assert unchanged(exports.go(exports.out, "--report", report)) == 14
    assert report.read_bytes() == whole


def test_another_program(exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    # The package has a function of the module's name.
    module = sys.modules["rdfexport.pipeline.export"]
    monkeypatch.setattr(module, "program_fingerprint", lambda: "another")
    assert unchanged(exports.again()) == 0
    assert unchanged(exports.again()) == 14


def test_other_reference_tables(exports: Exports, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rdfexport.link.records", "rdfexport.pipeline.records"):
        monkeypatch.setattr(
            f"{module}.reference_tables",
            lambda references: reference_tables(references)._replace(digest="other"),
        )
    assert unchanged(exports.again()) == 0
    assert unchanged(exports.again()) == 14


def test_full(exports: Exports) -> None:
    everything = written(exports.out).keys()
    shared = {name for name in everything if name.startswith(("linkset/", "wp/void"))}
    assert exports.changed("--full") == everything - shared


# --- What others do to the folder ------------------------------------------------------------


def test_a_file_that_was_removed_or_altered_is_made_again(exports: Exports) -> None:
    names = sorted(written(exports.out))
    for number, name in enumerate(names):
        path = exports.out / name
        before = path.stat()
        if number % 3 == 0:
            path.unlink()
        elif number % 3 == 1:
            path.write_bytes(b"x" * before.st_size)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        else:
            path.write_bytes(b"")
    exports.again()


@pytest.mark.parametrize("how", ["nonsense", "cut", "empty", "hole", "schema", "version", "rows"])
def test_a_damaged_cache_is_made_anew(exports: Exports, how: str) -> None:
    path = exports.out / CACHE
    whole = path.read_bytes()
    if how == "nonsense":
        path.write_bytes(random.Random(1).randbytes(5000))
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "hole":
        path.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    else:
        with sqlite3.connect(path) as database:
            database.executescript(
                {
                    "schema": "ALTER TABLE unit RENAME TO other",
                    "version": "PRAGMA user_version = 99",
                    "rows": "UPDATE unit SET result = replace(result, 'PMC1__f', 'PMC9__f')",
                }[how]
            )
    edit(record_of(exports, 1), "A pathway.", "B pathway.")
    outcome = exports.go(exports.out)
    said = "so everything is exported again" in outcome.stderr
    assert said == (how not in {"empty", "rows"})
    exports.again()
    assert unchanged(exports.again()) == 14


def test_a_cache_of_another_export_is_not_taken(exports: Exports, tmp_path: Path) -> None:
    other = tmp_path / "copy"
    other.mkdir()
    (other / CACHE).write_bytes((exports.out / CACHE).read_bytes())
    exports.go(other)
    assert tree(other) == tree(exports.out)


@pytest.mark.parametrize("layout", ["files"], indirect=True)
def test_two_exports_at_once(exports: Exports) -> None:
    with sqlite3.connect(exports.out / CACHE, isolation_level=None) as database:
        database.execute("BEGIN EXCLUSIVE")
        outcome = exports.go(exports.out)
    database.close()
    assert outcome.code == 2
    assert "another export is at work" in outcome.stderr
    exports.again()


@pytest.mark.parametrize("layout", ["files"], indirect=True)
def test_a_cache_that_is_a_folder(exports: Exports) -> None:
    (exports.out / CACHE).unlink()
    (exports.out / CACHE).mkdir()
    outcome = exports.go(exports.out)
    assert outcome.code == 2
    assert f"{CACHE}: cannot be used" in outcome.stderr


# --- Stops -----------------------------------------------------------------------------------


def times(folder: Path) -> dict[str, int]:
    """When each file was written, but for those that go meanwhile."""
    found = {}
    for path in list(folder.iterdir()):
        with suppress(FileNotFoundError):
            found[path.name] = path.stat().st_mtime_ns
    return found


@pytest.mark.parametrize("layout", ["files", "zst"], indirect=True)
@pytest.mark.parametrize("seed", range(3))
def test_killed_in_the_middle(exports: Exports, seed: int) -> None:
    """What is written when the process dies is found to be right or wrong, never taken on trust."""
    rng = random.Random(seed)
    root = exports.collection.root
    for number in range(100, 180):
        exports.collection.add(f"PMC{number}__f")
    exports.again()
    for number in range(100, 180):
        path = root / "_figures" / f"PMC{number}__f.md"
        edit(path, "A pathway.", f"Pathway {seed}.")
    words = ["export", root, "--out", exports.out, *exports.options, "--jobs", 1]
    command = [sys.executable, "-m", "rdfexport", *map(str, words)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    core = exports.out / "core"
    began = times(core)
    wanted = rng.randint(1, 5)
    while process.poll() is None:
        if sum(began.get(name) != when for name, when in times(core).items()) >= wanted:
            process.send_signal(signal.SIGKILL)
            break
    process.wait(60)
    exports.again()
    exports.again()


# --- Watching ------------------------------------------------------------------------------------


class Watching:
    """An export that watches, as a process of its own."""

    def __init__(self, *words: object) -> None:
        command = [sys.executable, "-m", "rdfexport", "export", *map(str, words), "--watch"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def lines(self, last: str) -> list[str]:
        """What it says, until a line that has a text."""
        assert self.process.stderr is not None
        said = []
        for line in self.process.stderr:
            said.append(line)
            if last in line:
                return said
        raise AssertionError(said)


@pytest.fixture
def watching(collection: Collection) -> Iterator[Callable[..., Watching]]:
    begun = []

    def begin(*words: object) -> Watching:
        options = ("--out", collection.root / "out", "--jobs", 1, "--format", "ntriples")
        begun.append(Watching(collection.root, *options, *words))
        return begun[-1]

    yield begin
    for one in begun:
        one.process.kill()
        one.process.communicate()


def test_watch(collection: Collection, watching: Callable[..., Watching]) -> None:
    for figid in FIGIDS:
        collection.add(figid)
    out = collection.root / "out"
    watched = watching()
    assert watched.lines("12 records: 0 unchanged, 0 rejected")
    assert len((out / "index.tsv").read_text().splitlines()) == 13
    collection.add("PMC1__f", record_text(figid="PMC1__f", changes={"figtitle": "Another"}))
    watched.lines("12 records: 11 unchanged, 0 rejected")
    assert "Another" in (out / "core" / "PMC1__f.nt").read_text()
    path = collection.add("PMC2__f", "broken")
    said = watched.lines("1 rejected")
    assert [line for line in said if line.startswith("rejected: ")]
    collection.add("PMC99__f")
    said = watched.lines("13 records: ")
    assert not [line for line in said if line.startswith("rejected: ")], "it was told of"
    # What the export itself writes into a folder that is watched is no change.
    assert len(said) < 4
    path.unlink()
    watched.lines("12 records: ")
    assert not (out / "core" / "PMC2__f.nt").exists()
    shutil.rmtree(collection.root / "_figures")
    watched.lines("error: no record in any source")
    collection.add("PMC5__f")
    watched.lines("1 records: ")
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(30) == 130


def test_watch_takes_no_urls(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run("export", "https://example.org/a.md", "--out", tmp_path / "out", "--watch")
    assert outcome.code == 2
    assert "cannot be watched" in outcome.stderr


def test_watch_without_its_library(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    outcome = run("export", tmp_path, "--out", tmp_path / "out", "--watch")
    assert outcome.code == 2
    assert "pip install 'rdfexport[watch]'" in outcome.stderr
