"""The reference tables: what comes with the package, look-ups, and updates from a real server."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import importlib.util
import io
import json
import lzma
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from rdfexport import read_records
from rdfexport.cli import _Commands
from rdfexport.errors import BusyError, DiskError, UnreadableError
from rdfexport.net.policy import DOWNLOAD
from rdfexport.references import References, lookup, parsers, schema, snapshot, store
from rdfexport.references.commands import references as references_group
from rdfexport.references.packed import unpacked
from rdfexport.references.parsers import MalformedError
from rdfexport.references.tables import SHIPPED, SOURCES, TABLES
from rdfexport.references.update import UpdateOptions, update
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from rdfexport.references.update import Outcome

    Answer = Callable[["Handler"], None]

DATA = ROOT / "rdfexport" / "data"

HGNC_HEADER = (
    "hgnc_id symbol name locus_group status alias_symbol prev_symbol entrez_id ensembl_gene_id"
    " uniprot_ids"
).replace(" ", "\t")


def hgnc_text(*genes: tuple[str, str, str]) -> bytes:
    """HGNC's file with some genes: number, symbol and Entrez number."""
    lines = [
        f'HGNC:{number}\t{symbol}\tname of {symbol}\tg\tApproved\t"{symbol}a|{symbol}b"\tO{symbol}'
        f"\t{entrez}\tENSG{number}\tP{number}"
        for number, symbol, entrez in genes
    ]
    return "\n".join((HGNC_HEADER, *lines, "")).encode()


GENES = (("3942", "MTOR", "2475"), ("30287", "RPTOR", "57521"), ("1", "NEWG", "99"))
HGNC = hgnc_text(*GENES)


def mesh_text(kind: str, *records: tuple[str, str], doctype: str = "") -> bytes:
    """NLM's XML of some records, each with other records inside, as in life."""
    names = {"desc": "Descriptor", "supp": "SupplementalRecord"}
    record = {"desc": "DescriptorRecord", "supp": "SupplementalRecord"}[kind]
    name = names[kind]
    body = "".join(
        f"<{record}><{name}UI>{mesh_id}</{name}UI><{name}Name><String>{label}</String></{name}Name>"
        "<SeeRelatedList><SeeRelatedDescriptor><DescriptorReferredTo><DescriptorUI>D9</DescriptorUI>"
        "<DescriptorName><String>Other</String></DescriptorName></DescriptorReferredTo>"
        f"</SeeRelatedDescriptor></SeeRelatedList></{record}>"
        for mesh_id, label in records
    )
    head = f'<?xml version="1.0"?>\n<!DOCTYPE {record}Set SYSTEM "https://x.org/x.dtd" {doctype}>'
    return f"{head}\n<{record}Set>{body}</{record}Set>".encode()


SSSOM = (
    "subject_id subject_label predicate_id object_id object_label mapping_justification".replace(
        " ", "\t"
    )
)


def sssom_text(*rows: str) -> bytes:
    lines = [row.replace(" ", "\t").replace("_", " ") for row in rows]
    return "\n".join(("#curie_map:", "#  mesh: x", SSSOM, *lines, "")).encode()


# --- what comes with the package ----------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[References]:
    """The tables of the package, in a database of their own."""
    path = store.ensure(tmp_path_factory.mktemp("shipped"))
    with References.open(path) as references:
        yield references


@pytest.mark.parametrize(
    ("entrez", "hgnc_id", "symbol"), [("2475", "3942", "MTOR"), ("57521", "30287", "RPTOR")]
)
def test_known_genes(shipped: References, entrez: str, hgnc_id: str, symbol: str) -> None:
    gene = shipped.gene(entrez)
    assert gene is not None
    assert (gene.hgnc_id, gene.symbol, gene.entrez) == (hgnc_id, symbol, entrez)
    assert gene.ensembl is not None
    assert gene.uniprot
    assert shipped.gene_by_symbol(symbol) == ((gene, "approved"),)


def test_a_symbol_says_how_it_names_each_gene(shipped: References) -> None:
    assert [(m.gene.symbol, m.how) for m in shipped.gene_by_symbol("FRAP1")] == [
        ("MTOR", "previous")
    ]
    assert [(m.gene.symbol, m.how) for m in shipped.gene_by_symbol("raptor")] == [
        ("RPTOR", "alias")
    ]
    hows = [match.how for match in shipped.gene_by_symbol("PC")]
    assert hows[0] == "approved"
    assert "alias" in hows
    assert shipped.gene_by_symbol("mtor") == ()


@pytest.mark.parametrize(
    ("mesh_id", "label", "chebi", "name"),
    [
        ("D020123", "Sirolimus", "9168", "sirolimus"),
        ("C531198", "dactolisib", "71952", "dactolisib"),
    ],
)
def test_known_chemicals(
    shipped: References, mesh_id: str, label: str, chebi: str, name: str
) -> None:
    assert shipped.mesh_label(mesh_id) == label
    assert shipped.mesh_replacement(mesh_id) is None
    assert shipped.chebi_of_mesh(mesh_id) == (
        (chebi, "skos:exactMatch", "semapv:ManualMappingCuration"),
    )
    assert shipped.chebi_label(chebi) == name


@pytest.mark.parametrize(
    ("old", "new"),
    [("C002070", "D000094062"), ("C005466", "D000097245"), ("C000657245", "D000086382")],
)
def test_what_was_promoted_has_its_descriptor(shipped: References, old: str, new: str) -> None:
    assert shipped.mesh_replacement(old) == new
    assert (shipped.mesh_label(old) or "").lower() == (shipped.mesh_label(new) or "").lower()


