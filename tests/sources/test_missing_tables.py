"""A figure that has lost its tables is reported, and so is a file that was meant to be one."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.records import Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable

STEM = "PMC1__f1"


def export(run: Callable[..., Outcome], out: Path, *sources: object, **stdin: bytes) -> Outcome:
    options = ("--out", out, "--jobs", "1", "--no-validate", "--no-link")
    return run("export", *sources, *options, **stdin)


def warnings(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "warnings.jsonl").read_text().splitlines()]


def rejected(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]


def losses(outcome: Outcome) -> list[str]:
    return [line for line in outcome.stderr.splitlines() if line.startswith("warning: ")]


def test_record_of_the_newer_form_without_tables_is_reported(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    for number in range(1, 4):
        collection.add(f"PMC{number}__f1")
    outcome = export(run, tmp_path / "out", collection.root)
    assert outcome.code == 0
    found = warnings(tmp_path / "out")
    assert [Path(one["file"]).name for one in found] == [f"PMC{n}__f1.md" for n in (1, 2, 3)]
    assert {one["field"] for one in found} == {"genes"}
    # What the record itself says should be there.
    assert all("Mtor" in one["problem"] for one in found)
    assert all(f"PMC{n}__f1-genes.tsv" in found[n - 1]["remedy"] for n in (1, 2, 3))
    (line,) = losses(outcome)
    assert str(collection.root) in line
    assert line.endswith(": 3")


@pytest.mark.parametrize("kind", ["genes", "chemicals", "diseases"])
def test_one_table_is_enough(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path, kind: str
) -> None:
    collection.add(**{kind: table_text(kind)})
    outcome = export(run, tmp_path / "out", collection.root)
    assert (warnings(tmp_path / "out"), losses(outcome)) == ([], [])


@pytest.mark.parametrize("form", ["legacy", "current"])
def test_a_record_can_say_that_its_figure_has_none(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path, form: str
) -> None:
    changes = {"genes": "[]", "chemicals": None, "diseases": None}
    collection.add(text=record_text(form, changes=changes))
    export(run, tmp_path / "out", collection.root)
    assert warnings(tmp_path / "out") == []


def test_record_of_the_older_form_that_lost_its_lists_is_reported(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    changes = dict.fromkeys(("genes", "chemicals", "diseases"))
    collection.add(text=record_text("legacy", changes=changes))
    export(run, tmp_path / "out", collection.root)
    assert [one["field"] for one in warnings(tmp_path / "out")] == ["genes"]


def test_standard_input_comes_without_tables(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = export(run, tmp_path / "out", "-", stdin=record_text().encode())
    (found,) = warnings(tmp_path / "out")
    assert found["file"] == "-"
    assert "standard input" in found["remedy"]
    assert len(losses(outcome)) == 1


def test_archive_without_tables_is_reported(run: Callable[..., Outcome], tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(f"_figures/{STEM}.md", record_text())
    (tmp_path / "a.zip").write_bytes(data.getvalue())
    outcome = export(run, tmp_path / "out", tmp_path / "a.zip")
    (found,) = warnings(tmp_path / "out")
    assert found["file"] == f"{tmp_path}/a.zip!_figures/{STEM}.md"
    (line,) = losses(outcome)
    assert str(tmp_path / "a.zip") in line


@pytest.mark.parametrize(
    ("name", "right"),
    [
        (f"{STEM}-gene.tsv", f"{STEM}-genes.tsv"),
        (f"{STEM}-Genes.tsv", f"{STEM}-genes.tsv"),
        (f"{STEM}_genes.tsv", f"{STEM}-genes.tsv"),
        (f"{STEM}.genes.tsv", f"{STEM}-genes.tsv"),
        (f"{STEM}-genes.TSV", f"{STEM}-genes.tsv"),
        (f"{STEM}-genes.txt", f"{STEM}-genes.tsv"),
        (f"{STEM}-genes.tsv.txt", f"{STEM}-genes.tsv"),
        (f"{STEM}-genes (1).tsv", f"{STEM}-genes.tsv"),
        (f"{STEM}-genes.csv", f"{STEM}-genes.tsv"),
        (f"{STEM}-chemical.tsv", f"{STEM}-chemicals.tsv"),
        (f"{STEM}-disease.tsv", f"{STEM}-diseases.tsv"),
        (f"{STEM}-diseses.tsv", f"{STEM}-diseases.tsv"),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_misnamed_table_is_reported_with_its_right_name(
    collection: Collection,
    run: Callable[..., Outcome],
    tmp_path: Path,
    name: str,
    right: str,
    named: bool,  # noqa: FBT001
) -> None:
    record = collection.add()
    file = collection.root / "_data" / name
    file.parent.mkdir()
    file.write_text(table_text("genes"))
    outcome = export(run, tmp_path / "out", record if named else collection.root)
    (found,) = [one for one in warnings(tmp_path / "out") if one["file"] == str(file)]
    assert right in found["remedy"]
    assert len(losses(outcome)) == 2


def test_files_that_only_resemble_a_table_are_not_reported(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add(genes=table_text("genes"))
    for name in ("notes-genes.txt", f"{STEM}-gene.png", f"{STEM}.txt", "wpids.tsv", "genes.tsv"):
        (collection.root / "_data" / name).write_text("x")
    outcome = export(run, tmp_path / "out", collection.root)
    assert (warnings(tmp_path / "out"), losses(outcome)) == ([], [])


def test_misnamed_table_in_an_archive_is_reported(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(f"_figures/{STEM}.md", record_text())
        archive.writestr(f"_data/{STEM}-gene.tsv", table_text("genes"))
    export(run, tmp_path / "out", tmp_path / "a.zip")
    files = {one["file"].rpartition("!")[2] for one in warnings(tmp_path / "out")}
    assert files == {f"_data/{STEM}-gene.tsv", f"_figures/{STEM}.md"}


ODD = ("PMC2__f1.MD", "PMC3__f1.Md", "PMC4__f1.markdown", "PMC5__f1.md.txt", "batch/PMC6__f1.MD")


def tree_of_odd_records(collection: Collection, kind: str) -> Path:
    """A source with one record, and files that look like others but do not end in .md."""
    collection.add(genes=table_text("genes"))
    for name in ODD:
        file = collection.root / "_figures" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(record_text(changes={"figid": file.name.partition(".")[0]}))
    # Any project has these.
    (collection.root / "_figures" / "README.MD").write_text("# Notes")
    (collection.root / "notes.markdown").write_text("# Notes")
    if kind == "folder":
        return collection.root
    packed = shutil.make_archive(str(collection.root.parent / "a"), kind, collection.root)
    return Path(packed)


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_records_with_other_endings_are_rejected_with_their_right_names(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path, kind: str
) -> None:
    source = tree_of_odd_records(collection, kind)
    outcome = export(run, tmp_path / "out", source)
    assert outcome.code == 1
    found = {Path(one["file"]).name: one for one in rejected(tmp_path / "out")}
    assert sorted(found) == sorted(Path(name).name for name in ODD)
    for name, one in found.items():
        assert one["file"].startswith(str(source))
        assert f"{name.partition('.')[0]}.md" in one["remedy"]
    assert warnings(tmp_path / "out") == []
    # The same each time, as long as they are there: so --watch says it too.
    again = export(run, tmp_path / "out", source)
    assert (again.code, len(rejected(tmp_path / "out"))) == (1, len(ODD))


def test_a_figure_whose_record_was_given_another_ending_does_not_vanish_unsaid(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = collection.add(genes=table_text("genes"))
    collection.add("PMC9__other", genes=table_text("genes"))
    store = ("--store", tmp_path / "store", "--no-validate", "--jobs", "1")
    assert run("load", collection.root, *store).code == 0
    odd = path.rename(path.with_suffix(".MD"))
    outcome = export(run, tmp_path / "out", collection.root)
    assert outcome.code == 1
    assert [one["file"] for one in rejected(tmp_path / "out")] == [str(odd)]
    # The source has the figure, so a mirror keeps it.
    outcome = run("load", collection.root, *store, "--prune")
    assert outcome.code == 1
    assert str(odd) in outcome.stderr
    assert "removed   0 " in outcome.stderr


def test_a_copy_of_a_record_with_another_ending_is_a_warning(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = collection.add(genes=table_text("genes"))
    shutil.copy(path, path.with_suffix(".markdown"))
    (collection.root / "PMC7__draft.MD").write_text(record_text())  # no record by any name there
    outcome = export(run, tmp_path / "out", collection.root)
    assert (outcome.code, rejected(tmp_path / "out")) == (0, [])
    assert len(warnings(tmp_path / "out")) == 2
    (line,) = losses(outcome)
    assert line.endswith(": 2")


@pytest.mark.parametrize("source", ["_figures", "_figures/*"])
def test_a_source_of_such_records_alone_names_the_first(
    run: Callable[..., Outcome], tmp_path: Path, source: str
) -> None:
    (tmp_path / "_figures").mkdir()
    for name in ("PMC1__f1.MD", "PMC2__f1.markdown"):
        (tmp_path / "_figures" / name).write_text(record_text())
    outcome = export(run, tmp_path / "out", tmp_path / source)
    assert outcome.code == 2
    assert "PMC1__f1.MD" in outcome.stderr
    assert "rename" in outcome.stderr
    assert ": 2," in outcome.stderr


def test_rdf_beside_such_records_is_not_loaded_in_their_place(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{STEM}.MD").write_text(record_text())
    (tmp_path / "in" / "other.nq").write_text("<http://a/s> <http://a/p> <http://a/o> .\n")
    options = ("--graph", "http://a/g", "--store", tmp_path / "store")
    outcome = run("load", tmp_path / "in", *options)
    assert outcome.code == 2
    assert f"{STEM}.MD" in outcome.stderr
    assert not (tmp_path / "store").exists()


def test_a_record_with_another_ending_is_read_if_it_is_named(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / f"{STEM}.MD").write_text(record_text())
    (tmp_path / f"{STEM}-genes.tsv").write_text(table_text("genes"))
    outcome = export(run, tmp_path / "out", tmp_path / f"{STEM}.MD")
    assert (outcome.code, losses(outcome)) == (0, [])


def test_losses_are_reported_again_of_records_that_have_not_changed(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    first = export(run, tmp_path / "out", collection.root)
    written = warnings(tmp_path / "out")
    second = export(run, tmp_path / "out", collection.root)
    assert losses(second) == losses(first) != []
    assert warnings(tmp_path / "out") == written


def test_real_records_without_their_tables(
    corpus: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """Of the 20, those of the older form have lists of their own."""
    outcome = export(run, tmp_path / "out", corpus / "current" / "_figures")
    with_tables = losses(outcome)
    alone = Collection(tmp_path / "alone")
    for path in sorted((corpus / "current" / "_figures").glob("*.md")):
        alone.add(path.stem, path.read_bytes())
    outcome = export(run, tmp_path / "out2", alone.root)
    (line,) = losses(outcome)
    assert (with_tables, line.rpartition(": ")[2]) == ([], "12")
