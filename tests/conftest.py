"""Fixtures of all tests: a folder for records, the command line, and real records."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import settings

from rdfexport.cli import main
from support.records import Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# How long a test takes says nothing on a busy machine.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

pytest_plugins = ("support.validation", "support.querying", "support.sites", "support.http_server")

# The tests start thousands of processes: each would compile every module again if the environment
# keeps Python from writing what it compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A shell starts what it puts in the background with Ctrl-C ignored, and its children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
# `nohup` ignores hangups in the same way.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def record() -> Callable[..., str]:
    """``record_text``."""
    return record_text


@pytest.fixture
def table() -> Callable[..., str]:
    """``table_text``."""
    return table_text


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """An empty folder for records, apart from where tests export to."""
    return Collection(tmp_path / "source")


@pytest.fixture
def run() -> Callable[..., Outcome]:
    """Call the command line within this process; an exception that it lets through is raised."""

    def call(*args: object, stdin: bytes | None = None) -> Outcome:
        words = [str(arg) for arg in args]
        result = CliRunner().invoke(main, words, input=stdin, catch_exceptions=False)
        return Outcome(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def run_process() -> Callable[..., Outcome]:
    """Call the command line as a process of its own."""

    def call(*args: object, stdin: bytes = b"") -> Outcome:
        command = [sys.executable, "-m", "rdfexport", *map(str, args)]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120)
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture(scope="session", autouse=True)
def reference_tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the reference tables: those of the package, whatever the user has."""
    folder = tmp_path_factory.mktemp("references")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RDFEXPORT_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real collections that PFOCR_CORPUS names."""
    folder = os.environ.get("PFOCR_CORPUS")
    if not folder:
        pytest.skip("real records: PFOCR_CORPUS does not name their folder")
    return Path(folder)