def test_known_diseases_and_organisms(shipped: References) -> None:
    assert shipped.doid("0060239") == "Van der Woude syndrome"
    assert shipped.doid_by_label("Asthma") == shipped.doid_by_label("ASTHMA") == "2841"
    assert shipped.mesh_of_doid("2841") == ("D001249",)
    assert shipped.doid_of_mesh("D001249") == ("2841",)
    assert shipped.taxon_by_name("Homo sapiens") == "9606"


@pytest.mark.parametrize("key", ["", "0", "x" * 10_000, "'; DROP TABLE gene", "\0", "2475 "])
def test_what_is_unknown_is_nothing(shipped: References, key: str) -> None:
    assert shipped.gene(key) is None
    assert shipped.mesh_label(key) is None
    assert shipped.mesh_replacement(key) is None
    assert shipped.chebi_label(key) is None
    assert shipped.doid(key) is None
    assert shipped.doid_by_label(key) is None
    assert shipped.taxon_by_name(key) is None
    assert shipped.gene_by_symbol(key) == ()
    assert shipped.chebi_of_mesh(key) == ()
    assert shipped.mesh_of_doid(key) == shipped.doid_of_mesh(key) == ()


def test_look_ups_are_cheap_and_their_memory_bounded(
    shipped: References, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [f"D{number:06}" for number in range(1, 4_001)]

    def microseconds() -> float:
        began = time.perf_counter()
        for mesh_id in ids:
            shipped.mesh_label(mesh_id)
        return (time.perf_counter() - began) / len(ids) * 1e6

    assert microseconds() < 50
    assert min(microseconds() for _ in range(3)) < 5
    monkeypatch.setattr(lookup, "CACHED", 10)
    for symbol in ids[:100]:
        shipped.gene_by_symbol(symbol)
    assert len(shipped._symbols) <= 10


def test_the_files_are_what_is_said_of_them(shipped: References) -> None:
    states = {state.name: state for state in shipped.provenance()}
    assert list(states) == sorted(SHIPPED)
    for name, table in ((name, TABLES[name]) for name in SHIPPED):
        text = lzma.decompress((DATA / "references" / f"{name}.tsv.xz").read_bytes())
        header, *lines = text.decode().splitlines()
        said = snapshot.packaged(name)
        assert tuple(header.split("\t")) == table.columns
        assert lines == sorted(set(lines))
        assert said == snapshot.Packaged(
            said.source, said.date, len(lines), hashlib.sha256(text).hexdigest(), table.licence
        )
        assert states[name].rows == said.rows
        assert states[name].origin == "package"
        number, _ = store._measured(shipped._connection, name)
        assert number == said.rows
    assert sum(file.stat().st_size for file in (DATA / "references").iterdir()) < 12_000_000


def test_the_organisms_are_those_of_the_list(shipped: References) -> None:
    lines = (DATA / "organisms.tsv").read_text("utf-8").splitlines()[1:]
    for line in lines:
        taxon, name = line.split("\t")
        assert shipped.taxon_by_name(name) == taxon, "run tools/build_references.py"


def test_organisms_that_papers_draw_have_their_numbers(shipped: References) -> None:
    known = {
        "Venustaconcha ellipsiformis": "301928",
        "Tobacco mosaic virus": "12242",
        "Escherichia coli str. K-12 substr. MG1655": "511145",
        "Magnoliopsida": "3398",
        "gut metagenome": "749906",
        "Sulfitobacter delicatus": "218672",
    }
    assert {name: shipped.taxon_by_name(name) for name in known} == known
    # Both a genus of bacteria and one of insects.
    assert shipped.taxon_by_name("Bacillus") is None


def test_nearly_all_organisms_of_real_records_have_their_numbers(
    shipped: References, corpus: Path
) -> None:
    names = {
        taxon.name
        for record in read_records(str(corpus))
        for taxon in (*record.organisms, *record.recognised_organisms)
    }
    known = [name for name in names if name and shipped.taxon_by_name(name)]
    assert len(names) > 70
    assert len(known) / len(names) > 0.94


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build", ROOT / "tools" / "build_references.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build"] = module
    spec.loader.exec_module(module)
    return module


def test_the_same_rows_make_the_same_file(builder: ModuleType) -> None:
    rows = list(snapshot.rows("doid"))
    first = builder.packed(TABLES["doid"].columns, rows)
    assert builder.packed(TABLES["doid"].columns, reversed(rows)) == first
    assert first[1:] == (snapshot.packaged("doid").rows, snapshot.packaged("doid").sha256)


CHECK = """
import socket, sys
def refuse(*_, **__): raise AssertionError("the network was used")
socket.socket.connect = socket.getaddrinfo = refuse
import rdfexport.references
slow = {"requests", "platformdirs", "click", "lzma"} & set(sys.modules)
import pathlib, os
print(sorted(slow), pathlib.Path(os.environ["RDFEXPORT_CACHE"]).exists())
with rdfexport.references.References.open() as references:
    print(references.gene("2475").symbol, references.digest())
"""


def start(code: str, cache: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "RDFEXPORT_CACHE": str(cache), **environment},
    )


