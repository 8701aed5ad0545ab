"""`rdfexport load` of a release, from its folder or its address."""

from __future__ import annotations

import http.server
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, export
from rdfexport.release.folder import write_sums
from support.catalogs import FIGURE, small_release
from support.records import table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Collection, Outcome

GRAPHS = "https://pfocr.wikipathways.org/graph/"
FIGIDS = ("PMC1__f1", "PMC2__f2")
VOID = "<https://e/pfocr/> a <http://rdfs.org/ns/void#Dataset> .\n"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = small_release(tmp_path / "site", "20261110", FIGIDS)
    (folder / "rdf" / "pfocr-rdf-void.ttl").write_text(VOID)
    (folder / "SHA256SUMS").unlink()
    write_sums(folder)
    return folder


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def published(root: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def graphs(store: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for quad in ox.Store.read_only(str(store)):
        name = quad.graph_name.value  # type: ignore[union-attr]
        found[name] = found.get(name, 0) + 1
    found.pop(GRAPHS + "load", None)
    return found


HELD = {
    **{FIGURE.format(figid): 1 for figid in FIGIDS},
    GRAPHS + "linkset": 1,
    GRAPHS + "void": 1,
}


@pytest.mark.parametrize("ending", ["", "/"])
def test_a_release_is_loaded_from_its_folder_and_its_address(
    ending: str, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("load", f"{release}{ending}", "--store", tmp_path / "store")
    assert outcome.code == 0, outcome.stderr
    assert graphs(tmp_path / "store") == HELD
    with published(tmp_path / "site") as url:
        outcome = run(
            "load", f"{url}/pfocr/20261110{ending}", "--store", tmp_path / "other", "--prune"
        )
    assert outcome.code == 0, outcome.stderr
    assert graphs(tmp_path / "other") == HELD


def test_a_release_is_loaded_into_one_graph(
    release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("load", release, "--store", tmp_path / "store", "--graph", "urn:one")
    assert outcome.code == 0, outcome.stderr
    found = graphs(tmp_path / "store")
    assert found["urn:one"] == 4


@pytest.mark.parametrize("where", ["folder", "address"])
@pytest.mark.parametrize("name", ["rdf/pfocr-20261110-rdf.nq.gz", "rdf/pfocr-rdf-void.ttl"])
def test_a_file_that_is_not_the_one_of_the_release_is_not_loaded(
    name: str, where: str, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    with (release / name).open("ab") as file:
        file.write(b"\n")
    with published(tmp_path / "site") as url:
        place = release if where == "folder" else f"{url}/pfocr/20261110"
        outcome = run("load", place, "--store", tmp_path / "store")
    assert outcome.code == 2
    assert f"{name}: not the file that SHA256SUMS lists" in outcome.stderr
    assert not (tmp_path / "store").exists()


def test_an_address_without_a_release_is_said(run: Callable[..., Outcome], tmp_path: Path) -> None:
    with published(tmp_path) as url:
        outcome = run("load", f"{url}/pfocr/current", "--store", tmp_path / "store")
    assert outcome.code == 2
    assert "SHA256SUMS" in outcome.stderr


def test_a_release_is_loaded_alone(
    release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("load", release, tmp_path, "--store", tmp_path / "store")
    assert outcome.code == 2
    assert "a release is loaded alone" in outcome.stderr


@pytest.mark.parametrize("below", ["", "pfocr"])
@pytest.mark.parametrize(
    "command",
    [
        ("load", "--store", "store"),
        ("load", "--store", "store", "--graph", "urn:one"),
        ("site", "--base-url", "https://e/", "--out", "pages"),
        ("submit", "--to", "fdp-static:fdp", "--fdp-url", "https://e/fdp/"),
        ("verify",),
    ],
    ids=lambda command: " ".join(command[::3]),
)
def test_a_folder_of_releases_is_refused_and_the_newest_of_them_named(
    command: tuple[str, ...],
    below: str,
    release: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    small_release(tmp_path / "site", "20261009", FIGIDS)
    name, *options = command
    outcome = run(name, tmp_path / "site" / below, *options)
    assert outcome.code == 2, outcome
    assert f"such as {release}" in outcome.stderr
    assert not (tmp_path / "store").exists()
    assert not (tmp_path / "pages").exists()


def test_the_page_document_of_a_figure_names_what_to_load_instead(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add(genes=table_text("genes"))
    out, store = tmp_path / "out", tmp_path / "store"
    export(collection.root, ExportOptions(out, validation=None))
    page = next((out / "core").glob("*.jsonld"))
    for source in (page, out / "core"):
        outcome = run("load", source, "--store", store)
        assert outcome.code == 1
        assert str(page) in outcome.stderr
        assert outcome.stderr.rstrip().endswith(f": load {out}")
    alone = shutil.copy(page, tmp_path / "a.jsonld")
    assert "load the export or release" in run("load", alone, "--store", store).stderr
