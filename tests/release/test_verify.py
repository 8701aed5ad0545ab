"""``rdfexport verify``: a sound release passes, and whatever is changed in one is found."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import random
import shutil
import tempfile
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rdfexport.net.policy import DOWNLOAD
from rdfexport.release import fetch
from rdfexport.release.archives import member
from rdfexport.release.checksums import write_sums
from support.forging import (
    CHEMICALS,
    CORE,
    FIGURE,
    GMT,
    GRAPHS,
    JSONLD,
    LINKSET,
    MENTIONS,
    NQUADS,
    NTRIPLES,
    PAGE,
    PATCH,
    UPDATE,
    VERSION,
    VOID,
    WP,
    changed_facts,
    count,
    counted,
    described,
    entry,
    facts,
    files,
    make_releases,
    other_number,
    packed,
    relined,
    repacked,
    replaced,
    signed,
    table,
    without_changes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Collection, Outcome

    Answer = Callable[["Handler"], None]
    Members = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site root of a release of the examples."""
    return make_releases(tmp_path_factory.mktemp("release"))


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A release that may be changed."""
    return Path(shutil.copytree(root / VERSION, tmp_path / VERSION))


@pytest.fixture
def verify(run: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Verify a folder or URL; shapes only where the test is about them, since they take long."""

    def call(place: object, *options: str, shacl: bool = False) -> Outcome:
        more = () if shacl else ("--no-shacl",)
        return run("verify", place, "--jobs", "1", *more, *options)

    return call


# --- sound releases --------------------------------------------------------------------------


def test_a_release_verifies(root: Path, verify: Callable[..., Outcome]) -> None:
    outcome = verify(root / VERSION, shacl=True)
    assert outcome.code == 0, outcome.stdout
    said = json.loads((root / VERSION / "release.json").read_bytes())
    triples = entry(said, CORE)["counts"]["triples"]
    lines = [" ".join(line.split()) for line in outcome.stdout.splitlines()]
    assert f"core 7 figures, {triples:,} triples ok" in lines
    assert lines[-1] == "signature none: not signed -"
    assert all(line.endswith(" ok") for line in lines[:-1])
    names = {line.split()[0] for line in lines}
    assert names >= {"checksums", "facts", "wp", "linkset", "ntriples", "nquads", "jsonld"}
    assert names >= {"mentions", "gmt", "chemical-gmt", "by-homology-gmt"}
    assert names >= {"agreement", "descriptions", "shapes"}
    assert names >= {"changes", "changes-rdf", "patch", "update"}


def test_current_verifies(root: Path, verify: Callable[..., Outcome]) -> None:
    outcome = verify(root / "current", shacl=True)
    assert (outcome.code, outcome.stdout.count(" ok\n")) == (0, 19), outcome.stdout


def test_processes_find_the_same(copy: Path, run: Callable[..., Outcome]) -> None:
    sound = run("verify", copy, "--jobs", "2", "--no-shacl")
    assert sound.code == 0, sound.stdout
    repacked(copy / CORE, replaced(f"core/{FIGURE}.ttl", b"@prefix", b"@prefox"))
    signed(copy)
    one, two = (run("verify", copy, "--jobs", n, "--no-shacl") for n in ("1", "2"))
    assert (one.code, one.stdout) == (two.code, two.stdout)
    assert one.code == 1


def test_sources_of_orthologies_do_not_count_as_facts_of_tables(
    root: Path, monkeypatch: pytest.MonkeyPatch, verify: Callable[..., Outcome]
) -> None:
    tables = json.loads((root / VERSION / "release.json").read_bytes())["tables"]
    monkeypatch.setattr("rdfexport.release.verify.reader._MOST_DESCRIBED", 4 * len(tables))
    assert verify(root / VERSION).code == 0


def test_quiet_says_nothing_of_a_sound_release(root: Path, verify: Callable[..., Outcome]) -> None:
    assert verify(root / VERSION, "-q") == (0, "", "")


