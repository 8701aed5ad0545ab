"""Loads remove only what they are told to: parts, collections side by side, and `--prune`."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, export
from rdfexport.cli import load_command
from rdfexport.store import SHARE
from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.records import Outcome

    Load = Callable[..., Outcome]

GRAPHS = "https://pfocr.wikipathways.org/graph/"
FIGURES = "https://pfocr.wikipathways.org/figures/"
LINKSET, VOID, WP = (GRAPHS + name for name in ("linkset", "void", "wp"))
ONE = "urn:one"
FIGID = "PMC10029719__cs3c00075_0011"
PAGE = f"{FIGURES}{FIGID}.html"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATASET = ox.NamedNode("http://schema.org/Dataset")


ALL = sorted(path.stem for path in (EXAMPLES / "_figures").glob("*.md"))


def lose(records: Path, kind: str, kept: int) -> None:
    table = records / "_data" / f"{FIGID}-{kind}.tsv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[: kept + 1]), "utf-8")


@dataclass
class Collections:
    """Records, and exports of some of them."""

    folder: Path

    def records(self, name: str, figids: list[str]) -> Path:
        folder = self.folder / "records" / name
        shutil.copytree(EXAMPLES, folder)
        for path in (folder / "_figures").glob("*.md"):
            if path.stem not in figids:
                path.unlink()
        return folder

    def export(self, name: str, records: Path) -> None:
        options = ExportOptions(
            self.folder / name, formats=("nquads",), wikipathways=True, date="2026-01-01", jobs=1
        )
        export([str(records)], options)

    def __getattr__(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Collections:
    """``whole``; ``first`` and ``second``, its parts; ``fewer`` with one less; ``corrected``, one
    figure that has fewer chemicals than before."""
    made = Collections(tmp_path_factory.mktemp("collections"))
    parts = {
        "whole": ALL,
        "first": ALL[:4],
        "second": ALL[4:],
        "fewer": [figid for figid in ALL if figid != FIGID],
        "corrected": [FIGID],
    }
    for name, figids in parts.items():
        records = made.records(name, figids)
        if name == "corrected":
            lose(records, "chemicals", 5)
        made.export(name, records)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def load(run: Callable[..., Outcome], store: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01

    def call(*args: object) -> Outcome:
        records = any((Path(str(one)) / "_figures").is_dir() or ".md" in str(one) for one in args)
        how = ("--compat", "wikipathways", "--jobs", "1") if records else ()
        return run("load", *args, "--store", store, *how)

    return call


def held(store: Path) -> set[ox.Quad]:
    known = {ox.NamedNode(GRAPHS + name) for name in ("load", "load-files")}
    return {quad for quad in ox.Store.read_only(str(store)) if quad.graph_name not in known}


def graph(store: Path, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in held(store) if quad.graph_name.value == name}


def figures(store: Path) -> set[str]:
    found = {q.subject for q in held(store) if q.predicate == TYPE and q.object == DATASET}
    return {str(one)[1:-1].removeprefix(FIGURES).removesuffix(".html") for one in found}


@pytest.mark.parametrize("mode", [(), ("--sync",), ("--replace",)])
def test_one_corrected_figure_is_replaced_and_all_others_stay(
    mode: tuple[str, ...], load: Load, store: Path, made: Collections
) -> None:
    assert load(made.whole).code == 0
    before = held(store)
    outcome = load(made.corrected, *mode)
    assert outcome.code == 0, outcome.stderr
    assert "removed   0 graphs" in outcome.stderr
    after = held(store)
    assert figures(store) == set(ALL)

    def others(quads: set[ox.Quad]) -> set[ox.Quad]:
        return {quad for quad in quads if quad.graph_name.value not in {PAGE, WP}}

    assert others(before) == others(after)
    assert graph(store, PAGE) == sent(made.corrected, PAGE)
    # In the part for WikiPathways the chemicals that it lost are no longer part of its pathway.
    pathway = PAGE + "#pathway"

    def parts(quads: set[ox.Quad]) -> int:
        return sum(pathway in str(quad.object) and quad.graph_name.value == WP for quad in quads)

    assert 0 < parts(after) < parts(before)
    kept = {q for q in before if q.graph_name.value == WP and PAGE not in str(q)}
    assert kept <= after


def sent(export_folder: Path, name: str) -> set[ox.Triple]:
    quads = (quad for path in export_folder.rglob("*.nq") for quad in ox.parse(path=path))
    return {quad.triple for quad in quads if quad.graph_name.value == name}


def test_one_corrected_record_is_loaded_without_files_between(
    load: Load, store: Path, made: Collections
) -> None:
    assert load(made.whole).code == 0
    records = made.folder / "records" / "corrected"
    outcome = load(records / "_figures" / f"{FIGID}.md")
    assert outcome.code == 0, outcome.stderr
    assert "removed   0 graphs" in outcome.stderr
    assert figures(store) == set(ALL)
    assert graph(store, PAGE) == sent(made.corrected, PAGE)
    parts = graph(store, WP)
    # With one gene, it is no longer a pathway in WikiPathways' sense.
    lose(records, "genes", 1)
    outcome = load(records / "_figures" / f"{FIGID}.md")
    assert outcome.code == 0, outcome.stderr
    assert PAGE in str(parts)
    assert graph(store, WP) == {triple for triple in parts if PAGE not in str(triple)}


def test_the_description_of_a_whole_is_not_replaced_by_that_of_a_part(
    load: Load, store: Path, made: Collections
) -> None:
    load(made.fewer)
    assert graph(store, VOID) == sent(made.fewer, VOID)
    load(made.whole)
    assert graph(store, VOID) == sent(made.whole, VOID)
    load(made.corrected)
    assert graph(store, VOID) == sent(made.whole, VOID)
    load(made.fewer, "--prune")
    assert graph(store, VOID) == sent(made.fewer, VOID)


def test_a_second_collection_is_added_to_the_first(
    load: Load, store: Path, made: Collections
) -> None:
    assert load(made.first).code == 0
    links = graph(store, LINKSET)
    assert load(made.second).code == 0
    assert links < graph(store, LINKSET)
    assert figures(store) == set(ALL)
    union = held(store)
    # Whichever is loaded again changes nothing.
    for folder in (made.first, made.second):
        for mode in ((), ("--sync",)):
            outcome = load(folder, *mode)
            assert outcome.code == 0, outcome.stderr
            assert held(store) == union
    for name in (LINKSET, WP):
        assert graph(store, name) == sent(made.whole, name)


def test_in_one_graph_for_all_a_corrected_record_replaces_its_figure(
    load: Load, store: Path, made: Collections
) -> None:
    assert load(made.whole, "--graph", ONE).code == 0
    before = held(store)
    outcome = load(made.corrected, "--graph", ONE)
    assert outcome.code == 0, outcome.stderr
    assert "removed   0 figures" in outcome.stderr
    after = held(store)
    assert figures(store) == set(ALL)
    assert {q for q in before if FIGURES in str(q) and PAGE not in str(q)} <= after
    # What the store says of the figure is what the record says now, and less than before.
    now = {triple for triple in map(quad_triple, after) if PAGE in str(triple)}
    then = {triple for triple in map(quad_triple, before) if PAGE in str(triple)}
    graphs = (PAGE, WP)
    assert now == {t for g in graphs for t in sent(made.corrected, g) if PAGE in str(t)}
    assert len(now) < len(then)
    # Each part of the description has one number of triples.
    numbers = [q for q in after if q.predicate.value == "http://rdfs.org/ns/void#triples"]
    assert len(numbers) == len({q.subject for q in numbers}) == 3


def quad_triple(quad: ox.Quad) -> ox.Triple:
    return quad.triple


def test_prune_removes_what_the_source_lacks_and_says_so(
    load: Load, store: Path, made: Collections
) -> None:
    load(made.whole)
    outcome = load(made.fewer)
    assert outcome.code == 0
    assert "removed   0 graphs" in outcome.stderr
    assert figures(store) == set(ALL)
    outcome = load(made.fewer, "--prune")
    assert outcome.code == 0, outcome.stderr
    assert f"removing  1 of 10: {PAGE}" in outcome.stderr
    assert "removed   1 graphs" in outcome.stderr
    pruned = held(store)
    assert FIGID not in "".join(map(str, pruned))
    shutil.rmtree(store)
    load(made.fewer)
    assert held(store) == pruned


@pytest.mark.parametrize("how", [(), ("--sync",), ("--graph", ONE)])
def test_prune_refuses_to_remove_more_than_a_share(
    how: tuple[str, ...], load: Load, store: Path, made: Collections
) -> None:
    load(made.whole, *(how if ONE in how else ()))
    outcome = load(made.first, *how, "--prune")
    assert outcome.code == 2
    assert "this would remove 3 of " in outcome.stderr
    assert "nothing was removed: add --yes" in outcome.stderr
    assert figures(store) == set(ALL)
    outcome = load(made.first, *how, "--prune", "--yes")
    assert outcome.code == 0, outcome.stderr
    assert f"removed   3 {'figures' if ONE in how else 'graphs'}" in outcome.stderr
    assert figures(store) == set(ALL[:4])


def test_prune_refuses_a_source_that_was_not_read_whole(
    load: Load, store: Path, made: Collections, tmp_path: Path
) -> None:
    load(made.whole)
    before = held(store)
    damaged = tmp_path / "damaged.zip"
    shutil.make_archive(str(damaged.with_suffix("")), "zip", EXAMPLES)
    damaged.write_bytes(damaged.read_bytes()[:5000])
    outcome = load(made.folder / "records" / "fewer", damaged, "--prune", "--sync")
    assert outcome.code == 2, outcome.stderr
    assert "damaged.zip" in outcome.stderr
    assert "nothing was removed" in outcome.stderr
    assert held(store) == before


def test_a_figure_whose_record_is_rejected_is_not_removed(
    load: Load, store: Path, made: Collections, tmp_path: Path
) -> None:
    load(made.whole)
    links = graph(store, LINKSET)
    records = tmp_path / "records"
    shutil.copytree(EXAMPLES, records)
    (records / "_figures" / f"{FIGID}.md").write_text("---\nfigid: [\n---\n")
    outcome = load(records, "--prune", "--yes")
    assert outcome.code == 1
    assert "rejected  1 records" in outcome.stderr
    assert "removed   0 graphs" in outcome.stderr
    assert graph(store, PAGE) == sent(made.whole, PAGE)
    assert graph(store, LINKSET) == links


def test_a_figure_of_an_export_can_be_loaded_as_a_file(
    load: Load, store: Path, made: Collections
) -> None:
    assert load(made.whole).code == 0
    outcome = load(made.corrected / "core" / f"{FIGID}.nq")
    assert outcome.code == 0, outcome.stderr
    assert graph(store, PAGE) == sent(made.corrected, PAGE)
    assert figures(store) == set(ALL)
    # The list of loads does not take it for the one of the export.
    assert load(made.whole, "--sync").code == 0
    assert graph(store, PAGE) == sent(made.whole, PAGE)


def test_a_file_with_links_of_one_figure_keeps_those_of_the_others(
    load: Load, store: Path, made: Collections, tmp_path: Path
) -> None:
    assert load(made.whole).code == 0
    links = graph(store, LINKSET)
    file = tmp_path / "part.nq"
    parts = (made.corrected / "core" / f"{FIGID}.nq", made.corrected / "linkset" / "linkset.nq")
    file.write_text("".join(part.read_text() for part in parts))
    outcome = load(file)
    assert outcome.code == 0, outcome.stderr
    assert graph(store, LINKSET) == links
    assert graph(store, PAGE) == sent(made.corrected, PAGE)
    assert figures(store) == set(ALL)


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(
    load: Load, store: Path, made: Collections, tmp_path: Path
) -> None:
    outcome = load(made.whole, "--dry-run")
    assert outcome.code == 0, outcome.stderr
    assert "added     10\n" in outcome.stdout
    assert list(tmp_path.iterdir()) == []
    load(made.whole)
    before = held(store)
    outcome = load(made.corrected, "--dry-run")
    assert "added     0\nreplaced  4\nunchanged 0\nremoved   0\n" in outcome.stdout
    outcome = load(made.fewer, "--dry-run", "--prune", "-v")
    assert "unchanged 6\n" in outcome.stdout
    assert f"removed   1\n  {PAGE}\nnothing was written\n" in outcome.stdout
    outcome = load(made.corrected, "--dry-run", "--prune")
    assert outcome.code == 2
    assert "this would remove 6 of " in outcome.stderr
    assert "--yes" in outcome.stderr
    assert all(f"\n  {FIGURES}{figid}.html\n" in outcome.stdout for figid in set(ALL) - {FIGID})
    assert held(store) == before
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--append", "--prune"), "leave out --prune"), (("--yes",), "add --prune")],
)
def test_orders_that_contradict_each_other_are_refused(
    options: tuple[str, ...], said: str, load: Load
) -> None:
    outcome = load(EXAMPLES, *options)
    assert outcome.code == 2
    assert said in outcome.stderr


def test_the_help_states_the_share_that_is_used() -> None:
    assert load_command.SHARE == SHARE
