"""What records are linked to by the reference tables, and what is said of it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport import ExportOptions, FigureRecord, Linking, export, read_records
from rdfexport.errors import BusyError
from rdfexport.graph import Mapper, quads
from rdfexport.model import Agreement, Gene, Match, MatchType, Ortholog, Taxon
from rdfexport.pipeline.options import Observer
from rdfexport.pipeline.records import RecordReader, ReferenceDatabase
from rdfexport.references import References, store
from rdfexport.references.tables import SHIPPED, TABLES
from rdfexport.terms import Vocabulary
from support import interop
from support.concepts import concept
from support.paths import EXAMPLES, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdfexport.diagnostics import Finding
    from support.records import Collection, Outcome

SEED = EXAMPLES / "_figures" / "PMC3811159__nihms512981f2.md"
HUMAN = Taxon("Homo sapiens", "9606")

Rows = dict[str, str]
Link = "Callable[..., FigureRecord]"


@pytest.fixture
def legacy(collection: Collection, record: Callable[..., str]) -> Callable[..., FigureRecord]:
    """Link a legacy record with some of its fields changed."""

    def link(linking: Linking | None = Linking(), **changes: str) -> FigureRecord:  # noqa: B008
        collection.add(text=record("legacy", changes=changes))
        (found,) = read_records(str(collection.root), linking=linking)
        return found

    return link


@pytest.fixture
def current(collection: Collection, table: Callable[..., str]) -> Callable[..., FigureRecord]:
    """Link a current record with the rows of a table given."""

    def link(**rows: str) -> FigureRecord:
        collection.add(**{kind: table(kind, text) for kind, text in rows.items()})
        (found,) = read_records(str(collection.root))
        return found

    return link


def gene_row(symbol: str, entrez: str, source: str = "hgnc_symbol") -> str:
    return (
        f"\n- word: w\n  symbol: '{symbol}'\n  source: {source}\n  hgnc_symbol: '{symbol}'\n"
        f"  entrez: '{entrez}'"
    )


def said(record: FigureRecord) -> list[str]:
    """What was said of a record, from the field on."""
    return [str(finding).partition(": ")[2] for finding in record.findings]


# --- genes --------------------------------------------------------------------------------------


def test_a_human_gene_gets_what_hgnc_knows_of_it(legacy: Callable[..., FigureRecord]) -> None:
    record = legacy()
    (mention,) = record.genes
    assert mention.genes == (
        Gene(
            entrez="2475",
            symbol="MTOR",
            hgnc_symbol="MTOR",
            taxon=HUMAN,
            hgnc="3942",
            name="mechanistic target of rapamycin kinase",
            ensembl="ENSG00000198793",
            uniprot=("P42345",),
            agreement=Agreement.SAME,
            orthologs=(Ortholog("56717", "Mtor", "10090", "hgnc"),),
        ),
    )
    assert record.findings == ()


@pytest.mark.parametrize(
    ("symbol", "entrez", "present", "agreement", "problem"),
    [
        (
            "FRAP1", "2475", "MTOR", Agreement.PREVIOUS,
            "'FRAP1' is an earlier or other name: NCBI Gene 2475 is 'MTOR' (HGNC:3942)",
        ),
        (
            "RAFT1", "2475", "MTOR", Agreement.ALIAS,
            "'RAFT1' is an earlier or other name: NCBI Gene 2475 is 'MTOR' (HGNC:3942)",
        ),
        (
            "RPTOR", "2475", "MTOR", Agreement.CONTRADICTION,
            ("'RPTOR' is the symbol of NCBI Gene 57521 'RPTOR' (HGNC:30287), but NCBI Gene 2475 is"
            " 'MTOR' (HGNC:3942)"),
        ),
        (
            "XYZZY1", "2475", "MTOR", Agreement.UNKNOWN,
            "'XYZZY1' is not a symbol that HGNC knows, and NCBI Gene 2475 is 'MTOR' (HGNC:3942)",
        ),
    ],
)  # fmt: skip
def test_a_symbol_that_is_not_the_present_one_is_stated_and_the_number_counts(
    legacy: Callable[..., FigureRecord],
    symbol: str,
    entrez: str,
    present: str,
    agreement: Agreement,
    problem: str,
) -> None:
    record = legacy(genes=gene_row(symbol, entrez))
    (gene,) = record.genes[0].genes
    assert (gene.symbol, gene.hgnc_symbol, gene.hgnc) == (present, present, "3942")
    assert (gene.agreement, gene.recorded_symbol) == (agreement, symbol)
    (finding,) = record.findings
    assert finding.problem == problem
    text = Path(finding.location.file).read_text("utf-8").splitlines()
    assert finding.location.field == "genes[0].hgnc_symbol"
    assert finding.location.line is not None
    assert text[finding.location.line - 1] == f"  hgnc_symbol: '{symbol}'"


def test_a_present_symbol_of_one_gene_that_is_an_old_one_of_the_other_is_a_contradiction(
    legacy: Callable[..., FigureRecord],
) -> None:
    """HGNC gave B to one gene, and keeps it as a previous symbol of the other."""
    with References.open() as references:
        pairs = (
            (matches[0].gene, matches[1].gene)
            for symbol in ("PC", "MET", "AR", "CAT", "ATR", "ACE", "CP", "GC", "F11", "NODAL")
            if len(matches := references.gene_by_symbol(symbol)) > 1
            and matches[0].how == "approved"
        )
        present, other = next(pairs)
    assert other.entrez is not None
    record = legacy(genes=gene_row(present.symbol, other.entrez))
    (gene,) = record.genes[0].genes
    assert (gene.agreement, gene.hgnc) == (Agreement.CONTRADICTION, other.hgnc_id)


@pytest.mark.parametrize(
    ("symbol", "agreement", "problem"),
    [
        (
            "MIA2", Agreement.CONTRADICTION,
            ("NCBI Gene 117153 is of no human gene that HGNC knows, but 'MIA2' is the symbol of"
            " NCBI Gene 4253 'MIA2' (HGNC:18432)"),
        ),
        ("XYZZY1", Agreement.UNKNOWN, "NCBI Gene 117153 is of no human gene that HGNC knows"),
    ],
)  # fmt: skip
def test_a_number_that_hgnc_does_not_have_gets_no_link(
    legacy: Callable[..., FigureRecord], symbol: str, agreement: Agreement, problem: str
) -> None:
    record = legacy(genes=gene_row(symbol, "117153"))
    (gene,) = record.genes[0].genes
    assert gene == Gene("117153", symbol, symbol, HUMAN, agreement=agreement)
    (finding,) = record.findings
    assert finding.problem.startswith(problem)
    assert finding.location.field == "genes[0].entrez"


def test_a_gene_of_another_organism_gets_no_hgnc(current: Callable[..., FigureRecord]) -> None:
    row = "10090\tMus musculus\tRodents\tmTor\tMTOR\tMtor\t56717\tncbigene_symbol\t4\tNA\t5\n"
    (mention,) = current(genes=row).genes
    (gene,) = mention.genes
    assert (gene.symbol, gene.taxon) == ("Mtor", Taxon("Mus musculus", "10090"))
    assert (gene.hgnc, gene.hgnc_symbol) == (None, None)


def test_a_human_number_in_a_row_of_another_organism_is_a_contradiction(
    current: Callable[..., FigureRecord],
) -> None:
    row = "10090\tMus musculus\tRodents\tmTor\tMTOR\tMTOR\t2475\tncbigene_symbol\t4\tNA\t5\n"
    record = current(genes=row)
    (gene,) = record.genes[0].genes
    assert (gene.hgnc, gene.taxon, gene.agreement) == ("3942", HUMAN, Agreement.CONTRADICTION)
    assert said(record) == [
        (
            "organism_id: the organism is Mus musculus, but NCBI Gene 2475 is the human gene 'MTOR'"
            " (HGNC:3942): correct the one that is wrong; until then the number counts"
        )
    ]


def test_each_gene_of_a_cell_is_linked(legacy: Callable[..., FigureRecord]) -> None:
    row = (
        "\n- word: w\n  symbol: x\n  source: hgnc_symbol\n  hgnc_symbol: MTOR;FRAP2\n"
        "  entrez: '2475;57521'"
    )
    record = legacy(genes=row)
    assert [gene.hgnc for gene in record.genes[0].genes] == ["3942", "30287"]
    assert len(record.findings) == 1


def test_a_gene_without_symbol_is_linked_by_its_number(
    legacy: Callable[..., FigureRecord],
) -> None:
    row = "\n- word: w\n  symbol: x\n  source: hgnc_symbol\n  hgnc_symbol: ''\n  entrez: '2475'"
    record = legacy(genes=row)
    assert record.genes[0].genes[0].symbol == "MTOR"
    assert record.findings == ()


# --- chemicals, diseases, organisms -------------------------------------------------------------


def test_a_chemical_gets_label_and_chebi(legacy: Callable[..., FigureRecord]) -> None:
    mesh = concept(legacy().chemicals[0], "mesh")
    assert mesh is not None
    assert (mesh.id, mesh.label) == ("D020123", "Sirolimus")
    assert [(m.space, m.id, m.label, m.predicate) for m in mesh.matches] == [
        ("chebi", "9168", "sirolimus", "skos:exactMatch")
    ]


def test_a_withdrawn_mesh_number_is_linked_to_both(
    legacy: Callable[..., FigureRecord], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    row = "\n- word: w\n  source: MESH\n  identifier: C002070"
    record = legacy(chemicals=row)
    mesh = concept(record.chemicals[0], "mesh")
    assert mesh is not None
    replacement = Match(
        "mesh", "D000094062", "Betulinic Acid", "dcterms:isReplacedBy", "semapv:LexicalMatching",
        "mesh",
    )  # fmt: skip
    assert replacement in mesh.matches
    store_ = exported(run, tmp_path / "source", tmp_path / "out")
    assert ask(
        store_,
        "SELECT ?body { ?m dcterms:subject 'Chemical' ; oa:hasBody ?body }",
    ) == {"http://id.nlm.nih.gov/mesh/C002070", "http://id.nlm.nih.gov/mesh/D000094062"}
    # It is one chemical, under its present number.
    assert ask(store_, "SELECT ?c { ?r schema:mentions ?c . ?c schema:name 'Betulinic Acid' }") == {
        "http://id.nlm.nih.gov/mesh/D000094062"
    }
    assert ask(store_, "SELECT ?c { mesh:C002070 dcterms:isReplacedBy ?c }") == {
        "http://id.nlm.nih.gov/mesh/D000094062"
    }


def test_chebi_of_a_row_that_is_not_that_of_the_table_is_stated(
    current: Callable[..., FigureRecord],
) -> None:
    record = current(chemicals="NAD\tmesh:D020123\tSirolimus\tNAD(+)\tchebi:15846\n")
    assert said(record) == [
        (
            "chebi: CHEBI:15846 stands beside D020123, which the table maps to CHEBI:9168"
            " (sirolimus): see which is right; the graph has both"
        )
    ]


DISEASE = "\n- word: {word}\n  source: ''\n  identifier: ''"


def test_a_disease_is_not_linked_by_its_name_unless_that_is_wanted(
    legacy: Callable[..., FigureRecord],
) -> None:
    (mention,) = legacy(diseases=DISEASE.format(word="Alcohol use disorder")).diseases
    assert (mention.concepts, mention.match_type) == ((), None)


@pytest.mark.parametrize("word", ["Alcohol use disorder", "alcohol USE disorder"])
def test_a_disease_is_linked_by_its_name_and_says_so(
    legacy: Callable[..., FigureRecord], word: str
) -> None:
    record = legacy(Linking(diseases_by_label=True), diseases=DISEASE.format(word=word))
    (mention,) = record.diseases
    doid = concept(mention, "doid")
    assert doid is not None
    assert (doid.id, doid.label) == ("1574", "alcohol use disorder")
    assert (mention.match_type, mention.source) == (MatchType.BY_NAME, "DOID")


def test_a_name_that_is_not_just_that_of_a_disease_makes_no_link(
    legacy: Callable[..., FigureRecord],
) -> None:
    linking = Linking(diseases_by_label=True)
    (mention,) = legacy(linking, diseases=DISEASE.format(word="alcohol use disorders")).diseases
    assert mention.concepts == ()


def test_a_disease_of_mesh_gets_its_doid_and_the_other_way_round(
    current: Callable[..., FigureRecord],
) -> None:
    rows = "w\tmesh:D001943\tBreast Neoplasms\tNA\tNA\nw\tNA\tNA\tx\tdoid:1612\n"
    first, second = current(diseases=rows).diseases
    mesh, doid = concept(first, "mesh"), concept(second, "doid")
    assert mesh is not None
    assert ("doid", "1612") in {(match.space, match.id) for match in mesh.matches}
    assert doid is not None
    assert doid.label == "breast cancer"
    assert ("mesh", "D001943") in {(match.space, match.id) for match in doid.matches}


@pytest.fixture
def own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put rows of one's own in the place of a table."""
    monkeypatch.setenv("RDFEXPORT_CACHE", str(tmp_path / "tables"))

    def install(name: str, *rows: tuple[str, ...]) -> None:
        state = store.TableState(
            name, "folder", "a test", "2026-01-02", 0, TABLES[name].licence, ""
        )
        store.install(tmp_path / "tables", state, iter(rows), ())

    return install


