"""The wheel alone, in environments of its own: with the oldest and the newest that it allows.

Run by ``make packages``, which builds the wheel: only it needs a package index.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from support.paths import ROOT

EXTRAS = ("cluster", "fast", "keyring", "pyshacl", "release", "serve", "site", "watch")
API = """
import sys, rdfexport
records = list(rdfexport.read_records(sys.argv[1]))
quads = [quad for record in records for quad in rdfexport.to_quads(record)]
assert all(rdfexport.to_jsonld(record)["@type"] for record in records)
print(len(records), len(quads), len(list(rdfexport.to_rdflib(quads).quads())))
"""


@pytest.fixture(scope="module")
def dist() -> Path:
    folder = os.environ.get("RDFEXPORT_DIST")
    if not folder:
        pytest.skip("the packages that are built: make packages builds them and runs this")
    return Path(folder)


class Installed(NamedTuple):
    """An environment with the wheel in it, a folder to work in, and what the examples came to."""

    bin: Path
    folder: Path
    extras: bool

    def run(self, *args: object, status: int = 0) -> str:
        """Call the program; give all that it printed."""
        done = subprocess.run(
            [self.bin / "rdfexport", *map(str, args)],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=self.environment,
            timeout=100,
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    @property
    def environment(self) -> dict[str, str]:
        """Ours, without what leads to this source tree."""
        mine = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        return mine | {"RDFEXPORT_CACHE": str(self.folder / "cache")}


def uv(*args: object) -> None:
    command = [shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv", *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(
    scope="module",
    params=[(r, e) for e in (False, True) for r in ("lowest-direct", "highest")],
    ids=lambda param: f"{param[0]}-{'extras' if param[1] else 'alone'}",
)
def installed(
    request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    resolution, extras = request.param
    folder = tmp_path_factory.mktemp("installed")
    python = folder / "venv" / "bin" / "python"
    uv("venv", "--quiet", "--python", sys.executable, folder / "venv")
    # What pyproject.toml names is direct here; named by a wheel, uv would not take the lowest.
    asked = [part for extra in EXTRAS for part in ("--extra", extra)] if extras else []
    uv(
        *("pip", "install", "--python", python, "--resolution", resolution),
        *("-r", ROOT / "pyproject.toml", *asked),
    )
    (wheel,) = dist.glob("*.whl")
    uv("pip", "install", "--python", python, "--no-deps", wheel)
    uv("pip", "check", "--python", python)
    made = Installed(python.parent, folder, extras)
    made.run("export", ROOT / "examples", "--out", "out", "--compress", "zst",
             "--format", "nquads", "--format", "rdfxml", "--format", "jsonld")  # fmt: skip
    made.run("load", "out", "--store", "store")
    return made


def test_examples_are_exported_validated_loaded_and_queried(installed: Installed) -> None:
    assert "bioschemas-dataset-version" in installed.run("validate", "out")
    answer = installed.run(
        "query", "--store", "store", "figures-of-gene", "--param", "gene=MTOR", "--format", "json"
    )
    assert "PMC3811159__nihms512981f2" in answer
    assert "35 (100.00%) with a label" in installed.run("link", ROOT / "examples")


def test_the_public_functions_work(installed: Installed) -> None:
    python = installed.bin / "python"
    text = subprocess.check_output(
        [python, "-c", API, ROOT / "examples"],
        text=True,
        cwd=installed.folder,
        env=installed.environment,
    )
    records, quads, in_rdflib = map(int, text.split())
    assert records == 7
    assert quads == in_rdflib > 5000


def test_a_command_without_its_extra_says_which(installed: Installed) -> None:
    if installed.extras:
        pytest.skip("all extras are there")
    release = ("release", ROOT / "examples", "--version", "20261110", "--out", "release")
    for extra, call in {
        "serve": ("serve", "--store", "store"),
        "site": ("site", "store", "--base-url", "https://example.org/"),
        "release": release,
        "pyshacl": ("validate", "out", "--shacl-engine", "pyshacl"),
        "cluster": ("export", ROOT / "examples", "--out", "s3://bucket/out"),
        "watch": ("export", ROOT / "examples", "--out", "watched", "--watch"),
    }.items():
        assert f"pip install 'rdfexport[{extra}]'" in installed.run(*call, status=2)


def test_what_needs_extras_works_with_them(installed: Installed) -> None:
    if not installed.extras:
        pytest.skip("no extra is there")
    installed.run("release", ROOT / "examples", "--version", "20261110", "--out", "release")
    folder = "release/pfocr/20261110"
    installed.run("verify", folder)
    installed.run("site", folder, "--base-url", "https://example.org/", "--out", "site")
    assert "</html>" in (installed.folder / "site" / "index.html").read_text()
    installed.run("submit", folder, "--to", "fdp-static:fdp", "--dry-run")
    assert "Violation" not in installed.run("validate", "out/core", "--shacl-engine", "pyshacl")


def test_a_cluster_does_the_same(installed: Installed) -> None:
    if not installed.extras:
        pytest.skip("no extra is there")
    with ExitStack() as stack:
        file = installed.folder / "scheduler.json"
        for words in (
            ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", file),
            ("worker", "--host", "127.0.0.1", "--no-nanny", "--scheduler-file", file),
        ):
            process = subprocess.Popen(
                [installed.bin / "dask", *map(str, words), "--no-dashboard"],
                cwd=installed.folder,
                env=installed.environment,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            while not file.exists():
                time.sleep(0.1)
                assert process.poll() is None
        there = installed.folder / "clustered"
        engine = ("--engine", "dask", "--scheduler", file)
        for out in ("alone", f"file://{there}"):
            call = ("export", ROOT / "examples", "--out", out)
            installed.run(*call, *(engine if "://" in out else ()))
    for part in ("core", "linkset"):
        made = {path.name: path.read_bytes() for path in (there / part).iterdir()}
        alone = installed.folder / "alone" / part
        assert made == {path.name: path.read_bytes() for path in alone.iterdir()}


def test_a_store_is_served(installed: Installed) -> None:
    if not installed.extras:
        pytest.skip("no extra is there")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [installed.bin / "rdfexport", "serve", "--store", "store", "--port", str(port)],
        cwd=installed.folder,
        env=installed.environment,
        stderr=subprocess.PIPE,
    )
    try:
        assert server.stderr is not None
        assert b"serving" in server.stderr.readline()
        ask = urllib.request.Request(
            f"http://127.0.0.1:{port}/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D",
            headers={"Accept": "application/sparql-results+json"},
        )
        for path in ("", "figures", "figures/PMC3811159__nihms512981f2"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as page:
                assert b"</html>" in page.read()
        with urllib.request.urlopen(ask, timeout=30) as answer:
            assert json.load(answer)["boolean"] is True
    finally:
        server.terminate()
        server.communicate(timeout=20)


def test_the_wheel_holds_what_the_package_does(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {n for n in archive.namelist() if ".dist-info/" not in n}
    package = {
        str(path.relative_to(ROOT))
        for path in ROOT.joinpath("rdfexport").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shapes = {
        f"rdfexport/{path.relative_to(ROOT)}"
        for path in ROOT.joinpath("shapes").rglob("*")
        if path.is_file()
    }
    assert names == package | shapes


def test_the_wheel_can_be_built_from_the_sdist(dist: Path, tmp_path: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.iterdir()
    uv("build", "--quiet", "--wheel", "--out-dir", tmp_path / "again", tree)
    (again,) = tmp_path.joinpath("again").glob("*.whl")
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(again) as ours, zipfile.ZipFile(wheel) as theirs:
        mine = {i.filename: i.CRC for i in ours.infolist()}
        assert mine == {i.filename: i.CRC for i in theirs.infolist()}
