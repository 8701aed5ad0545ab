"""The README's sections about stores, run as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT
from support.servers import oxigraph, virtuoso

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_GRAPH = "https://pfocr.wikipathways.org/"


def commands(section: str) -> str:
    """The commands of a section, without what they print."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"^##+ {section}\n(.*?)(?=^## |^### |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, section
    lines = []
    continued = False
    for block in re.findall(r"```console\n(.*?)```", found[1], re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ ") or continued:
                lines.append(line.removeprefix("$ "))
                continued = line.endswith("\\")
    assert lines, section
    return "\n".join(lines)


def triples() -> int:
    """How many the demo makes of the examples, says the README."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"^triples +core ([\d,]+), linkset ([\d,]+)$", text, re.MULTILINE)
    assert found
    return sum(int(number.replace(",", "")) for number in found.groups())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a reader is: records of theirs, this project's documentation, and an export."""
    shutil.copytree(ROOT / "examples", tmp_path / "pfocr-database")
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / "my.rq").write_text("SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }")
    return tmp_path


def shell(script: str, folder: Path, addresses: Mapping[str, str] | None = None) -> str:
    for address, real in (addresses or {}).items():
        assert address in script
        script = script.replace(address, real)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "XDG_STATE_HOME": str(folder / "state")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def export(folder: Path) -> None:
    shell("rdfexport export pfocr-database/ --out out --format nquads", folder)


def test_query_without_a_server(folder: Path) -> None:
    said = shell(commands("Query without a server"), folder)
    assert f"triples   {triples():,} in 8 graphs, all counted in out/store" in said
    assert "PMC3811159__nihms512981f2" in said


def test_load_into_a_server(folder: Path) -> None:
    export(folder)
    (folder / "data").mkdir()
    with oxigraph(folder / "data") as server:
        said = shell(
            commands("Load into a server"), folder, {"localhost:7878": f"127.0.0.1:{server.port}"}
        )
        assert f"triples   {triples():,} in 8 graphs" in said
        assert "unchanged 8 graphs" in said
        assert sum(server.counts().values()) > triples()


def test_load_into_virtuoso(folder: Path) -> None:
    export(folder)
    (folder / "data").mkdir()
    with virtuoso(folder / "data", with_users=False) as server:
        addresses = {"localhost:8890": f"127.0.0.1:{server.port}", "localhost:1111": server.sql}
        said = shell(commands("Load into Virtuoso"), folder, addresses)
        assert "*** Error" not in said
        assert f"triples   {triples():,} in 8 graphs" in said
        assert "in 1 graph, all counted" in said
        rows = server.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{ONE_GRAPH}> {{ ?s ?p ?o }} }}")
        assert 7_000 < int(rows[0]["n"]) <= triples()
