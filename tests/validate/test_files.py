"""`rdfexport validate` over files: what is read, what is refused, and what is printed."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
import zstandard
from rdflib import RDF, SH

from rdfexport import ExportOptions, export
from rdfexport.write import FORMATS
from support.validation import (
    CAPTION,
    EVERY_FIGURE,
    EXAMPLES,
    FIGURES,
    PAGE,
    PREFIXES,
    SHAPES,
    shape,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Outcome
    from support.validation import Server, Validated


ENDINGS = [form.extension + more for form in FORMATS.values() for more in ("", ".gz", ".zst")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_of_every_format_are_validated(
    ending: str, exported: Path, validate: Callable[..., Validated], rules: Callable[[str], Path]
) -> None:
    folder = exported / ending[1:]
    sound = validate(folder)
    assert sound.code == 0
    assert sound.stderr.startswith("7 figures in ")
    assert all(file.endswith(ending) for file in sound.files)

    broken = validate(folder, "--shapes", rules(EVERY_FIGURE))
    assert broken.code == 1
    rule = [key for key in broken.results if key[0] == "https://example.org/shapes#rule"]
    assert {key[2] for key in rule} == {f"<{PAGE.format(figid)}#figure>" for figid in FIGURES}
    new = broken.results - sound.results
    assert {key[0].rpartition("#")[0] for key in new} == {"https://example.org/shapes"}

    if ending.startswith(".jsonld"):
        # A page's document is compared with the profiles alone.
        assert all(name.startswith("bioschemas-") for name in sound.shapes)
        assert "pathway" not in broken.shapes
    else:
        turtle = validate(exported / "ttl", "--shapes", rules(EVERY_FIGURE))
        assert broken.results == turtle.results
        assert {"pathway", "mention-body-given", "bioschemas-article-doi"} < broken.shapes


def test_the_examples_have_violations_of_all_parts_where_parts_are_broken(
    exported: Path, validate: Callable[..., Validated], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(exported / "nt", copy)
    edits = {
        f"core/{FIGURES[0]}.nt": ("/zero/1.0/> .", "/zero/2.0/> .", "record-licence"),
        f"wp/{FIGURES[3]}.nt": ('"PFOCR"', '"WikiPathways"', "pathway-source"),
        "linkset/linkset.nt": ("skos/core#exactMatch", "skos/core#broadMatch", None),
        "wp/void.nt": ("linkPredicate", "linkPredicat", "linkset-predicate"),
    }
    for name, (old, new, _) in edits.items():
        file = copy / name
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    found = validate(copy)
    assert found.code == 1
    assert {name for *_, name in edits.values()} - {None} <= found.shapes


def test_files_are_found_in_folders_and_taken_in_one_order(
    exported: Path, run: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    deep = tmp_path / "in" / "a" / "b"
    deep.mkdir(parents=True)
    names = [exported / "nt" / "core" / f"{figid}.nt" for figid in FIGURES[:3]]
    shutil.copy(names[2], deep / "z.nt")
    shutil.copy(names[1], tmp_path / "in" / "b.nt")
    shutil.copy(names[0], tmp_path / "in" / "a" / "c.nt")
    for other in ("README.md", "index.tsv", "x.ttl.partial", "x.csv.gz", ".gz", "nt"):
        (deep / other).write_text("no RDF")
    options = ("--shapes", rules(EVERY_FIGURE), "--least", "violation")
    outcome = run("validate", tmp_path / "in", *options)
    assert re.findall(r"^violation: (\S+?)in/(\S+):", outcome.stdout, re.MULTILINE) == [
        (f"{tmp_path}/", name) for name in ("a/b/z.nt", "a/c.nt", "b.nt")
    ]
    assert outcome.stderr.startswith(
        "3 figures in 3 pieces: violations\n        3  Violation  rule\n"
    )
    named = run("validate", tmp_path / "in" / "b.nt", deep / "z.nt", *options)
    assert re.findall(r"/in/(\S+):", named.stdout) == ["b.nt", "a/b/z.nt"]


def test_a_page_is_held_against_the_profiles(
    exported: Path, validate: Callable[..., Validated], tmp_path: Path
) -> None:
    document = json.loads((exported / "jsonld" / "core" / f"{FIGURES[0]}.jsonld").read_text())
    file = tmp_path / "page.jsonld"
    for context in (
        "http://schema.org",
        "https://schema.org/",
        ["https://schema.org/", {"x": "http://x.example/"}],
    ):
        broken = {**document, "@context": context}
        del broken["description"]
        file.write_text(json.dumps(broken))
        found = validate(file)
        assert found.code == 1
        violated = {key[0] for key in found.results if key[1] == "Violation"}
        assert violated == {SHAPES + "bioschemas-dataset-description"}
    file.write_text(json.dumps([document, {**document, "@id": document["@id"] + "x"}]))
    assert validate(file).stderr.startswith("2 figures in 1 pieces: no violation")


def test_own_shapes_hold_for_pages_too(
    exported: Path, validate: Callable[..., Validated], rules: Callable[[str], Path]
) -> None:
    text = shape("schema:Gene", "schema:name", 'not "EGFR"')
    found = validate(exported / "jsonld", "--shapes", rules(text))
    assert [key[2] for key in found.results if key[0].endswith("#rule")] == [
        "<https://identifiers.org/ncbigene/1956>"
    ]


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "URL"},
        {"@context": ["https://schema.org/", "URL"]},
        {"@context": {"@import": "URL"}},
        {"@id": "http://a.example/", "http://a.example/p": {"@context": "URL", "x": "y"}},
        [{"@context": "https://schema.org/"}, {"@context": "URL"}],
    ],
    ids=["alone", "in a list", "imported", "nested", "in the second document"],
)
def test_contexts_are_never_fetched(
    document: object, run: Callable[..., Outcome], endpoint_server: Server, tmp_path: Path
) -> None:
    file, report = tmp_path / "page.jsonld", tmp_path / "r.json"
    file.write_text(json.dumps(document).replace("URL", endpoint_server.url + "context.jsonld"))
    outcome = run("validate", file, "--report", report)
    assert outcome.code == 2
    assert re.search(rf"error: {file}: .*context.* none is fetched", outcome.stderr)
    assert endpoint_server.queries == []
    assert not report.exists()


# Records that stand twice

UNIQUE = SHAPES + "UniqueRecord"


def test_one_record_in_two_files_is_a_violation(
    exported: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    core = exported / "ttl" / "core"
    one, again = tmp_path / "one.ttl", tmp_path / "again" / "shard-00001.ttl"
    again.parent.mkdir()
    shutil.copy(core / f"{FIGURES[0]}.ttl", one)
    other = re.sub(r"(?m)^@prefix.*\n", "", (core / f"{FIGURES[1]}.ttl").read_text())
    again.write_text(one.read_text() + other)
    (tmp_path / "again" / "shard-00002.ttl.gz").write_bytes(gzip.compress(one.read_bytes()))

    outcome = run("validate", one, again.parent, "--format", "json", "--least", "violation")

    assert outcome.code == 1
    assert [
        (r["file"], r["focus"], r["shape"], r["severity"], r["message"])
        for r in json.loads(outcome.stdout)["results"]
    ] == [
        (
            str(again.parent / name),
            f"<{PAGE.format(FIGURES[0])}>",
            UNIQUE,
            "Violation",
            f"This record stands in {one} as well.",
        )
        for name in ("shard-00001.ttl", "shard-00002.ttl.gz")
    ]
    assert "        2  Violation  UniqueRecord\n" in outcome.stderr


def test_one_record_twice_in_a_file_is_a_violation(
    exported: Path, validate: Callable[..., Validated], tmp_path: Path
) -> None:
    text = (exported / "nq" / "core" / f"{FIGURES[0]}.nq").read_text()
    file = tmp_path / "a.nq"
    file.write_text(text + text.replace("html> .", "html2> ."))
    found = validate(file)
    assert found.code == 1
    assert [key[2] for key in found.results if key[0] == UNIQUE] == [f"<{PAGE.format(FIGURES[0])}>"]
    # The second file learns of it too.
    other = tmp_path / "b.nq"
    other.write_text(text)
    results = validate(file, other).results
    assert [count for key, count in results.items() if key[0] == UNIQUE] == [2]


@pytest.mark.parametrize("compression", ["none", "gz"])
def test_one_record_in_several_formats_of_an_export_is_no_repetition(
    compression: str,
    run: Callable[..., Outcome],
    validate: Callable[..., Validated],
    tmp_path: Path,
) -> None:
    options = [word for name in FORMATS for word in ("--format", name)]
    options += ["--compress", compression, "--jobs", "1", "--compat", "wikipathways"]
    assert run("export", EXAMPLES, "--out", tmp_path / "out", *options).code == 0
    found = validate(tmp_path / "out")
    assert found.code == 0
    assert found.stderr.startswith(f"{7 * len(FORMATS)} figures in ")


# What cannot be read

BROKEN: dict[str, tuple[bytes, int | None]] = {
    "a.ttl": (b"<http://a/s> <http://a/p> 1 .\n\n<http://a/s> a .\n", 3),
    "b.nt": (b"<http://a/s> <http://a/p> <http://a/o> .\n<http://a/s> <p> <http://a/o> .\n", 2),
    "c.nq": (b"<http://a/s> <http://a/p> <http://a/o> <http://a/g> .\nx\n", 2),
    "d.trig": (b"<http://a/g> {\n<http://a/s> <http://a/p> 1 .\n\n", 4),
    "e.rdf": (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><a>", None),
    "f.jsonld": (b'{"@context": "https://schema.org/",\n "@type": }', None),
    "g.jsonld": (b"[" * 100_000, None),
    "h.nt": (b'<http://a/s> <http://a/p> "\xff" .\n', 1),
    "i.nt.gz": (gzip.compress(b"x" * 100_000)[:-40], None),
    "j.nt.gz": (b"no gzip", None),
    "k.nt.zst": (b"no zstd", None),
    "l.ttl.zst": (zstandard.compress(b"<http://a/s> a <a> .\n"), 1),
    "m.nq.gz": (gzip.compress(b"\n\n<http://a/s> a <a> .\n"), 3),
    "n.ttl": (b"<s> a <http://a/C> .\n", 1),
}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("name", BROKEN)
def test_data_that_cannot_be_parsed(
    name: str, engine: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    data, line = BROKEN[name]
    file, report = tmp_path / name, tmp_path / "r.ttl"
    file.write_bytes(data)
    outcome = run("validate", file, "--report", report, "--shacl-engine", engine)
    assert outcome.code == 2
    place = str(file) if line is None else f"{file}:{line}"
    assert outcome.stderr.startswith(f"error: {place}: ")
    assert "not well-formed" in outcome.stderr or "cannot be read" in outcome.stderr
    if name == "f.jsonld":
        assert "line 2" in outcome.stderr
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_breaks_off_leaves_no_half_report(
    exported: Path, run: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    shutil.copytree(exported / "nt" / "core", folder)
    file = folder / f"{FIGURES[-1]}.nt"
    file.write_bytes(file.read_bytes()[:-10])
    report = tmp_path / "report.json"
    report.write_text("of an earlier run")
    outcome = run("validate", folder, "--report", report, "--shapes", rules(EVERY_FIGURE))
    assert outcome.code == 2
    assert f"error: {file}:" in outcome.stderr
    # The others were validated before, so this is no report that was never begun.
    assert outcome.stdout.count("our rule") == 6
    assert report.read_text() == "of an earlier run"
    assert list(tmp_path.glob("report*")) == [report]


WRONG_CALLS = [
    ([], "name either files, or --store, or --endpoint"),
    (["{t}/a.nt", "--store", "{t}/empty"], "name either files, or --store, or --endpoint"),
    (["--store", "{t}/empty", "--endpoint", "http://a/"], "name either files, or --store"),
    (["{t}/empty"], "no RDF file: name files or folders, --store or --endpoint"),
    (
        ["{t}/a.csv"],
        "a.csv: not an RDF file: its name ends in .ttl, .nt, .nq, .trig, .rdf, .jsonld",
    ),
    (["{t}/a.nt", "{t}/gone.nt"], "gone.nt' does not exist"),
    (["{t}/a.nt", "--shapes", "{t}/gone.ttl"], "gone.ttl' does not exist"),
    (["{t}/a.nt", "--shacl-engine", "other"], "'other' is not one of 'shacl', 'pyshacl'"),
    (["{t}/a.nt", "--format", "xml"], "'xml' is not one of 'table', 'json', 'github', 'sarif'"),
    (["{t}/a.nt", "--least", "error"], "'error' is not one of 'violation', 'warning', 'info'"),
    (["{t}/a.nt", "--report", "{t}/a.nt/r.ttl"], "r.ttl: cannot be written ("),
    (["--store", "{t}/empty"], "empty: not a store that can be opened ("),
    (["--store", "{t}/store"], "store: nothing to validate: no figure in it"),
    (["--endpoint", "no-url"], "no-url: not the address of an endpoint"),
]


@pytest.mark.parametrize(
    ("arguments", "message"), WRONG_CALLS, ids=[" ".join(call) or "none" for call, _ in WRONG_CALLS]
)
def test_calls_that_cannot_be_done(
    arguments: list[str], message: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("a.nt", "a.csv"):
        (tmp_path / name).touch()
    store = ox.Store(str(tmp_path / "store"))
    store.flush()
    outcome = run("validate", *(argument.format(t=tmp_path) for argument in arguments))
    assert (outcome.code, outcome.stdout) == (2, "")
    assert message in outcome.stderr


def test_pyshacl_is_asked_for_only_where_it_is_used(
    exported: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    assert run("validate", exported / "nt" / "core").code == 0
    outcome = run("validate", exported / "nt" / "core", "--shacl-engine", "pyshacl")
    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == "error: pySHACL is not installed: pip install 'rdfexport[pyshacl]'\n"


# Shapes that cannot be used

BAD_SHAPES = {
    "syntax": (f"{PREFIXES}my:a a sh:NodeShape ;\n  sh:targetClass [ .\n", "rules.ttl:11: not a "),
    "misspelt parameter": (
        shape("my:C", "my:p", "sh:minCuont 1"),
        "rules.ttl: <http://www.w3.org/ns/shacl#minCuont> is not a term of SHACL: correct its sp",
    ),
    "misspelt value": (
        shape("my:C", "my:p", "sh:nodeKind sh:Iri"),
        "<http://www.w3.org/ns/shacl#Iri> is not a term of SHACL",
    ),
    "misspelt target": (
        shape("my:C", "my:p", "sh:minCount 1").replace("targetClass", "targetClas"),
        "<http://www.w3.org/ns/shacl#targetClas> is not a term of SHACL",
    ),
    "no target": (
        shape("my:C", "my:p", "sh:minCount 1").replace("sh:targetClass my:C ;", ""),
        "rules.ttl: no shape with a target, so nothing would be validated",
    ),
    "no shape": ("", "rules.ttl: no shape with a target"),
    "missing import": (
        f"{PREFIXES}<> owl:imports <gone.ttl> .",
        "rules.ttl: imports file:///",
    ),
    "remote import": (
        f"{PREFIXES}<> owl:imports <URLshapes.ttl> .",
        "shapes.ttl, which rdfexport does not have: give its file instead",
    ),
    "value of a parameter": (
        shape("my:C", "my:p", 'sh:minCount "many"'),
        "cannot be ",
    ),
    "pattern": (shape("my:C", "my:p", 'sh:pattern "("'), "cannot be "),
}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("command", ["export", "validate"])
@pytest.mark.parametrize("name", BAD_SHAPES)
def test_shapes_that_cannot_be_used(
    name: str,
    command: str,
    engine: str,
    exported: Path,
    run: Callable[..., Outcome],
    rules: Callable[[str], Path],
    endpoint_server: Server,
    tmp_path: Path,
) -> None:
    text, message = BAD_SHAPES[name]
    # pySHACL looks at a constraint when it meets a focus node.
    text = text.replace("my:C", "schema:Dataset").replace("my:p", "schema:url")
    text = text.replace("URL", endpoint_server.url)
    report, out = tmp_path / "r.ttl", tmp_path / "out"
    source = {"validate": (exported / "nt",), "export": (EXAMPLES, "--out", out, "--jobs", "1")}
    options = ("--shapes", rules(text), "--shacl-engine", engine, "--report", report)
    outcome = run(command, *source[command], *options)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert "error: " in outcome.stderr
    assert message in outcome.stderr
    assert endpoint_server.queries == []
    assert not report.exists()
    # Nothing was exported.
    assert not (out / "index.tsv").exists()
    assert not [path for path in out.rglob("*") if path.parent != out and path.is_file()]


FIGURE = "my:figure sh:targetClass schema:ImageObject ; sh:property my:rule .\n"
RULE = "my:rule sh:path schema:caption ; sh:maxLength 10 .\n"
PUBLISHED = "https://pfocr.wikipathways.org/shapes/gene.ttl"
GOOD_SHAPES = {
    "target in an imported file": ("<> owl:imports <sub/more.ttl> .", "rule"),
    "import of a published file": (f"<> owl:imports <{PUBLISHED}>, <sub/more.ttl> .", "rule"),
    "class as its own shape": (
        f"schema:ImageObject a rdfs:Class, sh:NodeShape ; sh:property my:rule .\n{RULE}",
        "rule",
    ),
    "shapes without names": (
        """[] sh:targetClass schema:ImageObject ; sh:property
        [ sh:path schema:name ; sh:minCount 1 ], [ sh:path schema:caption ; sh:maxLength 10 ] .""",
        "rules-",
    ),
    "a text that is an address of SHACL": (
        f'[] sh:declare [ sh:prefix "sh" ; sh:namespace "{SH}" ] .\n{FIGURE}{RULE}',
        "rule",
    ),
}


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("name", GOOD_SHAPES)
def test_shapes_that_can_be_used(
    name: str,
    engine: str,
    exported: Path,
    validate: Callable[..., Validated],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    text, rule = GOOD_SHAPES[name]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "more.ttl").write_text(CAPTION)
    file = exported / "nt" / "core" / f"{FIGURES[0]}.nt"
    found = validate(file, "--shacl-engine", engine, "--shapes", rules(PREFIXES + text))
    assert found.code == 1
    ((violated, focus),) = {(key[0], key[2]) for key in found.results if key[1] == "Violation"}
    assert focus == f"<{PAGE.format(FIGURES[0])}#figure>"
    assert violated.rpartition("#")[2].startswith(rule)


def test_a_shapes_file_may_do_no_more_than_switch_a_shape_off(
    exported: Path, validate: Callable[..., Validated], rules: Callable[[str], Path]
) -> None:
    file = exported / "nt" / "core" / f"{FIGURES[0]}.nt"
    assert "bioschemas-dataset-version" in validate(file).shapes
    text = f"{PREFIXES}<{SHAPES}bioschemas-dataset-version> sh:deactivated true ."
    found = validate(file, "--shapes", rules(text))
    assert found.shapes == validate(file).shapes - {"bioschemas-dataset-version"}


# What is printed

DATA = "".join(
    f"<http://a.example/{name}> <{RDF.type}> <http://a.example/C> .\n" for name in ("one", "two")
)
THREE = PREFIXES + "".join(
    f"""my:{name}-of sh:targetNode <http://a.example/{node}> ; sh:property my:{name} .