def test_many_processes_at_once_make_one_database_without_network(
    tmp_path: Path, shipped: References
) -> None:
    processes = [start(CHECK, tmp_path / "cache") for _ in range(3)]
    ends = [process.communicate(timeout=60) for process in processes]
    assert [errors for _, errors in ends] == ["", "", ""]
    for output, _ in ends:
        assert output.splitlines()[1] == f"MTOR {shipped.digest()}"
    assert sorted(file.name for file in (tmp_path / "cache").iterdir()) == [
        f"references-{schema.VERSION}.sqlite",
        "references.lock",
    ]


def test_importing_it_reads_and_fetches_nothing(tmp_path: Path) -> None:
    code = CHECK.partition("with")[0]
    output, errors = start(code, tmp_path / "cache").communicate(timeout=60)
    assert errors == ""
    assert output.endswith("False\n")
    assert "requests" not in output


# --- a small world, for what changes ------------------------------------------------------------

SMALL = {
    "hgnc": (
        "3942\tMTOR\tmechanistic\t2475\tENSG1\tP42345\tFRAP1\tRAFT1",
        "7\tOLD\told\t8\t\t\t\t",
    ),
    "mesh": ("D020123\tSirolimus\t", "C000001\tnovum\t", "C000002\tancient\tD020123"),
    "mesh-chebi": ("D020123\t9168\tskos:exactMatch\tsemapv:ManualMappingCuration\tsirolimus",),
    "doid": ("2841\tasthma\tD001249\t\t", "1\t\t\tsecondary\t2841"),
    "chebi": ("9168\tsirolimus\t\t", "45276\t\tsecondary\t9168"),
    "ncbigene": (
        "56717\t10090\tMtor\ta kinase\tFrap1|flat\tmgi:1928394\tlive\t",
        "\t10116\tMtor\t\tFrap1\trgd:68371\tlive\t",
    ),
    "orthologs": ("ncbigene:2475\t9606\tmgi:1928394\t10090\thgnc",),
    "taxonomy": ("9606\tHomo sapiens",),
}


