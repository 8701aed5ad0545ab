"""A command that is asked to stop: nothing half, nothing left behind, and the next run resumes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from support.paths import ROOT
from support.records import Collection, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = "20261110"
RECORDS = 600
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="needs /proc to know the processes of a session"
)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection that takes some seconds."""
    made = Collection(tmp_path_factory.mktemp("many"))
    for number in range(RECORDS):
        figid = f"PMC{number + 1}__f{number}"
        made.add(figid, record_text(figid=figid), genes=table_text("genes"))
    return made.root


class Ended(NamedTuple):
    code: int
    said: str


class Command:
    """A command in a session of its own, with a folder of its own for temporary files."""

    def __init__(self, words: list[object], temporary: Path) -> None:
        self.temporary = temporary
        temporary.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rdfexport", *map(str, words)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(temporary)},
        )

    def wait_for(self, pattern: str, folder: Path) -> None:
        """Until there is such a file, or the command is at work for some time."""
        deadline = time.monotonic() + 120
        while not next(folder.glob(pattern), None):
            assert self.process.poll() is None, self.process.communicate()[1].decode()
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self, number: signal.Signals, *, whole_group: bool) -> Ended:
        kill = os.killpg if whole_group else os.kill
        kill(self.process.pid, number)
        said = self.process.communicate(timeout=120)[1].decode()
        return Ended(self.process.returncode, said)

    def left(self) -> list[str]:
        """The temporary files and the processes that are left."""
        deadline = time.monotonic() + 10
        while (alive := list(session(self.process.pid))) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [*map(str, self.temporary.rglob("*")), *alive]


def session(number: int) -> Iterator[str]:
    """The processes of a session that are not dead."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and fields[3] == str(number):
            yield f"process {path.name}"


# Sends a signal to itself while a module is imported; then runs the command as its script does.
INTERRUPTED = """
import os, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), {number})
sys.meta_path.insert(0, Interrupt())
from {script} import {function}
{function}()
"""


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("module", ["click", "rdfexport.pipeline.link_report"])
def test_a_command_that_is_stopped_while_it_starts_shows_no_traceback(
    module: str, number: signal.Signals, tmp_path: Path
) -> None:
    """Before it begins its work it dies of the signal, which shells show as the same status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    script, _, function = project["project"]["scripts"]["rdfexport"].partition(":")
    code = INTERRUPTED.format(module=module, number=int(number), script=script, function=function)
    done = subprocess.run(
        [sys.executable, "-c", code, "link", "nothing"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    has_begun = module != "click"
    assert done.returncode == (128 + number if has_begun else -number), done.stderr
    assert len(done.stderr.splitlines()) == has_begun
    assert "Traceback" not in done.stderr


def words(kind: str, records: Path, out: Path) -> list[object]:
    return {
        "export": ["export", records, "--out", out, "--jobs", 2, "--layout", "files"],
        "url": ["export", records, "--out", f"file://{out}", "--jobs", 2],
        "load": ["load", records, "--store", out / "store", "--jobs", 2],
        "release": ["release", records, "--version", DAY, "--out", out, "--jobs", 2],
        "link": ["link", records, "--report", out / "links.tsv", "--jobs", 2],
    }[kind]


# What tells that a command is in the midst of its work.
AT_WORK = {
    "export": "core/*.ttl",
    "url": ".rdfexport-export",
    "load": "store.loading/journal",
    "release": "pfocr/.*.partial/work/*",
    "link": "links.tsv.partial",
}


@pytest.mark.parametrize("whole_group", [False, True], ids=["process", "group"])
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("kind", AT_WORK)
def test_a_command_that_is_stopped_leaves_nothing_half(
    kind: str,
    number: signal.Signals,
    whole_group: bool,  # noqa: FBT001 - pytest passes it by name
    records: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = Command(words(kind, records, out), tmp_path / "tmp")
    command.wait_for(AT_WORK[kind], out)
    ended = command.end(number, whole_group=whole_group)
    assert ended.code == 128 + number, ended.said
    assert "Traceback" not in ended.said
    assert "Exception" not in ended.said
    assert ended.said.splitlines()[-1].startswith("stopped: ")
    assert command.left() == []
    assert not [path for path in out.rglob("*.partial") if path.is_file()]
    assert not list(out.rglob(".rdfexport-lock*"))
    assert not (out / "index.tsv").exists()
    assert not (out / "links.tsv").exists()


@pytest.mark.parametrize("kind", ["export", "load", "release"])
def test_the_next_run_resumes(kind: str, records: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    command = Command(words(kind, records, out), tmp_path / "tmp")
    command.wait_for(AT_WORK[kind], out)
    time.sleep(0.5)
    assert command.end(signal.SIGTERM, whole_group=False).code == 143
    again = Command(words(kind, records, out), tmp_path / "tmp")
    said = again.process.communicate(timeout=300)[1].decode()
    assert again.process.returncode == 0, said
    assert again.left() == []


def test_a_hangup_that_is_ignored_stays_ignored(records: Path, tmp_path: Path) -> None:
    """As under ``nohup``."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        out = tmp_path / "out"
        command = Command([*words("export", records, out), "--no-validate"], tmp_path / "tmp")
    finally:
        signal.signal(signal.SIGHUP, before)
    command.wait_for("core/*.ttl", out)
    ended = command.end(signal.SIGHUP, whole_group=True)
    assert ended.code == 0, ended.said
    assert (out / "index.tsv").is_file()


def test_a_server_ends_when_it_is_asked_to(records: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    load = ["load", records / "_figures/PMC1__f0.md", "--store", store, "-q"]
    subprocess.run([sys.executable, "-m", "rdfexport", *map(str, load)], check=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        command = Command(["serve", "--store", store, "--port", 0], tmp_path / "tmp")
        assert command.process.stderr is not None
        assert b"serving" in command.process.stderr.readline()
        ended = command.end(number, whole_group=False)
        assert ended.code == 128 + number, ended.said
        assert "Traceback" not in ended.said
        assert command.left() == []