def test_an_organism_is_found_by_its_name(
    own_tables: Callable[..., None], legacy: Callable[..., FigureRecord]
) -> None:
    own_tables("taxonomy", ("9103", "Meleagris gallopavo"))
    record = legacy(organisms="\n- Meleagris gallopavo\n- Meleagris ocellata")
    assert record.organisms == (Taxon("Meleagris gallopavo", "9103"), Taxon("Meleagris ocellata"))


def describe(folder: Path, file: str, latin: str, ncbi: str) -> None:
    """Write the file of an organism, as PFOCR's database has them."""
    folder = folder / "_organisms"
    folder.mkdir(exist_ok=True)
    text = f"---\ncommon: x\nlatin: {latin}\nncbi: '{ncbi}'\ngroup: Bacteria\n\n---\n"
    (folder / f"{file}.md").write_text(text)


@pytest.mark.parametrize("source", ["folder", "_figures", "archive"])
def test_the_organisms_that_a_collection_describes_have_its_numbers(
    source: str, collection: Collection, record: Callable[..., str], tmp_path: Path
) -> None:
    organisms = "\n- Escherichia coli PA11\n- Homo sapiens\n- Bacillus"
    path = collection.add(text=record("legacy", changes={"organisms": organisms}))
    describe(collection.root, "pa11", "Escherichia coli PA11", "1234567")
    describe(collection.root, "bacillus", "Bacillus", "1386")
    describe(collection.root, "unknown", "Nothing", "NA")
    given = collection.root
    if source == "_figures":
        given = path.parent
    elif source == "archive":
        given = Path(shutil.make_archive(str(tmp_path / "all"), "zip", collection.root))
    (found,) = read_records(str(given))
    assert [(t.name, t.id) for t in found.organisms] == [
        ("Escherichia coli PA11", "1234567"),
        ("Homo sapiens", "9606"),
        ("Bacillus", "1386"),  # two taxa bear the name, and the collection says which is meant
    ]
    (alone,) = read_records(str(given), linking=None)
    assert alone.organisms[0].id is None


