"""What an export leaves in its folder, whatever was there before and however it ended."""

from __future__ import annotations

import gc
import gzip
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import pyoxigraph as ox
import pytest
import zstandard

from rdfexport.cli import main
from rdfexport.errors import DiskError
from rdfexport.pipeline.target.folder import OutFolder
from rdfexport.write import COMPRESSIONS, FORMATS, OutputFile
from support.paths import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Collection, Outcome

FIGURES = sorted(path.stem for path in EXAMPLES.glob("_figures/*.md"))
JOURNAL = ".rdfexport-files"
REPORTS = {"index.tsv", "rejected.jsonl", "warnings.jsonl", JOURNAL}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and what it holds, but for what is kept for the next export."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".rdfexport-cache"
    }


def graphs(folder: Path) -> dict[str, bytes]:
    """The files of the parts, without the reports beside them."""
    return {name: data for name, data in tree(folder).items() if "/" in name}


def index(folder: Path) -> list[tuple[str, str]]:
    header, *rows = (folder / "index.tsv").read_text().splitlines()
    assert header == "figid\tfile"
    return [tuple(row.split("\t")) for row in rows]  # type: ignore[misc]


def records_in(data: bytes, syntax: ox.RdfFormat = ox.RdfFormat.TURTLE) -> set[str]:
    """The figids whose records a file describes."""
    return {
        quad.subject.value.rpartition("/")[2].removesuffix(".html")
        for quad in ox.parse(data, format=syntax)
        if quad.predicate.value.endswith("#type") and quad.object.value.endswith("/Dataset")
    }