@pytest.mark.parametrize("form", ["current", "legacy"])
def test_a_release_of_real_records_verifies(
    form: str, corpus: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    made = run("release", corpus / form, "--version", VERSION, "--out", tmp_path, "-q")
    assert made.code == 0, made.stderr
    for name in (VERSION, "current"):
        outcome = run("verify", tmp_path / "pfocr" / name)
        assert outcome.code == 0, outcome.stdout


def test_a_release_without_the_parts_that_it_may_lack(
    collection: Collection, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    collection.add()
    out = tmp_path / "out"
    made = run("release", collection.root, "--version", VERSION, "--out", out, "--no-link")
    assert made.code == 0, made.stderr
    outcome = run("verify", out / "pfocr" / VERSION)
    assert outcome.code == 0, outcome.stdout
    assert "\nlinkset" not in outcome.stdout or "\nwp" not in outcome.stdout


# --- damage ----------------------------------------------------------------------------------


def test_one_flipped_bit_anywhere_fails(copy: Path, verify: Callable[..., Outcome]) -> None:
    for name in files(copy):
        path, at_random = copy / name, random.Random(name)
        data = path.read_bytes()
        position = at_random.choice((0, len(data) - 1, at_random.randrange(len(data))))
        changed = bytearray(data)
        changed[position] ^= 1 << at_random.randrange(8)
        path.write_bytes(changed)
        outcome = verify(copy)
        assert outcome.code == 1, (name, position)
        assert name in outcome.stdout, (name, position)
        path.write_bytes(data)
    assert verify(copy).code == 0


def test_a_file_that_is_lacking_fails(copy: Path, verify: Callable[..., Outcome]) -> None:
    for name in files(copy):
        (copy / name).rename(copy.parent / "away")
        outcome = verify(copy)
        whole = name in {"SHA256SUMS", "release.json"}
        assert outcome.code == (2 if whole else 1)
        assert name in (outcome.stderr if whole else outcome.stdout)
        (copy.parent / "away").rename(copy / name)


def test_a_file_that_is_empty_fails(copy: Path, verify: Callable[..., Outcome]) -> None:
    for name in files(copy):
        data = (copy / name).read_bytes()
        (copy / name).write_bytes(b"")
        outcome = verify(copy)
        assert outcome.code == 1
        assert name in outcome.stdout
        (copy / name).write_bytes(data)


def test_a_file_too_many_fails(copy: Path, verify: Callable[..., Outcome]) -> None:
    (copy / "rdf" / "more.ttl").touch()
    outcome = verify(copy)
    assert outcome.code == 1
    assert "rdf/more.ttl: is not listed in SHA256SUMS" in outcome.stdout
    write_sums(copy)
    outcome = verify(copy)
    assert outcome.code == 1
    assert "rdf/more.ttl: is not named in release.json" in outcome.stdout


def test_a_link_fails(copy: Path, verify: Callable[..., Outcome]) -> None:
    (copy / GMT).rename(copy.parent / "elsewhere.gmt")
    (copy / GMT).symlink_to(copy.parent / "elsewhere.gmt")
    outcome = verify(copy)
    assert outcome.code == 1
    assert f"{GMT}: is a link, or no plain file" in outcome.stdout


def test_no_release_at_all(tmp_path: Path, verify: Callable[..., Outcome]) -> None:
    for place in (tmp_path, tmp_path / "not-there"):
        outcome = verify(place)
        assert outcome.code == 2
        assert "name the folder of a release" in outcome.stderr


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"{'0' * 64}  ../outside\n", "'../outside' is not a path below the release"),
        (f"{'0' * 64}  /etc/passwd\n", "'/etc/passwd' is not a path below the release"),
        (f"{'0' * 64}  a/../../b\n", "'a/../../b' is not a path below the release"),
        (f"{'0' * 64}  a\x1b[2J\n", "not a path below the release"),
        (f"{'0' * 64} *zzz\n", "a line is a SHA-256 checksum, two blanks, and a path"),
        (f"{'A' * 64}  zzz\n", "a line is a SHA-256 checksum, two blanks, and a path"),
        (f"{'0' * 64}  zzz", "a line is a SHA-256 checksum, two blanks, and a path"),
        (f"{'0' * 64}  aaa\n", "is not in the order of paths, each once"),
        (f"{'0' * 64}  SHA256SUMS\n", "lists itself"),
    ],
)
def test_checksums_have_one_form(
    line: str, problem: str, copy: Path, verify: Callable[..., Outcome]
) -> None:
    with (copy / "SHA256SUMS").open("a") as file:
        file.write(line)
    outcome = verify(copy)
    assert outcome.code == 1
    assert problem in outcome.stdout
    assert "\x1b" not in outcome.stdout


# --- changes with checksums made again -------------------------------------------------------


