"""The script that compares what two versions of the program write."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


# Stands in for the program: an export of it is one file, which names the version.
PROGRAM = """
import sys
from pathlib import Path
from rdfexport.version import __version__

def main(prog_name=None):
    out = Path(sys.argv[sys.argv.index("--out") + 1])
    out.mkdir(parents=True)
    (out / "figures.nt").write_text("version " + __version__ + "\\nfirst\\n{second}\\n")
    if "--report" in sys.argv:
        Path(sys.argv[sys.argv.index("--report") + 1]).write_text("a report")
    sys.exit({status})

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Make a source tree of the stand-in, by its name, second line, version and exit status."""

    def make(name: str, second: str = "second", version: str = "1.0.0", status: int = 0) -> Path:
        package = tmp_path / name / "rdfexport"
        (package / "cli").mkdir(parents=True)
        program = PROGRAM.format(second=second, status=status)
        (package / "cli" / "__init__.py").write_text(program)
        (package / "__init__.py").write_text("")
        (package / "__main__.py").write_text("from rdfexport.cli import main\nmain()\n")
        (package / "version.py").write_text(f'__version__ = "{version}"\n')
        return package.parent

    return make


def compare(*arguments: object) -> subprocess.CompletedProcess[str]:
    script = ROOT / "tools" / "compare_versions.py"
    command = [sys.executable, str(script), *map(str, arguments), "--generated", "0"]
    environment = {name: value for name, value in os.environ.items() if name != "PFOCR_CORPUS"}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=600
    )


def test_one_differing_byte_is_found_and_its_line_shown(tree: Callable[..., Path]) -> None:
    done = compare(tree("old"), tree("new", second="sekond"), "--only", "export")
    assert done.returncode == 1, done.stderr
    assert "examples/export-default/figures.nt: line 3, column 3" in done.stdout
    assert "old: second" in done.stdout
    assert "new: sekond" in done.stdout


def test_another_exit_status_is_a_difference(tree: Callable[..., Path]) -> None:
    done = compare(tree("old"), tree("new", status=1), "--only", "export")
    assert done.returncode == 1, done.stderr
    assert "exit status: old [0], new [1]" in done.stdout


def test_two_versions_that_write_the_same_are_compared_as_one_version(
    tree: Callable[..., Path],
) -> None:
    done = compare(tree("old"), tree("new", version="2.0.0"), "--only", "export")
    assert done.returncode == 0, done.stdout
    assert "the old one runs as 2.0.0" in done.stdout


def test_a_command_that_fails_ends_the_comparison(tree: Callable[..., Path]) -> None:
    done = compare(tree("old"), tree("new", status=2), "--only", "export")
    assert done.returncode == 2
    assert "new: exit status 2: rdfexport export" in done.stderr


def test_the_program_writes_the_same_as_itself() -> None:
    """All commands of the script are commands of the present program."""
    done = compare(ROOT, ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "examples: load files: same" in done.stdout