def test_what_is_wrong_with_an_organism_is_said_and_the_rest_counts(
    collection: Collection, record: Callable[..., str], tmp_path: Path
) -> None:
    collection.add(text=record("legacy", changes={"organisms": "\n- Escherichia coli PA11"}))
    describe(collection.root, "pa11", "Escherichia coli PA11", "1234567")
    describe(collection.root, "pa12", "Escherichia coli PA11", "7")
    describe(collection.root, "word", "Some name", "taxon 7")
    describe(collection.root, "nameless", "''", "8")
    (collection.root / "_organisms" / "broken.md").write_text("---\nlatin: [\n---\n")
    findings: list[Finding] = []
    observer = Observer(on_finding=findings.append)
    options = ExportOptions(tmp_path / "out", formats=("nquads",))
    assert export([str(collection.root)], options, observer).exported == 1
    files = {Path(one.location.file).name for one in findings}
    assert {"pa12.md", "word.md", "nameless.md", "broken.md"} <= files
    assert "pa11.md" not in files
    (graph,) = (tmp_path / "out" / "core").glob("*.nq")
    assert "NCBITaxon_1234567" in graph.read_text("utf-8")


def test_a_corrected_organism_is_exported_again(
    collection: Collection, record: Callable[..., str], tmp_path: Path
) -> None:
    collection.add(text=record("legacy", changes={"organisms": "\n- Escherichia coli PA11"}))
    options = ExportOptions(tmp_path / "out", formats=("nquads",))
    for number in ("1234567", "7654321"):
        describe(collection.root, "pa11", "Escherichia coli PA11", number)
        export([str(collection.root)], options)
        (graph,) = (tmp_path / "out" / "core").glob("*.nq")
        assert f"NCBITaxon_{number}" in graph.read_text("utf-8")


