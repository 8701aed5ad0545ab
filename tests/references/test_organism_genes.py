"""Genes of all organisms: NCBI's files as tables, and what genes are linked to."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import html5lib
import pytest
from click.testing import CliRunner

from rdfexport import read_records
from rdfexport.cli.commands.references import references as references_group
from rdfexport.graph import Mapper
from rdfexport.model import Agreement, Taxon
from rdfexport.pipeline.link_report import LinkOptions, link_records
from rdfexport.references import References, snapshot
from rdfexport.references.tables import SOURCES, TABLES
from rdfexport.release.tables import gene_sets
from rdfexport.release.tables.aliases import figure_alias
from rdfexport.site import SiteOptions, build, members
from rdfexport.site.index import Index
from support.paths import EXAMPLES, GOLDEN
from support.sites import make_release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rdfexport import FigureRecord
    from rdfexport.model import Gene
    from support.records import Collection, Outcome

XHTML = "{http://www.w3.org/1999/xhtml}"
HUMAN, MOUSE, RAT = "9606", "10090", "10116"
SOME = f"{HUMAN},{MOUSE},{RAT}"
ORGANISMS = {
    HUMAN: "9606\tHomo sapiens\tPrimates",
    MOUSE: "10090\tMus musculus\tRodents",
    RAT: "10116\tRattus norvegicus\tRodents",
}

_INFO = (
    "#tax_id GeneID Symbol LocusTag Synonyms dbXrefs chromosome map_location description"
    " type_of_gene Symbol_from_nomenclature_authority Full_name_from_nomenclature_authority"
    " Nomenclature_status Other_designations Modification_date Feature_type"
)
_HISTORY = "#tax_id GeneID Discontinued_GeneID Discontinued_Symbol Discontinue_Date"
_ORTHOLOGS = "#tax_id GeneID relationship Other_tax_id Other_GeneID"
_HGNC = (
    "hgnc_id symbol name status alias_symbol prev_symbol entrez_id ensembl_gene_id uniprot_ids"
    " mgd_id rgd_id"
)
INFO, HISTORY, ORTHOLOGS, HGNC = (text.split() for text in (_INFO, _HISTORY, _ORTHOLOGS, _HGNC))


def lines(header: list[str], rows: Iterable[dict[str, str]], missing: str = "-") -> bytes:
    text = ["\t".join(header)]
    text += ["\t".join(row.get(name.removeprefix("#"), missing) for name in header) for row in rows]
    return "".join(f"{line}\n" for line in text).encode()


def info(
    taxon: str, number: str, symbol: str, references: str = "-", **more: str
) -> dict[str, str]:
    row = {"tax_id": taxon, "GeneID": number, "Symbol": symbol, "dbXrefs": references}
    return {**row, "description": f"gene {symbol}", **more}


def history(taxon: str, gone: str, symbol: str, replacement: str = "-") -> dict[str, str]:
    names = (name.removeprefix("#") for name in HISTORY)
    return dict(zip(names, (taxon, replacement, gone, symbol, "20200101"), strict=True))


def pair(taxon: str, number: str, other_taxon: str, other: str) -> dict[str, str]:
    names = (name.removeprefix("#") for name in ORTHOLOGS)
    return dict(zip(names, (taxon, number, "Ortholog", other_taxon, other), strict=True))


GENES = (
    info(
        MOUSE, "56717", "Mtor", "MGI:MGI:1928394|Ensembl:ENSMUSG00000028991|AllianceGenome:MGI:1",
        Synonyms='Frap1|5" end', Full_name_from_nomenclature_authority="a kinase",
    ),
    info(MOUSE, "11651", "Akt1", "MGI:MGI:87986"),
    info(MOUSE, "18000", "Septin2", "MGI:MGI:97298"),
    info(RAT, "56718", "Mtor", "RGD:68371"),
    info(HUMAN, "107986084", "LOC107986084"),
    info("7955", "324254", "mtor", "ZFIN:ZDB-GENE-030131-2974"),
    info("4932", "1", "NEWENTRY"),
    info("12345", "7", "odd1"),
)  # fmt: skip
GONE = (
    history(HUMAN, "83935", "TMEM133", "143872"),
    history(MOUSE, "9990001", "Gone1", "9990002"),
    history(MOUSE, "9990002", "Gone2", "56717"),
    history(MOUSE, "9990003", "Lost1"),
)
PAIRS = (
    pair(HUMAN, "2475", MOUSE, "56717"),
    pair(HUMAN, "2475", "7955", "324254"),
    pair(HUMAN, "2475", "12345", "7"),
)


def write_files(folder: Path, genes: Iterable[dict[str, str]] = GENES) -> Path:
    """NCBI's files with a few genes, as an update takes them from a folder."""
    folder.mkdir()
    (folder / "gene_info.gz").write_bytes(gzip.compress(lines(INFO, genes)))
    (folder / "gene_history.gz").write_bytes(gzip.compress(lines(HISTORY, GONE)))
    (folder / "gene_orthologs.gz").write_bytes(gzip.compress(lines(ORTHOLOGS, PAIRS)))
    human = {
        "hgnc_id": "HGNC:3942", "symbol": "MTOR", "status": "Approved", "entrez_id": "2475",
        "mgd_id": "MGI:1928394", "rgd_id": "RGD:68371",
    }  # fmt: skip
    (folder / "hgnc_complete_set.txt").write_bytes(lines(HGNC, [human], ""))
    return folder


