"""How a release is made: the same bytes, whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rdfexport.cli import main
from rdfexport.locks import locked
from rdfexport.release.shards import ShardWorker
from support.paths import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from support.records import Collection, Outcome

VERSION = "20261110"
# Three shards, and a record in the second that is rejected.
RECORDS = 450
BAD = "PMC300__f1"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records for several shards; one is no record, and one violates a shape."""
    folder = tmp_path_factory.mktemp("many")
    script = ROOT / "benchmarks" / "corpus.py"
    command = [sys.executable, str(script), str(folder), "--records", str(RECORDS), "--seed", "3"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    records = sorted(folder.glob("_figures/*.md"))
    records[250].write_text("---\nfigid: [\n---\n")
    return folder


def command(source: Path, out: Path, *options: object) -> list[str]:
    words = ("release", source, "--version", VERSION, "--out", out, *options)
    return [sys.executable, "-m", "rdfexport", *map(str, words)]


def call(
    source: Path, out: Path, *options: object, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(source, out, *options),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **(env or {})},
    )


@pytest.fixture(scope="module")
def undisturbed(many: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a release is that nothing happened to."""
    out = tmp_path_factory.mktemp("undisturbed")
    done = call(many, out, "--jobs", "1", "--no-validate")
    assert done.returncode == 1, done.stderr
    return tree(out)


# --- the same bytes --------------------------------------------------------------------------


def test_the_same_bytes_whatever_the_jobs_the_zone_the_language_and_the_hash_seed(
    many: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    zones = ("Pacific/Kiritimati", "C.UTF-8", "1"), ("America/Adak", "tr_TR.UTF-8", "2")
    for zone, locale, seed in zones:
        env = {"TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed}
        done = call(many, tmp_path / seed, "--jobs", "2", "--no-validate", "-q", env=env)
        assert done.returncode == 1, done.stderr
        assert tree(tmp_path / seed) == undisturbed
    assert len(undisturbed) > 30


# --- faults ----------------------------------------------------------------------------------


def test_a_bad_record_is_left_out_and_told_of(many: Path, undisturbed: dict[str, bytes]) -> None:
    facts = json.loads(undisturbed[f"pfocr/{VERSION}/release.json"])
    assert (facts["figures"], facts["rejected"]) == (RECORDS - 1, 1)
    (line,) = undisturbed[f"reports/{VERSION}/rejected.jsonl"].splitlines()
    assert json.loads(line)["file"].startswith(str(many))
    for name, data in undisturbed.items():
        if name.endswith(("release.json", "SHA256SUMS", ".gmt")):
            assert str(many).encode() not in data


def test_a_figure_that_violates_a_shape_is_left_out(
    collection: Collection,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    collection.add("PMC1__f1")
    collection.add("PMC2__f1")
    monkeypatch.setattr("rdfexport.pipeline.build.make_engine", lambda *_: _Engine("PMC2__f1.html"))
    arguments = ("release", collection.root, "--version", VERSION, "--out", tmp_path / "out")
    outcome = run(*arguments, "--jobs", "1")
    assert outcome.code == 1
    assert "rejected: " in outcome.stderr
    assert "PMC2__f1.md" in outcome.stderr
    first = tree(tmp_path / "out")
    assert b'"violations"' in first[f"reports/{VERSION}/rejected.jsonl"]
    assert json.loads(first[f"pfocr/{VERSION}/release.json"])["figures"] == 1


class _Engine:
    """Finds fault with the figure of a name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def validate(self, text: str) -> list[object]:
        from rdfexport.diagnostics import Result, Severity  # noqa: PLC0415

        page = f"<https://pfocr.wikipathways.org/figures/{self._name}>"
        fault = Result(page, None, None, "http://e/c", Severity.VIOLATION, "<http://e/s>", "wrong")
        return [fault] if page in text else []


def test_without_any_record_there_is_no_release(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add("PMC1__f1", b"")
    out = tmp_path / "out"
    outcome = run("release", collection.root, "--version", VERSION, "--out", out, "--jobs", "1")
    assert outcome.code == 1
    assert "error: no record could be exported" in outcome.stderr
    assert not (out / "pfocr" / VERSION).exists()
    assert not (out / "pfocr" / "current").exists()


@pytest.mark.parametrize(
    "version", ["2026-11-10", "20261131", "00000101", "19791231", "21080101", "٢٠٢٦١١١٠", "../x"]
)
def test_a_version_is_a_day(run: Callable[..., Outcome], tmp_path: Path, version: str) -> None:
    outcome = run("release", EXAMPLES, "--version", version, "--out", tmp_path / "out")
    assert outcome.code == 2
    assert "write a day as YYYYMMDD" in outcome.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("url", ["example.org/", "https://example.org", "https://example.org/#"])
def test_a_base_url_is_a_folder(run: Callable[..., Outcome], tmp_path: Path, url: str) -> None:
    options = ("--version", VERSION, "--base-url", url, "--out", tmp_path / "out")
    assert run("release", EXAMPLES, *options).code == 2


def test_a_source_that_is_not_there(run: Callable[..., Outcome], tmp_path: Path) -> None:
    out = tmp_path / "out"
    outcome = run("release", tmp_path / "no", "--version", VERSION, "--out", out)
    assert outcome.code == 2
    assert tree(out) == {}
    assert not (out / "pfocr").exists()


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415

    limited = subprocess.run(
        command(EXAMPLES, tmp_path / "out", "--jobs", "1"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: (
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
        ),
    )
    assert limited.returncode == 2
    assert "cannot be written (File too large)" in limited.stderr
    assert "Traceback" not in limited.stderr
    assert not (tmp_path / "out" / "pfocr" / VERSION).exists()


# --- there already ---------------------------------------------------------------------------


@pytest.fixture
def small(
    run: Callable[..., Outcome], collection: Collection, tmp_path: Path
) -> Callable[..., Outcome]:
    """Make a release of the collection, by its version."""

    def make(version: str, *options: object, code: int = 0) -> Outcome:
        out = ("--out", tmp_path / "out", "--jobs", "1")
        outcome = run("release", collection.root, "--version", version, *out, *options)
        assert outcome.code == code, outcome.stderr
        return outcome

    return make


def test_a_release_that_is_there_is_not_touched_unless_told(
    collection: Collection, small: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add("PMC1__f1")
    small(VERSION)
    before = tree(tmp_path)
    collection.add("PMC2__f1")
    refused = small(VERSION, code=2)
    assert "replace it with --replace" in refused.stderr
    del before["source/_figures/PMC1__f1.md"]
    after = tree(tmp_path)
    assert {name: after[name] for name in before} == before
    small(VERSION, "--replace")
    facts = json.loads((tmp_path / "out" / "pfocr" / VERSION / "release.json").read_bytes())
    assert facts["figures"] == 2
    assert [path.name for path in sorted((tmp_path / "out" / "pfocr").iterdir())] == [
        VERSION,
        "current",
    ]
    current = json.loads((tmp_path / "out" / "pfocr" / "current" / "release.json").read_bytes())
    assert current == facts


def test_current_is_the_newest_and_each_knows_the_one_before(
    collection: Collection, small: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add("PMC1__f1")
    root = tmp_path / "out" / "pfocr"

    def facts(folder: str) -> tuple[str, str | None]:
        read = json.loads((root / folder / "release.json").read_bytes())
        return read["version"], read["previous"]

    for version, newest, previous in (
        ("20261010", "20261010", None),
        ("20261210", "20261210", "20261010"),
        ("20261110", "20261210", "20261010"),
    ):
        small(version)
        assert facts(version) == (version, previous)
        assert facts("current")[0] == newest
    (root / "20269999").mkdir()  # no release
    (root / "notes.txt").touch()
    small("20270101")
    assert facts("current") == ("20270101", "20261210")
    assert not list((root / "current").rglob("*2027*"))


def test_two_at_once_do_not_mix(
    collection: Collection, small: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add("PMC1__f1")
    with locked(tmp_path / "out" / "pfocr"):
        assert f"process {os.getpid()}" in small(VERSION, code=2).stderr
    small(VERSION)


def test_where_the_file_system_has_no_links_current_is_a_copy(
    collection: Collection,
    small: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    collection.add("PMC1__f1")
    small(VERSION)
    root = tmp_path / "out" / "pfocr"
    assert (root / "current" / "release.json").stat().st_nlink == 1
    packing = {"manifest.json", "ro-crate-metadata.json"}
    dated = tree(root / VERSION).keys() - packing
    assert {name.replace(f"-{VERSION}", "") for name in dated} == tree(root / "current").keys()
    sums = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    subprocess.run(sums, cwd=root / "current", check=True)


# --- stopped, and gone on with ---------------------------------------------------------------

KILLED = """
import os, signal, sys
from rdfexport.cli import main
from rdfexport.release import {module} as module
count = 0
def killing(function):
    def call(*args, **options):
        global count
        count += 1
        if count == {number} and {before}:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*args, **options)
        if count == {number}:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return call
owner = {owner}
setattr(owner, "{name}", killing(getattr(owner, "{name}")))
main(sys.argv[1:])
"""
MOMENTS = {
    "before the first shard": ("shards", "module.ShardWorker", "run", 1, True),
    "after the second shard": ("shards", "module.ShardWorker", "run", 2, False),
    "within the third shard": ("shards", "module._Made", "exported", 430, True),
    "before the linkset": ("bundle", "module._Bundle", "_write_linkset", 1, True),
    "before the gene sets": ("genesets", "module.SetFiles", "write", 1, True),
    "before it is described": ("bundle", "module.Release", "save", 1, True),
    "before its checksums": ("folder", "module", "write_sums", 1, True),
    "before it gets its place": ("folder", "module", "_put", 1, True),
    "as soon as it has its place": ("folder", "module", "_put", 1, False),
    "before the checksums of current": ("folder", "module", "write_sums", 2, True),
    "before current gets its place": ("folder", "module", "_put", 2, True),
    "as soon as current has its place": ("folder", "module", "_put", 2, False),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_gone_on_with(
    many: Path, undisturbed: dict[str, bytes], tmp_path: Path, moment: str
) -> None:
    module, owner, name, number, before = MOMENTS[moment]
    script = KILLED.format(module=module, owner=owner, name=name, number=number, before=before)
    arguments = command(many, tmp_path / "out", "--jobs", "1", "--no-validate")[3:]
    call_killed = [sys.executable, "-c", script, *arguments]
    killed = subprocess.run(call_killed, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    place = tmp_path / "out" / "pfocr" / VERSION
    if place.exists():  # then whole
        whole = {n: d for n, d in undisturbed.items() if n.startswith(f"pfocr/{VERSION}/")}
        assert {f"pfocr/{VERSION}/{n}": d for n, d in tree(place).items()} == whole
    done = call(many, tmp_path / "out", "--jobs", "2", "--no-validate")
    assert done.returncode == 1, done.stderr
    assert tree(tmp_path / "out") == undisturbed


def test_killed_while_one_replaces_the_other(
    collection: Collection, record: Callable[..., str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    collection.add("PMC1__f1")
    assert call(collection.root, out, "-q").returncode == 0
    first = tree(out)
    collection.add("PMC1__f1", record(changes={"figtitle": "Another title"}))
    script = KILLED.format(
        module="folder", owner="__import__('pathlib').Path", name="rename", number=1, before=False
    )
    arguments = command(collection.root, out, "--jobs", "1", "--replace")[3:]
    killed = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    place = out / "pfocr" / VERSION
    assert not place.exists()
    assert call(collection.root, out, "-q").returncode == 2  # the first one is there again
    assert {f"pfocr/{VERSION}/{name}": data for name, data in tree(place).items()}.items() <= (
        first.items()
    )
    assert call(collection.root, out, "-q", "--replace").returncode == 0
    second = tree(out)
    assert second.keys() == first.keys()
    assert second != first


def test_killed_while_several_processes_work(
    many: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(many, out, "--jobs", "2", "--no-validate", "-q"), start_new_session=True
    )
    while not list(out.glob("pfocr/.*/work/*.shard")):
        assert running.poll() is None
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait(60) == -signal.SIGKILL
    assert not (out / "pfocr" / VERSION).exists()
    assert call(many, out, "--no-validate", "-q").returncode == 1
    assert tree(out) == undisturbed


def test_ctrl_c(many: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    running = subprocess.Popen(
        command(many, out, "--jobs", "2", "--no-validate", "-q"),
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    while not list(out.glob("pfocr/.*/work/*.shard")):
        assert running.poll() is None
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.decode().splitlines()[-1] == "stopped: the same command resumes where it was"
    assert not list(out.rglob("*.partial/work/*.partial"))
    assert call(many, out, "--no-validate", "-q").returncode == 1
    assert tree(out) == undisturbed


@pytest.fixture
def stopped(
    collection: Collection,
    small: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    record: Callable[..., str],
    table: Callable[..., str],
) -> list[str]:
    """Stop a release of three shards before its end; the shards that are made later are listed."""
    from rdfexport.release import bundle  # noqa: PLC0415

    monkeypatch.setattr(bundle, "_TASK", 2)
    for number in range(1, 7):
        figid = f"PMC{number}__f1"
        collection.add(figid, record("legacy", figid))
    collection.add("PMC4__f1", record("current", "PMC4__f1"), genes=table("genes"))
    made: list[str] = []
    build = ShardWorker.build

    def noted(self: ShardWorker, task, *others):  # type: ignore[no-untyped-def]
        made.append(task.shard)
        return build(self, task, *others)

    monkeypatch.setattr(ShardWorker, "build", noted)
    with monkeypatch.context() as patch:
        patch.setattr("rdfexport.release.folder.write_sums", _fail)
        small(VERSION, code=2)
    assert made == ["00001", "00002", "00003"]
    made.clear()
    return made


def _fail(*_: object) -> None:
    raise OSError("stop")


def test_what_is_made_is_not_made_again(
    stopped: list[str], small: Callable[..., Outcome], tmp_path: Path
) -> None:
    small(VERSION)
    assert stopped == []
    resumed = tree(tmp_path / "out")
    small(VERSION, "--replace")
    assert stopped == ["00001", "00002", "00003"]
    assert tree(tmp_path / "out") == resumed


@pytest.mark.parametrize(
    "option",
    [
        ("--gmt-rule", "all"),
        ("--gmt-min-genes", "1"),
        ("--no-link",),
        ("--diseases-by-label",),
        ("--no-validate",),
    ],
)
def test_with_other_options_all_is_made_anew(
    stopped: list[str], small: Callable[..., Outcome], option: tuple[str, ...]
) -> None:
    small(VERSION, *option)
    assert stopped == ["00001", "00002", "00003"]


@pytest.mark.parametrize("what", ["record", "table", "new table"])
def test_where_a_record_has_changed_its_shard_is_made_anew(
    stopped: list[str],
    small: Callable[..., Outcome],
    collection: Collection,
    record: Callable[..., str],
    table: Callable[..., str],
    tmp_path: Path,
    what: str,
) -> None:
    if what == "record":
        changed = record("legacy", "PMC3__f1", {"figtitle": "Another title"})
        collection.add("PMC3__f1", changed)
    elif what == "table":
        collection.add("PMC4__f1", record("current", "PMC4__f1"), genes=table("genes", ""))
    else:
        collection.add("PMC3__f1", record("legacy", "PMC3__f1"), genes=table("genes"))
    small(VERSION)
    assert stopped == ["00002"]
    resumed = tree(tmp_path / "out")
    small(VERSION, "--replace")
    assert tree(tmp_path / "out") == resumed


def test_where_a_record_is_gone_the_shards_after_it_are_made_anew(
    stopped: list[str], small: Callable[..., Outcome], collection: Collection, tmp_path: Path
) -> None:
    (collection.root / "_figures" / "PMC3__f1.md").unlink()
    small(VERSION)
    assert stopped == ["00002", "00003"]
    facts = json.loads((tmp_path / "out" / "pfocr" / VERSION / "release.json").read_bytes())
    assert facts["figures"] == 5


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "no shard"])
def test_a_damaged_shard_is_made_anew(
    stopped: list[str], small: Callable[..., Outcome], tmp_path: Path, damage: str
) -> None:
    work = tmp_path / "out" / "pfocr" / f".{VERSION}.partial" / "work"
    shard = work / "00002.shard"
    data = bytearray(shard.read_bytes())
    if damage == "cut":
        shard.write_bytes(data[:-1000])
    elif damage == "flipped":
        data[data.index(b'"index"') + 12] ^= 1
        shard.write_bytes(data)
    elif damage == "empty":
        shard.write_bytes(b"")
    else:
        shutil.copy(work / "00001.shard", shard)
    small(VERSION)
    assert stopped == ["00002"]


def test_with_another_version_of_the_program_all_is_made_anew(
    stopped: list[str], small: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdfexport.release.shards.__version__", "0.0.0")
    small(VERSION)
    assert stopped == ["00001", "00002", "00003"]


def test_faults_are_told_of_again_when_it_goes_on(
    collection: Collection,
    record: Callable[..., str],
    small: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    collection.add("PMC1__f1", record("legacy", "PMC1__f1"))
    collection.add("PMC2__f1", b"---\nfigid: PMC3__f1\n---\n")
    monkeypatch.setattr("rdfexport.pipeline.build.make_engine", lambda *_: _Engine("PMC4__f1.html"))
    collection.add("PMC4__f1")
    with monkeypatch.context() as patch:
        patch.setattr("rdfexport.release.folder.write_sums", _fail)
        small(VERSION, "-v", code=2)
    resumed = small(VERSION, "-v", code=1)
    first = tree(tmp_path / "out")
    again = small(VERSION, "-v", "--replace", code=1)
    assert tree(tmp_path / "out") == first
    assert first[f"reports/{VERSION}/rejected.jsonl"].count(b"\n") == 2
    faults = [line for line in again.stderr.splitlines() if "ejected: " in line or "warn" in line]
    assert len(faults) >= 3
    assert first[f"reports/{VERSION}/warnings.jsonl"]
    assert [x for x in resumed.stderr.splitlines() if "ejected: " in x or "warn" in x] == faults


def test_the_example_of_the_help_is_a_call() -> None:
    context = main.commands["release"].make_context(
        "release", ["pfocr-database/", "--version", VERSION]
    )
    assert context.params["gmt_min_genes"] == 3