def test_the_table_of_articles_adds_pubmed_and_what_a_record_lacks(
    own_tables: Callable[..., None], legacy: Callable[..., FigureRecord]
) -> None:
    assert legacy(year="''").pubmed is None  # the package has no such table
    own_tables("pmc-ids", ("1", "24204261", "10.1000/of-pmc", "2013"))
    record = legacy(year="''", reftext="Somebody. A journal.")
    assert (record.pubmed, record.doi, record.doi_field) == (
        "24204261",
        "10.1000/of-pmc",
        "pmc-ids",
    )
    assert (record.year, record.year_source) == ("2013", "pmc-ids")
    # The record's own year counts; a DOI picked out of a citation is less sure than the table's.
    record = legacy(year="'2012'", reftext="'Somebody. doi: 10.1000/cut-of'")
    assert (record.year, record.year_source) == ("2012", None)
    assert (record.doi, record.doi_field) == ("10.1000/of-pmc", "pmc-ids")
    assert not [one for one in record.findings if one.location.field == "doi"]
    record = legacy(doi="10.1000/own")
    assert (record.doi, record.doi_field) == ("10.1000/own", "doi")
    (finding,) = [one for one in record.findings if one.location.field == "doi"]
    assert "10.1000/of-pmc" in finding.problem


@pytest.mark.parametrize("bad", ["x", "0", "12 3", "1> <urn:x"])
def test_what_the_table_of_articles_has_in_no_form_is_left_out(
    bad: str, own_tables: Callable[..., None], legacy: Callable[..., FigureRecord]
) -> None:
    own_tables("pmc-ids", ("1", bad, bad, bad))
    record = legacy(year="''", reftext="Somebody.")
    assert (record.pubmed, record.doi, record.year, record.year_source) == (None,) * 4