def without_a_line(name: str, what: str, *, counted_too: bool = False) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        relined(folder / name, lambda lines: lines[1:])
        if counted_too:
            count(folder, name, **{what: counted(folder, name, what) - 1})

    return change


def first_line(name: str, text: bytes) -> Callable[[Path], None]:
    """Give a file another first line."""
    return lambda folder: relined(folder / name, lambda lines: [text, *lines[1:]])


def stranger(name: str) -> Callable[[Path], None]:
    """Give the last member of an archive the name of a figure that is not in the release."""

    def change(members: Members) -> Members:
        last, data = members[-1]
        return [*members[:-1], (f"{last.rpartition('/')[0]}/PMC999__x{Path(last).suffix}", data)]

    return packed(name, change)


def moved_quad(folder: Path) -> None:
    """Move a triple from the graph of one figure to that of another."""

    def change(lines: list[bytes]) -> list[bytes]:
        graphs = [text.split()[-2] for text in lines]
        other = next(graph for graph in graphs if graph != graphs[0] and b"/figures/" in graph)
        return [lines[0].replace(graphs[0] + b" .", other + b" ."), *lines[1:]]

    relined(folder / NQUADS, change)


def with_link(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with zipfile.ZipFile(folder / name, "a") as archive:
            info = member("core/PMC9999999__x.ttl", (2026, 11, 10))
            info.external_attr = 0o120777 << 16
            archive.writestr(info, "/etc/passwd")

    return change


def strip_first(members: Members) -> Members:
    return members[1:]


def a_document_less(folder: Path) -> None:
    repacked(folder / JSONLD, strip_first)
    count(folder, JSONLD, figures=6)


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "turtle that does not parse": (
        packed(CORE, replaced(f"core/{FIGURE}.ttl", b"@prefix", b"@prefox")),
        f"{CORE}: core/{FIGURE}.ttl:1: cannot be read",
    ),
    "a figure less": (packed(CORE, strip_first), f"{CORE}: has 6 figures, 7 in release.json"),
    "wrong number of triples": (
        lambda folder: count(folder, CORE, triples=1),
        f"{CORE}: has ",
    ),
    "a count of something else": (
        lambda folder: count(folder, LINKSET, figures=1),
        f"{LINKSET}: has 0 figures, 1 in release.json",
    ),
    "wrong number of figures": (
        changed_facts(lambda said: said.update(figures=8)),
        "release.json: says 8 figures, the archive has 7",
    ),
    "member out of the folder": (
        packed(CORE, lambda members: [("../evil.ttl", b""), *members]),
        f"{CORE}: has a member '../evil.ttl', which no release writes",
    ),
    "member with an absolute name": (
        packed(JSONLD, lambda members: [("/evil.jsonld", b"{}"), *members]),
        f"{JSONLD}: has a member '/evil.jsonld', which no release writes",
    ),
    "member that is a link": (with_link(CORE), "PMC9999999__x.ttl', which no release writes"),
    "a member twice": (
        packed(CORE, lambda members: [members[0], *members]),
        ".ttl is in it twice",
    ),
    "members in disorder": (
        packed(WP, lambda members: members[::-1]),
        "is not in the order of figids",
    ),
    "linkset with a second file": (
        packed(LINKSET, lambda members: [*members, ("linkset/more.ttl", b"")]),
        "has 2 members, not linkset/linkset.ttl alone",
    ),
    "no archive": (
        lambda folder: (folder / WP).write_bytes(b"PK"),
        f"{WP}: cannot be read",
    ),
    "a triple less": (without_a_line(NTRIPLES, "triples"), f"{NTRIPLES}: has "),
    "a triple less, and counted so": (
        without_a_line(NTRIPLES, "triples", counted_too=True),
        f"{NTRIPLES}: holds other triples than {NQUADS}",
    ),
    "a line that is no triple": (
        first_line(NTRIPLES, b"nonsense\n"),
        f"{NTRIPLES}:1: cannot be read",
    ),
    "a gzip file cut off": (
        lambda folder: (folder / NQUADS).write_bytes((folder / NQUADS).read_bytes()[:-20]),
        f"{NQUADS}: cannot be read",
    ),
    "a triple in another figure's graph": (
        moved_quad,
        f"{NQUADS}: other triples than in the Turtle files, in 2 graphs",
    ),
    "JSON-LD of another figure": (
        packed(JSONLD, replaced(f"core/{FIGURE}.jsonld", PAGE.encode(), b"https://x.org/y")),
        f"{JSONLD}: core/{FIGURE}.jsonld: its @id is not {PAGE}",
    ),
    "JSON-LD that is a list": (
        packed(JSONLD, lambda members: [(name, b"[]") for name, _ in members]),
        "is not a JSON object",
    ),
    "JSON-LD that is no JSON": (
        packed(JSONLD, lambda members: [(name, b"{") for name, _ in members]),
        f"{JSONLD}: core/{FIGURE}.jsonld: cannot be read",
    ),
    "JSON-LD of a stranger": (stranger(JSONLD), f"{JSONLD}: its figures are not those of {CORE}"),
    "a JSON-LD document less, and counted so": (
        a_document_less,
        f"{JSONLD}: its figures are not those of {CORE}",
    ),
    "WikiPathways part of a stranger": (stranger(WP), f"{WP}: its figures are not those of {CORE}"),
    "a set less": (without_a_line(GMT, "sets"), f"{GMT}: has "),
    "a set without members": (first_line(GMT, b"PMC1__F1\tTitle\n"), f"{GMT}:1: a line is a name"),
    "an empty member": (
        first_line(GMT, b"PMC1__F1\tTitle\t1\t\t2\n"),
        f"{GMT}:1: '' is not an identifier",
    ),
    "a gene twice": (first_line(GMT, b"PMC1__F1\tTitle\t1\t1\n"), f"{GMT}:1: has a member twice"),
    "a gene among chemicals": (
        first_line(CHEMICALS, b"PMC1__F1\tTitle\t1\n"),
        f"{CHEMICALS}:1: '1' is not an identifier of its kind",
    ),
    "a set twice": (
        lambda folder: relined(folder / GMT, lambda lines: [lines[0], lines[0], *lines[2:]]),
        f"{GMT}:2: set 'PMC",
    ),
    "a set cut off": (
        lambda folder: relined(folder / GMT, lambda lines: [*lines[:-1], lines[-1][:-1]]),
        "is cut off: a line ends in a newline",
    ),
    "a row less": (table(lambda rows: rows.slice(1)), f"{MENTIONS}: has "),
    "a mention of a stranger": (
        table(lambda rows: rows.set_column(0, rows.field(0), [["PMC999__x"] * len(rows)])),
        f"{MENTIONS}: its figures are not those of {CORE}: PMC999__x",
    ),
    "a column less": (table(lambda rows: rows.drop_columns(["how"])), "its columns are not figid"),
    "no table": (
        lambda folder: (folder / MENTIONS).write_bytes(b"PAR1"),
        f"{MENTIONS}: cannot be read",
    ),
    "release.json empty": (
        lambda folder: (folder / "release.json").write_text(""),
        "release.json: cannot be used",
    ),
    "of another version": (
        changed_facts(lambda said: said.update(version="20261111")),
        f"release.json: is of version 20261111, in a folder named {VERSION}",
    ),
    "of no version": (
        changed_facts(lambda said: said.update(version="../../x")),
        "is not a date",
    ),
    "a count that is not a number": (
        changed_facts(lambda said: entry(said, GMT).update(counts={"sets": "2"})),
        "release.json: cannot be used (",
    ),
    "a path out of the folder": (
        changed_facts(lambda said: entry(said, GMT).update(path="../x.gmt")),
        "release.json: cannot be used (",
    ),
    "a file taken away": (
        lambda folder: (folder / GMT).unlink(),
        f"{GMT}: is named in release.json, but missing",
    ),
    "a file named twice": (
        changed_facts(lambda said: said["files"].append(entry(said, GMT))),
        f"{GMT}: is listed 2 times in release.json",
    ),
    "a file not named": (
        changed_facts(lambda said: said["files"].remove(entry(said, CORE))),
        f"{CORE}: is not named in release.json",
    ),
    "a file of an unknown kind": (
        changed_facts(lambda said: entry(said, GMT).update(kind="x\x1b")),
        r"release.json: names a file of kind 'x\x1b', which this version does not know",
    ),
    "a kind that is no text": (
        changed_facts(lambda said: entry(said, GMT).update(kind=[])),
        "release.json: cannot be used (",
    ),
    "a change less": (
        without_a_line("changes.tsv", "added"),
        "changes.tsv: cannot be read (its first line is not that of a table of changes)",
    ),
    "a change of another kind": (
        lambda folder: relined(
            folder / "changes.tsv",
            lambda lines: [line.replace(b"\tadded\t", b"\tremoved\t") for line in lines],
        ),
        "changes.tsv: has 0 added, 1 in release.json",
    ),
    "an activity of another kind": (
        lambda folder: relined(
            folder / "CHANGES.ttl",
            lambda lines: [line.replace(b"as:Create", b"as:Delete") for line in lines],
        ),
        "CHANGES.ttl: has 0 added, 1 in release.json",
    ),
    "a patch without its end": (
        lambda folder: relined(folder / PATCH, lambda lines: lines[:-1]),
        f"{PATCH}: cannot be read (it is cut off)",
    ),
    "a patch without its beginning": (
        lambda folder: relined(folder / PATCH, lambda lines: lines[1:]),
        f"{PATCH}: cannot be read (it does not begin as an RDF Patch)",
    ),
    "a patch that goes on": (
        lambda folder: relined(folder / PATCH, lambda lines: [*lines, b"TX .\n"]),
        f"{PATCH}: cannot be read (it has content after its end)",
    ),
    "a line of a patch less": (
        lambda folder: relined(folder / PATCH, lambda lines: [*lines[:-2], lines[-1]]),
        f"{PATCH}: has ",
    ),
    "a line of a patch that is another": (
        lambda folder: relined(
            folder / PATCH,
            lambda lines: [*lines[:-2], lines[-2].replace(b"A <", b"A <x"), lines[-1]],
        ),
        f"{UPDATE}: changes other triples than {PATCH}",
    ),
    "an update that does something else": (
        packed(UPDATE, lambda members: [(members[0][0], b"DROP ALL"), *members[1:]]),
        f"{UPDATE}: 000001.ru: cannot be read (000001.ru is not an update that",
    ),
    "an update with something behind": (
        packed(
            UPDATE, lambda members: [(n, d + b"; LOAD <http://127.0.0.1:1/>") for n, d in members]
        ),
        f"{UPDATE}: 000001.ru: cannot be read (000001.ru is not an update",
    ),
    "an update with something within": (
        packed(
            UPDATE,
            lambda members: [(n, d.replace(b"DATA {\n", b"DATA {\n} ;\n")) for n, d in members],
        ),
        f"{UPDATE}: 000001.ru: cannot be read (a line that does not belong there",
    ),
    "an update less": (packed(UPDATE, lambda members: members[1:]), f"{UPDATE}: has "),
    "a size in a description": (
        lambda folder: relined(folder / "dcat.ttl", other_number(b"dcat:byteSize")),
        "dcat.ttl: differs from the files: says otherwise: ",
    ),
    "a number in a description": (
        lambda folder: relined(folder / VOID, other_number(b"void:distinctObjects")),
        f"{VOID}: differs from the files: says otherwise: ",
    ),
    "a description that violates a shape": (
        lambda folder: relined(
            folder / "dcat.ttl",
            lambda lines: [line.replace(b"dcterms:license", b"dcterms:rights") for line in lines],
        ),
        "dcat.ttl: <https://data.wikipathways.org/pfocr/20261110/>: There is not exactly one lic",
    ),
    "a description that does not parse": (
        first_line(VOID, b"nonsense\n"),
        f"{VOID}: cannot be read as Turtle",
    ),
    "another checksum for search engines": (
        lambda folder: relined(folder / "dataset.jsonld", other_number(b'"sha256": "')),
        "dataset.jsonld: differs from the files in distribution[https://data.wikipathways.org/",
    ),
    "another checksum in a packing list": (
        lambda folder: relined(folder / "manifest.json", other_number(b'"sha256": "')),
        "manifest.json: differs from the files in @graph[",
    ),
    "an empty packing list": (
        lambda folder: (folder / "ro-crate-metadata.json").write_bytes(b"[]"),
        "ro-crate-metadata.json: is not a JSON object",
    ),
    "no file of a kind": (
        changed_facts(lambda said: entry(said, JSONLD).update(kind="core")),
        "release.json: names 0 files of kind jsonld, not one",
    ),
}