my:{name} a sh:PropertyShape ; sh:path rdfs:label ; sh:minCount 1 ; sh:severity sh:{severity} ;
    sh:message "50%, a\\nb: {name}" .
"""
    for name, node, severity in (
        ("grave", "two", "Violation"),
        ("mild", "one", "Warning"),
        ("rich", "one", "Info"),
    )
)


@pytest.fixture
def three(tmp_path: Path, rules: Callable[[str], Path]) -> tuple[object, ...]:
    """A file with a result of each severity, and the shapes it takes."""
    file = tmp_path / "a b.nt"
    file.write_text(DATA)
    return (file, "--shapes", rules(THREE))


def test_table(three: tuple[object, ...], run: Callable[..., Outcome]) -> None:
    outcome = run("validate", *three)
    message = r"50%, a\nb: "
    assert outcome.stdout == (
        f"warning: {three[0]}: <http://a.example/one>: {message}mild [mild]\n"
        f"violation: {three[0]}: <http://a.example/two>: {message}grave [grave]\n"
    )
    assert outcome.stderr == (
        "0 figures in 1 pieces: violations\n"
        "        1  Violation  grave\n"
        "        1  Warning    mild\n"
        "        1  Info       rich\n"
    )
    assert run("validate", *three, "--quiet").stderr == ""


@pytest.mark.parametrize("form", ["table", "github"])
@pytest.mark.parametrize(
    ("least", "expected"),
    [("violation", ["grave"]), ("warning", ["mild", "grave"]), ("info", ["mild", "rich", "grave"])],
)
def test_least_severity_that_is_printed(
    form: str,
    least: str,
    expected: list[str],
    three: tuple[object, ...],
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    report = tmp_path / "r.json"
    outcome = run("validate", *three, "--format", form, "--least", least, "--report", report)
    assert re.findall(r"b: (\w+) \[", outcome.stdout.replace("%0A", "\n")) == expected
    # The file holds them all, and so does the summary.
    assert len(json.loads(report.read_text())["results"]) == 3
    assert "1  Info       rich" in outcome.stderr


def test_json(three: tuple[object, ...], run: Callable[..., Outcome]) -> None:
    outcome = run("validate", *three, "--format", "json", "--least", "violation")
    assert json.loads(outcome.stdout) == {
        "conforms": False,
        "results": [
            {
                "file": str(three[0]),
                "line": None,
                "field": None,
                "severity": "Violation",
                "message": "50%, a\nb: grave",
                "shape": "https://example.org/shapes#grave",
                "component": str(SH.MinCountConstraintComponent),
                "focus": "<http://a.example/two>",
                "path": "<http://www.w3.org/2000/01/rdf-schema#label>",
                "value": None,
            }
        ],
    }


def test_github(
    three: tuple[object, ...],
    run: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    outcome = run("validate", *three, "--format", "github", "--least", "info")
    message = r"50%25, a\nb: "
    place = f"file={three[0]},title="
    assert outcome.stdout.splitlines() == [
        f"::warning {place}mild::<http://a.example/one>: {message}mild [mild]",
        f"::notice {place}rich::<http://a.example/one>: {message}rich [rich]",
        f"::error {place}grave::<http://a.example/two>: {message}grave [grave]",
    ]
    odd = tmp_path / "a,b:c%.nt"
    odd.write_text(DATA)
    outcome = run("validate", odd, "--shapes", rules(THREE), "--format", "github")
    assert f"file={tmp_path}/a%2Cb%3Ac%25.nt,title=grave::" in outcome.stdout


def test_sarif(three: tuple[object, ...], run: Callable[..., Outcome]) -> None:
    outcome = run("validate", *three, "--format", "sarif", "--least", "info")
    log = json.loads(outcome.stdout)
    # https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html: 3.13, 3.14, 3.27
    assert log["version"] == "2.1.0"
    assert log["$schema"] == "https://json.schemastore.org/sarif-2.1.0.json"
    (one_run,) = log["runs"]
    assert one_run["tool"]["driver"]["name"] == "rdfexport"
    assert isinstance(one_run["tool"]["driver"]["version"], str)
    for result in one_run["results"]:
        assert set(result) == {"ruleId", "level", "message", "locations"}
        assert isinstance(result["message"]["text"], str)
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert artifact["uri"] == str(three[0]).replace(" ", "%20")
        # There is no line to point at in a graph that exists already.
        assert "region" not in location["physicalLocation"]
    assert [(result["ruleId"], result["level"]) for result in one_run["results"]] == [
        ("mild", "warning"),
        ("rich", "note"),
        ("grave", "error"),
    ]


@pytest.mark.parametrize("form", ["json", "sarif", "turtle"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_printed_forms_are_well_formed_with_any_number_of_results(
    form: str,
    number: int,
    run: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    file = tmp_path / "d.nt"
    file.write_text("".join(DATA.splitlines(keepends=True)[:number]))
    text = rules(shape("<http://a.example/C>", "rdfs:label", "sh:minCount 1"))
    allowed = () if number else ("--allow-empty",)
    outcome = run("validate", file, "--shapes", text, "--format", form, *allowed)
    assert outcome.code == bool(number)
    if form == "turtle":
        graph = rdflib.Graph().parse(data=outcome.stdout, format="turtle")
        assert len(list(graph.objects(None, SH.result))) == number
        assert list(graph.objects(None, SH.conforms)) == [
            rdflib.Literal(lexical_or_value=number == 0)
        ]
        return
    document = json.loads(outcome.stdout)
    results = document["results"] if form == "json" else document["runs"][0]["results"]
    assert len(results) == number
    assert document.get("conforms", not number) is (number == 0)


def test_warnings_conform_for_us_and_not_for_the_standard(
    run: Callable[..., Outcome], rules: Callable[[str], Path], tmp_path: Path
) -> None:
    """SHACL 3.6.1.1: a report conforms if and only if it has no result, of any severity."""
    file = tmp_path / "d.nt"
    file.write_text(DATA)
    constraint = "sh:severity sh:Warning ; sh:minCount 1"
    text = rules(shape("<http://a.example/C>", "rdfs:label", constraint))
    for ending, form in ((".ttl", "turtle"), (".json", "json")):
        report = tmp_path / f"r{ending}"
        outcome = run("validate", file, "--shapes", text, "--format", form, "--report", report)
        assert outcome.code == 0
        assert outcome.stderr.startswith("0 figures in 1 pieces: no violation\n")
        assert report.read_text() == outcome.stdout
    assert json.loads((tmp_path / "r.json").read_text())["conforms"] is True
    graph = rdflib.Graph().parse(tmp_path / "r.ttl")
    assert list(graph.objects(None, SH.conforms)) == [rdflib.Literal(lexical_or_value=False)]


def test_a_severity_of_ones_own_is_a_violation(
    exported: Path, validate: Callable[..., Validated], rules: Callable[[str], Path]
) -> None:
    text = CAPTION.replace("sh:maxLength", "sh:severity my:Grave ; sh:maxLength")
    for engine in ("shacl", "pyshacl"):
        file = exported / "nt" / "core" / f"{FIGURES[0]}.nt"
        found = validate(file, "--shapes", rules(text), "--shacl-engine", engine)
        assert found.code == 1
        assert ("https://example.org/shapes#rule", "Violation") in {
            key[:2] for key in found.results
        }


def test_exit_statuses_of_the_program(
    exported: Path,
    run_process: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    core = exported / "ttl" / "core"
    sound = run_process("validate", core, "--least", "violation")
    assert (sound.code, sound.stdout) == (0, "")
    broken = run_process("validate", core, "--shapes", rules(EVERY_FIGURE), "--least", "violation")
    assert broken.code == 1
    assert len(broken.stdout.splitlines()) == 7
    (tmp_path / "a.ttl").write_text("<")
    impossible = run_process("validate", tmp_path / "a.ttl")
    assert (impossible.code, impossible.stdout) == (2, "")
    assert impossible.stderr.startswith(f"error: {tmp_path}/a.ttl:1: not well-formed (")
    assert len(impossible.stderr.splitlines()) == 1


@pytest.mark.parametrize("place", ["releases", "releases/pfocr"])
def test_a_folder_of_releases_is_refused_and_the_newest_is_named(
    exported: Path, run: Callable[..., Outcome], tmp_path: Path, place: str
) -> None:
    for day in ("20261110", "20261111"):
        release = tmp_path / "releases" / "pfocr" / day
        shutil.copytree(exported / "ttl", release / "rdf")
        (release / "release.json").write_text("{}")
    outcome = run("validate", tmp_path / place)
    assert outcome.code == 2
    assert str(tmp_path / "releases" / "pfocr" / "20261111") in outcome.stderr
    assert outcome.stdout == ""


def test_of_the_folder_of_an_export_only_the_export_is_validated(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    """By default a release and a site are made in folders beside it."""
    out = tmp_path / "out"
    export(EXAMPLES, ExportOptions(out, formats=("turtle",), validation=None))
    shutil.copytree(out / "core", out / "release" / "rdf")
    outcome = run("validate", out)
    assert outcome.code == 0, outcome.stdout
    assert outcome.stderr.startswith("7 figures in 8 pieces: no violation")


def test_a_store_without_figures_is_accepted_by_those_who_mean_it(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    ox.Store(str(tmp_path / "store")).flush()
    outcome = run("validate", "--store", tmp_path / "store", "--allow-empty")
    assert (outcome.code, outcome.stdout) == (0, "")
    outcome = run("validate", "--store", tmp_path / "store")
    assert outcome.code == 2
    assert "--allow-empty" in outcome.stderr


@pytest.mark.parametrize("form", ["table", "json", "sarif", "turtle"])
def test_a_file_with_nothing_to_validate_leaves_no_half_report(
    form: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    file = tmp_path / "d.nt"
    file.write_text("<http://a.example/a> <http://a.example/b> <http://a.example/c> .\n")
    outcome = run("validate", file, "--format", form)
    assert (outcome.code, outcome.stdout) == (2, "")
    assert f"{file}: nothing to validate" in outcome.stderr


def test_a_folder_without_rdf_may_be_allowed(run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("validate", tmp_path / "empty").code == 2
    outcome = run("validate", tmp_path / "empty", "--allow-empty", "--format", "json")
    assert outcome.code == 0
    assert json.loads(outcome.stdout) == {"results": [], "conforms": True}