def test_articles_have_their_pubmed_iris_in_every_part(
    own_tables: Callable[..., None], legacy: Callable[..., FigureRecord]
) -> None:
    own_tables("pmc-ids", ("1", "24204261", "10.1000/of-pmc", "2013"))
    mapper = Mapper(compat_rule="all")
    view = mapper.view(legacy())
    pubmed, article = "https://identifiers.org/pubmed/24204261", view.article
    core, linkset = mapper.core(view), mapper.linkset(sorted(set(mapper.link_items(view))))
    wikipathways = mapper.wikipathways(view)
    triples = {
        (
            q.subject.value,
            str(q.predicate.value).rpartition("/")[2].rpartition("#")[2],
            q.object.value,
        )
        for q in quads([*core, *linkset, *wikipathways], "urn:g")
        if "pubmed" in str(q)
    }
    pathway = view.pathways[0].iri
    assert {
        (article, "sameAs", pubmed),
        (article, "exactMatch", pubmed),
        (pathway, "references", pubmed),
        (pathway, "cites", pubmed),
        (pubmed, "identifier", "24204261"),
        (pubmed, "isPartOf", pathway),
        (pubmed, "page", "https://pubmed.ncbi.nlm.nih.gov/24204261"),
    } <= triples
    assert article not in {node.iri for node in wikipathways}


BAD = ("1> <urn:x", "", "x\x1fy", "HGNC:1", "\uff10\uff11")


@pytest.mark.parametrize("bad", BAD)
def test_what_a_table_has_in_no_form_of_its_space_makes_no_iri(
    own_tables: Callable[..., None],
    legacy: Callable[..., FigureRecord],
    run: Callable[..., Outcome],
    tmp_path: Path,
    bad: str,
) -> None:
    own_tables("hgnc", (bad or "0", "MTOR", "name", "2475", bad, f"{bad}|P42345", "", ""))
    own_tables("mesh-chebi", ("D020123", bad, "skos:exactMatch", "semapv:Lexical", "label"))
    own_tables("mesh", ("D020123", "Sirolimus", bad))
    own_tables("doid", (bad, "cancer", "D020123", "", ""))
    record = legacy()
    (gene,) = record.genes[0].genes
    assert (gene.hgnc, gene.ensembl) == (None, None)
    mesh = concept(record.chemicals[0], "mesh")
    assert mesh is not None
    assert mesh.matches == ()
    exported(run, tmp_path / "source", tmp_path / "out")


def test_a_bad_symbol_and_bad_accessions_of_a_table_are_left_out(
    own_tables: Callable[..., None], legacy: Callable[..., FigureRecord]
) -> None:
    own_tables("hgnc", ("3942", "M T>R", "n", "2475", "ENSG00000198793", "x y|P42345", "", ""))
    (gene,) = legacy().genes[0].genes
    assert (gene.hgnc, gene.symbol, gene.hgnc_symbol) == ("3942", "M T>R", None)
    assert gene.uniprot == ("P42345",)


# --- the graph ----------------------------------------------------------------------------------

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX mesh: <http://id.nlm.nih.gov/mesh/>
PREFIX ncbigene: <https://identifiers.org/ncbigene/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX pfocr: <https://pfocr.wikipathways.org/vocab#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def exported(run: Callable[..., Outcome], source: Path, out: Path, *options: str) -> ox.Store:
    """Export a source, and load all of it."""
    outcome = run("export", source, "--out", out, "--format", "nquads", *options)
    assert outcome.code == 0, outcome.stderr
    return store_of(out)