@pytest.mark.parametrize(("change", "said"), CASES.values(), ids=CASES.keys())
def test_what_checksums_do_not_tell(
    change: Callable[[Path], object], said: str, copy: Path, verify: Callable[..., Outcome]
) -> None:
    change(copy)
    if (copy / "release.json").stat().st_size:
        signed_or_left(copy)
    write_sums(copy)
    outcome = verify(copy)
    assert outcome.code == 1, outcome.stdout
    assert said in outcome.stdout
    assert f"{'checksums':<13}" in outcome.stdout
    assert outcome.stdout.splitlines()[0].endswith(" ok")  # the checksums


def signed_or_left(folder: Path) -> None:
    """Sign where ``release.json`` still names files by sound paths."""
    said = json.loads((folder / "release.json").read_bytes())
    if all(".." not in file["path"] for file in said["files"]):
        signed(folder)


def test_sizes_and_checksums_of_release_json_count(
    copy: Path, verify: Callable[..., Outcome]
) -> None:
    facts(copy, lambda said: entry(said, GMT).update(sha256="0" * 64))
    facts(copy, lambda said: entry(said, CHEMICALS).update(size=1))
    write_sums(copy)
    outcome = verify(copy)
    assert outcome.code == 1
    assert f"{GMT}: is not the file whose checksum is in release.json" in outcome.stdout
    assert f"{CHEMICALS}: has " in outcome.stdout
    assert " bytes, 1 in release.json" in outcome.stdout
    assert "release.json: gmt: 1 not checked, see above" in outcome.stdout


