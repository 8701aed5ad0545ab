"""What a record says in a field or column that is not known is reported, with the nearest name."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rdfexport import read_records
from rdfexport.read.fields import RECORD_FIELDS, ROW_FIELDS, SCHEMA_FIELDS
from support.paths import ROOT
from support.records import HEADERS, TABLES, Collection, Outcome, line_of, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable

STEM = "PMC1__f1"
RECORD = f"_figures/{STEM}.md"


@pytest.fixture
def warnings(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> Callable[..., list[dict[str, Any]]]:
    """Export a collection of one record, and give the lines of ``warnings.jsonl``."""

    def export(text: str, **tables: str) -> list[dict[str, Any]]:
        collection.add(STEM, text, **tables)
        out = tmp_path / "out"
        outcome = run("export", collection.root, "--out", out, "--jobs", "1", "--no-validate")
        assert outcome.code == 0, outcome.stderr
        lines = [json.loads(line) for line in (out / "warnings.jsonl").read_text().splitlines()]
        return [line | {"file": Path(line["file"]).name} for line in lines]

    return export


def renamed(old: str, new: str, form: str = "legacy") -> str:
    """A record of which one field, at any level, has another name."""
    text = record_text(form)
    assert f"{old}:" in text
    return text.replace(f"\n{old}:", f"\n{new}:").replace(f" {old}:", f" {new}:")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("genes", "gene"),
        ("genes", "Genes"),
        ("chemicals", "chemical"),
        ("papertitle", "papertitel"),
        ("papertitle", "paper_title"),
        ("organisms", "organism"),
        ("figtitle", "fig-title"),
        ("year", "Year"),
        ("schema-jsonld", "schema_jsonld"),
        ("figlink", "figlnk"),
    ],
)
def test_misspelt_field_is_reported_with_the_nearest_name(
    warnings: Callable[..., list[dict[str, Any]]], old: str, new: str
) -> None:
    text = renamed(old, new)
    (found,) = warnings(text)
    assert (found["file"], found["field"]) == (f"{STEM}.md", new)
    assert found["line"] == line_of(text, f"{new}:")
    assert repr(old) in found["remedy"]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("entrez", "entrz", "genes[0].entrz"),
        ("word", "wrod", "genes[0].wrod"),
        ("identifier", "identifer", "chemicals[0].identifer"),
        ("keywords", "keyword", "schema-jsonld.keyword"),
    ],
)
def test_misspelt_field_within_a_row_or_block_is_reported(
    warnings: Callable[..., list[dict[str, Any]]], old: str, new: str, path: str
) -> None:
    text = renamed(old, new)
    first = warnings(text)[0]
    assert first["field"] == path
    number = text.splitlines().index(
        next(line for line in text.splitlines() if line.lstrip(" -").startswith(f"{new}:"))
    )
    assert first["line"] == number + 1
    assert repr(old) in first["remedy"]


def test_a_name_misspelt_in_many_rows_is_reported_once_where_it_stands_first(
    warnings: Callable[..., list[dict[str, Any]]],
) -> None:
    rows = "".join(f"\n- word: a{n}\n  entrz: '{n}'" for n in range(1, 9))
    (found,) = warnings(record_text("legacy", changes={"genes": "\n- word: a" + rows}))
    assert found["field"] == "genes[1].entrz"


def test_unknown_field_that_resembles_none_is_reported_without_a_guess(
    warnings: Callable[..., list[dict[str, Any]]],
) -> None:
    (found,) = warnings(record_text("legacy", changes={"zzz": "1"}))
    assert found["field"] == "zzz"
    assert "did you mean" not in found["remedy"]


@pytest.mark.parametrize("key", ["5", "true", "null", "1.5", '"a\\nb\\e"', "a.b|c[0]"])
def test_keys_of_any_kind_are_reported(
    warnings: Callable[..., list[dict[str, Any]]], key: str
) -> None:
    (found,) = warnings(record_text("legacy", changes={key: "x"}))
    assert found["field"].isprintable()


def test_names_without_number_do_not_make_findings_without_number(
    warnings: Callable[..., list[dict[str, Any]]],
) -> None:
    found = warnings(record_text("legacy", changes={f"x{n}": "1" for n in range(1000)}))
    assert len(found) == 21
    assert "980 more" in found[-1]["problem"]


def test_misspelt_column_is_reported(warnings: Callable[..., list[dict[str, Any]]]) -> None:
    header = HEADERS["chemicals"].replace(" ", "\t")
    table = f"{header}\tchebi_id\nRapa\tNA\tNA\tNA\tNA\tchebi:9168\n"
    (found,) = warnings(record_text(), chemicals=table)
    assert (found["file"], found["line"]) == (f"{STEM}-chemicals.tsv", 1)
    assert found["field"] == "chebi_id"


def test_known_fields_that_are_not_exported_are_not_reported(
    warnings: Callable[..., list[dict[str, Any]]],
) -> None:
    assert warnings(record_text("legacy")) == []


def test_annotations_in_another_form_are_reported_each(
    warnings: Callable[..., list[dict[str, Any]]],
) -> None:
    odd = "\n- type: Disease\n  value: cancer\n  valu: x\n- type: Disease\n- cancer\n- NA"
    found = warnings(record_text("legacy", changes={"annotations": odd}))
    assert [one["field"] for one in found] == [
        "annotations[1]",
        "annotations[2]",
        "annotations[0].valu",
    ]


def test_a_sound_record_with_all_its_tables_has_no_warning(
    warnings: Callable[..., list[dict[str, Any]]],
) -> None:
    assert warnings(record_text(), **{kind: table_text(kind) for kind in TABLES}) == []


def test_terminal_counts_unknown_fields_once_a_source(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    first, second = Collection(tmp_path / "a"), Collection(tmp_path / "b")
    for number in range(3):
        figid = f"PMC{number + 1}__f1"
        text = record_text("legacy", figid, {"papertitel": "x", "organism": "y"})
        (first if number else second).add(figid, text)
    outcome = run("export", first.root, second.root, "--out", tmp_path / "out", "--no-validate")
    lines = [line for line in outcome.stderr.splitlines() if line.startswith("warning: ")]
    assert len(lines) == 2
    assert {line.split(": ")[1]: line.rpartition(": ")[2] for line in lines} == {
        str(first.root): "4",
        str(second.root): "2",
    }


def test_every_field_of_real_records_is_known(corpus: Path) -> None:
    found = read_records(str(corpus / "current"), str(corpus / "legacy"), linking=None)
    assert [finding for record in found for finding in record.findings if finding.topic] == []


def test_the_page_of_records_shows_the_table_of_fields() -> None:
    spec = importlib.util.spec_from_file_location("fields", ROOT / "docs" / "fields.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs" / "records.md").read_text("utf-8")
    assert page == module.page()
    fields = [*RECORD_FIELDS, *SCHEMA_FIELDS, *(f for row in ROW_FIELDS.values() for f in row)]
    assert all(f"| `{field.name}` |" in page for field in fields)
