"""What R, pandas and YAML write for what is unknown, and for whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdfexport import read_records
from support.records import Collection, record_text, table_text

if TYPE_CHECKING:
    from rdfexport import FigureRecord

ALWAYS = [
    ".na",
    ".na.character",
    ".na.complex",
    ".na.integer",
    ".na.real",
    ".nan",
    "'.nan'",
    "<NA>",
    "NA",
]
UNLESS_NAMES = ["NaN", "nan", "'NaN'"]

TEXTS = {
    "figid_alias": "alias",
    "figtitle": "title",
    "caption": "caption",
    "number": "number",
    "figtype": "figure_type",
    "filename": "filename",
    "figlink": "figlink",
    "papertitle": "paper_title",
    "reftext": "citation",
    "year": "year",
    "doi": "doi",
    "journal_title": "journal",
    "journal_nlm_ta": "journal_abbreviation",
    "publisher_name": "publisher",
    "automl_pathway": "pathway_score",
    "pmc_ranked_result_index": "ranked_result_index",
    "ndex": "ndex",
}


def read(collection: Collection, text: str, **tables: str) -> FigureRecord:
    collection.add("PMC1__f1", text, **tables)
    (found,) = read_records(str(collection.root), linking=None)
    return found


@pytest.mark.parametrize("nothing", ALWAYS + UNLESS_NAMES)
def test_every_field_of_the_front_matter_can_be_unknown(
    collection: Collection, nothing: str
) -> None:
    lists = ("organisms", "organisms_ner", "keywords", "schema-jsonld", "genes", "chemicals")
    text = record_text(changes=dict.fromkeys((*TEXTS, *lists), nothing))
    found = read(collection, text)
    assert {getattr(found, name) for name in TEXTS.values()} == {None}
    assert (found.organisms, found.recognised_organisms, found.keywords) == ((), (), ())
    assert (found.genes, found.chemicals, found.findings) == ((), (), ())


@pytest.mark.parametrize("nothing", ALWAYS + UNLESS_NAMES)
@pytest.mark.parametrize("template", ["[{}]", "\n- {}", "\n- {}\n- {}"])
def test_a_list_of_what_is_unknown_is_empty(
    collection: Collection, nothing: str, template: str
) -> None:
    value = template.replace("{}", nothing)
    changes = dict.fromkeys(("organisms", "organisms_ner", "keywords", "genes"), value)
    found = read(collection, record_text(changes=changes))
    assert (found.organisms, found.recognised_organisms, found.genes) == ((), (), ())
    assert found.findings == ()


@pytest.mark.parametrize("nothing", [*ALWAYS, "NaN", "nan"])
def test_cells_of_a_table_can_be_unknown(collection: Collection, nothing: str) -> None:
    cell = nothing.strip("'")
    genes = "\t".join((*[cell] * 3, "mTor", *[cell] * 2, *[cell] * 5)) + "\n"
    chemicals = f"Rapa\t{cell}\t{cell}\t{cell}\t{cell}\n"
    found = read(
        collection,
        record_text(),
        genes=table_text("genes", genes),
        chemicals=table_text("chemicals", chemicals),
    )
    assert found.findings == ()
    (gene,), (chemical,) = found.genes, found.chemicals
    assert (gene.word, gene.genes, gene.source, gene.count_direct) == ("mTor", (), None, None)
    assert (chemical.word, chemical.concepts) == ("Rapa", ())


@pytest.mark.parametrize("name", ["nan", "NaN", "na", "Na"])
def test_names_that_look_like_what_is_unknown_stay(collection: Collection, name: str) -> None:
    row = f"7227\tDrosophila melanogaster\tInvertebrates\t{name}\t{name}\t{name}\t31136"
    found = read(
        collection,
        record_text(
            changes={"schema-jsonld": f"\n  keywords:\n  - {name}", "keywords": f"x | {name}"}
        ),
        genes=table_text("genes", f"{row}\tncbigene_symbol\tNA\tNA\tNA\n"),
        chemicals=table_text("chemicals", f"{name}\tNA\t{name}\t{name}\tchebi:26708\n"),
    )
    (gene,), (chemical,) = found.genes, found.chemicals
    assert (gene.word, gene.match, gene.genes[0].symbol) == (name, name, name)
    (concept,) = chemical.concepts
    assert (chemical.word, chemical.match, concept.label) == (name,) * 3
    assert found.keywords == ("x", name)


@pytest.mark.parametrize(
    ("field", "written", "attribute", "value"),
    [
        ("year", "2001.0", "year", "2001"),
        ("year", "'2001.0'", "year", "2001"),
        ("year", "2.001e3", "year", "2001"),
        ("pmc_ranked_result_index", "14449.0", "ranked_result_index", "14449"),
        ("pmc_ranked_result_index", "1e+05", "ranked_result_index", "100000"),
        ("number", "1.0", "number", "1"),
        ("number", "4.1", "number", "4.1"),
        ("number", "4.10", "number", "4.10"),
    ],
)
def test_whole_numbers_that_were_written_as_doubles(
    collection: Collection, field: str, written: str, attribute: str, value: str
) -> None:
    changes = {field: written, "genes": "[]"}
    found = read(collection, record_text(changes=changes))
    assert getattr(found, attribute) == value
    assert found.findings == ()


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("2475.0", ["2475"]),
        ("2475.", ["2475"]),
        ("2.475e3", ["2475"]),
        ("1e+05", ["100000"]),
        ("2475.0, 3480.0", ["2475", "3480"]),
        # A spreadsheet rounds what it writes so: no gene can be told from it.
        ("1.23E+08", []),
        ("2475.5", []),
        ("1e99", []),
    ],
)
@pytest.mark.parametrize("form", ["legacy", "quoted", "current"])
def test_gene_numbers_that_were_written_as_doubles(
    collection: Collection, form: str, cell: str, numbers: list[str]
) -> None:
    if form == "current":
        row = f"9606.0\tHomo sapiens\tPrimates\tw\tm\tS\t{cell}\tncbigene_symbol\t4.0\tNA\t5\n"
        found = read(collection, record_text(), genes=table_text("genes", row))
        assert (found.genes[0].count_direct, found.genes[0].count_match) == ("4", "5")
    else:
        written = f"'{cell}'" if form == "quoted" else cell
        genes = f"\n- word: w\n  symbol: S\n  source: hgnc_symbol\n  entrez: {written}"
        found = read(collection, record_text("legacy", changes={"genes": genes}))
    (mention,) = found.genes
    assert [gene.entrez for gene in mention.genes] == numbers
    assert all(gene.taxon is not None and gene.taxon.id == "9606" for gene in mention.genes)
    assert bool(found.findings) == (not numbers)


def test_a_tab_after_a_colon_is_white_space(collection: Collection) -> None:
    text = record_text("legacy")
    fields = ("figtitle", "caption", "year", "  symbol", "- word", "  keywords")
    for name in fields:
        assert f"\n{name}: " in text or f"\n{name}:\n" in text
        text = text.replace(f"\n{name}: ", f"\n{name}:\t")
    found = read(collection, text)
    assert found == read(collection, record_text("legacy"))
    located = found.origin.locate("genes[0].entrez")
    assert located.line == text.splitlines().index("  entrez: '2475'") + 1


@pytest.mark.parametrize(
    ("genes", "problem"),
    [("\n- word: a\n-\n- word: b", "nothing"), ("\n- word: a\n- NA", "text")],
)
def test_a_row_that_is_missing_among_others_is_named(
    collection: Collection, genes: str, problem: str
) -> None:
    collection.add("PMC1__f1", record_text("legacy", changes={"genes": genes}))
    errors: list[object] = []
    assert list(read_records(str(collection.root), linking=None, on_error=errors.append)) == []
    assert len(errors) == 1
    assert "genes[" in str(errors[0])
    assert f"found {problem}" in str(errors[0])