@pytest.mark.parametrize(
    ("archive", "name", "graph", "text"),
    [
        (CORE, f"core/{FIGURE}.ttl", PAGE, f"<{PAGE}> <http://purl.org/dc/terms/license> "),
        (LINKSET, "linkset/linkset.ttl", f"{GRAPHS}linkset", "exactMatch> <http://purl.uniprot"),
    ],
    ids=["core", "linkset"],
)
def test_a_graph_that_violates_a_shape_fails(
    archive: str, name: str, graph: str, text: str, copy: Path, verify: Callable[..., Outcome]
) -> None:
    """One triple is taken from all files, so that they agree."""
    without_changes(copy)
    quads = gzip.decompress((copy / NQUADS).read_bytes()).splitlines(keepends=True)
    triples = gzip.decompress((copy / NTRIPLES).read_bytes()).splitlines(keepends=True)
    end = f" <{graph}> .\n".encode()
    taken = next(quad for quad in quads if quad.endswith(end) and text.encode() in quad)
    quads.remove(taken)
    triples.remove(taken.removesuffix(end) + b" .\n")
    for kind, lines in ((NTRIPLES, triples), (NQUADS, quads)):
        (copy / kind).write_bytes(gzip.compress(b"".join(lines)))
        count(copy, kind, triples=len(lines))
    count(copy, archive, triples=counted(copy, archive, "triples") - 1)
    turtle = b"".join(q.removesuffix(end) + b" .\n" for q in quads if q.endswith(end))
    repacked(copy / archive, lambda members: [(n, turtle if n == name else d) for n, d in members])
    signed(copy)
    described(copy)
    assert verify(copy).code == 0
    outcome = verify(copy, shacl=True)
    assert outcome.code == 1
    (finding,) = (line for line in outcome.stdout.splitlines() if line.startswith(archive))
    assert finding.startswith(f"{archive}: {name}: ")
    assert finding.endswith(": fix the record and make the release again")