def update(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(references_group, ["update", *map(str, arguments)])
    return result.exit_code, result.stderr


@pytest.fixture
def own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of the package in a database of the test's own, which files of any size may update."""
    # Those that are large and of no use here are made empty, which saves seconds.
    packaged = snapshot.rows
    monkeypatch.setattr(
        snapshot, "rows", lambda name: iter(()) if name in {"mesh", "chebi"} else packaged(name)
    )
    for name, table in TABLES.items():
        sources = tuple(replace(source, least=1) for source in table.sources)
        monkeypatch.setitem(TABLES, name, replace(table, sources=sources))
        for source in sources:
            monkeypatch.setitem(SOURCES, source.name, source)
    monkeypatch.setenv("RDFEXPORT_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def link(collection: Collection, table: Callable[..., str]) -> Callable[..., FigureRecord]:
    """Link a current record with genes given: taxon, symbol, number."""

    def linked(*genes: tuple[str, str, str], linking: bool = True) -> FigureRecord:
        rows = (
            f"{ORGANISMS[taxon]}\tword\t{symbol}\t{symbol}\t{number}\tncbigene_symbol\t1\tNA\t1\n"
            for taxon, symbol, number in genes
        )
        collection.add(genes=table("genes", "".join(rows)))
        options = {} if linking else {"linking": None}
        (record,) = read_records(str(collection.root), **options)  # type: ignore[arg-type]
        return record

    return linked


def genes_of(record: FigureRecord) -> list[Gene]:
    return [gene for mention in record.genes for gene in mention.genes]


def findings(record: FigureRecord, kind: str = "genes") -> list[tuple[str, str, str]]:
    """What is said of the rows of a table: line and column, problem, remedy."""
    return [
        (f"{one.location.line} {one.location.field}", one.problem, one.remedy)
        for one in record.findings
        if one.location.file.endswith(f"-{kind}.tsv")
    ]


# --- the tables ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_tables")
def test_an_update_reads_the_files_of_ncbi_for_the_usual_organisms(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "files")
    status, said = update("--from", folder, "--only", "ncbigene,orthologs", "--organisms", MOUSE)
    assert status == 0, said
    with References.open() as references:
        assert references.organism_genes.gene("56718") is None
        states = {state.name: state.source for state in references.provenance()}
        assert states["ncbigene"].endswith(" (organisms: 10090)")
    status, said = update("--from", folder, "--only", "ncbigene,orthologs")
    assert status == 0, said
    with References.open() as references:
        genes = references.organism_genes
        mouse = genes.gene("56717")
        assert mouse is not None
        assert (mouse.symbol, mouse.name, mouse.taxon) == ("Mtor", "a kinase", MOUSE)
        assert mouse.synonyms == ("Frap1", '5" end')
        assert mouse.references == (("mgi", "1928394"), ("ensembl", "ENSMUSG00000028991"))
        zebrafish = genes.gene("324254")
        assert zebrafish is not None
        assert zebrafish.references == (("zfin", "ZDB-GENE-030131-2974"),)
        assert genes.gene("1") is None  # a record that NCBI has not filled in yet
        assert genes.gene("7") is None
        assert genes.replacement("9990001") == "56717"
        assert genes.replacement("9990003") is None
        assert [one.entrez for one in genes.orthologs("56717", mouse.references, HUMAN)] == [
            "2475",
            "2475",
        ]
        providers = {one.provider for one in genes.orthologs("56717", mouse.references, HUMAN)}
        assert providers == {"hgnc", "ncbigene"}
        assert [one.entrez for one in genes.orthologs("2475", (), RAT)] == ["56718"]
    assert update("--from", folder, "--only", "ncbigene", "--organisms", "all")[0] == 0
    with References.open() as references:
        assert references.organism_genes.gene("7") is not None


@pytest.mark.usefixtures("own_tables")
def test_files_of_single_organisms_are_read_together(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "files")
    (folder / "gene_info.gz").unlink()
    for name, taxon in (("Mus_musculus", MOUSE), ("Rattus_norvegicus", RAT)):
        rows = [row for row in GENES if row["tax_id"] == taxon]
        (folder / f"{name}.gene_info.gz").write_bytes(gzip.compress(lines(INFO, rows)))
    assert update("--from", folder, "--only", "ncbigene", "--organisms", SOME)[0] == 0
    with References.open() as references:
        numbers = [references.organism_genes.gene(one) for one in ("56717", "56718", "324254")]
        assert [one is not None for one in numbers] == [True, True, False]


@pytest.mark.usefixtures("own_tables")
def test_an_organism_that_is_no_number_is_refused(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "files")
    status, said = update("--from", folder, "--only", "ncbigene", "--organisms", "mouse")
    assert status != 0 or "mouse" in said


@pytest.mark.usefixtures("own_tables")
def test_a_file_that_lacks_a_column_leaves_the_table_in_use(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "files")
    (folder / "gene_info.gz").write_bytes(gzip.compress(lines(INFO[:4], GENES)))
    status, said = update("--from", folder, "--only", "ncbigene")
    assert status == 1
    assert "gene-info: the column Synonyms is missing" in said
    with References.open() as references:
        assert references.organism_genes.gene("56717") is not None


# --- genes --------------------------------------------------------------------------------------


def test_mouse_mtor_is_known_by_the_shipped_tables(link: Callable[..., FigureRecord]) -> None:
    (mouse, human) = genes_of(link((MOUSE, "Mtor", "56717"), (HUMAN, "MTOR", "2475")))
    assert mouse.references == (("mgi", "1928394"),)
    assert mouse.ensembl == "ENSMUSG00000028991"
    assert mouse.name is not None
    assert mouse.name.startswith("mechanistic target of rapamycin")
    assert [(one.entrez, one.symbol, one.taxon) for one in mouse.orthologs] == [
        ("2475", "MTOR", HUMAN)
    ]
    assert [(one.entrez, one.symbol, one.taxon) for one in human.orthologs] == [
        ("56717", "Mtor", MOUSE)
    ]
    assert (human.hgnc, human.references) == ("3942", ())


def test_a_rat_gene_is_found_by_the_symbol_that_ncbi_has_from_rgd(
    link: Callable[..., FigureRecord],
) -> None:
    (rat,) = genes_of(link((RAT, "Mtor", "56718")))
    assert rat.references == (("rgd", "68371"),)
    assert [one.entrez for one in rat.orthologs] == ["2475"]


def test_the_number_of_a_mouse_gene_wins_over_its_symbol(link: Callable[..., FigureRecord]) -> None:
    record = link((MOUSE, "Frap1", "56717"), (MOUSE, "Akt1", "56717"))
    alias, other = genes_of(record)
    assert (alias.symbol, alias.recorded_symbol, alias.agreement) == (
        "Mtor", "Frap1", Agreement.ALIAS,
    )  # fmt: skip
    assert (other.symbol, other.recorded_symbol, other.agreement) == (
        "Mtor", "Akt1", Agreement.CONTRADICTION,
    )  # fmt: skip
    assert [field for field, *_ in findings(record)] == [
        "2 ncbigene_symbol",
        "3 ncbigene_symbol",
    ]


@pytest.mark.usefixtures("own_tables")
def test_withdrawn_numbers_of_all_organisms_are_said_with_their_replacement(
    link: Callable[..., FigureRecord], tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "files")
    assert update("--from", folder, "--only", "ncbigene", "--organisms", SOME)[0] == 0
    record = link(
        (HUMAN, "TMEM133", "83935"),
        (MOUSE, "Gone1", "9990001"),
        (MOUSE, "Lost1", "9990003"),
        (MOUSE, "Never1", "123456"),
        (HUMAN, "LOC107986084", "107986084"),
        (RAT, "Mtor", "56718"),
    )
    replaced, gone, lost, never = findings(record)
    assert replaced[0] == "2 ncbigene_id"
    assert "NCBI has withdrawn gene 83935" in replaced[1]
    assert "NCBI Gene 143872 'ARHGAP42'" in replaced[1]
    assert replaced[2] == "write 143872"
    assert gone[0] == "3 ncbigene_id"
    assert gone[2] == "write 56717"
    assert "withdrawn gene 9990003" in lost[1]
    assert never[:2] == ("5 ncbigene_id", "NCBI has no gene 123456")
    # A live gene that HGNC has not named is no fault.
    live = genes_of(record)[4]
    assert (live.name, live.hgnc, live.agreement) == (
        "gene LOC107986084", None, Agreement.SAME,
    )  # fmt: skip


def test_a_number_in_a_row_of_another_organism_is_a_contradiction(
    link: Callable[..., FigureRecord],
) -> None:
    record = link((RAT, "Mtor", "56717"))
    ((field, problem, _),) = findings(record)
    assert field == "2 organism_id"
    assert "56717" in problem
    assert genes_of(record)[0].taxon == Taxon(None, MOUSE)


@pytest.mark.parametrize("symbol", ["2-Sep", "5-Mar", "Sep-02", "2023-09-02", "1-DEC-2020"])
@pytest.mark.parametrize("linking", [True, False])
def test_a_date_is_no_symbol_of_any_organism(
    symbol: str, *, linking: bool, link: Callable[..., FigureRecord]
) -> None:
    record = link((MOUSE, symbol, "18000"), (HUMAN, symbol, "4735"), linking=linking)
    mouse, human = genes_of(record)
    assert (mouse.recorded_symbol, human.recorded_symbol) == (symbol, symbol)
    assert human.symbol == ("SEPTIN2" if linking else None)
    assert mouse.symbol == ("Sept2" if linking else None)
    said = findings(record)
    assert [field for field, *_ in said] == ["2 ncbigene_symbol", "3 ncbigene_symbol"]
    assert all("is a date" in problem for _, problem, _ in said)


# --- chemicals and diseases ---------------------------------------------------------------------


def test_identifiers_that_are_used_no_more_are_said(
    collection: Collection, table: Callable[..., str]
) -> None:
    collection.add(
        chemicals=table("chemicals", "a\tNA\tNA\tx\tchebi:45276\nb\tmesh:C002070\tx\tNA\tNA\n"
                        "c\tmesh:D020123\tSirolimus\tNA\tchebi:9168\nd\tNA\tNA\tx\tchebi:999999999\n"),
        diseases=table("diseases", "a\tNA\tNA\tx\tdoid:0050330\nb\tNA\tNA\tx\tdoid:7012\n"
                       "c\tmesh:D999999\tNA\tNA\tNA\n"),
    )  # fmt: skip
    (record,) = read_records(str(collection.root))
    said = [*findings(record, "chemicals"), *findings(record, "diseases")]
    assert [place for place, *_ in said] == [
        "2 chebi", "3 mesh", "5 chebi", "2 doid", "3 doid", "4 mesh",
    ]  # fmt: skip
    assert [remedy for *_, remedy in said if remedy.startswith("write ")] == [
        "write CHEBI:9168",
        "write D000094062",
        "write DOID:12118",
    ]
    unknown = [problem for _, problem, remedy in said if not remedy.startswith("write ")]
    assert [problem.partition(" is not in ")[0] for problem in unknown] == [
        "CHEBI:999999999",
        "DOID:7012",
        "D999999",
    ]


# --- what is made of it -------------------------------------------------------------------------


def test_sets_by_homology_have_three_genes_after_mapping(
    link: Callable[..., FigureRecord],
) -> None:
    def sets(*genes: tuple[str, str, str]) -> dict[tuple[str, str], list[str]]:
        view = Mapper().view(link(*genes))
        alias = figure_alias(view.record)
        found, _ = gene_sets.figure_sets(view, alias, gene_sets.SetOptions())
        return {(one.kind, one.organism): one.members for one in found.sets}

    mouse = ((MOUSE, "Mtor", "56717"), (MOUSE, "Akt1", "11651"), (MOUSE, "Irs1", "16367"))
    human = ((HUMAN, "MTOR", "2475"), (HUMAN, "AKT1", "207"), (HUMAN, "IRS1", "3667"))
    numbers = [number for *_, number in mouse], [number for *_, number in human]
    assert sets(*mouse) == {
        ("gmt", MOUSE): numbers[0],
        ("by-homology-gmt", HUMAN): numbers[1],
    }
    assert sets(*human) == {
        ("gmt", HUMAN): numbers[1],
        ("by-homology-gmt", MOUSE): numbers[0],
    }
    assert sets(*mouse[:2]) == {}
    # A gene of each organism: too few of each, and three together.
    assert sets(*mouse[:1], *human[1:]) == {
        ("by-homology-gmt", HUMAN): numbers[1],
        ("by-homology-gmt", MOUSE): numbers[0],
    }
    # The same gene in two organisms counts once.
    assert sets(*mouse[:1], *human[:2]) == {}


def test_the_site_groups_entities_by_the_words_that_were_read(tmp_path: Path) -> None:
    figid = "PMC10034769__fphar-14-1067402-g009"
    files = {path.name: path.read_bytes() for path in sorted(GOLDEN.glob(f"{figid}.*"))}
    release = make_release(
        {name: data for name, data in files.items() if name.count(".") == 1}, tmp_path
    )
    build(SiteOptions(release, "https://example.org/", tmp_path / "site"))
    page = html5lib.parse((tmp_path / "site" / "figures" / f"{figid}.html").read_text("utf-8"))
    groups: dict[str, list[str]] = {}
    for body in page.iter(f"{XHTML}tbody"):
        rows = [["".join(cell.itertext()) for cell in row] for row in body]
        word = rows[0].pop(0)
        if rows[0][2:3] and "ncbigene" in rows[0][-1]:
            groups[word] = sorted(row[2] for row in rows)
    said: dict[str, dict[str, str]] = {}
    with (EXAMPLES / "_data" / f"{figid}-genes.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            said.setdefault(row["word"], {})[row["ncbigene_id"]] = row["organism_name"]
    assert groups == {word: sorted(genes.values()) for word, genes in said.items()}
    assert len(groups["IL-6"]) > 1


def test_the_site_finds_a_figure_by_human_symbols(tmp_path: Path) -> None:
    figid = "PMC10034769__fphar-14-1067402-g009"
    figure = members.figure(figid, (GOLDEN / f"{figid}.jsonld").read_bytes(), "golden")
    # A rat gene alone, under a title that does not name it.
    only = next(one for one in figure.mentions if one.human == "IL13")
    index = Index(tmp_path / "index.sqlite")
    try:
        list(index.add([figure._replace(title="x", paper="", mentions=(only._replace(name="z"),))]))
        assert "il13" in {word for word, _ in index.words()}
        assert "il13" in {word for word, _ in index.entity_words()}
    finally:
        index.close()


@pytest.mark.usefixtures("own_tables")
def test_with_whole_tables_nearly_every_gene_of_the_collection_has_a_name(
    corpus: Path, tmp_path: Path
) -> None:
    """With a file in NCBI's format that has the genes of the collection that are not human."""
    rows = {}
    for path in sorted((corpus / "current" / "_data").glob("*-genes.tsv")):
        text = path.read_text("utf-8")
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"):
            taxon, number = row["organism_id"], row["ncbigene_id"]
            if taxon != HUMAN:
                rows[number] = info(taxon, number, row["ncbigene_symbol"])
    folder = write_files(tmp_path / "files", rows.values())
    assert update("--from", folder, "--only", "ncbigene", "--organisms", "all")[0] == 0
    counts = link_records(str(corpus / "current"), LinkOptions()).counts
    assert counts["genes with name"] / counts["genes"] >= 0.99
    assert counts["genes with hgnc"] / counts["human"] >= 0.99


def test_the_first_figure_is_found_by_the_human_symbol_of_its_mouse_gene(
    corpus: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    seed = corpus / "current" / "_figures" / "PMC3811159__nihms512981f2.md"
    store = tmp_path / "store"
    assert run("load", seed, "--store", store, "-q").code == 0
    query = (
        "query",
        "figures-of-gene",
        "--store",
        store,
        "--format",
        "csv",
        "--param",
        "gene=MTOR",
    )
    (row,) = csv.DictReader(io.StringIO(run(*query).stdout))
    assert row["figure"].endswith("/PMC3811159__nihms512981f2.html")
    assert row["read"].endswith("/ncbigene/56717")
    assert row["organism"].endswith(f"_{MOUSE}")
    assert not list(csv.DictReader(io.StringIO(run(*query, "--param", "orthologs=false").stdout)))
