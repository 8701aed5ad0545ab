"""Loads remove only what they are told to: parts, collections side by side, and `--prune`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport.cli import load_command
from rdfexport.store import SHARE

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Outcome

    Load = Callable[..., Outcome]

EXAMPLES = Path(__file__).parent.parent / "examples"
GRAPHS = "https://pfocr.wikipathways.org/graph/"
FIGURES = "https://pfocr.wikipathways.org/figures/"
LINKSET, VOID, WP = (GRAPHS + name for name in ("linkset", "void", "wp"))
ONE = "urn:one"
FIGID = "PMC3811159__nihms512981f2"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DATASET = ox.NamedNode("http://schema.org/Dataset")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def load(run: Callable[..., Outcome], store: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01

    def call(*args: object) -> Outcome:
        options = ("--compat", "wikipathways", "--jobs", "1")
        return run("load", *args, "--store", store, *options)

    return call


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """The example records, which a test may change."""
    shutil.copytree(EXAMPLES, tmp_path / "records")
    return tmp_path / "records"


def held(store: Path) -> set[ox.Quad]:
    known = {ox.NamedNode(GRAPHS + name) for name in ("load", "load-files")}
    return {quad for quad in ox.Store.read_only(str(store)) if quad.graph_name not in known}


def graph(store: Path, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in held(store) if quad.graph_name.value == name}


def figures(store: Path) -> set[str]:
    found = {q.subject for q in held(store) if q.predicate == TYPE and q.object == DATASET}
    return {one.value.removeprefix(FIGURES).removesuffix(".html") for one in found}


def record(records: Path, figid: str = FIGID) -> Path:
    return records / "_figures" / f"{figid}.md"


def retitle(file: Path) -> None:
    """Correct a record: another title, and one gene less in its table."""
    text = file.read_text("utf-8").splitlines()
    text = ["figtitle: Corrected" if line.startswith("figtitle:") else line for line in text]
    file.write_text("\n".join(text) + "\n", "utf-8")


def drop_genes(records: Path, figid: str = FIGID) -> None:
    table = records / "_data" / f"{figid}-genes.tsv"
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[:2]), "utf-8")


@pytest.mark.parametrize("mode", [(), ("--sync",), ("--replace",)])
def test_one_corrected_record_replaces_its_figure_and_all_others_stay(
    mode: tuple[str, ...], load: Load, store: Path, records: Path
) -> None:
    assert load(records).code == 0
    before = held(store)
    drop_genes(records)
    outcome = load(record(records), *mode)
    assert outcome.code == 0, outcome.stderr
    assert "removed   0 graphs" in outcome.stderr
    after = held(store)
    page = f"{FIGURES}{FIGID}.html"
    assert figures(store) == {path.stem for path in (EXAMPLES / "_figures").glob("*.md")}
    others = {q for q in before if q.graph_name.value not in {page, WP}}
    assert others == {q for q in after if q.graph_name.value not in {page, WP}}
    assert len(graph(store, page)) < len({q for q in before if q.graph_name.value == page})
    # In the part for WikiPathways the genes that it lost are no longer part of its pathway.
    pathway = ox.NamedNode(page + "#pathway")

    def parts(quads: set[ox.Quad]) -> int:
        return sum(q.object == pathway and q.graph_name.value == WP for q in quads)

    assert 0 < parts(after) < parts(before)
    kept = {q for q in before if q.graph_name.value == WP and page not in str(q)}
    assert kept <= after


def test_the_description_of_a_whole_is_not_replaced_by_that_of_a_part(
    load: Load, store: Path, records: Path
) -> None:
    load(records)
    whole = graph(store, VOID)
    load(record(records))
    assert graph(store, VOID) == whole
    for path in sorted((records / "_figures").glob("*.md"))[:2]:
        path.unlink()
    load(records, "--prune", "--yes")
    assert graph(store, VOID) != whole


def test_a_second_collection_is_added_to_the_first(
    load: Load, store: Path, records: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, some in ((first, slice(0, 4)), (second, slice(4, None))):
        shutil.copytree(records, folder)
        for path in {*(folder / "_figures").glob("*.md")} - set(
            sorted((folder / "_figures").glob("*.md"))[some]
        ):
            path.unlink()
    assert load(first).code == 0
    links = graph(store, LINKSET)
    assert load(second).code == 0
    assert links < graph(store, LINKSET)
    assert len(figures(store)) == 7
    union = held(store)
    # Whichever is loaded again changes nothing.
    for folder in (first, second):
        outcome = load(folder, "--sync")
        assert outcome.code == 0, outcome.stderr
        assert held(store) == union
    shutil.rmtree(store)
    assert load(records).code == 0
    assert {q for q in held(store) if q.graph_name.value != VOID} == {
        q for q in union if q.graph_name.value != VOID
    }


def test_in_one_graph_for_all_a_corrected_record_replaces_its_figure(
    load: Load, store: Path, records: Path, tmp_path: Path
) -> None:
    assert load(records, "--graph", ONE).code == 0
    page = f"{FIGURES}{FIGID}.html"
    before = held(store)
    mentions = {q.subject for q in before if str(q.subject).startswith(f"<{page}#m-")}
    drop_genes(records)
    outcome = load(record(records), "--graph", ONE)
    assert outcome.code == 0, outcome.stderr
    assert "removed   0 figures" in outcome.stderr
    after = held(store)
    assert len(figures(store)) == 7
    assert {q for q in before if FIGURES in str(q) and page not in str(q)} <= after
    left = {q.subject for q in after if str(q.subject).startswith(f"<{page}#m-")}
    assert left < mentions
    # What the store says of the figure is what the record says now.
    alone = tmp_path / "alone"
    shutil.move(store, tmp_path / "all")
    load(record(records), "--graph", ONE)
    shutil.move(store, alone)
    assert {q for q in after if page in str(q)} == {q for q in held(alone) if page in str(q)}
    # Each part of the description has one number of triples.
    numbers = [q for q in after if q.predicate.value == "http://rdfs.org/ns/void#triples"]
    assert len(numbers) == len({q.subject for q in numbers}) == 3


def test_prune_removes_what_the_source_lacks_and_says_so(
    load: Load, store: Path, records: Path
) -> None:
    load(records)
    record(records).unlink()
    outcome = load(records)
    assert outcome.code == 0
    assert "removed   0 graphs" in outcome.stderr
    assert FIGID in figures(store)
    outcome = load(records, "--prune")
    assert outcome.code == 0, outcome.stderr
    assert f"removing  1 of 10: {FIGURES}{FIGID}.html" in outcome.stderr
    assert "removed   1 graphs" in outcome.stderr
    pruned = held(store)
    assert FIGID not in "".join(map(str, pruned))
    shutil.rmtree(store)
    load(records)
    assert held(store) == pruned


@pytest.mark.parametrize("where", [(), ("--graph", ONE)])
@pytest.mark.parametrize("mode", [(), ("--sync",)])
def test_prune_refuses_to_remove_more_than_a_share(
    mode: tuple[str, ...], where: tuple[str, ...], load: Load, store: Path, records: Path
) -> None:
    if mode and where:
        pytest.skip("--sync tells figures apart by their graphs")
    load(records, *where)
    before = figures(store)
    for path in sorted((records / "_figures").glob("*.md"))[1:]:
        path.unlink()
    outcome = load(records, *mode, *where, "--prune")
    assert outcome.code == 2
    assert "--prune would remove 6 of " in outcome.stderr
    assert "nothing was removed: add --yes" in outcome.stderr
    assert figures(store) == before
    outcome = load(records, *mode, *where, "--prune", "--yes")
    assert outcome.code == 0, outcome.stderr
    assert f"removed   6 {'figures' if where else 'graphs'}" in outcome.stderr
    assert len(figures(store)) == 1


def test_prune_refuses_a_source_that_was_not_read_whole(
    load: Load, store: Path, records: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "collection.zip"
    shutil.make_archive(str(whole.with_suffix("")), "zip", records)
    load(records)
    before = held(store)
    more = records / "_figures" / f"{FIGID}.md"
    more.unlink()
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(whole.read_bytes()[:5000])
    for mode in ((), ("--sync",)):
        outcome = load(records, damaged, "--prune", *mode)
        assert outcome.code == 2, outcome.stderr
        assert "damaged.zip" in outcome.stderr
        assert "nothing was removed" in outcome.stderr
        assert held(store) == before


def test_a_figure_whose_record_is_rejected_is_not_removed(
    load: Load, store: Path, records: Path
) -> None:
    load(records)
    before = graph(store, f"{FIGURES}{FIGID}.html")
    links = graph(store, LINKSET)
    record(records).write_text("---\nfigid: [\n---\n")
    outcome = load(records, "--prune", "--yes")
    assert outcome.code == 1
    assert "rejected  1 records" in outcome.stderr
    assert "removed   0 graphs" in outcome.stderr
    assert graph(store, f"{FIGURES}{FIGID}.html") == before
    assert graph(store, LINKSET) == links


def test_a_figure_of_an_export_can_be_loaded_as_a_file(
    load: Load, run: Callable[..., Outcome], store: Path, records: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("export", records, "--out", out, "--format", "nquads", "--jobs", "1")
    assert load(out).code == 0
    file = out / "core" / f"{FIGID}.nq"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-2]))
    outcome = load(file)
    assert outcome.code == 0, outcome.stderr
    assert len(graph(store, f"{FIGURES}{FIGID}.html")) == len(lines) - 2
    assert len(figures(store)) == 7
    # The export's own version is not taken for the one that is there.
    file.write_text("".join(lines))
    assert load(out, "--sync").code == 0
    assert len(graph(store, f"{FIGURES}{FIGID}.html")) == len(lines)


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(
    load: Load, store: Path, records: Path, tmp_path: Path
) -> None:
    outcome = load(records, "--dry-run")
    assert outcome.code == 0, outcome.stderr
    assert "added     10\n" in outcome.stdout
    assert not store.exists()
    load(records)
    before = held(store)
    drop_genes(records)
    record(records, "PMC100008__mb2411709009").unlink()
    outcome = load(records, "--dry-run")
    said = dict(line.split() for line in outcome.stdout.splitlines() if line[-1].isdigit())
    assert said["removed"] == "0"
    assert int(said["added"]) == 0
    assert int(said["replaced"]) + int(said["unchanged"]) == 9
    assert int(said["unchanged"]) >= 5
    outcome = load(records, "--dry-run", "--prune", "-v")
    assert f"removed   1\n  {FIGURES}PMC100008__mb2411709009.html\n" in outcome.stdout
    assert f"  {FIGURES}{FIGID}.html\n" in outcome.stdout
    assert outcome.stdout.endswith("nothing was written\n")
    outcome = load(record(records), "--dry-run", "--prune")
    assert outcome.code == 2
    assert "--prune would remove " in outcome.stderr
    assert held(store) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records", "store"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--append", "--prune"), "leave out --prune"),
        (("--yes",), "add --prune"),
    ],
)
def test_orders_that_contradict_each_other_are_refused(
    options: tuple[str, ...], said: str, load: Load, records: Path
) -> None:
    outcome = load(records, *options)
    assert outcome.code == 2
    assert said in outcome.stderr


def test_the_help_states_the_share_that_is_used() -> None:
    assert load_command.SHARE == SHARE