def test_what_cannot_be_read_is_said_once(copy: Path, verify: Callable[..., Outcome]) -> None:
    first_line(NQUADS, b"nonsense\n")(copy)
    outcome = verify(signed(copy), "-q")
    assert outcome.code == 1
    finding, descriptions = outcome.stdout.splitlines()
    assert descriptions == "release.json: nquads: not checked, see above: fix that first"
    assert finding.startswith(f"{NQUADS}:1: cannot be read (")


# --- by URL ----------------------------------------------------------------------------------


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, but for what ``answers`` has: path → answers, each given once."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        answers = self.server.answers.get(self.path, [])
        if answers:
            (answers.pop(0) if len(answers) > 1 else answers[0])(self)
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        pass

    def reply(self, code: int, body: bytes = b"", length: int | None = None, **more: str) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = length is not None


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    answers: dict[str, list[Answer]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    server.answers = {}
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def server(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The site root over HTTP; tries follow each other at once."""
    monkeypatch.setattr(fetch, "DOWNLOAD", replace(DOWNLOAD, backoff=0))
    with serving(root) as running:
        yield running


def served(then: str = "") -> Answer:
    """The folder's own answer, or that of another path."""

    def answer(handler: Handler) -> None:
        handler.path = then or handler.path
        http.server.SimpleHTTPRequestHandler.do_GET(handler)

    return answer


def test_a_release_verifies_by_url(server: Server, verify: Callable[..., Outcome]) -> None:
    for place in (f"/{VERSION}", f"/{VERSION}/", "/current/"):
        outcome = verify(server.url + place)
        assert outcome.code == 0, outcome.stdout + outcome.stderr
        assert "core " in outcome.stdout


def test_what_is_wrong_is_found_by_url(copy: Path, verify: Callable[..., Outcome]) -> None:
    with (copy / GMT).open("r+b") as file:
        file.write(b"X")
    (copy / CHEMICALS).unlink()
    with serving(copy.parent) as server:
        outcome = verify(f"{server.url}/{VERSION}/")
    assert outcome.code == 1
    assert f"{GMT}: is not the file whose checksum is in SHA256SUMS" in outcome.stdout
    assert f"{CHEMICALS}: is listed in SHA256SUMS, but missing" in outcome.stdout


def test_names_of_a_server_are_not_trusted(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verify: Callable[..., Outcome]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "tmp").mkdir()
    with (copy / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  ../../evil\n")
    with serving(copy.parent) as server:
        asked: list[str] = []
        server.answers[f"/{VERSION}/../../evil"] = server.answers["/evil"] = [
            lambda handler: asked.append(handler.path)
        ]
        outcome = verify(f"{server.url}/{VERSION}/")
    assert outcome.code == 1
    assert "'../../evil' is not a path below the release: do not trust" in outcome.stdout
    assert asked == []
    assert not any((tmp_path / "tmp").iterdir())


def test_no_release_at_an_address(server: Server, verify: Callable[..., Outcome]) -> None:
    outcome = verify(f"{server.url}/2026/")
    assert outcome.code == 2
    assert "/2026/SHA256SUMS: the server answered 404: check the address" in outcome.stderr


def test_it_tries_again_what_may_pass(server: Server, verify: Callable[..., Outcome]) -> None:
    path = f"/{VERSION}/{CORE}"
    server.answers[path] = [
        lambda handler: handler.reply(500),
        lambda handler: handler.reply(200, b"PK", length=999),
        served(),
    ]
    assert verify(f"{server.url}/{VERSION}").code == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda handler: handler.reply(503), "the server answered 503, 4 times: try again later"),
        (lambda handler: handler.reply(403), "the server answered 403: check"),
        (
            lambda handler: handler.reply(200, b"PK", length=999),
            "the answer was cut off, 4 times: try again later",
        ),
        (
            lambda handler: handler.reply(200, b"<!DOCTYPE html><p>Welcome"),
            "the server answers with a web page: check the address",
        ),
        (
            lambda handler: handler.reply(200, b"x" * 10**7),
            "the answer is larger than",
        ),
        (
            lambda handler: handler.reply(302, Location=handler.path),
            "more than 5 redirects",
        ),
        (
            lambda handler: handler.reply(302, Location="ftp://127.0.0.1/x"),
            "leads to what is not an http or https address",
        ),
    ],
)
def test_what_cannot_be_fetched_is_said(
    answer: Answer, said: str, server: Server, verify: Callable[..., Outcome]
) -> None:
    server.answers[f"/{VERSION}/{CORE}"] = [answer]
    outcome = verify(f"{server.url}/{VERSION}/")
    assert outcome.code == 2
    assert f"{CORE}: " in outcome.stderr
    assert said in outcome.stderr


def test_redirects_are_followed(server: Server, verify: Callable[..., Outcome]) -> None:
    server.answers[f"/{VERSION}/{GMT}"] = [
        lambda handler: handler.reply(302, Location="/current/gmt/pfocr-gmt-Homo_sapiens.gmt")
    ]
    assert verify(f"{server.url}/{VERSION}").code == 0


@pytest.mark.parametrize(
    "url", ["http://u:p@example.org/pfocr/x", "http://", "https://example.org/?x=y"]
)
def test_addresses_that_are_none(url: str, verify: Callable[..., Outcome]) -> None:
    outcome = verify(url)
    assert outcome.code == 2
    assert "u:p" not in outcome.stderr
