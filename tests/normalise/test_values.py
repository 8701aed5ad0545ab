"""What records say beside their rows: addresses, numbers, names, predictions, keywords."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, Linking, export, read_records
from rdfexport.errors import UsageError
from rdfexport.graph import Mapper, quads
from rdfexport.model import MatchType
from rdfexport.release.tables.aliases import figure_alias
from rdfexport.serve.figures import page_values
from support.records import FIGID, Collection, line_of, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdfexport import FigureRecord
    from support.records import Outcome

PAGE = f"https://pfocr.wikipathways.org/figures/{FIGID}.html"
PFOCR = "https://pfocr.wikipathways.org/vocab#"
SCHEMA = "http://schema.org/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
HUMAN, MOUSE = "9606\tHomo sapiens\tPrimates", "10090\tMus musculus\tRodents"


@pytest.fixture
def read(collection: Collection) -> Callable[..., FigureRecord]:
    """Read a record with some fields changed and some tables."""

    def call(
        changes: dict[str, str | None] | None = None,
        *,
        form: str = "current",
        linking: Linking | None = None,
        **tables: str,
    ) -> FigureRecord:
        texts = {kind: table_text(kind, rows) for kind, rows in tables.items()}
        path = collection.add(text=record_text(form, changes=changes), **texts)
        (record,) = read_records(path, linking=linking)
        return record

    return call


def triples(record: FigureRecord) -> list[ox.Triple]:
    mapper = Mapper()
    return [quad.triple for quad in quads(mapper.core(mapper.view(record)), "urn:graph")]


def values(record: FigureRecord, subject: str, property_: str) -> list[str]:
    return [
        one.object.value  # type: ignore[union-attr]
        for one in triples(record)
        if str(one.subject.value).endswith(subject) and one.predicate.value == property_  # type: ignore[union-attr]
    ]


# --- addresses ---------------------------------------------------------------------------------


def test_images_are_at_europe_pmc_and_pages_at_the_new_address_of_pmc(
    read: Callable[..., FigureRecord],
) -> None:
    record = read({"filename": "f1.PNG"})
    (image,) = values(record, "#figure", f"{SCHEMA}contentUrl")
    assert image.partition("?")[::2] == (
        "https://europepmc.org/api/fulltextRepo",
        "pmcId=PMC1&type=FILE&fileName=f1.PNG&mimeType=image/png",
    )
    assert values(record, "#figure", f"{SCHEMA}url") == [
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/figure/F1/"
    ]
    assert values(record, "/pmc/PMC1", f"{SCHEMA}url") == [
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"
    ]


def test_the_pattern_of_images_is_an_option(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    pattern = "https://europepmc.org/articles/{pmcid}/bin/{filename}"
    out = tmp_path / "out"
    call = ("export", collection.root, "--out", out, "--jobs", "1", "--image-pattern", pattern)
    assert run(*call).code == 0
    document = json.loads((out / "core" / f"{FIGID}.jsonld").read_text())
    assert document["image"]["contentUrl"] == "https://europepmc.org/articles/PMC1/bin/f1.jpg"


@pytest.mark.parametrize(
    "pattern",
    [
        "https://example.org/{pmcid}",
        "https://example.org/{filename}",
        "https://example.org/{pmcid}/{filename}/{other}",
        "https://example.org/{pmcid!r}/{filename}",
        "https://example.org/{pmcid.x}/{filename}",
        "https://example.org/{pmcid}/{filename}>",
        "https://example.org/{pmcid}/{filename",
        "ftp://example.org/{pmcid}/{filename}",
    ],
)
def test_what_is_no_pattern_of_images_is_refused(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pattern"):
        ExportOptions(tmp_path, image_pattern=pattern)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("figlink", "/pmc/articles/PMC2/figure/F1/"),
        ("figlink", "https://pmc.ncbi.nlm.nih.gov/articles/PMC11/figure/F1/"),
        ("figid_alias", "PMC2__F1"),
    ],
)
def test_what_is_of_another_article_is_a_finding_and_not_exported(
    read: Callable[..., FigureRecord], field: str, value: str
) -> None:
    record = read({field: value})
    found = next(one for one in record.findings if one.location.field == field)
    assert found.location.line == line_of(record_text(changes={field: value}), field)
    assert getattr(record, field.removeprefix("figid_")) is None


# --- numbers -----------------------------------------------------------------------------------

# PFOCR's own prefixes (pfocr-pipeline, pp_figures_step_1.R), and what each gives the alias back.
PREFIXES = ("F1", "F0", "S2", "SF3", "SF4_1", "GA1", "GA", "AF3", "EV5")


@pytest.mark.parametrize("number", PREFIXES)
def test_numbers_of_the_pipeline_are_written_out_and_name_the_figure(
    read: Callable[..., FigureRecord], number: str
) -> None:
    record = read({"number": number, "figid_alias": None, "figlink": None})
    assert record.number is not None
    assert record.number.partition(" ")[0] in {
        "Figure",
        "Scheme",
        "Supplemental",
        "Graphical",
        "Appendix",
        "Expanded",
    }
    if number != "F0":  # it stands for a number that is not known
        assert figure_alias(record).name == f"PMC1__{number}"


# --- names -------------------------------------------------------------------------------------


def test_the_label_of_the_table_is_the_label_and_the_record_is_quoted(
    read: Callable[..., FigureRecord],
) -> None:
    row = "Rapa\tmesh:D020123\tSirolimus\trapamycin\tchebi:9168\n"
    record = read(linking=Linking(), chemicals=row)
    assert values(record, "CHEBI_9168", LABEL) == ["sirolimus"]
    mention = f"#m-{record.chemicals[0].id}"
    assert values(record, mention, f"{PFOCR}recordedName") == ["rapamycin"]
    same = read(linking=Linking(), chemicals=row.replace("rapamycin", "sirolimus"))
    assert values(same, mention, f"{PFOCR}recordedName") == []


@pytest.mark.parametrize(
    "row", ["Rapa\tNA\tNA\trapamycin\tNA\n", "Rapa\tmesh:D020123\tSirolimus\trapamycin\tNA\n"]
)
def test_a_name_that_labels_nothing_stays_at_the_mention(
    read: Callable[..., FigureRecord], row: str
) -> None:
    record = read(chemicals=row)
    assert values(record, f"#m-{record.chemicals[0].id}", f"{PFOCR}recordedName") == ["rapamycin"]


def test_what_a_word_matched_labels_no_entity(read: Callable[..., FigureRecord]) -> None:
    record = read(chemicals="NAD\tNA\tNAD\tNA\tchebi:15846\n")
    assert values(record, "CHEBI_15846", LABEL) == []


# --- predictions -------------------------------------------------------------------------------


def test_annotations_are_exported_as_predictions_and_not_as_mentions(
    read: Callable[..., FigureRecord],
) -> None:
    entries = "\n- type: Disease\n  value: lung cancer\n  parent: cancer\n- value: cell growth"
    record = read({"annotations": entries}, form="legacy")
    assert record.findings == ()
    nodes = {
        str(one.subject.value)  # type: ignore[union-attr]
        for one in triples(record)
        if one.object == ox.NamedNode(f"{PFOCR}Prediction")
    }
    assert len(nodes) == 2
    assert sum("#m-" in node for node in nodes) == 0
    assert sorted(label for node in nodes for label in values(record, node, LABEL)) == [
        "cell growth",
        "lung cancer",
    ]
    assert [b for node in nodes for b in values(record, node, f"{PFOCR}broaderTerm")] == ["cancer"]
    shown = page_values(triples(record), PAGE, FIGID)
    assert set(shown["predictions"]) == {"lung cancer (disease)", "cell growth"}
    assert not [word for kind, word in shown["unresolved"] if kind != "Disease"]


def test_predictions_keep_their_names_in_another_order(read: Callable[..., FigureRecord]) -> None:
    one, other = "\n- type: a\n  value: b", "\n- type: a\n  value: c"
    first, second = (
        {p.value: p.id for p in read({"annotations": entries}, form="legacy").predictions}
        for entries in (one + other, other + one)
    )
    assert first == second


# --- families ----------------------------------------------------------------------------------


def gene(word: str, match: str, symbol: str, number: int, source: str, of: str = HUMAN) -> str:
    return f"{of}\t{word}\t{match}\t{symbol}\t{number}\t{source}\t1\tNA\t1\n"


FAMILY = (
    gene("AKT", "AKT", "AKT1", 207, "ncbigene_synonym")
    + gene("AKT", "AKT", "AKT2", 208, "famplex_relations")
    + gene("AKT", "AKT", "AKT3", 10000, "famplex_relations")
)


def test_an_expansion_is_of_all_rows_of_a_word(read: Callable[..., FigureRecord]) -> None:
    record = read(genes=FAMILY)
    assert len({mention.group for mention in record.genes}) == 1
    assert None not in {mention.group for mention in record.genes}
    assert {mention.match_type for mention in record.genes} == {MatchType.FAMILY}
    assert record.genes[0].source == "ncbigene_synonym"


def test_an_expansion_ends_where_name_organism_or_word_do(
    read: Callable[..., FigureRecord],
) -> None:
    others = (
        gene("AKT", "AKT", "Akt1", 11651, "ncbigene_synonym", MOUSE)
        + gene("Akt1", "AKT1", "AKT1", 207, "ncbigene_symbol")
        + gene("GLUT1", "GLUT1", "SLC2A1", 6513, "ncbigene_synonym")
    )
    *_, mouse, symbol, synonym = read(genes=FAMILY + others).genes
    assert (mouse.group, symbol.group, synonym.group) == (None, None, None)
    assert (mouse.match_type, symbol.match_type) == (MatchType.ALIAS, MatchType.EXACT)
    joined = gene("AKT/MTOR", "AKT", "AKT2", 208, "famplex_relations")
    joined += gene("AKT/MTOR", "MTOR", "MTOR", 2475, "ncbigene_symbol")
    assert [m.group is None for m in read(genes=joined).genes] == [False, True]


def test_the_gene_that_bears_the_name_of_the_family_stays_an_exact_match(
    read: Callable[..., FigureRecord],
) -> None:
    rows = gene("FOS", "FOS", "FOS", 2353, "ncbigene_symbol")
    rows += gene("FOS", "FOS", "FOSB", 2354, "famplex_relations")
    own, other = read(genes=rows).genes
    assert own.group == other.group is not None
    assert (own.match_type, other.match_type) == (MatchType.EXACT, MatchType.FAMILY)


GENES_OR_WORDS = {
    "genes": ("SELECT (COUNT(?m) AS ?n) { ?m oa:hasBody ?gene }", 4),
    "words": (
        """SELECT (COUNT(DISTINCT ?word) AS ?n) {
          ?m oa:hasBody ?gene OPTIONAL { ?m pfocr:expandedFrom ?expansion }
          BIND(COALESCE(?expansion, ?m) AS ?word)
        }""",
        2,
    ),
    "without families": (
        """SELECT (COUNT(?m) AS ?n) {
          ?m oa:hasBody ?gene ; pfocr:matchType ?how FILTER(?how != pfocr:family)
        }""",
        1,
    ),
}


@pytest.mark.parametrize("question", GENES_OR_WORDS)
def test_genes_and_words_of_a_record_of_today_are_counted_as_the_page_says(
    collection: Collection, tmp_path: Path, question: str
) -> None:
    rows = FAMILY + gene("Akt1", "AKT1", "AKT1", 207, "ncbigene_symbol")
    collection.add(genes=table_text("genes", rows))
    export([str(collection.root)], ExportOptions(tmp_path / "out", formats=("ntriples",)))
    store = ox.Store()
    store.load(path=tmp_path / "out" / "core" / f"{FIGID}.nt", format=ox.RdfFormat.N_TRIPLES)
    query, number = GENES_OR_WORDS[question]
    prefixes = f"PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX pfocr: <{PFOCR}> "
    (row,) = store.query(prefixes + query)  # type: ignore[misc]
    assert int(row["n"].value) == number


# --- contradictions between tables -------------------------------------------------------------


def test_a_contradiction_between_tables_is_reported_once_with_its_number(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    row = "Glucose\tmesh:D005947\tGlucose\tD-glucopyranose\tchebi:4167\n"
    for number in (1, 2):
        figid = f"PMC{number}__f1"
        collection.add(figid, chemicals=table_text("chemicals", row * 2))
    out = tmp_path / "out"
    outcome = run("export", collection.root, "--out", out, "--jobs", "1")
    assert outcome.code == 0, outcome.stderr
    found = [json.loads(line) for line in (out / "warnings.jsonl").read_text().splitlines()]
    (about,) = [one for one in found if "4167" in one["problem"]]
    assert "in 3 more rows" in about["problem"]
    assert (about["line"], about["field"]) == (2, "chebi")
    again = run("link", collection.root, "--jobs", "1", "-v")
    assert again.stderr.count("CHEBI:4167 stands beside") == 1


# --- keywords ----------------------------------------------------------------------------------

NO_KEYWORDS = {"keywords": "''", "schema-jsonld": "\n  license: CC0"}
CONFORMS = "http://purl.org/dc/terms/conformsTo"


def test_keywords_are_completed_from_the_entities(read: Callable[..., FigureRecord]) -> None:
    record = read(NO_KEYWORDS, genes=gene("mTor", "MTOR", "Mtor", 56717, "ncbigene_symbol", MOUSE))
    assert values(record, ".html", f"{SCHEMA}keywords")[0] == "Mtor"
    assert len(values(record, ".html", CONFORMS)) == 1


def test_without_keywords_the_profile_is_not_claimed(read: Callable[..., FigureRecord]) -> None:
    record = read(NO_KEYWORDS | {"organisms": "\n- NA", "organisms_ner": "\n- NA"})
    assert values(record, ".html", f"{SCHEMA}keywords") == []
    assert values(record, ".html", CONFORMS) == []