def write_small(folder: Path, date: str = "2020-01-01", **changed: tuple[str, ...]) -> None:
    folder.mkdir(exist_ok=True)
    for name, lines in (SMALL | changed).items():
        text = "".join(f"{line}\n" for line in ("\t".join(TABLES[name].columns), *lines)).encode()
        (folder / f"{name}.tsv.xz").write_bytes(lzma.compress(text))
        said = {"source": "small", "date": date, "rows": len(lines), "licence": "none"}
        digest = hashlib.sha256(text).hexdigest()
        (folder / f"{name}.json").write_text(json.dumps({**said, "sha256": digest}))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a few rows, whose tables may be as small; the folder of its database."""
    write_small(tmp_path / "package")
    monkeypatch.setattr(snapshot, "folder", lambda: tmp_path / "package")
    for name, table in TABLES.items():
        sources = tuple(replace(source, least=1) for source in table.sources)
        monkeypatch.setitem(TABLES, name, replace(table, sources=sources))
        for source in sources:
            monkeypatch.setitem(SOURCES, source.name, source)
    hasty = replace(DOWNLOAD, backoff=0, connect_seconds=2, read_seconds=0.3)
    monkeypatch.setattr("rdfexport.references.update.DOWNLOAD", hasty)
    monkeypatch.setenv("RDFEXPORT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def digest_in_use() -> str:
    with References.open() as references:
        return references.digest()


def test_a_broken_database_is_made_anew(world: Path) -> None:
    before = digest_in_use()
    for content in (b"", b"no database", store.database_path(world).read_bytes()[:100]):
        store.database_path(world).write_bytes(content)
        assert digest_in_use() == before


def test_a_given_path_must_be_a_database(world: Path) -> None:
    with pytest.raises(UnreadableError, match="no database of reference tables"):
        References.open(world / "none.sqlite")


def test_without_a_cache_folder_a_temporary_one_serves(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest_in_use()
    (world / "file").write_text("")
    monkeypatch.setenv("RDFEXPORT_CACHE", str(world / "file" / "folder"))
    with References.open() as references:
        assert references.digest() == before
        assert references.path.exists()
    assert not references.path.parent.exists()
    with pytest.raises(DiskError, match="set RDFEXPORT_CACHE"):
        list(update(UpdateOptions()))


def test_the_cache_is_where_the_platform_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RDFEXPORT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert store.cache_folder().name == "rdfexport"


def test_a_writer_that_is_kept_waiting_says_so(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest_in_use()
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.1)
    state = TABLES["hgnc"]
    with store._locked(world), pytest.raises(BusyError, match="another process"):
        store.install(world, store.TableState(state.name, "", "", "", 0, "", ""), (), ())


def test_a_later_package_renews_its_own_tables_only(world: Path, tmp_path: Path) -> None:
    path = store.ensure(world)
    state = store.TableState("doid", "download", "there", "2019-01-01", 0, "", "")
    store.install(world, state, [("1", "new disease", "", "", "")], ())
    write_small(
        tmp_path / "package", "2021-01-01", hgnc=("1\tA\ta\t5\t\t\t\t",), doid=("3\tx\t\t\t",)
    )
    assert store.ensure(world) == path
    with References.open() as references:
        assert references.gene("5") is not None
        assert references.gene("2475") is None
        assert references.doid("1") == "new disease"
        assert references.mesh_label("D020123") == "Sirolimus"
    write_small(tmp_path / "package", "2018-01-01")  # an earlier one leaves them alone
    with References.open() as references:
        assert references.gene("5") is not None


def test_a_reader_keeps_what_it_opened(world: Path) -> None:
    with References.open() as early:
        store.install(
            world,
            store.TableState("hgnc", "download", "there", "2025-01-01", 0, "", ""),
            [("9", "NEW", "n", "2475", "", "", "", "")],
            (),
        )
        with References.open() as late:
            assert late.gene("2475") != early.gene("2475")
            assert late.digest() != early.digest()


# --- parsers ------------------------------------------------------------------------------------


def parse(source: str, content: bytes) -> list[parsers.Row]:
    return list(SOURCES[source].parse(io.BytesIO(content), SOURCES[source].columns))


def test_hgnc_withdrawn_genes_are_left_out_and_quoted_cells_read() -> None:
    text = HGNC + b"HGNC:2\tGONE\tgone\tg\tEntry Withdrawn\t\t\t\t\t\n"
    rows = parse("hgnc", text)
    assert [row[0] for row in rows] == ["3942", "30287", "1"]
    mtor = ("3942", "MTOR", "name of MTOR", "2475", "ENSG3942", "P3942", "OMTOR", "MTORa|MTORb")
    assert rows[0] == mtor


def test_mesh_records_within_records_are_not_taken() -> None:
    records = (("D020123", "Sirolimus"), ("D1", "A &amp; B &#945;"))
    assert parse("mesh-descriptors", mesh_text("desc", *records)) == [
        ("D020123", "Sirolimus", ""),
        ("D1", "A & B \N{GREEK SMALL LETTER ALPHA}", ""),
    ]
    assert parse("mesh-supplementary", mesh_text("supp", ("C1", "x"))) == [("C1", "x", "")]


BOMB = '[<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]'
OUTSIDE = '[<!ENTITY e SYSTEM "file:///etc/passwd">]'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (mesh_text("desc", ("D1", "&b;"), doctype=BOMB), "declares the entity a"),
        (mesh_text("desc", ("D1", "&e;"), doctype=OUTSIDE), "declares the entity e"),
        (mesh_text("desc", ("D1", "x"))[:-30], "not whole XML"),
        (mesh_text("supp", ("C1", "x")), "there is no DescriptorRecord"),
        (mesh_text("desc", ("D1", "")), "lacks its identifier or its name"),
        (mesh_text("desc", ("x", "y")), "lacks its identifier or its name"),
        (b"<html><body>Not found</body></html>", "there is no DescriptorRecord"),
        (b"", "not whole XML"),
    ],
)
def test_mesh_that_is_none(content: bytes, problem: str) -> None:
    with pytest.raises(MalformedError, match=problem):
        parse("mesh-descriptors", content)


def test_only_sure_mappings_are_taken() -> None:
    sets = {
        "mesh-chebi-curated": sssom_text(
            "mesh:D1 One skos:exactMatch chebi:1 one semapv:M",
            "chebi:2 two skos:narrowMatch mesh:D2 Two semapv:M",
            "mesh:D3 Three ro:0018033 chebi:3 three semapv:M",
            "mesh:D4 Four skos:exactMatch doid:4 four semapv:M",
        ),
        "mesh-chebi-predicted": sssom_text(
            "mesh:D1 One skos:exactMatch chebi:11 one semapv:L",
            "CHEBI:5 five skos:exactMatch MESH:D5 Five semapv:L",
            "mesh:D6 Six skos:exactMatch chebi:6 six_hydrate semapv:L",
            "mesh:D7 Seven skos:exactMatch chebi:7 seven semapv:L",
            "mesh:D8 Eight skos:exactMatch chebi:8 eight semapv:L",
            "mesh:D8 Eight skos:exactMatch chebi:88 Eight semapv:L",
        ),
        "mesh-chebi-rejected": sssom_text("mesh:D7 Seven skos:exactMatch chebi:7 seven semapv:M"),
    }
    rows = parsers.sure_mappings({name: iter(parse(name, text)) for name, text in sets.items()})
    assert list(rows) == [
        ("D1", "1", "skos:exactMatch", "semapv:M", "one"),
        ("D2", "2", "skos:broadMatch", "semapv:M", "two"),
        ("D5", "5", "skos:exactMatch", "semapv:L", "five"),
    ]


OBO = b"""format-version: 1.2
data-version: x

[Term]
id: DOID:2841
name: asthma
xref: MESH:D001249 {source="x"}
xref: ICD10CM:J45

[Term]
id: DOID:9
name: gone
is_obsolete: true

