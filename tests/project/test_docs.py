"""What the documentation and the help say is so."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

import rdfexport
from rdfexport import cli
from rdfexport.cli import export_command, options, validate_command
from rdfexport.validate import ENGINES
from rdfexport.validate.report import REPORTS
from rdfexport.write import COMPRESSIONS, FORMATS
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands() -> list[click.Command]:
    return list(cli.main.commands.values())


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_command_has_help_with_an_example(command: click.Command) -> None:
    assert command.help
    assert command.epilog is not None
    assert command.epilog.startswith(f"Example: rdfexport {command.name} ")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            documented = parameter.help or parameter.show_default
            assert documented, parameter.name


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_command_is_in_the_readme(command: click.Command) -> None:
    assert f"rdfexport {command.name}" in (ROOT / "README.md").read_text("utf-8")


def test_the_choices_that_the_help_offers_are_those_there_are() -> None:
    assert tuple(FORMATS) == export_command.FORMATS
    assert tuple(COMPRESSIONS) == export_command.COMPRESSIONS
    assert tuple(ENGINES) == options.ENGINES
    assert tuple(REPORTS) == validate_command.REPORTS


def test_the_public_names_are_sorted_and_there() -> None:
    names = rdfexport.__all__
    assert list(names) == sorted(names, key=lambda name: (not name.isupper(), name.islower(), name))
    assert all(hasattr(rdfexport, name) for name in names)


@pytest.mark.parametrize(
    ("page", "tool"),
    [("mapping", "tables"), ("prefixes", "tables"), ("queries", "queries")],
)
def test_a_page_has_the_tables_that_its_tool_makes(page: str, tool: str) -> None:
    spec = importlib.util.spec_from_file_location(tool, ROOT / "docs" / f"{tool}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / f"{page}.md").read_text("utf-8") == module.PAGES[page]()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", page.read_text("utf-8"))  # a pattern may look like a link
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_transcript_is_what_the_demo_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    transcript = readme.partition("## What comes out")[2].partition("```\n")[0]
    arguments = ["export", str(ROOT / "examples"), "--out", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "rdfexport", *arguments], capture_output=True, text=True, check=True
    )
    counted = [line for line in done.stderr.splitlines() if line.startswith(("records", "triples"))]
    assert counted
    for line in counted:
        assert line in transcript
    turtle = (tmp_path / "core" / "PMC3811159__nihms512981f2.ttl").read_text("utf-8")
    quoted = [line for line in transcript.splitlines() if line.startswith("    schema:")]
    assert quoted
    for line in quoted:
        assert line in turtle or "…" in line


def test_the_python_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    code = readme.partition("```python\n")[2].partition("```")[0]
    (ROOT / "examples").stat()
    monkeypatch.chdir(ROOT)
    exec(code.replace('"pfocr-database/"', '"examples"'), {})
