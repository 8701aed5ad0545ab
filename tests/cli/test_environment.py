"""A machine that is in the way: closed and full streams, no files, no room; never a traceback."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING

import pytest

from support.paths import EXAMPLES
from support.records import Collection, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READER_GONE = 128 + 13


def rdfexport(
    *words: object,
    redirect: str = "",
    prepare: Callable[[], None] | None = None,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """A command through a shell, which opens and closes its streams."""
    command = ["bash", "-c", f'set -o pipefail; "$@" {redirect}', "bash"]
    return subprocess.run(
        [*command, sys.executable, "-m", "rdfexport", *map(str, words)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=prepare,
        env={**os.environ, **variables},
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export, a store and a release of the examples."""
    folder = tmp_path_factory.mktemp("made")
    for words in (
        ("export", EXAMPLES, "--out", folder / "export"),
        ("load", folder / "export", "--store", folder / "store"),
        ("release", EXAMPLES, "--version", "20261110", "--out", folder / "release"),
    ):
        done = rdfexport(*words, "-q")
        assert done.returncode == 0, done.stderr
    return folder


def printing(made: Path) -> list[tuple[object, ...]]:
    """Commands that print their answer."""
    store = ("--store", made / "store")
    query = ("query", "figures-of-gene", "--param", "gene=MTOR", *store)
    return [
        ("--help",),
        ("export", "--help"),
        ("query", "--list"),
        *((*query, "--format", form) for form in ("table", "csv", "json")),
        ("validate", made / "export" / "core"),
        ("validate", made / "export" / "core", "--format", "json"),
        ("link", EXAMPLES),
        ("verify", made / "release/pfocr/20261110", "--no-shacl"),
        ("references", "status"),
    ]


COMMANDS = range(11)


@pytest.mark.parametrize("number", COMMANDS)
@pytest.mark.parametrize(
    ("redirect", "reason"),
    [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")],
)
def test_an_answer_that_cannot_be_printed_is_said(
    number: int, redirect: str, reason: str, made: Path
) -> None:
    done = rdfexport(*printing(made)[number], redirect=redirect)
    assert done.returncode == 2, done.stderr
    assert "standard output" in done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", COMMANDS)
def test_a_reader_that_has_enough_is_no_error(number: int, made: Path) -> None:
    """Least of all status 1, which says of a release that it is unsound."""
    done = rdfexport(*printing(made)[number], redirect="| true")
    assert done.returncode in {0, READER_GONE}
    assert "rror" not in done.stderr
    assert "Traceback" not in done.stderr


def test_messages_that_nobody_can_read_change_nothing(tmp_path: Path) -> None:
    done = rdfexport("export", EXAMPLES, "--out", tmp_path / "out", redirect="<&- >&- 2>&-")
    assert done.returncode == 0
    assert (tmp_path / "out" / "index.tsv").is_file()
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in files if b"records read" in path.read_bytes()]


@pytest.mark.parametrize(
    "words", [("export", "-", "--out", "out"), ("query", "-"), ("link", "-")], ids=lambda w: w[0]
)
def test_input_that_is_closed_is_said(words: tuple[str, ...], tmp_path: Path) -> None:
    done = rdfexport(*words, redirect="<&-", PWD=str(tmp_path))
    assert done.returncode == 2
    assert "standard input: cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


# --- files and room ------------------------------------------------------------------------------


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))


def no_room() -> None:
    """No file can grow beyond some bytes; as on a full disk, whoever writes more is told."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize(
    "words",
    [
        ("export", "{many}", "--out", "{out}", "--jobs", "2"),
        ("release", "{many}", "--version", "20261110", "--out", "{out}", "--jobs", "1"),
        ("load", "{many}", "--store", "{out}"),
        ("link", "{many}", "--sssom", "{out}/x.tsv", "--jobs", "2"),
        ("verify", "{release}", "--jobs", "2"),
        ("validate", "{export}/core"),
        ("query", "--list"),
        ("site", "{release}", "--base-url", "https://example.org/", "--out", "{out}"),
    ],
    ids=lambda words: words[0],
)
def test_few_open_files_are_enough_or_said(
    words: tuple[str, ...], made: Path, many: Path, tmp_path: Path
) -> None:
    places = {"many": many, "out": tmp_path / "out", "export": made / "export"}
    release = made / "release/pfocr/20261110"
    done = rdfexport(*(w.format(release=release, **places) for w in words), prepare=few_files)
    assert done.returncode in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 2:
        assert "open files" in done.stderr or "file descriptors" in done.stderr
        assert "ulimit -n" in done.stderr
        for misleading in ("damaged", "not the N-Quads", "WRONG"):
            assert misleading not in done.stderr + done.stdout


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    collection = Collection(tmp_path_factory.mktemp("many"))
    for number in range(60):
        figid = f"PMC{number + 1}__f{number}"
        collection.add(figid, record_text(figid=figid), genes=table_text("genes"))
    return collection.root


@pytest.mark.parametrize("kind", ["release", "export", "load"])
def test_no_room_is_said(kind: str, many: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words: dict[str, list[object]] = {
        "release": ["release", many, "--version", "20261110", "--out", out, "--jobs", 1],
        "export": ["export", many, "--out", out, "--layout", "shards"],
        "load": ["load", many, "--store", out],
    }
    done = rdfexport(*words[kind], "-q", prepare=no_room)
    assert done.returncode in {1, 2}, done.stderr
    assert "Traceback" not in done.stderr
    assert "error: " in done.stderr


def test_an_archive_is_not_blamed_for_a_disk_that_is_full(many: Path, tmp_path: Path) -> None:
    archive = tmp_path / "records.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(many, "records")
    done = rdfexport("export", archive, "--out", tmp_path / "out", prepare=no_room)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr
    assert "TMPDIR" in done.stderr
    for misleading in ("damaged", "download it", "rejected"):
        assert misleading not in done.stderr


def test_an_archive_is_not_blamed_for_a_server_that_is_down(tmp_path: Path) -> None:
    done = rdfexport("export", "http://127.0.0.1:9/records.zip", "--out", tmp_path / "out")
    assert done.returncode in {1, 2}
    assert "damaged" not in done.stderr
    assert "http://127.0.0.1:9/records.zip" in done.stderr
