"""Exports, RDF files and records into an embedded store."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Outcome

FORMATS = ("nquads", "trig", "ntriples", "turtle", "rdfxml", "jsonld-graph")
GRAPHS = "https://pfocr.wikipathways.org/graph/"
BOOKS = {ox.NamedNode(GRAPHS + name) for name in ("load", "load-files")}
FIGURE = "https://pfocr.wikipathways.org/figures/PMC3811159__nihms512981f2.html"


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the examples in every format, each in a folder of its own."""
    from rdfexport import ExportOptions, export  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("exports")
    for form in FORMATS:
        options = ExportOptions(
            folder / form, formats=(form,), wikipathways=True, date="2026-01-01"
        )
        export([str(EXAMPLES)], options)
    return folder


def quads(store: Path) -> set[ox.Quad]:
    """What a store holds, but for the list of what was loaded."""
    return {q for q in ox.Store.read_only(str(store)) if q.graph_name not in BOOKS}


def sent(folder: Path) -> set[ox.Quad]:
    return {quad for path in folder.rglob("*.nq") for quad in ox.parse(path=path)}


def graph_of(*subjects: str) -> str:
    return "".join(f"<http://e/{s}> <http://e/p> <http://e/o> .\n" for s in subjects)


def subjects(store: Path) -> str:
    return "".join(sorted(quad.subject.value[-1] for quad in quads(store)))