def store_of(out: Path) -> ox.Store:
    loaded = ox.Store()
    for path in sorted(out.rglob("*.nq")):
        loaded.load(path=path)
    return loaded


def ask(loaded: ox.Store, query: str) -> set[str]:
    """The first column of the answer."""
    rows = loaded.query(PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    return {row[0].value for row in rows}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    out = tmp_path_factory.mktemp("out")
    export([str(EXAMPLES)], ExportOptions(out, formats=("nquads",)))
    return store_of(out)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (
            "SELECT ?x { ncbigene:2475 schema:identifier ?x }",
            {"ncbigene:2475", "hgnc:3942"},
        ),
        ("SELECT ?x { ncbigene:57521 schema:sameAs ?x FILTER (CONTAINS(STR(?x), 'hgnc')) }",
         {"https://identifiers.org/hgnc/30287"}),
        ("SELECT ?x { mesh:C531198 rdfs:label ?x }", {"dactolisib"}),
        ("SELECT ?x { mesh:C531198 skos:exactMatch ?x FILTER (CONTAINS(STR(?x), 'CHEBI')) }",
         {"http://purl.obolibrary.org/obo/CHEBI_71952"}),
        ("SELECT ?x { ncbigene:2475 skos:exactMatch ?x FILTER (CONTAINS(STR(?x), 'hgnc')) }",
         {"https://identifiers.org/hgnc/3942", "http://identifiers.org/hgnc/3942",
          "http://identifiers.org/hgnc/HGNC:3942"}),
        ("SELECT ?x { ncbigene:2475 rdfs:seeAlso ?x }",
         {"http://purl.uniprot.org/uniprot/P42345"}),
    ],
)  # fmt: skip
def test_the_known_answers(loaded: ox.Store, query: str, answer: set[str]) -> None:
    assert ask(loaded, query) == answer


def test_the_provenance_names_the_tables_and_their_dates(loaded: ox.Store) -> None:
    used = ask(loaded, "SELECT DISTINCT ?t { ?r prov:wasGeneratedBy/prov:used ?t }")
    described = ask(loaded, "SELECT ?t { ?t a pfocr:ReferenceTable ; dcterms:source ?s }")
    assert used == described
    assert len(used) == len(SHIPPED)
    for day in ask(loaded, "SELECT ?d { ?t a pfocr:ReferenceTable ; dcterms:date ?d }"):
        date.fromisoformat(day)


