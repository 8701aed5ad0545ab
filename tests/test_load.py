"""Exports into an embedded store."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport.store import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Outcome

ROOT = Path(__file__).parent.parent
FORMATS = ("nquads", "trig", "ntriples", "turtle", "rdfxml", "jsonld-graph")


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the examples in every format, each in a folder of its own."""
    from rdfexport import ExportOptions, export  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("exports")
    for form in FORMATS:
        options = ExportOptions(folder / form, (form,), wikipathways=True, date="2026-01-01")
        export([str(ROOT / "examples")], options)
    return folder


def quads(store: Path) -> set[ox.Quad]:
    return set(ox.Store.read_only(str(store)))


def sent(folder: Path) -> set[ox.Quad]:
    return {quad for path in folder.rglob("*.nq") for quad in ox.parse(path=path)}


def graph_of(*triples: str) -> str:
    return "".join(f"<http://e/{s}> <http://e/p> <http://e/o> .\n" for s in triples)


def test_a_store_holds_the_export_and_each_figure_in_its_graph(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("load", exports / "nquads", "--store", tmp_path / "store")
    assert outcome.code == 0
    assert quads(tmp_path / "store") == sent(exports / "nquads")
    graphs = {quad.graph_name for quad in quads(tmp_path / "store")}
    assert f"named graphs      {len(graphs)}" in outcome.stderr
    assert len([g for g in graphs if str(g).endswith(".html>")]) == 7


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("graph", [None, "http://e/g"])
def test_every_format_is_the_same_triples(
    form: str, graph: str | None, exports: Path, tmp_path: Path
) -> None:
    loaded = load([exports / form], tmp_path / "store", graph=graph)
    found = quads(tmp_path / "store")
    assert {quad.triple for quad in found} == {quad.triple for quad in sent(exports / "nquads")}
    if form not in ("nquads", "trig"):
        name = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
        assert {quad.graph_name for quad in found} == {name}
    assert (loaded.triples, loaded.graphs) == (
        len(found),
        len({q.graph_name for q in found} - {ox.DefaultGraph()}),
    )


def test_an_export_in_several_formats_is_loaded_once(exports: Path, tmp_path: Path) -> None:
    both = tmp_path / "both"
    shutil.copytree(exports / "nquads", both)
    shutil.copytree(exports / "turtle", both, dirs_exist_ok=True)
    load([both], tmp_path / "store")
    assert quads(tmp_path / "store") == sent(exports / "nquads")


@pytest.mark.parametrize("compress", ["gz", "zst"])
def test_packed_files_are_unpacked(
    compress: str, exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    options = ("--format", "nquads", "--compress", compress, "--out", tmp_path / "out")
    assert run("export", ROOT / "examples", *options).code == 0
    assert run("load", tmp_path / "out", "--store", tmp_path / "store").code == 0
    core = {q for q in sent(exports / "nquads") if str(q.graph_name).endswith(".html>")}
    assert core < quads(tmp_path / "store")


def test_a_load_replaces_and_an_append_keeps(run: Callable[..., Outcome], tmp_path: Path) -> None:
    first, second, store = tmp_path / "1.nt", tmp_path / "2.nt", tmp_path / "store"
    first.write_text(graph_of("a", "b"))
    second.write_text(graph_of("b", "c"))
    subjects = []
    for options in ((first,), (second,), (first, "--append"), (first, "--append")):
        assert run("load", *options, "--store", store).code == 0
        subjects.append("".join(sorted(q.subject.value[-1] for q in quads(store))))
    assert subjects == ["ab", "bc", "abc", "abc"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.nt", "2.nt", "store"]


def test_readers_keep_the_old_store_while_a_new_one_takes_its_place(tmp_path: Path) -> None:
    file, store = tmp_path / "a.nt", tmp_path / "store"
    file.write_text(graph_of("a"))
    load([file], store)
    reader = ox.Store.read_only(str(store))
    file.write_text(graph_of("b"))
    load([file], store)
    assert [q.subject.value for q in reader] == ["http://e/a"]
    assert [q.subject.value for q in quads(store)] == ["http://e/b"]


@pytest.mark.parametrize("append", [False, True])
def test_a_broken_file_is_named_with_its_line_and_the_store_stays(
    append: bool,  # noqa: FBT001
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    good, bad, store = tmp_path / "1.nt", tmp_path / "2.nt", tmp_path / "store"
    good.write_text(graph_of("a"))
    load([good], store)
    bad.write_text(graph_of("b") + "<http://e/c> nonsense\n")
    outcome = run("load", bad, "--store", store, *(["--append"] if append else []))
    assert outcome.code == 2
    assert f"{bad}:2: " in outcome.stderr
    assert [q.subject.value for q in quads(store)] == ["http://e/a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.nt", "2.nt", "store"]


def test_a_cut_archive_is_named(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "a.nt.gz"
    file.write_bytes(gzip.compress(graph_of(*"abcdef").encode())[:-12])
    outcome = run("load", file, "--store", tmp_path / "store")
    assert outcome.code == 2
    assert str(file) in outcome.stderr
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("moved", [False, True])
def test_an_exchange_that_was_broken_off_is_ended_or_undone(
    moved: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    file, store, old = tmp_path / "a.nt", tmp_path / "store", tmp_path / "store.old"
    file.write_text(graph_of("a"))
    load([file], store)
    if moved:
        store.rename(old)  # killed before the new one was there
    else:
        shutil.copytree(store, old)  # killed before the old one was gone
    file.write_text(graph_of("b"))
    load([file], store, append=True)
    assert sorted(q.subject.value[-1] for q in quads(store)) == ["a", "b"]
    assert not old.exists()


def test_a_folder_that_is_no_store_is_not_touched(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file, folder = tmp_path / "a.nt", tmp_path / "mine"
    file.write_text(graph_of("a"))
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    outcome = run("load", file, "--store", folder)
    assert outcome.code == 2
    assert "something else than a store" in outcome.stderr
    assert (folder / "thesis.txt").read_text() == "mine"


def test_two_cannot_write_at_once(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file, store = tmp_path / "a.nt", tmp_path / "store"
    file.write_text(graph_of("a"))
    load([file], store)
    writer = ox.Store(str(store))
    outcome = run("load", file, "--store", store, "--append")
    assert outcome.code == 2
    assert "does another process write to it?" in outcome.stderr
    assert len(writer) == 1


@pytest.mark.parametrize(
    ("names", "said"),
    [(["a.csv"], "ends in none of"), ([], "no RDF file"), (["page.jsonld"], "no RDF file")],
)
def test_what_is_no_rdf_is_said(
    names: list[str], said: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in names:
        (folder / name).write_text("{}")
    target = folder / names[0] if names == ["a.csv"] else folder
    outcome = run("load", target, "--store", tmp_path / "store")
    assert outcome.code == 2
    assert said in outcome.stderr


def test_what_was_loaded_can_be_asked(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    run("load", exports / "nquads", "--store", tmp_path / "store")
    outcome = run(
        "query", "figures-of-gene", "--param", "gene=MTOR", "--store", tmp_path / "store",
        "--format", "csv",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    assert "PMC3811159__nihms512981f2" in outcome.stdout