@pytest.mark.parametrize("form", FORMATS)
def test_each_figure_is_in_its_graph_whatever_the_format(
    form: str, exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("load", exports / form, "--store", tmp_path / "store")
    assert outcome.code == 0, outcome.stderr
    known = sent(exports / "nquads")
    assert quads(tmp_path / "store") == known
    graphs = {quad.graph_name for quad in known}
    assert f"triples   {len(known):,} in {len(graphs)} graphs, all counted in" in outcome.stderr
    assert len([g for g in graphs if str(g).endswith(".html>")]) == 7
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_records_need_no_files_between(
    exports: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01
    outcome = run(
        "load", EXAMPLES, "--store", tmp_path / "store", "--compat", "wikipathways", "--jobs", "1"
    )
    assert outcome.code == 0, outcome.stderr
    assert quads(tmp_path / "store") == sent(exports / "nquads")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_bad_record_is_named_and_the_others_are_loaded(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    folder = tmp_path / "records"
    shutil.copytree(EXAMPLES, folder)
    (folder / "_figures" / "PMC1__bad.md").write_text("---\nfigid: [\n---\n")
    outcome = run("load", folder, "--store", tmp_path / "store", "--jobs", "1")
    assert outcome.code == 1
    assert "PMC1__bad.md:" in outcome.stderr
    assert "rejected  1 records" in outcome.stderr
    assert len({q.graph_name for q in quads(tmp_path / "store")}) == 8


def test_nothing_does_not_replace_what_is_there(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    store, bad = tmp_path / "store", tmp_path / "a.md"
    bad.write_text("---\nfigid: [\n---\n")
    assert run("load", exports / "nquads", "--store", store).code == 0
    for mode in ("--replace", "--sync"):
        outcome = run("load", bad, "--store", store, mode)
        assert outcome.code == 1
        assert f"there is nothing in the sources: what {store} holds is as it was" in outcome.stderr
        assert quads(store) == sent(exports / "nquads")


@pytest.mark.parametrize("form", FORMATS)
def test_one_graph_for_all(
    form: str, exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    known = {quad.triple for quad in sent(exports / "nquads")}
    for _ in range(2):
        outcome = run(
            "load", exports / form, "--store", tmp_path / "store", "--graph", "http://e/g"
        )
        assert outcome.code == 0, outcome.stderr
        found = quads(tmp_path / "store")
        assert {quad.graph_name.value for quad in found} == {"http://e/g"}
        assert {quad.triple for quad in found} == known
        assert f"triples   {len(known):,} in 1 graph, all counted" in outcome.stderr


def test_an_export_in_several_formats_is_loaded_once(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    both = tmp_path / "both"
    shutil.copytree(exports / "nquads", both)
    shutil.copytree(exports / "turtle", both, dirs_exist_ok=True)
    assert run("load", both, "--store", tmp_path / "store").code == 0
    assert quads(tmp_path / "store") == sent(exports / "nquads")


@pytest.mark.parametrize("compress", ["gz", "zst"])
def test_packed_files_are_unpacked(
    compress: str, exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    options = ("--format", "nquads", "--compress", compress, "--out", tmp_path / "out")
    assert run("export", EXAMPLES, *options).code == 0
    assert run("load", tmp_path / "out", "--store", tmp_path / "store").code == 0
    core = {q for q in sent(exports / "nquads") if str(q.graph_name).endswith(".html>")}
    assert core < quads(tmp_path / "store")


def test_an_export_that_was_stopped_is_not_loaded(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    shutil.copytree(exports / "nquads", tmp_path / "half")
    (tmp_path / "half" / "index.tsv").unlink()
    outcome = run("load", tmp_path / "half", "--store", tmp_path / "store")
    assert outcome.code == 2
    assert "the export is not complete, it has no index.tsv: export again" in outcome.stderr


def test_what_one_graph_has_stays_unless_it_is_pruned(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    first, second, store = tmp_path / "1.nt", tmp_path / "2.nt", tmp_path / "store"
    first.write_text(graph_of("a", "b"))
    second.write_text(graph_of("b", "c"))
    held = []
    for options in ((first,), (second,), (second, "--prune"), (first, "--append")):
        outcome = run("load", *options, "--store", store, "--graph", "http://e/g")
        assert outcome.code == 0, outcome.stderr
        held.append(subjects(store))
    assert held == ["ab", "abc", "bc", "abc"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.nt", "2.nt", "store"]


def test_other_data_beside_an_export_stays(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    other, store = tmp_path / "other.nt", tmp_path / "store"
    other.write_text(graph_of("a"))
    assert run("load", other, "--store", store, "--graph", "http://e/g").code == 0
    for options in ((), ("--sync",), ("--replace",), ("--prune",), ("--prune", "--sync")):
        assert run("load", exports / "nquads", "--store", store, *options).code == 0
        assert len(quads(store)) == len(sent(exports / "nquads")) + 1


def test_sync_with_prune_changes_what_changed_and_removes_what_is_gone(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    store, changed = tmp_path / "store", tmp_path / "changed"
    shutil.copytree(exports / "nquads", changed)
    gone, other, *_ = sorted((changed / "core").glob("*.nq"))
    assert run("load", exports / "nquads", "--store", store, "--sync").code == 0
    gone.unlink()
    lines = other.read_text().splitlines(keepends=True)
    other.write_text("".join(lines[:-1]))
    outcome = run("load", changed, "--store", store, "--sync", "--prune")
    assert outcome.code == 0, outcome.stderr
    assert "unchanged 8 graphs" in outcome.stderr
    assert "removed   1 graphs" in outcome.stderr
    assert quads(store) == sent(changed)
    writer = ox.Store(str(store))
    writer.remove(next(iter(writer.quads_for_pattern(None, None, None, ox.NamedNode(FIGURE)))))
    del writer
    outcome = run("load", changed, "--store", store, "--sync")
    assert "unchanged 8 graphs\nremoved   0 graphs\nmended    1 graphs" in outcome.stderr
    assert quads(store) == sent(changed)


def test_readers_keep_the_old_store_while_a_new_one_takes_its_place(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    store, smaller = tmp_path / "store", tmp_path / "smaller"
    shutil.copytree(exports / "nquads", smaller)
    next((smaller / "core").glob("*.nq")).unlink()
    run("load", exports / "nquads", "--store", store)
    for options in ((), ("--sync",), ("--prune",)):
        reader = ox.Store.read_only(str(store))
        outcome = run("load", smaller, "--store", store, *options)
        assert outcome.code == 0, outcome.stderr
        assert {q for q in reader if q.graph_name not in BOOKS} == sent(exports / "nquads")
        del reader
    assert quads(store) == sent(smaller)


@pytest.mark.parametrize("mode", ["--replace", "--append", "--sync"])
def test_a_broken_file_is_named_with_its_line_and_the_store_stays(
    mode: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    good, bad, store = tmp_path / "1.nq", tmp_path / "2.nq", tmp_path / "store"
    good.write_text(graph_of("a").replace(" .", " <http://e/g> ."))
    assert run("load", good, "--store", store).code == 0
    bad.write_text(good.read_text().replace("/a>", "/b>") + "<http://e/c> nonsense\n")
    outcome = run("load", bad, "--store", store, mode)
    assert outcome.code == 1
    assert f"{bad}:2: not well-formed" in outcome.stderr
    assert subjects(store) == "a"


def test_a_line_of_an_export_that_was_spoilt_is_named(
    exports: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    shutil.copytree(exports / "nquads", tmp_path / "spoilt")
    file = sorted((tmp_path / "spoilt" / "core").glob("*.nq"))[2]
    lines = file.read_text().splitlines(keepends=True)
    lines[4] = lines[4].replace("<", "<a b", 1)
    file.write_text("".join(lines))
    outcome = run("load", tmp_path / "spoilt", "--store", tmp_path / "store")
    assert outcome.code == 1
    assert f"{file}: {file.stem}: line 5 of its graph: " in outcome.stderr
    assert not (tmp_path / "store").exists()


def test_a_cut_archive_is_named(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "a.nt.gz"
    file.write_bytes(gzip.compress(graph_of(*"abcdef").encode())[:-12])
    outcome = run("load", file, "--store", tmp_path / "store", "--graph", "http://e/g")
    assert outcome.code == 2
    assert f"{file}: cannot be read" in outcome.stderr
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.nt", "_:x <http://e/p> <http://e/o> .\n"),
        ("a.nq", "<http://e/s> <http://e/p> _:x <http://e/g> .\n"),
        ("a.nq", "<http://e/s> <http://e/p> <http://e/o> _:x .\n"),
        ("a.ttl", "<http://e/s> <http://e/p> [] .\n"),
        ("a.ttl", "<http://e/s> <http://e/p> (1 2) .\n"),
        ("a.trig", "<http://e/g> { [] <http://e/p> 1 }\n"),
    ],
)
def test_blank_nodes_are_refused(
    name: str, text: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    options = () if name.endswith(("nq", "trig")) else ("--graph", "http://e/g")
    outcome = run("load", tmp_path / name, "--store", tmp_path / "store", *options)
    assert outcome.code == 1
    assert f"{tmp_path / name}: has blank nodes, which loading it again would double" in (
        outcome.stderr
    )
    assert not (tmp_path / "store").exists()


def test_no_export_has_a_blank_node(exports: Path) -> None:
    for quad in sent(exports / "nquads"):
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)


def start(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "rdfexport", "load", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)


@pytest.fixture(scope="module")
def many(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of some 400 figures."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "core").mkdir()
    figures = [file.read_text() for file in sorted((exports / "nquads" / "core").glob("*.nq"))]
    with (folder / "core" / "shard-00001.nq").open("w") as out:
        for number in range(60):
            out.writelines(figure.replace("PMC", f"PMC{number}00") for figure in figures)
    (folder / "index.tsv").write_text("figid\tfile\n")
    return folder


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_load_that_was_stopped_goes_on(
    sign: signal.Signals, many: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    process = start(many, "--store", store)
    deadline = time.monotonic() + 60
    while not (tmp_path / "store.loading" / "store" / "CURRENT").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)
    os.killpg(process.pid, sign)
    _, said = process.communicate(timeout=60)
    if sign is signal.SIGINT:
        assert (process.returncode, said.decode()) == (
            130,
            "stopped: the same command resumes where it was\n",
        )
    assert not store.exists()
    assert run("load", many, "--store", store).code == 0
    assert quads(store) == sent(many)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize("moved", [False, True])
def test_an_exchange_that_was_broken_off_is_ended_or_undone(
    moved: bool,  # noqa: FBT001
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    file, store, old = tmp_path / "a.nt", tmp_path / "store", tmp_path / "store.old"
    file.write_text(graph_of("a"))
    load = ("load", file, "--store", store, "--graph", "http://e/g")
    assert run(*load).code == 0
    if moved:
        store.rename(old)  # killed before the new one was there
    else:
        shutil.copytree(store, old)  # killed before the old one was gone
    file.write_text(graph_of("b"))
    assert run(*load, "--append").code == 0
    assert subjects(store) == "ab"
    assert not old.exists()


def test_a_folder_that_is_no_store_is_not_touched(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file, folder = tmp_path / "a.nt", tmp_path / "mine"
    file.write_text(graph_of("a"))
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    outcome = run("load", file, "--store", folder, "--graph", "http://e/g")
    assert outcome.code == 2
    assert "holds something else than a store" in outcome.stderr
    assert (folder / "thesis.txt").read_text() == "mine"


def test_two_cannot_write_at_once(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file, store = tmp_path / "a.nt", tmp_path / "store"
    file.write_text(graph_of("a"))
    load = ("load", file, "--store", store, "--graph", "http://e/g")
    assert run(*load).code == 0
    writer = ox.Store(str(store))
    held = len(writer)
    outcome = run(*load, "--append")
    assert outcome.code == 2
    assert f"{store}: cannot be opened (another process has it open)" in outcome.stderr
    assert len(writer) == held


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--endpoint", "http://localhost:1", "--store", "s"), "either --store or --endpoint"),
        (("--bulk", "h:1"), "--bulk and --bulk-folder go together"),
        (("--bulk", "h:1", "--bulk-folder", "."), "--bulk needs --endpoint"),
        (("--graph", "http://e/g", "--sync"), "leave out --graph"),
        (("--graph", "no iri"), "not an IRI"),
        (("--graph", "x> } ; DROP ALL #"), "not an IRI"),
        ((), "its triples are in no named graph: add --graph IRI"),
    ],
)
def test_a_wrong_call_is_said(
    options: tuple[str, ...],
    said: str,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.nt").write_text(graph_of("a"))
    outcome = run("load", "a.nt", *options)
    assert outcome.code == 2
    assert said in outcome.stderr


@pytest.mark.parametrize(("name", "code"), [("a.csv", 1), ("no such file.nq", 2)])
def test_what_is_no_rdf_is_taken_for_records(
    name: str, code: int, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("{}")
    outcome = run("load", tmp_path / name, "--store", tmp_path / "store")
    assert outcome.code == code
    assert name in outcome.stderr
    assert not (tmp_path / "store").exists()


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


def test_a_file_that_the_store_removes_meanwhile_stops_no_load(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RocksDB removes files of a store that is open, between their listing and a look at them."""
    options = ("--store", tmp_path / "store", "-q")
    assert run("load", EXAMPLES, *options).code == 0
    glob = Path.glob

    def with_one_more(self: Path, pattern: str) -> Iterator[Path]:
        yield from glob(self, pattern)
        if pattern == "*.sst":
            yield self / "000009.sst"

    monkeypatch.setattr(Path, "glob", with_one_more)
    assert run("load", EXAMPLES, *options) == (0, "", "")