[Typedef]
id: part_of
name: part of
"""


def test_diseases_that_are_obsolete_are_told_apart() -> None:
    assert [row for row in parse("doid", OBO) if not row[3]] == [
        ("2841", "asthma", "D001249", "", "")
    ]
    assert {row[3] for row in parse("doid", OBO)} == {"", "obsolete"}
    with pytest.raises(MalformedError, match="lacks its name"):
        parse("doid", OBO.replace(b"name: asthma\n", b""))
    with pytest.raises(MalformedError, match="does not begin"):
        parse("doid", b"<html>")


NAMES = (
    b"9606\t|\tHomo sapiens\t|\t\t|\tscientific name\t|\n"
    b"9606\t|\thuman\t|\t\t|\tgenbank common name\t|\n"
    b"7\t|\tBacillus sp. X1\t|\t\t|\tscientific name\t|\n"
    b"8\t|\tBacillus\t|\tBacillus <a>\t|\tscientific name\t|\n"
    b"9\t|\tBacillus\t|\tBacillus <b>\t|\tscientific name\t|\n"
)


def test_organisms_by_scientific_name(world: Path) -> None:
    rows = parse("taxonomy", NAMES)
    assert rows == [("9606", "Homo sapiens"), ("8", "Bacillus"), ("9", "Bacillus")]
    store.install(world, store.TableState("taxonomy", "folder", "", "", 0, "", ""), rows, ())
    with References.open() as references:
        assert references.taxon_by_name("Homo sapiens") == "9606"
        assert references.taxon_by_name("Bacillus") is None  # two taxa bear it
    with pytest.raises(MalformedError, match="a line has 1 columns"):
        parse("taxonomy", b"<html>\n")


PMC_IDS = (
    b"Journal Title,ISSN,eISSN,Year,Volume,Issue,Page,DOI,PMCID,PMID,Manuscript Id,Release Date\n"
    b'"Genes, Brain",1,2,2013,1,,1,10.1000/ABC,PMC3811159,24204261,,live\n'
    b"Another,1,2,2001,1,,1,,PMC13900,0,,live\n"
    b"Broken,1,2,2001,1,,1,,13900,1,,live\n"
)


@pytest.mark.usefixtures("world")
def test_articles_of_pubmed_central_are_a_table_for_those_who_ask(tmp_path: Path) -> None:
    rows = parse("pmc-ids", PMC_IDS)
    assert rows == [("3811159", "24204261", "10.1000/abc", "2013"), ("13900", "", "", "2001")]
    with pytest.raises(MalformedError, match="the column PMCID is missing"):
        parse("pmc-ids", b"Year,DOI\n2001,x\n")
    with References.open() as references:
        assert references.article("PMC3811159") is None
        assert "pmc-ids" not in [state.name for state in references.provenance()]
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "hgnc_complete_set.txt").write_bytes(HGNC)
    assert "pmc-ids" not in run("update", "--from", folder)[2]
    (folder / "PMC-ids.csv.gz").write_bytes(gzip.compress(PMC_IDS))
    assert run("update", "--from", folder)[0] == 0
    with References.open() as references:
        assert references.article("PMC3811159") == ("24204261", "10.1000/abc", "2013")
        assert references.article("PMC13900") == (None, None, "2001")
        assert references.article("PMC1") is None
        assert "pmc-ids" in [state.name for state in references.provenance()]
    assert "pmc-ids" in run("status")[1]
    (folder / "PMC-ids.csv.gz").unlink()
    assert "pmc-ids: left as it is" in run("update", "--from", folder)[2]


def test_a_line_without_end_is_not_read_into_memory() -> None:
    with pytest.raises(MalformedError, match="no end"):
        parse("hgnc", b"x" * (1 << 21))


def packings(content: bytes) -> dict[str, bytes]:
    archive, tar = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("readme", "x")
        file.writestr("names.dmp", content)
    with tarfile.open(fileobj=tar, mode="w:gz") as pack:
        for name, text in (("readme", b"x"), ("names.dmp", content)):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            pack.addfile(member, io.BytesIO(text))
    return {
        "plain": content,
        "gz": gzip.compress(content),
        "xz": lzma.compress(content),
        "zip": archive.getvalue(),
        "tar.gz": tar.getvalue(),
    }


@pytest.mark.parametrize("packing", packings(b""))
def test_files_are_read_however_packed(packing: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(packings(NAMES * 500)[packing])
    with unpacked(path) as file:
        assert len(list(parsers.taxonomy(file, ("", "", "", "")))) == 1500
    if packing != "plain":
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(MalformedError), unpacked(path) as file:
            list(parsers.taxonomy(file, ("", "", "", "")))


def test_an_archive_without_the_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr("readme", "x")
    with pytest.raises(MalformedError, match="no file of the archive"), unpacked(tmp_path / "file"):
        pass


# --- updates from a real server -----------------------------------------------------------------


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the server's table of paths says, and 404 where it says nothing."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        answers = self.server.answers.get(self.path, [status(404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self)

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """Paths to what they answer; of several answers, each but the last is given once."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.release = threading.Event()

    def url(self, path: str, login: str = "") -> str:
        return f"http://{login}127.0.0.1:{self.server_port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    return lambda handler: handler.reply(code, body, **headers)


def fresh(body: bytes, etag: str = '"1"') -> Answer:
    """A file that the server knows the version of."""

    def answer(handler: Handler) -> None:
        day = formatdate(1_700_000_000, usegmt=True)  # 2023-11-14
        if etag == handler.headers["If-None-Match"] and day == handler.headers["If-Modified-Since"]:
            handler.send_response(304)
            handler.end_headers()
        else:
            handler.reply(200, body, ETag=etag, Last_Modified=day)

    return answer