@pytest.fixture
def export(run: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Export sources to ``out``, without the validation that has its own tests."""

    def call(*args: object, code: int = 0) -> Outcome:
        options = ("--out", tmp_path / "out", "--no-validate")
        jobs = () if "--jobs" in args else ("--jobs", "1")
        before = set(tmp_path.rglob("*.partial"))
        outcome = run("export", *args, *options, *jobs)
        assert outcome.code == code, outcome.stderr
        assert set(tmp_path.rglob("*.partial")) <= before
        return outcome

    return call


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records enough for several shards, and for a signal to hit an export at work."""
    folder = tmp_path_factory.mktemp("many")
    script = ROOT / "benchmarks" / "corpus.py"
    command = [sys.executable, str(script), str(folder), "--records", "1200", "--seed", "3"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


# --- layouts ---------------------------------------------------------------------------------


def test_a_file_for_each_figure(export: Callable[..., Outcome], out: Path) -> None:
    export(EXAMPLES)
    assert index(out) == [(figid, figid) for figid in FIGURES]
    core = {f"core/{figid}{ending}" for figid in FIGURES for ending in (".ttl", ".jsonld")}
    files = tree(out)
    assert files.keys() == {*core, "linkset/linkset.ttl", *REPORTS}
    for figid in FIGURES:
        assert records_in(files[f"core/{figid}.ttl"]) == {figid}
        assert figid in json.loads(files[f"core/{figid}.jsonld"])["@id"]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_its_ending(export: Callable[..., Outcome], out: Path, name: str) -> None:
    form = FORMATS[name]
    export(EXAMPLES, "--format", name, "--format", name)
    files = {f"core/{figid}{form.extension}" for figid in FIGURES}
    linkset = set() if form.schema_only else {f"linkset/linkset{form.extension}"}
    assert graphs(out).keys() == files | linkset


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_shards(
    many: Path, export: Callable[..., Outcome], collection: Collection, out: Path, jobs: str
) -> None:
    collection.add("PMC0__bad", b"")
    options = ("--layout", "shards", "--format", "nquads", "--jobs", jobs)
    export(many, collection.root, *options, code=1)
    rows = index(out)
    figids = [figid for figid, _ in rows]
    assert figids == sorted(path.stem for path in many.glob("_figures/*.md"))
    firsts = {file: figid for figid, file in reversed(rows)}
    # A shard has the name of its first record; the rejected one has a place in it.
    firsts["shard-PMC0__bad"] = "PMC0__bad"
    assert firsts == {f"shard-{figid}": figid for figid in firsts.values()}
    assert len(firsts) > 3
    assert max(Counter(file for _, file in rows).values()) <= 500
    assert [file for _, file in rows] == sorted(file for _, file in rows)
    files = graphs(out)
    shards = {f"core/{file}.nq" for _, file in rows}
    assert files.keys() == {*shards, "linkset/linkset.nq"}
    for shard in shards:
        held = {figid for figid, file in rows if f"core/{file}.nq" == shard}
        assert records_in(files[shard], ox.RdfFormat.N_QUADS) == held


@pytest.mark.parametrize(("number", "file"), [(300, "PMC100__f"), (301, "shard-PMC100__f")])
def test_automatic_layout(
    collection: Collection, export: Callable[..., Outcome], out: Path, number: int, file: str
) -> None:
    for n in range(number):
        collection.add(f"PMC{n + 1}__f")
    export(collection.root, "--format", "ntriples")
    assert index(out)[0] == ("PMC100__f", file)  # the first in order of characters
    assert (out / "core" / f"{file}.nt").is_file()


def test_out_is_made_with_its_parents(run: Callable[..., Outcome], tmp_path: Path) -> None:
    out = tmp_path / "a b" / "\u05d0" / "out"
    assert run("export", EXAMPLES, "--out", out, "--jobs", "1", "--no-validate").code == 0
    assert len(index(out)) == len(FIGURES)


def test_figure_of_a_rejected_record_is_not_there(
    collection: Collection, export: Callable[..., Outcome], out: Path
) -> None:
    collection.add("PMC1__f1")
    collection.add("PMC2__f2")
    export(collection.root)
    collection.add("PMC2__f2", b"")
    outcome = export(collection.root, code=1)
    assert index(out) == [("PMC1__f1", "PMC1__f1")]
    assert not list(out.glob("core/PMC2__f2*"))
    assert "(2 of an earlier export removed)" in outcome.stderr


# --- the same bytes --------------------------------------------------------------------------

ALL_FORMATS = [word for name in FORMATS for word in ("--format", name)]


@pytest.mark.parametrize("layout", ["files", "shards"])
def test_same_bytes_whatever_the_jobs_and_the_hash_seed(
    many: Path, run_process: Callable[..., Outcome], tmp_path: Path, layout: str
) -> None:
    options = ("--layout", layout, "--compat", "wikipathways", "--date", "2026-01-02")
    source = f"{many}/_figures/PMC*[05]__*.md" if layout == "files" else many
    trees = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        command = ("export", source, "--out", out, *options, "--jobs", jobs, "--no-validate")
        for _ in range(2 if jobs == "2" and layout == "files" else 1):
            assert run_process(*command).code == 0
            trees.append(tree(out))
    assert len(trees[0]) > 8
    assert trees == [trees[0]] * len(trees)


def test_same_bytes_in_every_format_from_any_source(
    export: Callable[..., Outcome], out: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "examples.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(EXAMPLES.rglob("*.*"), reverse=True):
            file.write(path, path.relative_to(EXAMPLES))
    export(EXAMPLES, *ALL_FORMATS)
    before = tree(out)
    assert len(before) == len(FIGURES) * len(FORMATS) + len(FORMATS) - 1 + len(REPORTS)
    export(*sorted(EXAMPLES.glob("_figures/*.md"), reverse=True), *ALL_FORMATS)
    assert tree(out) == before
    export(archive, *ALL_FORMATS)
    assert tree(out) == before


def unpack(name: str, data: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.decompress(data)
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


@pytest.mark.parametrize("compression", ["gz", "zst"])
@pytest.mark.parametrize("layout", ["files", "shards"])
def test_compression(
    export: Callable[..., Outcome], out: Path, compression: str, layout: str
) -> None:
    options = ("--layout", layout, *ALL_FORMATS)
    export(EXAMPLES, *options)
    plain = graphs(out)
    export(EXAMPLES, *options, "--compress", compression)
    packed = graphs(out)
    unpacked = {name.removesuffix(f".{compression}"): unpack(name, packed[name]) for name in packed}
    assert unpacked == plain
    assert sum(map(len, packed.values())) < sum(map(len, plain.values())) / 2
    export(EXAMPLES, *options, "--compress", compression)
    assert graphs(out) == packed
    if compression == "gz":
        # RFC 1952: neither a name nor a time is in the header.
        assert {data[3:8] for data in packed.values()} == {bytes(5)}


# --- what was there before -------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        ("--layout", "shards"),
        ("--compress", "gz"),
        ("--format", "rdfxml"),
        ("--compat", "wikipathways"),
    ],
)
def test_files_of_an_earlier_export_go(
    export: Callable[..., Outcome], out: Path, options: tuple[str, ...]
) -> None:
    outcome = export(EXAMPLES)
    assert "of an earlier export" not in outcome.stderr
    alone = tree(out)
    export(EXAMPLES, *options)
    other = graphs(out)
    assert other != graphs(out.parent / "nowhere") != alone
    outcome = export(EXAMPLES)
    assert tree(out) == alone
    gone = len(other.keys() - alone.keys())
    assert (f"({gone} of an earlier export removed)" in outcome.stderr) == (gone > 0)


FOREIGN = {
    "notes.txt": "mine",
    "core/PMC1__mine.ttl": "mine",
    "core/mine.ttl.partial": "mine",
    "download.partial": "mine",
    "core/deeper/PMC100008__mb2411709009.ttl": "mine",
    "other/shard-00001.ttl": "mine",
    ".hidden": "mine",
}


def test_files_of_others_stay(export: Callable[..., Outcome], out: Path) -> None:
    for name, content in FOREIGN.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(content)
    export(EXAMPLES)
    export(EXAMPLES, "--layout", "shards")
    export(EXAMPLES / "_figures" / f"{FIGURES[0]}.md")
    assert {name: (out / name).read_text() for name in FOREIGN} == FOREIGN


def test_what_a_killed_export_left_goes(export: Callable[..., Outcome], out: Path) -> None:
    export(EXAMPLES)
    alone = tree(out)
    name = f"core/{FIGURES[0]}.ttl"
    with (out / JOURNAL).open("a") as journal:
        journal.write("core/PMC9__gone.ttl\n")
    for file in (name, "core/PMC9__gone.ttl", "linkset/linkset.ttl", "index.tsv", JOURNAL):
        (out / f"{file}.partial").write_text("half")
    (out / "core" / "PMC9__gone.ttl").write_text("whole")
    export(EXAMPLES)
    assert tree(out) == alone


HOSTILE = [
    "../victim",
    "{victim}",
    "core/../../victim",
    "core/deeper/../../../victim",
    "core/../core/../../victim",
    "./../victim",
    "core//../../victim",
    "other/victim",
    ".victim",
    "..",
    "core/..",
    "/",
    "",
    "#victim",
]


@pytest.mark.parametrize("line", HOSTILE)
def test_journal_is_never_followed_out_of_the_folder(
    export: Callable[..., Outcome], out: Path, line: str
) -> None:
    victims = [out.parent / "victim", out / "other" / "victim", out / ".victim", out / "#victim"]
    (out / "core" / "deeper").mkdir(parents=True)
    (out / "other").mkdir()
    for victim in victims:
        victim.write_text("precious")
        victim.with_name(f"{victim.name}.partial").write_text("precious")
    (out / JOURNAL).write_text(line.format(victim=victims[0]) + "\n")
    export(EXAMPLES)
    for victim in victims:
        assert victim.read_text() == "precious"
        assert victim.with_name(f"{victim.name}.partial").read_text() == "precious"


def test_journal_names_no_file_at_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is removed from there: what would be is only written down."""
    (tmp_path / JOURNAL).write_text("/victim\n//victim\ncore/ours\n")
    removed: list[Path] = []
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    monkeypatch.setattr(Path, "unlink", lambda path, **_: removed.append(path))
    OutFolder(tmp_path).finish()
    assert [path for path in removed if path.suffix != ".partial"] == [tmp_path / "core" / "ours"]


def test_journal_of_junk(export: Callable[..., Outcome], out: Path) -> None:
    out.mkdir()
    (out / JOURNAL).write_bytes(bytes(range(256)))
    export(EXAMPLES)
    assert len(index(out)) == len(FIGURES)


def test_journal_that_is_a_folder(export: Callable[..., Outcome], out: Path) -> None:
    (out / JOURNAL).mkdir(parents=True)
    outcome = export(EXAMPLES, code=2)
    assert outcome.stderr == f"error: {out}: cannot be written to (Is a directory)\n"


# --- whole or not at all ---------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_file_appears_when_it_is_closed(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "deep" / "a.ttl"
    path.parent.mkdir()
    path.write_text("old")
    with OutputFile(path, compression) as file:
        file.write("new" * 1_000_000)
        assert path.read_text() == "old"
    assert path.read_bytes()[:3] != b"old"
    assert file.bytes_written == path.stat().st_size
    assert names(path.parent) == ["a.ttl"]


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_file_does_not_appear_when_something_is_raised(
    tmp_path: Path, compression: str, error: type[BaseException]
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("old")

    def fail() -> None:
        with OutputFile(path, compression) as file:
            file.write("new" * 1_000_000)
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == ["a.ttl"]
    assert path.read_text() == "old"


@pytest.mark.parametrize(
    ("compression", "text"),
    [("none", "x"), ("none", "x" * 3_000_000), ("gz", ""), ("gz", "x" * 3_000_000), ("zst", "x")],
    ids=["short", "long", "empty gz", "long gz", "short zst"],
)
def test_full_disk(tmp_path: Path, compression: str, text: str) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("a full disk: this system has no /dev/full")
    (tmp_path / "a.ttl.partial").symlink_to(full)

    def fill() -> None:
        with OutputFile(tmp_path / "a.ttl", compression) as file:
            file.write(text)

    with pytest.raises(DiskError, match="No space left on device"):
        fill()
    assert names(tmp_path) == []


def test_full_disk_stops_the_export(export: Callable[..., Outcome], out: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("a full disk: this system has no /dev/full")
    (out / "core").mkdir(parents=True)
    name = f"{FIGURES[3]}.ttl"
    (out / "core" / f"{name}.partial").symlink_to("/dev/full")
    outcome = export(EXAMPLES, code=2)
    problem = "cannot be written (No space left on device)"
    assert outcome.stderr == f"error: {out}/core/{name}: {problem}\n"
    assert not (out / "index.tsv").exists()
    export(EXAMPLES)
    assert len(index(out)) == len(FIGURES)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("part", ["header", "figure", "footer"])
@pytest.mark.parametrize("layout", ["files", "shards"])
def test_ctrl_c_at_any_point_of_a_file(
    export: Callable[..., Outcome],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
    part: str,
) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(FORMATS["rdfxml"].serializer, part, interrupt)
    outcome = export(EXAMPLES, "--layout", layout, "--format", "rdfxml", code=130)
    assert outcome.stderr == "stopped: no file was left half written\n"
    assert tree(out).keys() == {JOURNAL}
    gc.collect()  # while the file that was interrupted may be closed without a word


class Running(NamedTuple):
    """An export that is at work in a process group of its own."""

    process: subprocess.Popen[bytes]
    out: Path

    def children(self) -> list[int]:
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]


@pytest.fixture
def start(many: Path, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start an export and wait until it has written the first files."""
    started: list[Running] = []

    def call(layout: str, jobs: str = "2") -> Running:
        out = tmp_path / "out"
        command = [sys.executable, "-m", "rdfexport", "export", many, "--out", out]
        options = ["--jobs", jobs, "--layout", layout, "--format", "turtle", "--no-validate"]
        process = subprocess.Popen(
            [*command, *options], stderr=subprocess.PIPE, start_new_session=True
        )
        running = Running(process, out)
        started.append(running)
        deadline = time.monotonic() + 60
        while not list(out.glob("core/*.ttl")):
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() < deadline
            time.sleep(0.005)
        return running

    yield call
    for running in started:
        for stop in (running.process.wait, running.process.stderr.close):  # type: ignore[union-attr]
            stop()


@pytest.fixture(scope="session")
def undisturbed(
    many: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, bytes]]:
    """What an export that nothing disturbs leaves, in each layout."""
    known: dict[str, dict[str, bytes]] = {}

    def call(layout: str) -> dict[str, bytes]:
        if layout not in known:
            known[layout] = complete(many, tmp_path_factory.mktemp("undisturbed"), layout)
        return known[layout]

    return call


def complete(source: Path, out: Path, layout: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "rdfexport", "export", source, "--out", out, "--quiet"]
    options = ["--jobs", "2", "--layout", layout, "--format", "turtle", "--no-validate"]
    subprocess.run([*command, *options], check=True, timeout=120)
    return tree(out)


def assert_no_half_file(left: dict[str, bytes], whole: dict[str, bytes]) -> None:
    done = {name: data for name, data in left.items() if name.startswith("core/")}
    assert 0 < len(done) < sum(name.startswith("core/") for name in whole)
    assert done == {name: whole[name] for name in done}
    assert "index.tsv" not in left


@pytest.mark.parametrize(("layout", "jobs"), [("files", "2"), ("shards", "2"), ("files", "1")])
def test_ctrl_c(
    many: Path,
    start: Callable[..., Running],
    undisturbed: Callable[[str], dict[str, bytes]],
    layout: str,
    jobs: str,
) -> None:
    whole = undisturbed(layout)
    running = start(layout, jobs)
    os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does
    _, said = running.process.communicate(timeout=60)
    assert running.process.returncode == 130
    assert said.decode() == "stopped: no file was left half written\n"
    left = tree(running.out)
    assert_no_half_file(left, whole)
    assert not [name for name in left if name.endswith(".partial")]
    assert complete(many, running.out, layout) == whole


@pytest.mark.parametrize("layout", ["files", "shards"])
def test_kill(
    many: Path,
    start: Callable[..., Running],
    undisturbed: Callable[[str], dict[str, bytes]],
    layout: str,
) -> None:
    whole = undisturbed(layout)
    running = start(layout)
    os.killpg(running.process.pid, signal.SIGKILL)
    assert running.process.wait(60) == -signal.SIGKILL
    left = tree(running.out)
    assert_no_half_file({n: d for n, d in left.items() if not n.endswith(".partial")}, whole)
    assert complete(many, running.out, layout) == whole


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to know children")
def test_workers_end_with_the_export(start: Callable[..., Running]) -> None:
    """A worker that went on would write into the folder while the next export does."""
    running = start("shards")
    children = running.children()
    assert len(children) >= 2
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait(60)
    deadline = time.monotonic() + 5
    try:
        while alive := [pid for pid in children if is_running(pid)]:
            assert time.monotonic() < deadline, alive
            time.sleep(0.05)
    finally:
        for pid in filter(is_running, children):
            os.kill(pid, signal.SIGKILL)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


# --- what is said ----------------------------------------------------------------------------


def summary(outcome: Outcome) -> dict[str, str]:
    return dict(re.findall(r"^([a-z]+(?: [a-z]+)?) {2,}(.+)$", outcome.stderr, re.MULTILINE))


@pytest.mark.parametrize("options", [(), ("--layout", "shards"), ("--compress", "zst")])
def test_summary_is_true(
    collection: Collection,
    export: Callable[..., Outcome],
    out: Path,
    options: tuple[str, ...],
) -> None:
    shutil.copytree(EXAMPLES, collection.root)
    collection.add("PMC1__bad", b"")
    parts = ("--format", "ntriples", "--format", "jsonld", "--compat", "wikipathways")
    said = summary(export(collection.root, *parts, *options, code=1))
    files = graphs(out)
    lines: Counter[str] = Counter()
    for name, data in files.items():
        if ".nt" in name:
            part = "description" if name.startswith("wp/void") else name.partition("/")[0]
            text = unpack(name, data) if name.endswith(".zst") else data
            lines[part] += len(text.splitlines())
    assert said.pop("records read") == str(len(FIGURES) + 1)
    assert said.pop("records exported") == str(len(FIGURES)) == str(len(index(out)))
    assert said.pop("records rejected") == "1"
    triples = dict(part.split(" ") for part in said.pop("triples").split(", "))
    assert {part: int(n.replace(",", "")) for part, n in triples.items()} == lines
    assert set(lines) == {"core", "linkset", "wp", "description"}
    assert said.pop("files") == f"{len(files)} in {out}"
    assert said.pop("bytes") == f"{sum(map(len, files.values())):,}"
    assert re.fullmatch(r"\d+\.\d \([\d,]+ records a second\)", said.pop("seconds"))
    assert said == {}


def test_nothing_is_said_on_standard_output(export: Callable[..., Outcome]) -> None:
    assert export(EXAMPLES, "--verbose").stdout == ""


def test_quiet_and_verbose(
    collection: Collection, record: Callable[..., str], export: Callable[..., Outcome], out: Path
) -> None:
    changes = {"year": "99", "doi": "none", "genes": "[]"}
    path = collection.add("PMC1__f1", record(changes=changes))
    assert export(collection.root, "--quiet").stderr == ""
    lines = [json.loads(line) for line in (out / "warnings.jsonl").read_text().splitlines()]
    assert [line["field"] for line in lines] == ["doi", "year"]
    warnings = [
        "warning: {file}:{line}: {field}: {problem}: {remedy}".format(**line) for line in lines
    ]
    assert warnings[1] == (
        f"warning: {path}:17: year: '99' is not a year: write four digits, or '' if it is unknown"
    )
    verbose = export(collection.root, "--verbose").stderr.splitlines()
    assert verbose[:2] == warnings
    default = export(collection.root).stderr.splitlines()
    assert default[0] == f"warnings: 2, all in {out}/warnings.jsonl (-v prints them)"
    assert default[1:-1] == verbose[2:-1]


def test_table_without_a_record_is_a_warning(
    collection: Collection, table: Callable[..., str], export: Callable[..., Outcome], out: Path
) -> None:
    collection.add("PMC1__f1", genes=table("genes"))
    lonely = collection.root / "_data" / "PMC2__f2-genes.tsv"
    lonely.write_text(table("genes"))
    export(collection.root)
    warning = json.loads((out / "warnings.jsonl").read_text())
    assert (warning["file"], warning["line"]) == (str(lonely), None)
    assert "a table that belongs to no record" in warning["problem"]


def test_progress_is_plain_lines_where_there_is_no_terminal(
    many: Path, export: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdfexport.cli.progress._SECONDS_BETWEEN_LINES", 0.0)
    said = export(many, "--format", "ntriples").stderr.splitlines()
    done = [line.split(" records, ")[0] for line in said if line.endswith(" a second")]
    assert len(done) > 3
    assert done[-1] == "1,200 of 1,200"
    assert done == sorted(done, key=lambda line: int(line.split()[0].replace(",", "")))


def test_progress_is_a_bar_on_a_terminal(collection: Collection, tmp_path: Path) -> None:
    collection.add("PMC1__f1")
    collection.add("PMC2__[red]f2", b"")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rdfexport", "export", collection.root, "--jobs", "1"]
    process = subprocess.Popen(
        [*command, "--out", tmp_path / "out", "--no-validate"],
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(theirs)
    said = b""
    try:
        while block := os.read(ours, 65536):
            said += block
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert process.wait(60) == 1
    assert re.search(rb"records .*[012]/2", said)
    assert b"\x1b[" in said
    fault = f"rejected: {collection.root}/_figures/PMC2__[red]f2.md: the file is empty"
    assert fault in said.decode().replace("\r\n", "")
    assert b"records exported  1\r\n" in said


# --- help ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(main.commands))
def test_help_has_an_example_that_works(
    name: str, run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = " ".join(run(name, "--help").stdout.split())
    match = re.search(rf"Example: rdfexport {name} (.+)", text)
    assert match is not None
    words = match[1].split()
    command = main.commands[name]
    if not isinstance(command, click.Group):
        for word in takewhile(lambda word: not word.startswith("-"), words):
            Path(word).mkdir(parents=True)
    command.make_context(name, words)


def test_help_offers_every_format_and_compression() -> None:
    options = {option.name: option.type for option in main.commands["export"].params}
    for name, table in (("formats", FORMATS), ("compress", COMPRESSIONS)):
        choice = options[name]
        assert isinstance(choice, click.Choice)
        assert list(choice.choices) == list(table)


def test_version(run: Callable[..., Outcome]) -> None:
    assert re.fullmatch(r"rdfexport, version \d+\.\d+\S*\n", run("--version").stdout)


def test_a_script_without_a_guard_is_told_and_does_not_hang(
    collection: Collection, record: Callable[..., str], tmp_path: Path
) -> None:
    """Each worker process runs the main script; one that exports there would wait for itself."""
    for number in range(1, 31):
        collection.add(f"PMC{number}__f", record("legacy", f"PMC{number}__f"))
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\n"
        "from rdfexport import ExportOptions, export\n"
        f"options = ExportOptions(Path({str(tmp_path / 'out')!r}), jobs=2)\n"
        f"export([{str(collection.root)!r}], options)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert "call this under `if __name__ == '__main__':`" in done.stderr