def test_without_tables_the_graph_says_what_the_record_says(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    loaded = exported(run, SEED, tmp_path, "--no-link")
    assert ask(loaded, "SELECT ?x { ncbigene:2475 schema:identifier ?x }") == {"ncbigene:2475"}
    assert not ask(loaded, "SELECT ?t { ?a prov:used ?t }")
    assert not ask(loaded, "SELECT ?x { mesh:C531198 rdfs:label ?x }")


def test_a_symbol_that_is_not_the_present_one_is_in_the_graph(
    legacy: Callable[..., FigureRecord], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    legacy(genes=gene_row("FRAP1", "2475"))
    loaded = exported(run, tmp_path / "source", tmp_path / "out")
    assert ask(loaded, "SELECT ?x { ?m pfocr:recordedSymbol ?x }") == {"FRAP1"}
    assert ask(loaded, "SELECT ?x { ncbigene:2475 rdfs:label ?x }") == {"MTOR"}
    lines = (tmp_path / "out" / "warnings.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["field"] for line in lines] == ["genes[0].hgnc_symbol"]


def test_a_table_that_is_replaced_meanwhile_is_noticed() -> None:
    with References.open() as references:
        database = ReferenceDatabase.of(references)
        other = database._replace(tables=database.tables._replace(digest="0" * 12))
        with pytest.raises(BusyError, match="were updated meanwhile"):
            RecordReader(Vocabulary(), Linking(), other)
        with closing(RecordReader(Vocabulary(), Linking(), database)):
            pass


# --- rdfexport link -----------------------------------------------------------------------------


def report(path: Path) -> Iterator[Rows]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def test_the_report_has_a_line_for_each_mention_and_entity(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("link", SEED, "--report", tmp_path / "links.tsv")
    assert outcome.code == 0
    rows = list(report(tmp_path / "links.tsv"))
    (record,) = read_records(str(SEED))
    assert len(rows) == len(record.genes) + len(record.chemicals) + len(record.diseases)
    akt = [row for row in rows if row["word"] == "AKT"]
    assert {row["label"] for row in akt} == {"AKT1", "AKT2", "AKT3"}
    assert {row["how"] for row in akt} == {"family expansion"}
    assert len({row["expansion"] for row in akt}) == 1
    (igf1r,) = [row for row in rows if row["label"] == "IGF1R"]
    assert igf1r == {
        "figid": "PMC3811159__nihms512981f2", "kind": "genes", "row": igf1r["row"],
        "word": igf1r["word"], "matched": "IGF1R", "source": "hgnc_symbol", "how": "exact symbol",
        "identifier": "ncbigene:3480", "linked": "hgnc:5465", "label": "IGF1R",
        "agreement": "same", "recorded_symbol": "", "expansion": "",
    }  # fmt: skip
    chemicals = {
        row["identifier"]: (row["linked"], row["label"], row["how"])
        for row in rows
        if row["kind"] == "chemicals"
    }
    assert chemicals == {
        "mesh:C531198": ("CHEBI:71952", "dactolisib", "by name only"),
        "mesh:D020123": ("CHEBI:9168", "Sirolimus", "by name only"),
    }


def test_the_shares_are_those_of_the_report(run: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = run("link", EXAMPLES, "--report", tmp_path / "links.tsv", "--diseases-by-label")
    rows = list(report(tmp_path / "links.tsv"))
    lines = {line[:15].strip(): line[15:] for line in outcome.stdout.splitlines()}

    def mentions(kind: str, wanted: Callable[[Rows], object] = lambda _row: True) -> int:
        return len({(r["figid"], r["row"]) for r in rows if r["kind"] == kind and wanted(r)})

    def numbers(line: str) -> list[int]:
        return [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d(?![\d.%])", line)]

    with_chebi = mentions("chemicals", lambda r: "CHEBI:" in r["identifier"] + r["linked"])
    assert lines["records"].startswith(f"{len({row['figid'] for row in rows})} linked, 0 rejected")
    assert lines["genes"].startswith(f"{mentions('genes')} mentions, ")
    assert f"{mentions('genes', lambda r: 'hgnc:' in r['linked'])} (" in lines["genes"]
    assert f"{mentions('genes', lambda r: r['linked'])} (" in lines["gene names"]
    assert lines["chemicals"].startswith(f"{mentions('chemicals')} mentions, ")
    assert f"{mentions('chemicals', lambda r: r['label'])} (" in lines["chemicals"]
    assert f"{with_chebi} (" in lines["chemicals"].rpartition(" with a label, ")[2]
    assert f"{mentions('diseases', lambda r: r['identifier'])} (" in lines["diseases"]
    contradictions = sum(row["agreement"] == "contradiction" for row in rows)
    assert numbers(lines["contradictions"]) == [contradictions]
    with References.open() as references:
        tables = [line for line in outcome.stdout.splitlines() if line.startswith("table")]
        for state, line in zip(references.provenance(), tables, strict=True):
            assert f"{state.name} of {state.date}" in line


def test_faults_are_said_and_the_rest_is_linked(
    collection: Collection, record: Callable[..., str], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add("PMC1__a")
    collection.add("PMC2__b", record("legacy", "PMC2__b", {"genes": gene_row("RPTOR", "2475")}))
    collection.add("PMC3__c", "no record")
    outcome = run("link", collection.root, "--report", tmp_path / "links.tsv", "-v")
    assert outcome.code == 1
    assert "rejected: " in outcome.stderr
    assert "PMC3__c.md" in outcome.stderr
    assert "warning: " in outcome.stderr
    assert "'RPTOR' is the symbol of NCBI Gene 57521" in outcome.stderr
    assert "records        2 linked, 1 rejected" in outcome.stdout
    assert "contradictions 1" in outcome.stdout
    assert {row["figid"] for row in report(tmp_path / "links.tsv")} == {"PMC2__b"}


def test_several_processes_write_the_same(
    run_process: Callable[..., Outcome], collection: Collection, record: Callable[..., str],
    tmp_path: Path,
) -> None:  # fmt: skip
    for number in range(1, 1010):
        figid = f"PMC{number}__f"
        collection.add(figid, record("legacy", figid))
    made = []
    for jobs in (1, 3):
        files = tmp_path / f"{jobs}.tsv", tmp_path / f"{jobs}.sssom.tsv"
        outcome = run_process(
            "link", collection.root, "--report", files[0], "--sssom", files[1], "--jobs", jobs
        )
        assert outcome.code == 0, outcome.stderr
        made.append((outcome.stdout, *(file.read_bytes() for file in files)))
    assert made[0] == made[1]


def test_a_report_that_cannot_be_written_is_said(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    outcome = run("link", SEED, "--report", tmp_path / "file" / "links.tsv")
    assert outcome.code == 2
    assert "cannot be written" in outcome.stderr


@pytest.fixture
def sssom(run: Callable[..., Outcome], tmp_path: Path) -> Path:
    path = tmp_path / "mappings.sssom.tsv"
    assert run("link", EXAMPLES, "--sssom", path).code == 0
    return path


def test_the_mappings_are_sound_sssom(sssom: Path) -> None:
    if missing := interop.sssom_available():
        pytest.skip(missing)
    found = interop.sssom(sssom)
    assert found.problems == ()
    assert (
        ("ncbigene:2475", "skos:exactMatch", "hgnc:3942", "semapv:UnspecifiedMatching")
        in found.mappings
    )  # fmt: skip
    assert any(m[:3] == ("mesh:D020123", "skos:exactMatch", "CHEBI:9168") for m in found.mappings)


def test_the_mappings_are_those_of_the_linkset(sssom: Path, loaded: ox.Store) -> None:
    lines = [line for line in sssom.read_text("utf-8").splitlines() if not line.startswith("#")]
    vocabulary = Vocabulary()
    names = ("ncbigene", "hgnc", "mgi", "rgd", "mesh", "chebi", "doid")
    spaces = {vocabulary.namespace(s)[0]: s for s in names}
    orthologous = vocabulary.expand("obo:RO_HOM0000017")

    def iri(curie: str) -> str:
        prefix, _, local = curie.partition(":")
        return vocabulary.iri(spaces[prefix], local)

    mappings = {
        (
            iri(row["subject_id"]),
            orthologous
            if row["predicate_id"] == "RO:HOM0000017"
            else vocabulary.expand(row["predicate_id"]),
            iri(row["object_id"]),
        )
        for row in csv.DictReader(lines, delimiter="\t")
    }
    assert any(predicate == orthologous for _, predicate, _ in mappings)
    bases = tuple(vocabulary.namespace(space)[1] for space in spaces.values())
    graph = ox.NamedNode("https://pfocr.wikipathways.org/graph/linkset")
    predicates = ("skos:exactMatch", "skos:closeMatch", "skos:narrowMatch", "skos:broadMatch",
                  "dcterms:isReplacedBy", "obo:RO_HOM0000017")  # fmt: skip
    linkset = {
        (quad.subject.value, quad.predicate.value, quad.object.value)  # type: ignore[union-attr]
        for predicate in predicates
        for quad in loaded.quads_for_pattern(
            None, ox.NamedNode(vocabulary.expand(predicate)), None, graph
        )
        # Not the other forms of the subject's own identifier.
        if quad.object.value.startswith(bases)  # type: ignore[union-attr]
    }
    assert mappings == linkset


def test_the_mappings_come_once_and_sorted(sssom: Path) -> None:
    lines = [line for line in sssom.read_text("utf-8").splitlines() if not line.startswith("#")]
    keys = [(r["subject_id"], r["predicate_id"], r["object_id"]) for r in
            csv.DictReader(lines, delimiter="\t")]  # fmt: skip
    assert keys == sorted(set(keys))


CORPUS = os.environ.get("PFOCR_CORPUS")


@pytest.mark.skipif(CORPUS is None, reason="PFOCR_CORPUS is not set")
def test_the_shares_in_the_docs_are_those_of_the_corpus(run: Callable[..., Outcome]) -> None:
    outcome = run("link", CORPUS, "-q")
    page = (ROOT / "docs" / "linking.md").read_text("utf-8")
    transcript = page.partition("$ rdfexport link pfocr-database/\n")[2].partition("```")[0]
    assert transcript == outcome.stdout


def test_words_of_a_record_cannot_break_the_report(
    legacy: Callable[..., FigureRecord], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    word = 'a\\tb \\"c\\"\\nd, e'
    legacy(genes=f'\n- word: "{word}"\n  symbol: x\n  source: hgnc_symbol\n  hgnc_symbol: MTOR\n'
                 "  entrez: '2475'")  # fmt: skip
    run("link", tmp_path / "source", "--report", tmp_path / "links.tsv")
    words = [r["word"] for r in report(tmp_path / "links.tsv") if r["kind"] == "genes"]
    assert words == ['a b "c" d, e']  # a row is a line, for whoever reads it