def half(handler: Handler) -> None:
    handler.reply(200, HGNC[: len(HGNC) // 2], Content_Length=str(len(HGNC)))
    handler.close_connection = True


def silence(handler: Handler) -> None:
    handler.server.release.wait(30)
    handler.close_connection = True


def silence_after_half(handler: Handler) -> None:
    handler.reply(200, HGNC[: len(HGNC) // 2], Content_Length=str(len(HGNC)))
    silence(handler)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


def update_genes(server: Server, *answers: Answer) -> Outcome:
    if answers:
        server.answers["/hgnc"] = list(answers)
    options = UpdateOptions(only=["hgnc"], urls={"hgnc": server.url("/hgnc")})
    (outcome,) = update(options)
    return outcome


def test_an_update_replaces_one_table(world: Path, server: Server) -> None:
    before = digest_in_use()
    outcome = update_genes(server, fresh(HGNC))
    state = outcome.state
    assert (outcome.status, outcome.problem) == ("updated", "")
    assert (state.origin, state.date, state.rows) == ("download", "2023-11-14", 3)
    assert state.source == server.url("/hgnc")
    with References.open() as references:
        gene = references.gene("57521")
        assert gene is not None
        assert gene.uniprot == ("P30287",)
        assert [m.how for m in references.gene_by_symbol("RPTORb")] == ["alias"]
        assert references.gene("8") is None
        assert references.mesh_label("D020123") == "Sirolimus"
        assert references.digest() != before
    assert sorted(file.name for file in world.iterdir()) == [
        f"references-{schema.VERSION}.sqlite",
        "references.lock",
    ]


@pytest.mark.usefixtures("world")
def test_the_digest_is_that_of_the_rows_not_of_their_order(server: Server) -> None:
    update_genes(server, fresh(HGNC))
    first = digest_in_use()
    assert update_genes(server, fresh(hgnc_text(*reversed(GENES)), '"2"')).status == "updated"
    assert digest_in_use() == first


@pytest.mark.usefixtures("world")
def test_what_has_not_changed_is_not_sent_again(server: Server) -> None:
    update_genes(server, fresh(HGNC))
    outcome = update_genes(server)
    assert (outcome.status, outcome.state.rows) == ("unchanged", 3)
    assert server.paths().count("/hgnc") == 2
    assert update_genes(server, status(200, HGNC)).status == "unchanged"  # the same bytes
    assert update_genes(server, fresh(hgnc_text(*GENES, ("5", "E", "55")), '"2"')).state.rows == 4


@pytest.mark.usefixtures("world")
def test_a_304_that_was_not_asked_for_is_no_answer(server: Server) -> None:
    outcome = update_genes(server, status(304))
    assert outcome.status == "failed"
    assert "the server answered 304" in outcome.problem


@pytest.mark.parametrize(
    "passing",
    [status(500), status(429), half, silence, silence_after_half],
    ids=["500", "429", "half a body", "hang", "hang half-way"],
)
@pytest.mark.usefixtures("world")
def test_what_passes_is_tried_again(server: Server, passing: Answer) -> None:
    assert update_genes(server, passing, status(200, HGNC)).status == "updated"


COLUMN_GONE = HGNC.replace(b"entrez_id", b"ncbi_id")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (status(404), "the server answered 404"),
        (status(403), "the server answered 403"),
        (status(500), "the server answered 500, 4 times"),
        (half, "the answer was cut off, 4 times"),
        (silence, "the server did not answer in time"),
        (silence_after_half, "the server did not answer in time"),
        (status(302, Location="/hgnc"), "more than 5 redirects"),
        (status(302, Location="http://[/"), "not an http or https address"),
        (status(200, COLUMN_GONE), "hgnc: the column entrez_id is missing"),
        (status(200, b"<html>Welcome</html>"), "hgnc: the column hgnc_id is missing"),
        (status(200, b""), "hgnc: the column hgnc_id is missing"),
        (status(200, HGNC_HEADER.encode()), "it has 0 rows"),
        (status(200, HGNC[:-9]), "cells, not 10"),
        (status(200, HGNC + HGNC.partition(b"\n")[2]), "UNIQUE constraint failed"),
        (status(200, HGNC.replace(b"NEWG", b"\xff\xfe")), "can't decode"),
        (status(200, gzip.compress(HGNC)[:-20]), "it is not whole"),
    ],
)
def test_what_goes_wrong_leaves_the_table_in_use(
    world: Path, server: Server, answer: Answer, problem: str
) -> None:
    before = digest_in_use()
    outcome = update_genes(server, answer)
    assert outcome.status == "failed"
    assert problem in outcome.problem
    assert outcome.problem.endswith(
        ", or choose another address with --url or files with --from;"
        " the table of 2020-01-01 stays in use"
    )
    assert digest_in_use() == before
    assert not list(world.glob("*.partial"))


def test_too_few_rows(world: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(str(n), f"S{n}", "", str(n), "", "", "", "") for n in range(7)]
    store.install(
        world, store.TableState("hgnc", "download", "", "2022-02-02", 0, "", ""), rows, ()
    )
    outcome = update_genes(server, status(200, HGNC))
    assert "3 rows are less than half of the 7 in use" in outcome.problem
    (source,) = TABLES["hgnc"].sources
    table = replace(TABLES["hgnc"], sources=(replace(source, least=40_000),))
    monkeypatch.setitem(TABLES, "hgnc", table)
    assert "it has 3 rows, and at least 40,000 are usual" in update_genes(server).problem
    with References.open() as references:
        assert references.gene("6") is not None


@pytest.mark.usefixtures("world")
def test_an_entity_bomb_is_refused(server: Server) -> None:
    before = digest_in_use()
    server.answers["/desc"] = [status(200, mesh_text("desc", ("D1", "&b;"), doctype=BOMB))]
    server.answers["/supp"] = [status(200, mesh_text("supp", ("C1", "x")))]
    urls = {"mesh-descriptors": server.url("/desc"), "mesh-supplementary": server.url("/supp")}
    (outcome,) = update(UpdateOptions(only=["mesh"], urls=urls))
    assert "mesh-descriptors: it declares the entity a" in outcome.problem
    assert digest_in_use() == before


@pytest.mark.parametrize("kind", ["sha256", "md5"])
@pytest.mark.usefixtures("world")
def test_a_checksum_beside_the_file_is_held(server: Server, kind: str) -> None:
    right = hashlib.new(kind, HGNC).hexdigest()
    wrong = hashlib.new(kind, b"").hexdigest()
    server.answers[f"/hgnc.{kind}"] = [status(200, f"{wrong}  hgnc\n".encode())]
    outcome = update_genes(server, status(200, HGNC))
    assert (
        f"the file does not have the {kind.upper()} that is published beside it, 4 times"
        in outcome.problem
    )
    with References.open() as references:
        assert references.gene("57521") is None
    server.answers[f"/hgnc.{kind}"] = [status(503), status(200, f"{right.upper()}\n".encode())]
    assert update_genes(server).status == "updated"


@pytest.mark.usefixtures("world")
def test_a_page_beside_the_file_is_no_checksum(server: Server) -> None:
    page = f"<!doctype html><p>{'0' * 64}".encode()
    server.answers["/hgnc.sha256"] = server.answers["/hgnc.md5"] = [status(200, page)]
    assert update_genes(server, status(200, HGNC)).status == "updated"


@pytest.mark.usefixtures("world")
def test_a_redirect_is_followed(server: Server) -> None:
    server.answers["/there"] = [status(200, HGNC)]
    outcome = update_genes(server, status(302, Location="/there"))
    assert outcome.status == "updated"
    assert outcome.state.date == time.strftime("%Y-%m-%d", time.gmtime())  # it was told no other


@pytest.mark.usefixtures("world")
def test_an_address_may_come_from_the_environment_and_is_shown_without_secrets(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RDFEXPORT_URL_HGNC", server.url("/h?token=t0ken", "joe:pa55@"))
    (failed,) = update(UpdateOptions(only=["hgnc"]))
    server.answers["/h?token=t0ken"] = [status(200, HGNC)]
    (done,) = update(UpdateOptions(only=["hgnc"]))
    assert done.status == "updated"
    for text in (failed.problem, done.state.source):
        assert server.url("/h") in text
        assert not [secret for secret in ("joe", "pa55", "t0ken") if secret in text]


def mesh_urls(server: Server) -> dict[str, str]:
    return {
        "mesh-descriptors": server.url("/desc{year}.gz"),
        "mesh-supplementary": server.url("/supp.gz"),
    }


@pytest.mark.usefixtures("world")
def test_mesh_of_the_latest_year_and_what_it_has_promoted(server: Server) -> None:
    year = time.gmtime().tm_year
    descriptors = mesh_text("desc", ("D020123", "Sirolimus"), ("D000002", "Novum"))
    supplementary = mesh_text("supp", ("C000009", "nine"))
    server.answers[f"/desc{year}.gz"] = [fresh(gzip.compress(descriptors))]
    server.answers["/supp.gz"] = [fresh(gzip.compress(supplementary))]
    options = UpdateOptions(only=["mesh"], urls=mesh_urls(server))
    (outcome,) = update(options)
    assert outcome.status == "updated"
    assert server.paths()[:2] == [f"/desc{year + 1}.gz", f"/desc{year}.gz"]
    with References.open() as references:
        assert references.mesh_label("C000009") == "nine"
        assert references.mesh_label("C000001") == "novum"
        assert references.mesh_replacement("C000001") == "D000002"
        assert references.mesh_replacement("C000002") == "D020123"
    (outcome,) = update(options)
    assert outcome.status == "unchanged"
    # One of two files has changed: the other is asked for again, since it was not kept.
    changed = mesh_text("supp", ("C000009", "nine"), ("C000010", "ten"))
    server.answers["/supp.gz"] = [fresh(gzip.compress(changed), '"2"')]
    (outcome,) = update(options)
    assert (outcome.status, outcome.state.rows) == ("updated", 6)
    with References.open() as references:
        assert references.mesh_label("C000010") == "ten"
        assert references.mesh_replacement("C000001") == "D000002"


@pytest.mark.usefixtures("world")
def test_two_updates_at_once_lose_nothing(server: Server) -> None:
    together = threading.Barrier(2)

    def when_both_are_here(body: bytes) -> Answer:
        def answer(handler: Handler) -> None:
            together.wait(10)
            handler.reply(200, body)

        return answer

    server.answers["/hgnc"] = [when_both_are_here(HGNC)]
    server.answers["/doid"] = [when_both_are_here(OBO)]
    statuses: list[str] = []

    def run_update(name: str) -> None:
        options = UpdateOptions(only=[name], urls={name: server.url(f"/{name}")})
        statuses.extend(outcome.status for outcome in update(options))

    threads = [threading.Thread(target=run_update, args=(name,)) for name in ("hgnc", "doid")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == ["updated", "updated"]
    with References.open() as references:
        states = {state.name: state.origin for state in references.provenance()}
    assert (states["hgnc"], states["doid"], states["mesh"]) == ("download", "download", "package")


def test_a_replacement_that_is_replaced_itself_is_followed(world: Path) -> None:
    rows = [
        ("C1", "a", "D1"),
        ("D1", "b", "D2"),
        ("D2", "c", ""),
        ("C8", "x", "C9"),
        ("C9", "y", "C8"),
    ]
    store.install(world, store.TableState("mesh", "folder", "", "", 0, "", ""), rows, ())
    with References.open() as references:
        assert references.mesh_replacement("C1") == "D2"
        assert references.mesh_replacement("C8") in ("C8", "C9")  # nonsense, but it ends


# --- the command line ---------------------------------------------------------------------------

main = _Commands("rdfexport", commands=[references_group])


def run(*args: object) -> tuple[int, str, str]:
    words = ["references", *map(str, args)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("world")
def test_one_table_fails_and_the_other_is_updated(server: Server) -> None:
    server.answers["/hgnc"] = [status(200, HGNC)]
    urls = ("--url", f"hgnc={server.url('/hgnc')}", "--url", f"doid={server.url('/doid')}")
    code, output, errors = run("update", "--only", "doid,hgnc", *urls)
    assert (code, output) == (1, "")
    first, second = errors.splitlines()
    assert first.startswith(f"error: doid: {server.url('/doid')}: the server answered 404")
    assert "--url" in first
    assert second.startswith("hgnc: updated, 3 rows of ")
    assert run("update", "--only", "hgnc", *urls[:2], "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (("--only", "genes"), "genes: there is no such table: choose from hgnc, mesh, "),
        (("--url", "hgnc"), "write it as NAME=URL"),
        (("--url", "genes=https://x.org"), "genes: there is no such source: choose from hgnc, "),
        (("--url", "hgnc=ftp://x.org"), "it begins with http:// or https://"),
        (("--from", "{empty}"), "has none of the files for these tables: hgnc_complete_set*, "),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_wrong_call(tmp_path: Path, args: tuple[str, ...], problem: str) -> None:
    (tmp_path / "empty").mkdir()
    code, _, errors = run("update", *(arg.format(empty=tmp_path / "empty") for arg in args))
    assert code == 2
    assert problem in errors


@pytest.mark.usefixtures("world")
def test_update_from_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "hgnc_complete_set_2026-10-01.txt").write_bytes(HGNC)
    (folder / "doid.obo.gz").write_bytes(gzip.compress(OBO))
    (folder / "desc2025.xml").write_bytes(b"an earlier edition")
    (folder / "desc2026.xml").write_bytes(mesh_text("desc", ("D020123", "Sirolimus"), ("D2", "x")))
    (folder / "taxdmp.zip").write_bytes(packings(NAMES)["zip"])
    os.utime(folder / "doid.obo.gz", (1_700_000_000, 1_700_000_000))
    code, _, errors = run("update", "--from", folder)
    assert code == 1
    lines = {line.removeprefix("error: ").partition(":")[0]: line for line in errors.splitlines()}
    assert "mesh-supplementary: the folder has no supp" in lines["mesh"]
    assert "put a whole file into the folder" in lines["mesh"]
    assert lines["mesh-chebi"].startswith(
        "mesh-chebi: left as it is, the folder has no file for it"
    )
    assert lines["doid"] == "doid: updated, 2 rows of 2023-11-14"
    assert "updated, 3 rows" in lines["hgnc"]
    assert "updated, 3 rows" in lines["taxonomy"]
    (folder / "supp2026.xml").write_bytes(mesh_text("supp", ("C1", "c")))
    assert run("update", "--from", folder, "--only", "mesh", "--quiet") == (0, "", "")
    code, output, _ = run("status")
    assert code == 0
    assert "desc2026.xml (SHA-256 " in output
    assert run("update", "--from", folder, "--only", "mesh-chebi")[0] == 2


def test_status_says_what_each_table_is(world: Path) -> None:
    code, output, errors = run("status")
    assert (code, errors) == (0, "")
    for name in TABLES:
        assert f"\n{name}" in output
    for source in SOURCES.values():
        assert f"{source.name} = {source.url}  ({source.variable})" in output
    assert "2020-01-01" in output
    assert str(store.database_path(world)) in output
    assert digest_in_use() in output


@pytest.mark.parametrize("command", [references_group, *references_group.commands.values()])
def test_each_command_has_help_and_an_example(command: object) -> None:
    assert command.help  # type: ignore[attr-defined]
    assert command.epilog.startswith("Example: rdfexport references ")  # type: ignore[attr-defined]


# --- a process that is killed -------------------------------------------------------------------

UPDATE = """
import sys, time
from dataclasses import replace
from rdfexport.references.tables import TABLES
from rdfexport.references.update import UpdateOptions, update

def slowly(file, columns):
    for number, row in enumerate(parse(file, columns)):
        if number == 20_000:
            print("half", flush=True)
            time.sleep(60)
        yield row

(source,) = TABLES["hgnc"].sources
parse = source.parse
TABLES["hgnc"] = replace(TABLES["hgnc"], sources=(replace(source, parse=slowly),))
print(list(update(UpdateOptions(only=["hgnc"]))))
"""


def test_a_killed_update_leaves_the_old_table_in_use(
    tmp_path: Path, server: Server, shipped: References, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    shutil.copy(shipped.path, cache)
    content = hgnc_text(*((str(n), f"S{n}", str(n)) for n in range(44_000)))
    server.answers["/hgnc"] = [status(200, content)]
    monkeypatch.setenv("RDFEXPORT_URL_HGNC", server.url("/hgnc"))
    process = start(UPDATE, cache, TMPDIR=str(tmp_path))
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline() == "half\n", process.stderr.read()
        assert list(cache.glob("*.partial"))
        process.send_signal(signal.SIGKILL)
        process.wait()
    monkeypatch.setenv("RDFEXPORT_CACHE", str(cache))
    assert digest_in_use() == shipped.digest()
    with closing(sqlite3.connect(store.database_path(cache))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (outcome,) = update(UpdateOptions(only=["hgnc"]))  # nothing it left is in the way
    assert (outcome.status, outcome.state.rows) == ("updated", 44_000)
    assert not list(cache.glob("*.partial"))


def test_the_help_names_every_table() -> None:
    _, text, _ = run("update", "--help")
    listed = " ".join(text.split()).partition("Tables to update: ")[2].partition(".")[0]
    assert listed.split(", ") == list(TABLES)
