"""From every kind of source and every form of record to the right ``FigureRecord``."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import itertools
import os
import random
import re
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
import zstandard

from rdfexport import RecordError, read_records
from rdfexport.model import Concept, FigureRecord, Gene, Kind, MatchType, Mention, Taxon
from rdfexport.read import decode
from rdfexport.sources import Catalogue
from support.paths import EXAMPLES
from support.records import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from support.records import Outcome

HUMAN = Taxon("Homo sapiens", "9606")
MOUSE = Taxon("Mus musculus", "10090")


# --- sources ---------------------------------------------------------------------------------


@pytest.fixture
def figures(collection: Collection, record: Callable[..., str], table: Callable[..., str]) -> Path:
    """A collection of one legacy record and one current one that has all three tables."""
    collection.add("PMC2__legacy", record("legacy", "PMC2__legacy"))
    collection.add("PMC10__f.1-x", **{kind: table(kind) for kind in Kind})
    (collection.root / "README.md").write_text("# Not a record\n")
    (collection.root / "_figures" / "image.jpg").write_bytes(b"\xff\xd8")
    return collection.root


def read(*sources: object) -> list[FigureRecord]:
    return list(read_records(*map(str, sources), linking=None))


def files_of(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def make_zip(root: Path, method: int = zipfile.ZIP_DEFLATED, prefix: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.mkdir("_figures")
        for path in files_of(root):
            archive.write(path, prefix + path.relative_to(root).as_posix())
    return data.getvalue()


def make_tar(root: Path, prefix: str = "", mode: str = "w") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:  # type: ignore[call-overload]
        archive.add(root, prefix or ".")
    return data.getvalue()


def make_zst(root: Path, frames: int = 1) -> bytes:
    tar = make_tar(root)
    step = -(-len(tar) // frames)
    return b"".join(zstandard.compress(tar[i : i + step]) for i in range(0, len(tar), step))


ARCHIVES: dict[str, Callable[[Path], bytes]] = {
    "a.zip": make_zip,
    "stored.zip": lambda root: make_zip(root, zipfile.ZIP_STORED),
    "within-a-folder.zip": lambda root: make_zip(root, prefix="pfocr-main/"),
    "a.tar": make_tar,
    "within-a-folder.tar": lambda root: make_tar(root, prefix="pfocr-main"),
    "a.tar.gz": lambda root: make_tar(root, mode="w:gz"),
    "a.TGZ": lambda root: make_tar(root, mode="w:gz"),
    "a.tar.zst": make_zst,
    "two-frames.tar.zst": lambda root: make_zst(root, frames=2),
    "zip-without-ending": make_zip,
    "tar-without-ending": make_tar,
    "gz-without-ending": lambda root: make_tar(root, mode="w:gz"),
    "zst-without-ending": make_zst,
}


def test_folder_is_walked(figures: Path) -> None:
    hidden = figures / ".git" / "_figures"
    hidden.mkdir(parents=True)
    (hidden / "PMC3__hidden.md").write_text("---\n")
    current, legacy = read(figures)
    assert (current.figid, legacy.figid) == ("PMC10__f.1-x", "PMC2__legacy")
    assert [m.word for m in (*current.genes, *current.chemicals, *current.diseases)] == [
        "mTor",
        "Rapa",
        "LPS",
    ]
    assert [m.word for m in (*legacy.genes, *legacy.chemicals, *legacy.diseases)] == [
        "mTorc1",
        "Rapamycin",
        "Cancer",
    ]


@pytest.mark.parametrize(
    "pattern",
    ["_figures/*.md", "_figures/*", "**", "**/*.md", "_fig*", "*", "_figures/PMC*__[lf]*.md"],
)
def test_glob(figures: Path, pattern: str) -> None:
    assert read(f"{figures}/{pattern}") == read(figures)


def test_glob_of_archives(figures: Path, table: Callable[..., str], tmp_path: Path) -> None:
    other = Collection(tmp_path / "other")
    other.add("PMC3__other", genes=table("genes"))
    (tmp_path / "a.zip").write_bytes(make_zip(figures))
    (tmp_path / "b.tar").write_bytes(make_tar(other.root))
    assert read(f"{tmp_path}/*.[zt]*") == read(figures, other.root)


@pytest.mark.parametrize(
    "sources",
    [
        ("_figures",),
        ("_data", "_figures"),
        ("_figures", "_data"),
        ("", ""),
        ("", "_figures/PMC10__f.1-x.md"),
        ("_figures/PMC10__f.1-x.md", "", "_figures/*.md"),
    ],
    ids=" ".join,
)
def test_each_file_is_taken_once_and_with_its_tables(
    figures: Path, sources: tuple[str, ...]
) -> None:
    findings: list[object] = []
    with Catalogue(f"{figures}/{source}" for source in sources) as catalogue:
        entries = list(catalogue.entries())
        findings += catalogue.findings
    assert findings == []
    assert read(*(figures / source for source in sources)) == read(figures)
    assert len(entries) == 2


def test_single_files_find_their_tables(figures: Path) -> None:
    current, legacy = read(figures)
    assert read(figures / "_figures" / "PMC10__f.1-x.md") == [current]
    assert read(figures / "_figures" / "PMC2__legacy.md") == [legacy]


@pytest.mark.parametrize("folder", ["", "_data"])
def test_record_outside_figures_finds_its_tables(
    tmp_path: Path, record: Callable[..., str], table: Callable[..., str], folder: str
) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / "PMC1__f1.md").write_text(record())
    (tmp_path / folder / "PMC1__f1-genes.tsv").write_text(table("genes"))
    for source in (tmp_path, tmp_path / "PMC1__f1.md", tmp_path / "*.md"):
        (found,) = read(source)
        assert [gene.word for gene in found.genes] == ["mTor"]


@pytest.mark.parametrize("name", ARCHIVES)
def test_archive(figures: Path, tmp_path: Path, name: str) -> None:
    archive = tmp_path / name
    archive.write_bytes(ARCHIVES[name](figures))
    assert read(archive) == read(figures)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.zst"])
def test_archive_on_standard_input(
    figures: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(ARCHIVES[name](figures)))
    monkeypatch.setattr(sys, "stdin", stream)
    assert read("-") == read(figures)


@pytest.mark.parametrize("figid", ["PMC2__legacy", "'PMC2__legacy '"])
def test_record_on_standard_input(
    run_process: Callable[..., Outcome], record: Callable[..., str], tmp_path: Path, figid: str
) -> None:
    text = record("legacy", "PMC2__legacy", {"figid": figid})
    command = ("export", "-", "--out", tmp_path / "out", "--no-validate")
    assert run_process(*command, stdin=text.encode()).code == 0
    index = (tmp_path / "out" / "index.tsv").read_text()
    assert index == "figid\tfile\nPMC2__legacy\tPMC2__legacy\n"


def test_several_sources_in_order_of_figids(figures: Path, record: Callable[..., str]) -> None:
    other = figures.parent / "other"
    other.mkdir()
    (other / "PMC1__z.md").write_text(record(figid="PMC1__z"))
    both = [r.figid for r in read(other, figures)]
    assert both == ["PMC10__f.1-x", "PMC1__z", "PMC2__legacy"]
    assert [r.figid for r in read(figures, other)] == both


def test_path_that_is_no_text(figures: Path, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n"))
    try:
        figures.rename(folder)
    except OSError:
        pytest.skip("a path that is not UTF-8: this file system does not take one")
    current, _ = read(folder)
    assert [gene.word for gene in current.genes] == ["mTor"]
    assert current.origin.locate("figid").file == (
        f"{tmp_path}/\\udcff\\n/_figures/PMC10__f.1-x.md"
    )


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("figtitle", ("a.zip!_figures/PMC10__f.1-x.md", 3, "figtitle")),
        ("organisms[1]", ("a.zip!_figures/PMC10__f.1-x.md", 6, "organisms[1]")),
        ("genes[0].ncbigene_id", ("a.zip!_data/PMC10__f.1-x-genes.tsv", 2, "ncbigene_id")),
    ],
)
def test_origin_of_a_field(
    figures: Path, tmp_path: Path, path: str, place: tuple[str, int, str]
) -> None:
    (tmp_path / "a.zip").write_bytes(make_zip(figures))
    location = read(tmp_path / "a.zip")[0].origin.locate(path)
    assert (location.file, location.line, location.field) == (f"{tmp_path}/{place[0]}", *place[1:])


# --- forms -----------------------------------------------------------------------------------


@pytest.fixture
def read_one(
    collection: Collection, record: Callable[..., str], table: Callable[..., str]
) -> Callable[..., FigureRecord]:
    """Read one record of a form with some fields changed and some rows in its tables."""

    def one(
        form: str = "current", changes: Mapping[str, str | None] | None = None, **rows: str
    ) -> FigureRecord:
        if form == "current" and not rows and not any((changes or {}).get(kind) for kind in Kind):
            rows = {"genes": ""}
        tables = {kind: table(kind, text) for kind, text in rows.items()}
        collection.add("PMC1__f1", record(form, changes=changes), **tables)
        (found,) = read(collection.root)
        return found

    return one


FIELDS_OF_BOTH = {
    "pubmed": None,
    "year_source": None,
    "wpids": (),
    "predictions": (),
    "figid": "PMC1__f1",
    "pmcid": "PMC1",
    "title": "mTORC1 and its drugs",
    "caption": "Signaling: mTORC1 and its drugs",
    "number": "Figure 1",
    "filename": "f1.jpg",
    "figlink": "/pmc/articles/PMC1/figure/F1/",
    "paper_title": "A pathway.",
}
FIELDS_OF_LEGACY = {
    "alias": None,
    "figure_type": None,
    "citation": "A. Author, et al. J. Tests. 2001 Dec;21(24):10.1000/ABC-1.",
    "year": "2001",
    "doi": "10.1000/abc-1",
    "doi_field": "reftext",
    "journal": None,
    "journal_abbreviation": None,
    "publisher": None,
    "pathway_score": "0.96405",
    "ranked_result_index": "14449",
    "ndex": "e93dea57-deb4-11ea-99da-0ac135e8bacf",
    "keywords": ("MTOR", "Rapamycin"),
    "organisms": (HUMAN,),
    "recognised_organisms": (),
}
FIELDS_OF_CURRENT = {
    "alias": "PMC1__F1",
    "figure_type": "Figure",
    "citation": "A. Author, et al. J. Tests. 2023 Mar 22;1(2):1-5.",
    "year": "2023",
    "doi": "10.1000/abc-1",
    "doi_field": "doi",
    "journal": "Journal of Tests",
    "journal_abbreviation": "J. Tests",
    "publisher": "Test Press",
    "pathway_score": "0.9377394",
    "ranked_result_index": None,
    "ndex": None,
    "keywords": ("mTOR", "cell growth", "Mtor"),
    "organisms": (HUMAN, Taxon("Sar")),
    "recognised_organisms": (MOUSE,),
}


@pytest.mark.parametrize(
    ("form", "expected"), [("legacy", FIELDS_OF_LEGACY), ("current", FIELDS_OF_CURRENT)]
)
def test_every_field(
    read_one: Callable[..., FigureRecord], form: str, expected: dict[str, object]
) -> None:
    found = read_one(form)
    names = {field.name for field in dataclasses.fields(FigureRecord)}
    values = {
        name: getattr(found, name) for name in names - {*Kind, "origin", "findings", "references"}
    }
    assert values == FIELDS_OF_BOTH | expected
    assert found.findings == ()


def without_ids(mention: Mention) -> dict[str, Any]:
    return {k: v for k, v in mention._asdict().items() if k not in {"id", "group"}}


def test_mentions_of_the_legacy_form(read_one: Callable[..., FigureRecord]) -> None:
    found = read_one("legacy")
    assert [*map(without_ids, found.genes)] == [
        {
            "row": 0,
            "word": "mTorc1",
            "match": "mTORC1",
            "source": "bioentities_symbol",
            "match_type": MatchType.FAMILY,
            "genes": (Gene("2475", "MTOR", "MTOR", HUMAN),),
            "count_direct": None,
            "count_synonym": None,
            "count_match": None,
        }
    ]
    assert [*map(without_ids, found.chemicals)] == [
        {
            "row": 0,
            "word": "Rapamycin",
            "match": None,
            "source": "MESH",
            "match_type": MatchType.BY_NAME,
            "concepts": (Concept("mesh", "D020123"),),
            "name": None,
        }
    ]
    assert [*map(without_ids, found.diseases)] == [
        {
            "row": 0,
            "word": "Cancer",
            "match": None,
            "source": None,
            "match_type": None,
            "concepts": (),
            "name": None,
        }
    ]


def test_mentions_of_the_current_form(
    read_one: Callable[..., FigureRecord], table: Callable[..., str]
) -> None:
    rows = {kind.value: table(kind).partition("\n")[2] for kind in Kind}
    found = read_one("current", **rows)
    assert [*map(without_ids, found.genes)] == [
        {
            "row": 0,
            "word": "mTor",
            "match": "MTOR",
            "source": "ncbigene_symbol",
            "match_type": MatchType.EXACT,
            "genes": (Gene("56717", "Mtor", None, MOUSE),),
            "count_direct": "4",
            "count_synonym": None,
            "count_match": "5",
        }
    ]
    assert [*map(without_ids, found.chemicals)] == [
        {
            "row": 0,
            "word": "Rapa",
            "match": "Sirolimus",
            "source": "MESH",
            "match_type": MatchType.BY_NAME,
            "concepts": (
                Concept("mesh", "D020123", "Sirolimus"),
                Concept("chebi", "9168", "sirolimus"),
            ),
            "name": "sirolimus",
        }
    ]
    assert [*map(without_ids, found.diseases)] == [
        {
            "row": 0,
            "word": "LPS",
            "match": "Van der Woude syndrome",
            "source": "MESH",
            "match_type": MatchType.BY_NAME,
            "concepts": (
                Concept("mesh", "C536528", "Van der Woude syndrome"),
                Concept("doid", "0060239", "Van der Woude"),
            ),
            "name": "Van der Woude",
        }
    ]


NOTHING = ["''", '""', "NA", ".na.character", "", "~", "'  '", None]
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
    "ndex": "ndex",
}


@pytest.mark.parametrize("nothing", NOTHING)
def test_sentinels_are_unknown(read_one: Callable[..., FigureRecord], nothing: str | None) -> None:
    listed = ("organisms", "organisms_ner", "keywords", "schema-jsonld", *Kind)
    found = read_one(changes=dict.fromkeys((*TEXTS, *listed), nothing))
    values = {name: getattr(found, name) for name in TEXTS.values()}
    assert values == dict.fromkeys(TEXTS.values())
    assert [*found.organisms, *found.recognised_organisms, *found.keywords] == []
    assert [*found.genes, *found.chemicals, *found.diseases] == []
    assert found.findings == ()


@pytest.mark.parametrize(
    ("field", "written", "attribute", "value"),
    [
        ("number", "F9", "number", "Figure 9"),
        ("number", "F11a", "number", "Figure 11a"),
        ("number", "Figure 2", "number", "Figure 2"),
        ("number", "FIGURE 1", "number", "Figure 1"),
        ("number", "Fig. 3", "number", "Figure 3"),
        ("number", "Scheme 2", "number", "Scheme 2"),
        ("number", "S1", "number", "Scheme 1"),
        ("number", "SF1", "number", "Supplemental figure 1"),
        ("number", "GA1", "number", "Graphical abstract 1"),
        ("number", "EV4", "number", "Expanded view figure 4"),
        ("number", "AF3", "number", "Appendix figure 3"),
        ("number", "SF4_1", "number", "Supplemental figure 4_1"),
        ("number", "SF12a", "number", "Supplemental figure 12a"),
        ("number", "GA", "number", "Graphical abstract"),
        ("number", "Box 2", "number", "Box 2"),
        ("number", "7", "number", "7"),
        ("year", "2001", "year", "2001"),
        ("year", "'2001'", "year", "2001"),
        ("figlink", "/pmc/articles/PMC1/figure/F1/", "figlink", "/pmc/articles/PMC1/figure/F1/"),
        ("figlink", "/pmc/articles/PMC1/figure/F1", "figlink", "/pmc/articles/PMC1/figure/F1/"),
        (
            "figlink",
            "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/figure/undfig1/",
            "figlink",
            "/pmc/articles/PMC1/figure/undfig1/",
        ),
        (
            "figlink",
            "http://pmc.ncbi.nlm.nih.gov/articles/PMC1/figure/pmed-0020415-g001/",
            "figlink",
            "/pmc/articles/PMC1/figure/pmed-0020415-g001/",
        ),
        ("doi", "10.1039/D3SC00173C", "doi", "10.1039/d3sc00173c"),
        ("doi", "https://doi.org/10.1039/d3sc00173c", "doi", "10.1039/d3sc00173c"),
        ("doi", "'doi: 10.1039/d3sc00173c'", "doi", "10.1039/d3sc00173c"),
        ("doi", "DOI 10.1039/d3sc00173c", "doi", "10.1039/d3sc00173c"),
        ("doi", "https://www.doi.org/10.1039/D3SC00173C", "doi", "10.1039/d3sc00173c"),
        (
            "figlink",
            "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/figure/F1/?report=objectonly",
            "figlink",
            "/pmc/articles/PMC1/figure/F1/",
        ),
        ("automl_pathway", "0.958832", "pathway_score", "0.958832"),
        ("automl_pathway", "'0.90'", "pathway_score", "0.90"),
        ("automl_pathway", "1.0e-07", "pathway_score", "0.0000001"),
        ("automl_pathway", "1", "pathway_score", "1"),
        ("pmc_ranked_result_index", "14449", "ranked_result_index", "14449"),
        ("caption", "'quoted: one '", "caption", "quoted: one"),
        ("caption", "folded over\n  two lines", "caption", "folded over two lines"),
        (
            "caption",
            "|-\n  kept on\n  two lines",
            "caption",
            "kept on\n  two lines".replace("  ", ""),
        ),
        ("caption", "See  and  for []", "caption", "See  and  for []"),
        ("caption", "Figure", "caption", "Figure"),
        ("figtitle", "B'-T and |TH|T", "title", "B'-T and |TH|T"),
        ("figtitle", '"\\U0001F9EC \\u05d0\\u200f"', "title", "\U0001f9ec \u05d0\u200f"),
    ],
)
def test_forms_of_a_field(
    read_one: Callable[..., FigureRecord], field: str, written: str, attribute: str, value: str
) -> None:
    found = read_one(changes={field: written})
    assert getattr(found, attribute) == value
    assert found.findings == ()


@pytest.mark.parametrize(
    ("doi", "citation", "expected"),
    [
        ("10.1000/A", "J. 10.1000/B.", ("10.1000/a", "doi")),
        (".na.character", "J. ;19(19):10.1158/1078-0432.CCR-13-0142.", None),
        (".na.character", "J. 10.1371/journal.pone.0326693;", None),
        (".na.character", "J. 2001 Dec;21(24):p-p.", (None, None)),
        (".na.character", "J. 10.5 (2001).", (None, None)),
    ],
)
def test_doi_is_a_field_or_part_of_the_citation(
    read_one: Callable[..., FigureRecord],
    doi: str,
    citation: str,
    expected: tuple[str | None, str | None] | None,
) -> None:
    found = read_one(changes={"doi": doi, "reftext": citation})
    if expected is None:
        expected = (citation[citation.index("10.") : -1].lower(), "reftext")
    assert (found.doi, found.doi_field) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a | b c | d", ("a", "b c", "d")),
        ("a|b", ("a|b",)),
        ("\n- a\n- 'b '\n- NA", ("a", "b")),
        ("[a, b, a]", ("a", "b")),
        ("|-\n  reaction\n  mechanism | a", ("reaction mechanism", "a")),
        ("lonely", ("lonely",)),
        ("'a |  | NA | b'", ("a", "b")),
        ("''", ()),
        ("\n- 'On'\n- '[O]'", ("On", "[O]")),
    ],
)
def test_forms_of_keywords(
    read_one: Callable[..., FigureRecord], written: str, expected: tuple[str, ...]
) -> None:
    found = read_one(changes={"keywords": written, "schema-jsonld": None})
    assert found.keywords == expected


@pytest.mark.parametrize(
    ("block", "keywords"),
    [
        ("\n  keywords:\n  - Mtor\n  - mTOR", ("mTOR", "cell growth", "Mtor")),
        ("\n- keywords: [x]\n- keywords: [y]", ("mTOR", "cell growth", "x")),
        ("\n  keywords: x", ("mTOR", "cell growth", "x")),
        ("\n  name: CreativeWork", ("mTOR", "cell growth")),
        ("[]", ("mTOR", "cell growth")),
        ("{}", ("mTOR", "cell growth")),
    ],
)
def test_forms_of_the_schema_block(
    read_one: Callable[..., FigureRecord], block: str, keywords: tuple[str, ...]
) -> None:
    assert read_one(changes={"schema-jsonld": block}).keywords == keywords


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Homo sapiens", (HUMAN,)),
        ("\n- Homo sapiens", (HUMAN,)),
        ("\n- NA", ()),
        ("[Homo sapiens, NA, Mus musculus]", (HUMAN, MOUSE)),
        ("[Mus musculus, Homo sapiens, Mus musculus]", (MOUSE, HUMAN)),
        ("PX clade", (Taxon("PX clade"),)),
        ("[PX clade, '']", (Taxon("PX clade"),)),
    ],
)
def test_forms_of_organisms(
    read_one: Callable[..., FigureRecord], written: str, expected: tuple[Taxon, ...]
) -> None:
    found = read_one(changes={"organisms": written, "organisms_ner": written})
    assert found.organisms == found.recognised_organisms == expected


def human(*genes: tuple[str, str | None]) -> tuple[Gene, ...]:
    return tuple(Gene(number, symbol, symbol, HUMAN) for number, symbol in genes)


@pytest.mark.parametrize(
    ("entrez", "symbol", "expected"),
    [
        ("'2475'", "MTOR", human(("2475", "MTOR"))),
        ("2475", "MTOR", human(("2475", "MTOR"))),
        ("'2475;57521'", "MTOR;RPTOR", human(("2475", "MTOR"), ("57521", "RPTOR"))),
        ("'2475, 57521'", "MTOR", human(("2475", None), ("57521", None))),
        ("2475 | 57521", "''", human(("2475", None), ("57521", None))),
        ("2475/57521", "MTOR/RPTOR", human(("2475", "MTOR"), ("57521", "RPTOR"))),
        ("'2475;'", "MTOR", human(("2475", "MTOR"))),
        ("NA", "MTOR", ()),
        ("''", "MTOR", ()),
    ],
)
def test_forms_of_entrez(
    read_one: Callable[..., FigureRecord], entrez: str, symbol: str, expected: tuple[Gene, ...]
) -> None:
    rows = f"\n- word: w\n  source: hgnc_symbol\n  hgnc_symbol: {symbol}\n  entrez: {entrez}"
    found = read_one("legacy", {"genes": rows})
    assert found.genes[0].genes == expected
    assert found.findings == ()


def test_several_numbers_in_a_cell_of_a_table(read_one: Callable[..., FigureRecord]) -> None:
    row = "10090\tMus musculus\tRodents\tw\tW\tA;B\t1;2\tncbigene_symbol\t1\t1\t1\n"
    found = read_one(genes=row)
    assert found.genes[0].genes == (Gene("1", "A", None, MOUSE), Gene("2", "B", None, MOUSE))


@pytest.mark.parametrize(
    ("source", "match_type"),
    [
        ("hgnc_symbol", MatchType.EXACT),
        ("hgnc_alias_symbol", MatchType.ALIAS),
        ("hgnc_prev_symbol", MatchType.PREVIOUS),
        ("bioentities_symbol", MatchType.FAMILY),
        ("ncbigene_symbol", MatchType.EXACT),
        ("ncbigene_synonym", MatchType.ALIAS),
        ("famplex_relations", MatchType.FAMILY),
        ("a_new_lexicon", None),
        ("NA", None),
    ],
)
def test_how_each_lexicon_matches(
    read_one: Callable[..., FigureRecord], source: str, match_type: MatchType | None
) -> None:
    found = read_one(genes=f"9606\tHomo sapiens\tPrimates\tw\tW\tA\t1\t{source}\tNA\tNA\tNA\n")
    (mention,) = found.genes
    assert mention.source == (None if source == "NA" else source)
    assert mention.match_type is match_type
    assert (mention.group is not None) == (match_type is MatchType.FAMILY)
    assert mention.genes == human(("1", "A"))


@pytest.mark.parametrize(
    ("kind", "row", "source", "mesh", "other"),
    [
        ("chemicals", "w\tmesh:D1234567\tM\tN\tchebi:5", "MESH", ("D1234567", "M"), ("5", "N")),
        ("chemicals", "w\tmesh:C123456\tNA\tNA\tNA", "MESH", ("C123456", None), None),
        ("chemicals", "w\tNA\tNA\t(1->4)-{x}'s\tchebi:5", "CHEBI", None, ("5", "(1->4)-{x}'s")),
        ("chemicals", "w\tNA\tM\tNA\tchebi:5", "CHEBI", None, ("5", None)),
        ("chemicals", "w\tNA\tNA\tNA\tCHEBI:5", "CHEBI", None, ("5", None)),
        ("chemicals", "w\tNA\tNA\tNA\tNA", None, None, None),
        ("diseases", "w\tmesh:D055370\tNA\tNA\tNA", "MESH", ("D055370", None), None),
        ("diseases", "w\tNA\tNA\tN\tdoid:0060239", "DOID", None, ("0060239", "N")),
        ("diseases", "w\tNA\tNA\tNA\tNA", None, None, None),
    ],
)
def test_concepts_of_a_table(
    read_one: Callable[..., FigureRecord],
    *,
    kind: str,
    row: str,
    source: str | None,
    mesh: tuple[str, str | None] | None,
    other: tuple[str, str | None] | None,
) -> None:
    found = read_one(**{kind: row + "\n"})
    (mention,) = getattr(found, kind)
    assert (mention.word, mention.source) == ("w", source)
    second = "chebi" if kind == "chemicals" else "doid"
    expected = (mesh and Concept("mesh", *mesh), other and Concept(second, *other))
    assert mention.concepts == tuple(filter(None, expected))
    assert found.findings == ()


@pytest.mark.parametrize(
    ("source", "identifier", "mesh", "chebi"),
    [
        ("MESH", "D001839", "D001839", None),
        ("MESH", "'MESH:C009061'", "C009061", None),
        ("''", "mesh:C009061", "C009061", None),
        ("CHEBI", "'9168'", None, "9168"),
        ("CHEBI", "9168", None, "9168"),
        ("ChEBI", "'CHEBI:9168'", None, "9168"),
    ],
)
def test_legacy_chemicals_of_either_space(
    read_one: Callable[..., FigureRecord],
    source: str,
    identifier: str,
    mesh: str | None,
    chebi: str | None,
) -> None:
    row = f"\n- word: w\n  source: {source}\n  identifier: {identifier}"
    found = read_one("legacy", {"chemicals": row})
    (mention,) = found.chemicals
    expected = (mesh and Concept("mesh", mesh), chebi and Concept("chebi", chebi))
    assert mention.concepts == tuple(filter(None, expected))
    assert found.findings == ()


@pytest.mark.parametrize(
    ("form", "changes", "rows", "places"),
    [
        ("current", {"year": "99"}, {}, [("PMC1__f1.md", "year: ", "year")]),
        ("current", {"figlink": "/elsewhere"}, {}, [("PMC1__f1.md", "figlink: ", "figlink")]),
        ("current", {"doi": "none"}, {}, [("PMC1__f1.md", "doi: ", "doi")]),
        ("current", {"ndex": "none"}, {}, [("PMC1__f1.md", "ndex: ", "ndex")]),
        ("current", {"filename": "../x"}, {}, [("PMC1__f1.md", "filename: ", "filename")]),
        (
            "current",
            {"automl_pathway": ".inf"},
            {},
            [("PMC1__f1.md", "automl_pathway: ", "automl_pathway")],
        ),
        (
            "current",
            {"figtitle": '"a\\a"'},
            {},
            [("PMC1__f1.md", "figtitle: ", "figtitle")],
        ),
        (
            "legacy",
            {"chemicals": "\n- word: w\n  source: HMDB\n  identifier: HMDB01"},
            {},
            [("PMC1__f1.md", "  identifier: ", "chemicals[0].identifier")],
        ),
        (
            "current",
            {},
            {"genes": "x\tn\tg\tw\tW\tA\tENSG01\tncbigene_symbol\tmany\tNA\tNA\n"},
            [
                ("PMC1__f1-genes.tsv", "x", "count_direct"),
                ("PMC1__f1-genes.tsv", "x", "ncbigene_id"),
                ("PMC1__f1-genes.tsv", "x", "organism_id"),
            ],
        ),
        (
            "legacy",
            {},
            {"genes": "9606\tHomo sapiens\tPrimates\tw\tW\tA\t1\tncbigene_symbol\t1\t1\t1\n"},
            [("PMC1__f1-genes.tsv", "organism_id", "genes")],
        ),
    ],
)
def test_oddities_are_found_and_the_rest_is_kept(
    read_one: Callable[..., FigureRecord],
    form: str,
    changes: dict[str, str],
    rows: dict[str, str],
    places: list[tuple[str, str, str]],
) -> None:
    found = read_one(form, changes, **rows)
    for finding, (file, beginning, field) in zip(
        sorted(found.findings, key=lambda f: f.location.field or ""), places, strict=True
    ):
        path = Path(finding.location.file)
        lines = path.read_text().splitlines()
        line = next(n for n, text in enumerate(lines, 1) if text.startswith(beginning))
        assert (path.name, finding.location.line, finding.location.field) == (file, line, field)
    assert found.caption == "Signaling: mTORC1 and its drugs"


def test_unwritable_characters_become_replacement_characters(
    read_one: Callable[..., FigureRecord],
) -> None:
    found = read_one(
        changes={"figtitle": '"a\\0b\\e\\uFFFEc\\td"'},
        chemicals="w\x01\tNA\tNA\tNA\tNA\n",
    )
    assert found.title == "a\ufffdb\ufffd\ufffdc\td"
    assert found.chemicals[0].word == "w\ufffd"
    assert [finding.location.field for finding in found.findings] == ["figtitle", "word"]


# --- the names of mentions -------------------------------------------------------------------

GENE = "9606\tHomo sapiens\tPrimates\t{}\t{}\t{}\t{}\t{}\tNA\tNA\tNA\n"
AKT = [GENE.format("AKT", "AKT", f"AKT{n}", n, "famplex_relations") for n in (1, 2, 3)]
OTHERS = [
    GENE.format("IRS1", "IRS1", "IRS1", 3667, "ncbigene_symbol"),
    GENE.format("IRS1", "IRS1", "IRS1", 3667, "ncbigene_symbol"),
    GENE.format("Akt1", "AKT1", "AKT1", 1, "ncbigene_symbol"),
]


def test_equal_rows_get_different_ids(read_one: Callable[..., FigureRecord]) -> None:
    chemical = "Rapa\tmesh:D020123\tSirolimus\tNA\tNA\n"
    disease = "flu\tmesh:D007251\tInfluenza\tNA\tNA\n"
    found = read_one(genes="".join(OTHERS * 2), chemicals=chemical * 3, diseases=disease * 2)
    mentions = [*found.genes, *found.chemicals, *found.diseases]
    assert len({mention.id for mention in mentions}) == len(mentions) == 11
    assert all(re.fullmatch("[0-9a-f]{16}", mention.id) for mention in mentions)


def test_ids_survive_a_new_order_of_rows(read_one: Callable[..., FigureRecord]) -> None:
    rows = [*AKT, *OTHERS]
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)
    assert shuffled != rows

    def names(found: FigureRecord) -> list[tuple[object, ...]]:
        return sorted((m.word, m.genes[0].entrez, m.id, m.group or "") for m in found.genes)

    assert names(read_one(genes="".join(rows))) == names(read_one(genes="".join(shuffled)))


def test_ids_survive_a_row_more(read_one: Callable[..., FigureRecord]) -> None:
    before = {mention.id for mention in read_one(genes="".join(AKT)).genes}
    after = {mention.id for mention in read_one(genes="".join(OTHERS + AKT)).genes}
    assert before < after


def test_rows_of_one_expansion_share_a_group(read_one: Callable[..., FigureRecord]) -> None:
    found = read_one(genes="".join([*AKT, *OTHERS, *AKT]))
    first, second = found.genes[:3], found.genes[6:]
    assert len({mention.group for mention in first}) == 1
    assert len({mention.group for mention in second}) == 1
    assert first[0].group != second[0].group
    assert {mention.group for mention in found.genes[3:6]} == {None}


def test_expansion_of_the_seed_record() -> None:
    (seed,) = read(EXAMPLES / "_figures" / "PMC3811159__nihms512981f2.md")
    by_group = itertools.groupby(
        sorted((m for m in seed.genes if m.group), key=lambda m: (m.word, m.group)),
        key=lambda m: (m.word, m.group),
    )
    groups = [(word, sorted(m.genes[0].symbol or "" for m in rows)) for (word, _), rows in by_group]
    assert groups == [
        ("AKT", ["AKT1", "AKT2", "AKT3"]),
        ("MTORC2", ["MAPKAP1", "MLST8", "MTOR", "RICTOR"]),
        ("P70S6K", ["RPS6KB1", "RPS6KB2"]),
        ("mTorc1", ["MTOR", "RPTOR"]),
    ]


# --- YAML ------------------------------------------------------------------------------------


def front_matter(path: Path) -> str:
    opening, text, body = re.split(r"^---\n", path.read_text("utf-8"), flags=re.MULTILINE)
    assert (opening, body) == ("", "")
    return text


def differences(paths: Iterable[Path], loader: Any) -> list[str]:
    """Records whose fields are not, in value and type, what PyYAML reads."""
    return [
        path.name
        for path in paths
        if repr(decode(path.name, path.read_bytes(), {}).front_matter)
        != repr(yaml.load(front_matter(path), loader))
    ]


def test_examples_read_as_pyyaml_reads_them() -> None:
    paths = sorted(EXAMPLES.rglob("*.md"))
    assert paths
    assert differences(paths, yaml.SafeLoader) == []


def test_corpus_reads_as_pyyaml_reads_it(corpus: Path) -> None:
    paths = sorted(corpus.glob("*/_figures/*.md"))
    assert len(paths) > 700
    assert differences(paths, yaml.CSafeLoader) == []


def test_corpus_is_read_whole(corpus: Path) -> None:
    for collection in sorted(corpus.glob("*/_figures")):
        files = {path.stem for path in collection.glob("*.md")}
        assert {record.figid for record in read(collection.parent)} == files


@pytest.mark.parametrize(
    ("written", "pyyaml"),
    [
        ("on", True),
        ("off", False),
        ("yes", True),
        ("NO", False),
        ("12:30", 750),
        ("12:30:45", 45045),
        ("2001-01-01", dt.date(2001, 1, 1)),
        ("1e5", "1e5"),
        ("2E1", "2E1"),
        ("0o17", "0o17"),
    ],
)
def test_words_that_only_one_version_of_yaml_converts_stay_text(
    read_one: Callable[..., FigureRecord], written: str, pyyaml: object
) -> None:
    assert yaml.safe_load(written) == pyyaml
    assert read_one(changes={"figtitle": written}).title == written
    assert read_one(changes={"organisms": f"[{written}]"}).organisms == (Taxon(written),)


@pytest.mark.parametrize("written", ["=", "<<", "a\u0085b", "a\u2028b"])
def test_text_that_pyyaml_cannot_read(read_one: Callable[..., FigureRecord], written: str) -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(f"figtitle: {written}\ncaption: x")
    assert read_one(changes={"figtitle": written}).title == written


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("010", "a number"),
        ("0x1F", "a number"),
        ("1_000", "a number"),
        (".5", "a number"),
        (".inf", "a number"),
        ("2023", "a number"),
        ("true", "true/false"),
        ("FALSE", "true/false"),
        ("[a]", "a list"),
        ("{a: b}", "fields"),
        ("!!set {a}", "set"),
    ],
)
@pytest.mark.parametrize("field", ["figtitle", "caption", "keywords", "organisms"])
def test_values_that_are_not_text_are_rejected(
    read_one: Callable[..., FigureRecord], field: str, written: str, found: str
) -> None:
    if written == "[a]" and field in {"keywords", "organisms"}:
        assert getattr(read_one(changes={field: written}), field)
        return
    with pytest.raises(RecordError) as caught:
        read_one(changes={field: written})
    assert caught.value.location.field == field
    assert caught.value.problem.endswith(f"expected, found {found}")


def test_tags_make_no_objects(read_one: Callable[..., FigureRecord]) -> None:
    assert read_one(changes={"figtitle": "!!binary aGk="}).title == "aGk="
    with pytest.raises(RecordError, match="Invalid tag") as caught:
        read_one(changes={"figtitle": "!!python/name:os.system x"})
    assert caught.value.location.line == 3


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks(
    collection: Collection,
    record: Callable[..., str],
    table: Callable[..., str],
    ending: str,
    mark: str,
) -> None:
    text = mark + record().replace("\n", ending)
    genes = mark + table("genes").replace("\n", ending)
    collection.add("PMC1__f1", text.encode(), genes=genes)
    (found,) = read(collection.root)
    assert found.title == "mTORC1 and its drugs"
    assert found.genes[0].count_match == "5"
