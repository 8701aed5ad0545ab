"""Tables that are read elsewhere, and files that are not this program's own."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import rdfexport
from rdfexport.pipeline.check import Check
from rdfexport.release.genesets import SetOptions
from rdfexport.store import book
from support.paths import EXAMPLES
from support.records import Collection, Outcome, record_text, table_text
from support.tables import READERS, by_lines

if TYPE_CHECKING:
    from collections.abc import Callable

# What readers take for the end of a line, for a separator or for a quotation mark.
HOSTILE = (
    "lone\rreturn",
    "line\nfeed",
    "ta\tb",
    "next\x85line",
    "form\x0cfeed",
    "separator\u2028s",
    "nul\x00l",
    "\x1b[31mred",
    'a "quoted" word',
    '"begins',
    'ends"',
    "it's",
    "# hash",
    " ",
)


def yaml_text(text: str) -> str:
    return '"' + "".join(f"\\U{ord(char):08X}" for char in text) + '"'


def with_words(collection: Collection) -> list[str]:
    """A record a word, in the older form, whose words and titles are the hostile ones."""
    for number, word in enumerate(HOSTILE):
        text = yaml_text(word)
        genes = "".join(
            f"\n- word: {text}\n  symbol: {text}\n  source: bioentities_symbol\n"
            f"  hgnc_symbol: S{n}\n  entrez: '{n}'"
            for n in (207, 208, 2475)
        )
        changes = {"genes": genes, "chemicals": None, "diseases": None, "figtitle": text}
        figid = f"PMC{number + 1}__f"
        collection.add(figid, record_text("legacy", figid, changes))
    return [f"PMC{number + 1}__f" for number in range(len(HOSTILE))]


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_same_rows_in_the_report_of_links(
    reader: str, collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    figids = with_words(collection)
    report = tmp_path / "links.tsv"
    assert run("link", collection.root, "--report", report).code == 0
    header, *rows = READERS[reader](report)
    assert [row[0] for row in rows] == sorted(figid for figid in figids for _ in range(3))
    found = {row[0]: row[header.index("word")] for row in rows}
    for figid, word in zip(figids, HOSTILE, strict=True):
        shown = "".join(char if char.isprintable() else " " for char in word)
        # What XML does not allow, and blanks at the ends, are the record's reader's affair.
        assert found[figid].replace("\ufffd", " ").strip() == shown.strip()


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_same_rows_in_an_index(
    reader: str, collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    figids = with_words(collection)
    assert run("export", collection.root, "--out", tmp_path / "out", "--no-validate").code == 0
    header, *rows = READERS[reader](tmp_path / "out" / "index.tsv")
    assert header == ["figid", "file"]
    assert sorted(row[0] for row in rows) == sorted(figids)


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_same_rows_in_mappings(
    reader: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "links.sssom.tsv"
    assert run("link", EXAMPLES, "--sssom", path).code == 0
    lines = path.read_text().splitlines()
    head = sum(line.startswith("#") for line in lines)
    header, *rows = READERS[reader](path, skip=head)
    assert header[:4] == ["subject_id", "subject_label", "predicate_id", "object_id"]
    assert len(rows) == len(lines) - head - 1


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_same_rows_in_an_answer(
    reader: str, run_process: Callable[..., Outcome], tmp_path: Path
) -> None:
    store = ox.Store(str(tmp_path / "store"))
    texts = [text for text in HOSTILE if "\0" not in text]
    graph = ox.NamedNode("urn:g")
    for number, text in enumerate(texts):
        subject = ox.NamedNode(f"urn:{number:02}")
        store.add(ox.Quad(subject, ox.NamedNode("urn:p"), ox.Literal(text), graph))
    store.flush()
    del store
    query = tmp_path / "q.rq"
    query.write_text("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s")
    outcome = run_process("query", query, "--store", tmp_path / "store", "--format", "csv")
    assert outcome.code == 0
    path = tmp_path / "answer.csv"
    path.write_bytes(outcome.stdout.encode())
    header, *rows = READERS[reader](path, separator=",")
    assert header == ["s", "o"]
    assert [row[0] for row in rows] == [f"urn:{n:02}" for n in range(len(texts))]
    assert [row[1].replace("\r", "\n") for row in rows] == [t.replace("\r", "\n") for t in texts]


def test_gene_sets_have_a_line_each_whatever_titles_hold(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    figids = with_words(collection)
    words = ("--version", "20261110", "--out", tmp_path / "out", "--gmt-rule", "all")
    assert run("release", collection.root, *words).code == 0
    (path,) = (tmp_path / "out/pfocr/20261110/gmt").glob("*-gmt-Homo_sapiens.gmt")
    rows = by_lines(path)
    assert len(rows) == len(figids)
    assert {len(row) for row in rows} == {5}
    assert all(all(cell.isprintable() for cell in row) for row in rows)


def test_organisms_whose_names_fall_together_have_files_of_their_own(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    names = {
        "Foo bar": "NA",
        "Foo-bar": "NA",
        "Foo.bar": "NA",
        "foo BAR": "NA",
        "Мышь": "NA",
        "小鼠": "NA",
        "Foo bar ": "9999991",
        "x" * 90 + "a": "NA",
        "x" * 90 + "b": "NA",
    }
    rows = "".join(
        f"{taxid}\t{name}\tx\tw{n}\tm\tS{n}\t{10 * number + n}\tncbigene_symbol\t1\tNA\t1\n"
        for number, (name, taxid) in enumerate(names.items(), 1)
        for n in (1, 2, 3)
    )
    collection.add(genes=table_text("genes", rows))

    def made(day: str) -> dict[str, bytes]:
        words = ("--version", day, "--out", tmp_path / "out", "--no-link", "--no-validate")
        outcome = run("release", collection.root, *words)
        assert outcome.code == 0, outcome.stderr
        folder = tmp_path / "out" / "pfocr" / day / "gmt"
        return {path.name.removeprefix(f"pfocr-{day}"): path.read_bytes() for path in
                folder.glob("*-gmt-*")}  # fmt: skip

    files = {name: data for name, data in made("20261110").items() if "-chemical-" not in name}
    assert len(files) == len(names)
    assert len({name.lower() for name in files}) == len(names)
    assert len(set(files.values())) == len(names)
    again = {name: data for name, data in made("20261111").items() if "-chemical-" not in name}
    assert again == files


# --- what is not this program's own --------------------------------------------------------------


@pytest.mark.parametrize("name", ["index.tsv", "core/PMC1__f1.ttl", "warnings.jsonl"])
def test_an_export_overwrites_no_file_of_others(
    name: str, collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    out = tmp_path / "out"
    (out / "core").mkdir(parents=True)
    (out / "core" / "notes.ttl").write_text("# not of any figure\n")
    (out / name).write_text("of others\n")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    outcome = run("export", collection.root, "--out", out)
    assert outcome.code == 2
    assert name in outcome.stderr
    assert "notes.ttl" not in outcome.stderr
    assert "--force" in outcome.stderr
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert run("export", collection.root, "--out", out, "--force").code == 0
    assert (out / name).read_text() != "of others\n"
    assert (out / "core" / "notes.ttl").read_text() == "# not of any figure\n"
    assert run("export", collection.root, "--out", out).code == 0  # it is the export's by now


@pytest.mark.parametrize("name", ["index.html", "robots.txt", "figures/PMC1__f1.html"])
def test_a_site_overwrites_no_file_of_others(
    name: str, collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add()
    words = ("--version", "20261110", "--out", tmp_path / "out", "-q")
    assert run("release", collection.root, *words).code == 0
    site = tmp_path / "site"
    (site / name).parent.mkdir(parents=True, exist_ok=True)
    (site / "CNAME").write_text("pfocr.example.org\n")
    (site / name).write_text("of others\n")
    release = tmp_path / "out/pfocr/20261110"
    words = ("site", release, "--base-url", "https://example.org/", "--out", site)
    outcome = run(*words)
    assert outcome.code == 2
    assert name in outcome.stderr
    assert {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()} == {
        name,
        "CNAME",
    }
    assert run(*words, "--force").code == 0
    assert (site / name).read_text() != "of others\n"
    assert (site / "CNAME").read_text() == "pfocr.example.org\n"
    assert run(*words).code == 0


@pytest.mark.parametrize("mode", ["--append", "--replace", "--sync"])
@pytest.mark.parametrize("kept", [book.EXPORTS, book.FILES, "urn:rdfexport:staging:0"])
def test_quads_for_a_graph_of_the_program_itself_are_refused(
    mode: str, kept: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "evil.nq"
    path.write_text(
        f"<urn:a> <urn:b> <urn:c> <urn:others> .\n<urn:others> <urn:b> <urn:c> <{kept}> .\n"
    )
    outcome = run("load", path, "--store", tmp_path / "store", mode)
    assert outcome.code == 1
    assert f"{path}:2: " in outcome.stderr
    assert kept in outcome.stderr


def test_a_graph_of_the_program_itself_cannot_be_named(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "a.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n")
    outcome = run("load", path, "--store", tmp_path / "store", "--graph", book.EXPORTS)
    assert outcome.code == 2
    assert book.EXPORTS in outcome.stderr


@pytest.mark.parametrize("text", ["", "<urn:a> <urn:b> <urn:c> .\n"], ids=["empty", "others'"])
def test_data_without_a_figure_is_nothing_to_validate(
    text: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(text)
    for place in (path, tmp_path):
        outcome = run("validate", place)
        assert outcome.code == 2
        assert "nothing to validate" in outcome.stderr
        assert str(place) in outcome.stderr
    assert run("validate", path, "--allow-empty").code == 0


def test_a_linkset_is_something_to_validate(run: Callable[..., Outcome], tmp_path: Path) -> None:
    words = ("--out", tmp_path / "out", "--compat", "wikipathways", "-q")
    assert run("export", EXAMPLES, *words).code == 0
    for part in ("linkset", "wp", "wp/void.ttl"):
        outcome = run("validate", tmp_path / "out" / part)
        assert outcome.code == 0, outcome.stderr


# --- calls ---------------------------------------------------------------------------------------

UNUSED = [
    (("export", "x", "--compat-rule", "all"), "--compat-rule"),
    (("export", "x", "--date", "2026-11-10"), "--date"),
    (("export", "x", "--scheduler", "tcp://h:1"), "--scheduler"),
    (("export", "x", "--no-validate", "--report", "r.ttl"), "--report"),
    (("export", "x", "--no-validate", "--on-violation", "warn"), "--on-violation"),
    (("export", "x", "--no-validate", "--shapes", __file__), "--shapes"),
    (("export", "x", "--no-validate", "--shacl-engine", "shacl"), "--shacl-engine"),
    (("export", "x", "--no-link", "--diseases-by-label"), "--diseases-by-label"),
    (("export", "x", "--watch", "--verbose"), "--verbose"),
    (
        ("export", "x", "--engine", "dask", "--scheduler", "tcp://h:1", "--jobs", "2"),
        "--jobs",
    ),
    (("export", "x", "--out", "file:///tmp/o", "--force"), "--force"),
    (("load", "x", "--replace", "--append"), "--replace and --append"),
    (("load", "x", "--append", "--sync"), "--append and --sync"),
    (("load", "x", "--kind", "gsp"), "--kind"),
    (("load", "x", "--auth", "basic"), "--auth"),
    (("load", str(EXAMPLES / "joins" / "hgnc.ttl"), "--graph", "urn:g", "--jobs", "2"), "--jobs"),
    (
        ("load", str(EXAMPLES / "joins" / "hgnc.ttl"), "--graph", "urn:g", "--no-validate"),
        "--no-validate",
    ),
    (("query", "--list", "--show"), "--show"),
    (("query", "figures-of-gene", "--list"), "NAME|FILE|-"),
    (("query", "figures-of-gene", "--show", "--format", "csv"), "--format"),
    (("query", "figures-of-gene", "--endpoint", "http://h/", "--store", "s"), "--store"),
    (("release", "x", "--version", "20261110", "--no-link", "--diseases-by-label"),
     "--diseases-by-label"),
    (("references", "update", "--from", ".", "--url", "x=http://h/"), "--url"),
    (
        ("references", "update", "--only", "taxonomy", "--url", "hgnc=http://h/"),
        "--url hgnc=",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "named"), UNUSED, ids=lambda value: str(value)[:60])
def test_an_option_without_effect_is_refused(
    words: tuple[str, ...],
    named: str,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run(*words)
    assert outcome.code == 2
    assert named in outcome.stderr
    assert "has no effect" in outcome.stderr or "choose one" in outcome.stderr


def test_an_option_of_the_environment_is_no_option_that_was_given(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://127.0.0.1:1")
    assert run("export", EXAMPLES, "--out", tmp_path / "out", "-q").code == 0


def test_options_of_other_targets_are_refused(run: Callable[..., Outcome], tmp_path: Path) -> None:
    collection = Collection(tmp_path / "in")
    collection.add()
    words = ("--version", "20261110", "--out", tmp_path / "out", "-q")
    assert run("release", collection.root, *words).code == 0
    release = tmp_path / "out/pfocr/20261110"
    for target, *options in (
        ("git:.", "--publish"),
        ("zenodo:", "--fdp-url", "https://example.org/"),
        ("fdp-static:x", "--wait", "3"),
        ("zenodo:", "--auth", "basic"),
        ("zenodo:", "--dry-run", "--quiet"),
    ):
        outcome = run("submit", release, "--to", target, *options)
        assert outcome.code == 2, (target, options)
        assert "has no effect" in outcome.stderr


# --- from Python ---------------------------------------------------------------------------------


def test_python_takes_paths_and_texts_one_or_many(tmp_path: Path) -> None:
    path, text = EXAMPLES, str(EXAMPLES)
    figids = [record.figid for record in rdfexport.read_records(path)]
    for some in ((text,), ([path],), (path / "_figures", [path / "_data"])):
        assert [record.figid for record in rdfexport.read_records(*some)] == figids
    for number, sources in enumerate((text, path, [text], [path], (path,), {text})):
        options = rdfexport.ExportOptions(str(tmp_path / f"out-{number}"), formats="ntriples")  # type: ignore[arg-type]
        summary = rdfexport.export(sources, options)
        assert summary.exported == len(list((tmp_path / f"out-{number}/core").glob("*.nt")))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: rdfexport.ExportOptions(Path("o"), layout="nope"), "layout='nope'"),
        (lambda: rdfexport.ExportOptions(Path("o"), compress="xz"), "compress='xz'"),
        (lambda: rdfexport.ExportOptions(Path("o"), formats=("html",)), "formats='html'"),
        (lambda: rdfexport.ExportOptions(Path("o"), compat_rule="some"), "compat_rule='some'"),
        (lambda: rdfexport.ExportOptions(Path("o"), jobs="2"), "jobs='2'"),
        (lambda: rdfexport.ExportOptions(3), "out=3"),
        (lambda: rdfexport.ExportOptions("s3://bucket/out"), "export_to_url"),
        (lambda: rdfexport.Validation(on_violation="ignore"), "on_violation='ignore'"),
        (lambda: rdfexport.Validation(engine="jena"), "engine='jena'"),
        (lambda: SetOptions(rule="some"), "rule='some'"),
        (lambda: Check((Path("x"),), print_format="xml"), "print_format='xml'"),
        (lambda: Check((Path("x"),), print_least="warning"), "print_least='warning'"),
        (lambda: rdfexport.export([3], rdfexport.ExportOptions(Path("o"))), "3"),
        (lambda: rdfexport.export([], rdfexport.ExportOptions(Path("o"))), "sources"),
        (lambda: rdfexport.export([b"x"], rdfexport.ExportOptions(Path("o"))), "b'x'"),
        (lambda: rdfexport.ExportOptions(linking=True), "linking=True: give rdfexport.Linking"),
        (lambda: rdfexport.ExportOptions(validation="pyshacl"), "give rdfexport.Validation"),
        (lambda: rdfexport.ExportOptions(max_rejected="3%"), "give rdfexport.RejectionLimit"),
        (lambda: rdfexport.export(3), "3 is not a source"),
        (lambda: rdfexport.export(b"x"), "b'x' is not a source"),
        (lambda: list(rdfexport.read_records()), "no sources"),
        (lambda: list(rdfexport.read_records(3)), "3"),
        (lambda: rdfexport.export(str(EXAMPLES), "o"), "ExportOptions"),
        (lambda: rdfexport.export_to_url(str(EXAMPLES), "file:///o", "o"), "FileOptions"),
    ],
)
def test_python_is_told_which_argument_is_wrong(
    call: Callable[[], object], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(rdfexport.RdfExportError) as caught:
        call()
    assert named in str(caught.value)


def test_csv_of_python_reads_reports_too(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    with_words(collection)
    report = tmp_path / "links.tsv"
    assert run("link", collection.root, "--report", report).code == 0
    rows = list(csv.reader(io.StringIO(report.read_text(), newline=""), delimiter="\t"))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 3 * len(HOSTILE) + 1


def test_an_export_without_options_does_what_the_command_does(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection.add(genes=table_text("genes"))
    monkeypatch.chdir(tmp_path)
    for sources in (str(collection.root), collection.root, [collection.root]):
        assert rdfexport.export(sources).exported == 1
        assert (tmp_path / "out" / "index.tsv").is_file()
    rdfexport.export_to_url(collection.root, f"file://{tmp_path}/url")
    assert (tmp_path / "url" / "index.tsv").is_file()
