"""Pathways of WikiPathways that curators made of figures: from the record to every output."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from rdfexport import read_records
from rdfexport.errors import SourceError
from rdfexport.release.make.make_release import make_release
from rdfexport.release.make.options import ReleaseOptions
from rdfexport.serve.figures import page_values
from rdfexport.site.members import figure as site_figure
from support.records import FIGID, Collection, line_of, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport import FigureRecord
    from support.records import Outcome

MODEL = "https://identifiers.org/wikipathways/WP4535"
PAGE = f"https://pfocr.wikipathways.org/figures/{FIGID}.html"
MAP = "wpid_map.tsv"


def add_map(collection: Collection, text: str) -> Path:
    path = collection.root / "_data" / MAP
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def read(source: Path | str) -> FigureRecord:
    (record,) = read_records(source, linking=None)
    return record


@pytest.mark.parametrize("form", ["legacy", "current"])
def test_a_record_says_which_pathway_was_made_of_its_figure(
    collection: Collection, form: str
) -> None:
    record = read(collection.add(text=record_text(form, changes={"wpid": "WP4535"})))
    assert record.wpids == ("WP4535",)
    assert record.findings == () or form == "current"


@pytest.mark.parametrize("wpid", ["4535", "WP4535_r100", "WPx"])
def test_what_is_no_pathway_is_a_finding_at_its_line(collection: Collection, wpid: str) -> None:
    text = record_text("legacy", changes={"wpid": wpid})
    record = read(collection.add(text=text))
    assert record.wpids == ()
    (finding,) = record.findings
    assert finding.location[1:] == (line_of(text, "wpid"), "wpid")


@pytest.mark.parametrize("packed", ["", "packed"])
@pytest.mark.parametrize("named", ["collection", "record"])
def test_the_table_of_the_collection_is_read_beside_the_records(
    collection: Collection, tmp_path: Path, named: str, packed: str
) -> None:
    path = collection.add(text=record_text("legacy"))
    add_map(collection, f"PMC2__f1\tWP1\n{FIGID}  WP4535\n")  # the real one has blanks too
    source = collection.root if named == "collection" else path
    if packed:
        source = tmp_path / "collection.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for file in collection.root.rglob("*.*"):
                archive.write(file, file.relative_to(tmp_path))
    record = read(source)
    assert record.wpids == ("WP4535",)
    assert record.findings == ()


def test_record_and_table_that_differ_are_both_exported_and_reported(
    collection: Collection,
) -> None:
    text = record_text("legacy", changes={"wpid": "WP1"})
    path = collection.add(text=text)
    add_map(collection, f"{FIGID}\tWP4535\n{FIGID}\twrong\n")
    record = read(path)
    assert record.wpids == ("WP1", "WP4535")
    bad, differs = record.findings
    assert (Path(bad.location.file).name, bad.location.line) == (MAP, 2)
    assert differs.location.line == line_of(text, "wpid")
    assert f"{MAP}:1" in differs.problem


def test_lines_of_the_table_that_lead_nowhere_are_reported(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    for figid in (FIGID, "PMC1__f2"):
        collection.add(figid, record_text("legacy", figid))
    add_map(collection, f"figid\twpid\n{FIGID}\tWP4535\nnonsense\n\nPMC3__f1\tWP2\nPMC3__f2\tWP2\n")
    out = tmp_path / "out"
    assert run("export", collection.root, "--out", out, "--jobs", "1").code == 0
    found = [json.loads(line) for line in (out / "warnings.jsonl").read_text().splitlines()]
    assert [(Path(one["file"]).name, one["line"]) for one in found] == [(MAP, 3), (MAP, None)]
    assert "2 of its figures" in found[1]["problem"]


def test_a_table_that_cannot_be_read_makes_the_source_incomplete(collection: Collection) -> None:
    collection.add(text=record_text("legacy"))
    add_map(collection, "").write_bytes(b"\xff\xfe\x00broken\xd8")
    with pytest.raises(SourceError, match=MAP):
        read(collection.root)


def test_a_change_of_the_table_exports_its_figures_again(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    for figid in (FIGID, "PMC1__f2"):
        collection.add(figid, record_text("legacy", figid))
    out, file = tmp_path / "out", tmp_path / "out" / "core" / f"{FIGID}.ttl"
    call = ("export", collection.root, "--out", out, "--jobs", "1", "--no-validate")
    assert run(*call).code == 0
    assert "wikipathways:" not in file.read_text().partition("\n\n")[2]
    add_map(collection, f"{FIGID}\tWP4535\n")
    outcome = run(*call)
    assert "wikipathways:WP4535" in file.read_text()
    assert "unchanged 1" in " ".join((outcome.stdout + outcome.stderr).split())


def test_every_output_has_the_pathway(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    genes = "".join(
        f"9606\tHomo sapiens\tPrimates\t{s}\t{s}\t{s}\t{n}\tncbigene_symbol\t1\tNA\t1\n"
        for s, n in (("MTOR", 2475), ("RPTOR", 57521), ("IRS1", 3667))
    )
    text = record_text(changes={"wpid": "WP4535", "ndex": "e93dea57-deb4-11ea-99da-0ac135e8bacf"})
    collection.add(text=text, genes=table_text("genes", genes))
    options = ReleaseOptions(out=tmp_path, day=date(2026, 11, 10), base_url="https://example.org/")
    release = make_release([str(collection.root)], options).release
    files = {file.kind: release.folder / file.path for file in release.files}
    title = files["gmt"].read_text().split("\t")[1]
    assert title == "mTORC1 and its drugs (wikipathways:WP4535)"
    rows = pq.read_table(files["mentions"]).to_pylist()
    assert [row["wikipathways"] for row in rows] == [["WP4535"]] * 3

    with zipfile.ZipFile(files["jsonld"]) as archive:
        document = archive.read(archive.namelist()[0])
    assert {"@id": MODEL} in json.loads(document)["subjectOf"]
    models = site_figure(FIGID, document, "here").models
    model = ("WikiPathways WP4535", "https://www.wikipathways.org/instance/WP4535")
    assert models[0] == model
    assert models[1].text.startswith("NDEx ")

    with zipfile.ZipFile(files["core"]) as archive:
        turtle = archive.read(archive.namelist()[0])
    triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    shown = page_values(triples, PAGE, FIGID)["figure"]
    assert shown.models[0] == model
    assert run("verify", release.folder).code == 0
