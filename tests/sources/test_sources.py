"""What is there is read, from real folders, archives and servers; what is missing is said."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import json
import lzma
import os
import stat
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from rdfexport import RecordError, read_records, walk
from rdfexport.cli import watching
from rdfexport.errors import SourceError, UsageError
from rdfexport.sources import Catalogue
from support.http_server import RECORD, TEXT, Server, server, status
from support.records import Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rdfexport import Finding

__all__ = ["server"]

ONE, TWO, THREE = "PMC1__f1", "PMC2__f2", "PMC3__f3"
GENES = {"genes": table_text("genes")}
OLD_TABLE = table_text("genes").replace("mTor", "old word")


def words(*sources: object) -> dict[str, list[str | None]]:
    """Each figure of some sources, and the words of its genes; any fault is raised."""
    found = read_records(*map(str, sources), linking=None)
    return {record.figid: [gene.word for gene in record.genes] for record in found}


def faults(*sources: object) -> tuple[list[RecordError], list[Finding]]:
    """What is left out of some sources, and what is said of them beside."""
    errors: list[RecordError] = []
    list(read_records(*map(str, sources), linking=None, on_error=errors.append))
    with Catalogue(map(str, sources)) as catalogue:
        list(catalogue.entries())
        return errors, catalogue.findings


def warnings(out: Path) -> dict[str, dict[str, Any]]:
    """The last warning of an export about each file."""
    lines = map(json.loads, (out / "warnings.jsonl").read_text().splitlines())
    return {line["file"]: line for line in lines}


@pytest.fixture
def figures(collection: Collection) -> Path:
    collection.add(ONE, **GENES)
    return collection.root


# --- from wherever one stands --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stand", "source"),
    [
        ("", "."),
        ("", "./"),
        ("", "_figures/"),
        ("", f"./_figures/{ONE}.md"),
        ("_figures", "."),
        ("_figures", ".."),
        ("_figures", f"{ONE}.md"),
        ("_figures", f"./{ONE}.md"),
        ("_figures", "*.md"),
        ("_figures", f"../_figures/{ONE}.md"),
        ("_data", "../_figures"),
        ("_data", f"../_figures/{ONE}.md"),
    ],
)
def test_where_one_stands_does_not_matter(
    figures: Path, monkeypatch: pytest.MonkeyPatch, stand: str, source: str
) -> None:
    monkeypatch.chdir(figures / stand)
    assert words(source) == {ONE: ["mTor"]}
    assert faults(source) == ([], [])


def test_a_table_is_named_as_its_record_was(figures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(figures / "_figures")
    (found,) = read_records(f"{ONE}.md", linking=None)
    assert found.origin.locate("figtitle").file == f"{ONE}.md"
    assert found.origin.locate("genes[0].word").file == f"../_data/{ONE}-genes.tsv"


@pytest.mark.parametrize("source", [".", "{0}.md", "./{0}.md", "*.md"])
def test_through_a_link_to_the_records(
    figures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    link = tmp_path / "elsewhere" / "work"
    link.parent.mkdir()
    link.symlink_to(figures / "_figures")
    monkeypatch.chdir(link)
    assert words(source.format(ONE)) == {ONE: ["mTor"]}
    assert words(link) == words(f"{link}/") == words(link / f"{ONE}.md") == {ONE: ["mTor"]}
    assert words(f"{link}/../_figures/{ONE}.md") == {ONE: ["mTor"]}, "not lexically"


def test_the_root_of_the_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk.os, "scandir", lambda _path: _NoEntries())
    with pytest.raises(UsageError, match="no record in any source"):
        Catalogue(["/"])


class _NoEntries:
    def __enter__(self) -> list[os.DirEntry[str]]:
        return []

    def __exit__(self, *_: object) -> None:
        pass


# --- links ---------------------------------------------------------------------------------------


def test_tables_behind_a_link(figures: Path, tmp_path: Path) -> None:
    (figures / "_data").rename(tmp_path / "tables")
    (figures / "_data").symlink_to("../tables")
    for source in (figures, figures / "_figures", figures / "_figures" / f"{ONE}.md"):
        assert words(source) == {ONE: ["mTor"]}


def test_a_linked_folder_among_the_records(figures: Path, tmp_path: Path) -> None:
    more = Collection(tmp_path / "more")
    more.add(TWO, **GENES)
    (figures / "_figures" / "batch").symlink_to(more.root / "_figures")
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / f"{THREE}.md").write_text(record_text(figid=THREE))
    (tmp_path / "loose" / f"{THREE}-genes.tsv").write_text(table_text("genes"))
    (figures / "_figures" / "loose").symlink_to("../../loose")
    assert words(figures) == {ONE: ["mTor"], TWO: ["mTor"], THREE: ["mTor"]}
    assert faults(figures) == ([], [])


def test_linked_records_find_their_tables(figures: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / f"{ONE}.md").symlink_to(figures / "_figures" / f"{ONE}.md")
    for source in (mine, mine / f"{ONE}.md", f"{mine}/*"):
        assert words(source) == {ONE: ["mTor"]}


def test_links_in_a_circle_end_and_each_file_is_taken_once(figures: Path) -> None:
    (figures / "_figures" / "again").symlink_to(".")
    (figures / "up").symlink_to("..")
    (figures / "_figures" / "a").mkdir()
    (figures / "_figures" / "b").mkdir()
    (figures / "_figures" / "a" / "b").symlink_to("../b")
    (figures / "_figures" / "b" / "a").symlink_to("../a")
    (figures / "_figures" / "itself").symlink_to("itself")
    (figures / "copy").symlink_to("_figures")
    errors, findings = faults(figures.parent)
    assert [error.location.file for error in errors] == [f"{figures}/_figures/itself"]
    assert [finding.location.file for finding in findings] == [f"{figures}/copy/itself"]
    (figures / "_figures" / "itself").unlink()
    assert words(figures.parent) == {ONE: ["mTor"]}


def test_two_collections_share_their_tables(figures: Path, tmp_path: Path) -> None:
    other = Collection(tmp_path / "other")
    other.add(TWO)
    (figures / "_data" / f"{TWO}-genes.tsv").write_text(table_text("genes"))
    (other.root / "_data").symlink_to(figures / "_data")
    assert words(figures, other.root) == {ONE: ["mTor"], TWO: ["mTor"]}
    assert faults(figures, other.root) == ([], [])


@pytest.mark.parametrize("place", ["_data", "_figures/more"])
def test_a_link_to_nothing_is_said(
    figures: Path, run: Callable[..., Outcome], tmp_path: Path, place: str
) -> None:
    if place == "_data":
        (figures / "_data").rename(tmp_path / "gone")
    (figures / place).symlink_to("../nowhere")
    for source in (figures, figures / "_figures"):
        outcome = run("export", source, "--out", tmp_path / "out", "--jobs", 1, "--no-validate")
        assert outcome.code == 2
        assert f"rejected: {figures}/{place}: a link to ../nowhere" in outcome.stderr
        assert (tmp_path / "out" / "index.tsv").read_text().endswith(f"{ONE}\t{ONE}\n")


def test_a_link_to_nothing_elsewhere_is_a_warning(figures: Path) -> None:
    (figures / "current").symlink_to("nowhere")
    (figures / "image.jpg").symlink_to("nowhere")
    errors, (finding,) = faults(figures)
    assert (errors, finding.location.file) == ([], f"{figures}/current")


def test_a_link_that_goes_while_the_folder_is_read_is_passed_over(
    figures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = figures / "notes"
    link.symlink_to("nothing")
    exists = os.path.exists

    def gone(path: Any) -> bool:
        if os.fspath(path) == str(link):
            link.unlink(missing_ok=True)
        return exists(path)

    monkeypatch.setattr(os.path, "exists", gone)
    assert list(words(figures)) == [ONE]


def test_a_link_that_may_not_be_read_is_said(
    figures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those in ``/proc`` of other users' processes."""
    for folder in (figures, figures / "_figures"):
        (folder / "odd").symlink_to("somewhere")

    def refused(path: str) -> str:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "readlink", refused)
    with Catalogue([str(figures)]) as catalogue:
        (unread,) = catalogue.incomplete
        (odd,) = catalogue.findings
    assert unread.location.file == str(figures / "_figures" / "odd")
    assert odd.location.file == str(figures / "odd")


def test_a_link_that_git_wrote_as_a_file_is_said(figures: Path, tmp_path: Path) -> None:
    (figures / "_data").rename(tmp_path / "tables")
    (figures / "_data").write_text("../tables")
    (figures / "_figures" / "LICENSE").write_text("CC0")
    (error,), _ = faults(figures)
    assert isinstance(error, SourceError)
    assert error.location.file == f"{figures}/_data"


# --- archives ------------------------------------------------------------------------------------


def tar(*members: tuple[str, str] | tuple[str, str, bytes], mode: str = "w") -> bytes:
    """A tar archive of files, or of links where a type is given, in this order."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content, *kind in members:
            info = tarfile.TarInfo(name)
            if kind:
                info.type, info.linkname = kind[0], content
                archive.addfile(info)
            else:
                info.size = len(content.encode())
                archive.addfile(info, io.BytesIO(content.encode()))
    return data.getvalue()


def zipped(*members: tuple[str, str] | tuple[str, str, bytes]) -> bytes:
    """A zip archive of files, or of symbolic links where a type is given."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, *kind in members:
            info = zipfile.ZipInfo(name)
            info.filename = name  # as it is: the constructor would change backslashes on Windows
            if kind:
                info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, content)
    return data.getvalue()


SYMBOLIC, HARD = tarfile.SYMTYPE, tarfile.LNKTYPE
RECORD_ONE = (f"_figures/{ONE}.md", record_text(figid=ONE))
RECORD_TWO = (f"_figures/{TWO}.md", record_text(figid=TWO))
TABLE_ONE = (f"_data/{ONE}-genes.tsv", table_text("genes"))
TABLE_TWO = f"_data/{TWO}-genes.tsv"


@pytest.mark.parametrize(
    "members",
    [
        (TABLE_ONE, (TABLE_TWO, TABLE_ONE[0], HARD)),
        (TABLE_ONE, (TABLE_TWO, f"./{TABLE_ONE[0]}", HARD)),
        (TABLE_ONE, (TABLE_TWO, f"{ONE}-genes.tsv", SYMBOLIC)),
        ((TABLE_TWO, f"../_data/{ONE}-genes.tsv", SYMBOLIC), TABLE_ONE),
        (TABLE_ONE, ("_data/b", f"{ONE}-genes.tsv", SYMBOLIC), (TABLE_TWO, "b", SYMBOLIC)),
        (TABLE_ONE, ("b", "_data", SYMBOLIC), (TABLE_TWO, f"../b/{ONE}-genes.tsv", SYMBOLIC)),
        (TABLE_ONE, ("_data/b", TABLE_ONE[0], HARD), (TABLE_TWO, "b", SYMBOLIC)),
        (TABLE_ONE, ("_data/b", f"{ONE}-genes.tsv", SYMBOLIC), (TABLE_TWO, "_data/b", HARD)),
    ],
    ids=["hard", "./", "symbolic", "before", "chain", "folder", "through hard", "hard to link"],
)
def test_links_to_tables_in_a_tar(tmp_path: Path, members: tuple[Any, ...]) -> None:
    (tmp_path / "a.tar").write_bytes(tar(RECORD_ONE, RECORD_TWO, *members))
    assert words(tmp_path / "a.tar") == {ONE: ["mTor"], TWO: ["mTor"]}


@pytest.mark.parametrize("make", [tar, zipped])
def test_linked_folders_and_records_in_archives(tmp_path: Path, make: Callable[..., bytes]) -> None:
    (tmp_path / "a").write_bytes(
        make(
            ("src/_figures", "../figures", SYMBOLIC),
            ("src/_data", "../tables", SYMBOLIC),
            (f"figures/{ONE}.md", "../kept/one", SYMBOLIC),
            ("kept/one", record_text(figid=ONE)),
            (f"figures/{TWO}.md", record_text(figid=TWO)),
            (f"tables/{ONE}-genes.tsv", table_text("genes")),
            (f"tables/{TWO}-genes.tsv", table_text("genes")),
            ("src/loop", "../src", SYMBOLIC),
            ("loop", "loop2", SYMBOLIC),
            ("loop2", "loop", SYMBOLIC),
        )
    )
    assert words(tmp_path / "a") == {ONE: ["mTor"], TWO: ["mTor"]}
    _, findings = faults(tmp_path / "a")
    assert [finding.location.file.rpartition("!")[2] for finding in findings] == ["loop", "loop2"]


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ((TABLE_TWO, "/etc/passwd", SYMBOLIC), "leads out of the archive"),
        ((TABLE_TWO, "../../x.tsv", SYMBOLIC), "leads out of the archive"),
        ((TABLE_TWO, "../../x.tsv", HARD), "leads out of the archive"),
        ((TABLE_TWO, "nowhere.tsv", SYMBOLIC), "a link to nowhere.tsv, which is not in"),
        ((TABLE_TWO, "_data/nowhere.tsv", HARD), "a link to _data/nowhere.tsv, which is not in"),
        ((TABLE_TWO, f"{TWO}-genes.tsv", SYMBOLIC), "which is not in the archive"),
    ],
)
def test_links_that_lead_to_no_member(
    run: Callable[..., Outcome], tmp_path: Path, link: tuple[str, str, bytes], problem: str
) -> None:
    """The figure would lose its genes."""
    archive, out = tmp_path / "a.tar", tmp_path / "out"
    archive.write_bytes(tar(RECORD_ONE, RECORD_TWO, link))
    outcome = run("export", archive, "--out", out, "--jobs", 1, "--no-validate")
    (fault,) = map(json.loads, (out / "rejected.jsonl").read_text().splitlines())
    assert fault["file"] == f"{archive}!{TABLE_TWO}"
    assert problem in fault["problem"]
    assert outcome.code == 2
    assert (out / "index.tsv").read_text() == f"figid\tfile\n{ONE}\t{ONE}\n"


@pytest.mark.parametrize("make", [tar, zipped])
def test_the_last_of_several_members_counts(tmp_path: Path, make: Callable[..., bytes]) -> None:
    old = record_text(figid=ONE, changes={"figtitle": "Old"})
    with pytest.warns(UserWarning, match="Duplicate") if make is zipped else _nothing():
        data = make(
            (RECORD_ONE[0], old),
            (TABLE_ONE[0], OLD_TABLE),
            (RECORD_ONE[0], record_text(figid=ONE, changes={"figtitle": "New"})),
            TABLE_ONE,
        )
    (tmp_path / "a").write_bytes(data)
    (found,) = read_records(str(tmp_path / "a"), linking=None)
    assert (found.title, found.genes[0].word) == ("New", "mTor")


class _nothing:  # noqa: N801 - reads as a context manager
    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


def test_an_archive_that_was_appended_to_under_other_paths(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(
        tar((f"./{TABLE_ONE[0]}", OLD_TABLE), (f"./{RECORD_ONE[0]}", RECORD_ONE[1]), TABLE_ONE)
    )
    assert words(tmp_path / "a.tar") == {ONE: ["mTor"]}


def test_a_hard_link_holds_what_its_file_held_when_it_was_made(tmp_path: Path) -> None:
    """As on unpacking: what is appended later is another file of that name."""
    (tmp_path / "a.tar").write_bytes(
        tar(
            RECORD_ONE,
            RECORD_TWO,
            (TABLE_ONE[0], OLD_TABLE),
            (TABLE_TWO, TABLE_ONE[0], HARD),
            TABLE_ONE,
        )
    )
    assert words(tmp_path / "a.tar") == {ONE: ["mTor"], TWO: ["old word"]}


def test_backslashes_in_a_zip(tmp_path: Path) -> None:
    members = [(f"pfocr/{name}".replace("/", "\\"), text) for name, text in (RECORD_ONE, TABLE_ONE)]
    data = zipped(*members)
    (tmp_path / "a.zip").write_bytes(data)
    assert words(tmp_path / "a.zip") == {ONE: ["mTor"]}


PLAIN = tar(RECORD_ONE, TABLE_ONE)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar.xz", lzma.compress(PLAIN)),
        ("a.TXZ", lzma.compress(PLAIN)),
        ("a.tar.bz2", bz2.compress(PLAIN)),
        ("a.tbz2", bz2.compress(PLAIN)),
        ("a.tbz", bz2.compress(PLAIN[:3000]) + bz2.compress(PLAIN[3000:])),
        ("xz-without-ending", lzma.compress(PLAIN)),
        ("bz2-without-ending", bz2.compress(PLAIN)),
        ("unpacked-on-the-way.tar.gz", PLAIN),
        ("packed-twice.tar.gz", gzip.compress(gzip.compress(PLAIN))),
        ("packed-on-the-way.zip", gzip.compress(zipped(RECORD_ONE, TABLE_ONE))),
    ],
)
def test_packed_archives(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert words(tmp_path / name) == {ONE: ["mTor"]}


@pytest.mark.parametrize("compress", [lzma.compress, bz2.compress])
def test_a_packed_archive_that_is_damaged(
    tmp_path: Path, compress: Callable[[bytes], bytes]
) -> None:
    for number, data in enumerate((compress(PLAIN)[:-40], b"junk" * 99, compress(b"junk"))):
        path = tmp_path / (f"{number}.tar.xz" if compress is lzma.compress else f"{number}.tbz2")
        path.write_bytes(data)
        (error,), _ = faults(path)
        assert isinstance(error, SourceError)
        assert error.location.file == str(path)


def test_what_is_packed_again_and_again_is_refused(tmp_path: Path) -> None:
    data = PLAIN
    for _ in range(5):
        data = gzip.compress(data)
    (tmp_path / "a.tar.gz").write_bytes(data)
    (error,), _ = faults(tmp_path / "a.tar.gz")
    assert "packed more than three times" in error.problem


# --- what editors and systems leave behind ---------------------------------------------------


LEFTOVERS = (
    f"_figures/._{ONE}.md",
    f"_data/._{ONE}-genes.tsv",
    f"__MACOSX/_figures/._{ONE}.md",
    f"__MACOSX/_figures/{TWO}.md",
    f"_figures/.{ONE}.md",
    f"_figures/.trash/{TWO}.md",
    f"_figures/{ONE}.md~",
    f"_figures/.{ONE}.md.swp",
    f"_figures/#{ONE}.md",
    f"_figures/~${ONE}.md",
    f".git/_figures/{TWO}.md",
)


def add_leftovers(root: Path) -> None:
    for name in LEFTOVERS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"\0\5\x16\7junk")
    (root / "_figures" / f".#{ONE}.md").symlink_to("me@host.42:1700000000")


@pytest.mark.parametrize("kind", ["folder", "glob", "a.zip", "a.tar", "store"])
def test_leftovers_are_passed_over(figures: Path, tmp_path: Path, kind: str) -> None:
    source: object = figures
    if kind in {"folder", "glob", "store"}:
        add_leftovers(figures)
        if kind != "folder":
            source = f"{figures}/_figures/*.md" if kind == "glob" else f"file://{figures}"
    else:
        junk = [(name, "junk") for name in LEFTOVERS]
        source = tmp_path / kind
        make = zipped if kind == "a.zip" else tar
        (tmp_path / kind).write_bytes(make(RECORD_ONE, *junk, TABLE_ONE))
    assert words(source) == {ONE: ["mTor"]}
    assert faults(source) == ([], [])


def test_leftovers_do_not_wake_a_watch(
    figures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles  # noqa: PLC0415 - an extra

    (figures / "_data").rename(tmp_path / "tables")
    (figures / "_data").symlink_to("../tables")
    asked: dict[str, Any] = {}

    def watch(*roots: str, watch_filter: Any, **_: object) -> Iterator[set[object]]:
        asked.update(roots=roots, filter=watch_filter)
        yield set()

    monkeypatch.setattr(watchfiles, "watch", watch)
    watching.watch([str(figures)], [figures / "out"], lambda: None)
    assert str(tmp_path / "tables") in asked["roots"]
    counts = {
        name: asked["filter"](1, str(figures / name))
        for name in (*LEFTOVERS, RECORD_ONE[0], "out/index.tsv", "out.partial/x", "output.md")
    }
    assert {name for name, count in counts.items() if count} == {RECORD_ONE[0], "output.md"}


def test_a_folder_that_is_hidden_itself_is_read_where_it_is_named(tmp_path: Path) -> None:
    hidden = Collection(tmp_path / ".pfocr")
    hidden.add(ONE, **GENES)
    assert words(hidden.root) == {ONE: ["mTor"]}


# --- addresses -----------------------------------------------------------------------------------


TABLE = RECORD.replace("_figures", "_data").replace(".md", "-genes.tsv")


@pytest.mark.parametrize("query", ["token=t0ken", "raw=true", "a=%2F&b=c+d"])
def test_tables_are_asked_for_with_the_query_of_the_record(server: Server, query: str) -> None:
    server.answers[RECORD] = [status(200, TEXT)]
    server.answers[TABLE] = [status(200, table_text("genes").encode())]
    assert words(server.url(f"{RECORD}?{query}")) == {"PMC1__f.1": ["mTor"]}
    assert server.queries == [query] * 5


def test_a_table_that_may_not_be_seen_is_a_warning(
    server: Server, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    server.answers[RECORD] = [status(200, TEXT)]
    server.answers[TABLE] = [status(403)]
    outcome = run("export", server.url(RECORD), "--out", tmp_path / "out", "--no-validate")
    assert outcome.code == 0
    warning = warnings(tmp_path / "out")[server.url(TABLE)]
    assert "403" in warning["problem"]


@pytest.mark.parametrize("page", [b"\n<!doctype HTML>\n<p>", b"\xef\xbb\xbf<html lang=en>"])
@pytest.mark.parametrize("path", [RECORD, TABLE, "/a.zip"])
def test_a_web_page_in_place_of_a_file_says_so(server: Server, page: bytes, path: str) -> None:
    server.answers[RECORD] = [status(200, TEXT)]
    server.answers[path] = [status(200, page)]
    (error,), _ = faults(server.url("/a.zip" if path == "/a.zip" else RECORD))
    assert isinstance(error, SourceError)
    assert error.location.file == server.url(path)
    assert error.problem.startswith("a web page")


@pytest.mark.parametrize(
    "body", [gzip.compress(PLAIN), gzip.compress(gzip.compress(PLAIN))], ids=["once", "twice"]
)
def test_an_archive_that_the_server_packs(server: Server, body: bytes) -> None:
    server.answers["/a.tar.gz"] = [status(200, body, Content_Encoding="gzip")]
    assert words(server.url("/a.tar.gz")) == {ONE: ["mTor"]}


# --- byte order marks ----------------------------------------------------------------------------


MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
TRIPLE = "<http://e/s> <http://e/p> <http://e/o> .\n"
RDF = {
    "a.nt": TRIPLE,
    "a.ttl": TRIPLE,
    "a.nq": TRIPLE.replace(" .", " <http://e/g> ."),
    "a.trig": f"<http://e/g> {{ {TRIPLE} }}",
    "a.jsonld": '{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}',
    "a.rdf": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<r:Description r:about="http://e/s"><e:p r:resource="http://e/o"/></r:Description></r:RDF>',
}


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize("name", RDF)
def test_a_mark_before_rdf(
    run: Callable[..., Outcome], tmp_path: Path, name: str, packing: str
) -> None:
    data = (MARK + RDF[name]).encode()
    path = tmp_path / (name + packing)
    path.write_bytes(gzip.compress(data) if packing else data)
    store = tmp_path / "store"
    outcome = run("load", path, "--store", store, "--graph", "http://e/g")
    assert outcome.code == 0, outcome.stderr
    assert TRIPLE.rstrip(" .\n") in {str(q.triple) for q in ox.Store.read_only(str(store))}
    validated = run("validate", path)
    assert "cannot be read" not in validated.stderr
    assert "not well-formed" not in validated.stderr


def test_a_mark_before_shapes_and_queries(run: Callable[..., Outcome], tmp_path: Path) -> None:
    (tmp_path / "data.nt").write_text(TRIPLE)
    (tmp_path / "shapes.ttl").write_text(
        MARK + "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/shape> a sh:NodeShape ;"
        " sh:targetNode <http://e/s> ; sh:property [ sh:path <http://e/q> ; sh:minCount 1 ] ."
    )
    outcome = run("validate", tmp_path / "data.nt", "--shapes", tmp_path / "shapes.ttl")
    assert (outcome.code, "Violation" in outcome.stdout + outcome.stderr) == (1, True)
    run("load", tmp_path / "data.nt", "--store", tmp_path / "s", "--graph", "http://e/g")
    query = f"{MARK}SELECT ?s WHERE {{ ?s <http://e/p> ?o }}"
    (tmp_path / "q.rq").write_text(query)
    for name, stdin in ((tmp_path / "q.rq", b""), ("-", query.encode())):
        found = run("query", name, "--store", tmp_path / "s", "--format", "csv", stdin=stdin)
        assert found.stdout.split() == ["s", "http://e/s"], found.stderr


# --- figids that differ in case only -----------------------------------------------------------


UPPER, LOWER = "PMC7__Fig", "PMC7__fig"


@pytest.fixture
def clash(collection: Collection) -> Path:
    collection.add(UPPER, **GENES)
    # Not by `add`, which could not where these two fall together.
    collection.add(LOWER)
    if len(list((collection.root / "_figures").iterdir())) != 2:
        pytest.skip("this file system does not tell them apart")
    return collection.root


@pytest.mark.parametrize("layout", ["files", "shards"])
def test_files_of_figids_that_differ_in_case_do_not_fall_together(
    clash: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
) -> None:
    monkeypatch.setattr("rdfexport.pipeline.executor.tasks._SHARD_ENDS", 1)
    out = tmp_path / "out"
    command = ("export", clash, "--out", out, "--layout", layout, "--no-validate", "--jobs", 1)
    assert run(*command).code == 0
    warning = warnings(out)[f"{clash}/_figures/{LOWER}.md"]
    assert (warning["field"], UPPER in warning["problem"]) == ("figid", True)
    rows = dict(line.split("\t") for line in (out / "index.tsv").read_text().splitlines()[1:])
    first, second = rows[UPPER], rows[LOWER]
    assert first.removeprefix("shard-") == UPPER
    assert second.removeprefix("shard-").startswith(f"{LOWER}~")
    names = [path.name for path in (out / "core").iterdir()]
    assert {name.partition(".")[0] for name in names} == {first, second}
    assert len({name.lower() for name in names}) == len(names) == 4
    assert f"/{LOWER}.html>" in (out / "core" / f"{second}.ttl").read_text().replace(":", "/")
    # Once the other is gone, so is the longer name.
    (clash / "_figures" / f"{UPPER}.md").unlink()
    run(*command)
    assert {path.name.partition(".")[0] for path in (out / "core").iterdir()} == {
        ("shard-" if layout == "shards" else "") + LOWER
    }


def test_releases_and_sites_keep_them_apart(
    clash: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    command = ("--version", "20261110", "--out", tmp_path / "r", "--jobs", 1, "--no-validate")
    assert run("release", clash, *command).code == 0
    release = tmp_path / "r" / "pfocr" / "20261110"
    with zipfile.ZipFile(release / "jsonld" / "pfocr-20261110-jsonld.zip") as archive:
        names = archive.namelist()
    assert len({name.lower() for name in names}) == 2
    assert run("verify", release).code == 0
    site = tmp_path / "site"
    made = run("site", release, "--base-url", "https://example.org/", "--out", site)
    assert made.code == 0, made.stderr
    pages = sorted(path.name for path in (site / "figures").glob("*.html"))
    assert len({page.lower() for page in pages}) == 2
    longer = pages[1]
    assert f"{LOWER}.html" in (site / "figures" / longer).read_text(), "its IRI is as it was"
    assert longer in (site / "figures" / pages[0]).read_text(), "they are of one article"


# --- sources that cannot be read whole ---------------------------------------------------------


MANY = [f"PMC{number}__f" for number in range(10, 22)]


def archive_of(figids: Sequence[str], path: Path) -> Path:
    members = [(f"_figures/{figid}.md", record_text(figid=figid)) for figid in figids]
    tables = [(f"_data/{figid}-genes.tsv", table_text("genes")) for figid in figids]
    path.write_bytes(zipped(*members, *tables))
    return path


def damage_directory(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def damage_member(path: Path) -> None:
    """Change a byte of the first record, whose checksum is then wrong."""
    data = bytearray(path.read_bytes())
    data[100] ^= 0xFF
    path.write_bytes(data)


def contents(out: Path) -> dict[str, bytes]:
    parts = ("core", "linkset")
    files = {str(p.relative_to(out)): p for part in parts for p in (out / part).iterdir()}
    return {name: path.read_bytes() for name, path in files.items()} | {
        "index.tsv": (out / "index.tsv").read_bytes()
    }


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two archives that make a collection."""
    return archive_of(MANY[:4], tmp_path / "a.zip"), archive_of(MANY[4:], tmp_path / "b.zip")


@pytest.mark.parametrize("layout", ["files", "shards", "auto"])
@pytest.mark.parametrize("damage", [damage_directory, damage_member])
def test_an_export_keeps_what_it_cannot_read(
    pair: tuple[Path, Path],
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    layout: str,
    damage: Callable[[Path], None],
) -> None:
    monkeypatch.setattr("rdfexport.pipeline.executor.tasks._SHARD_ENDS", 4)
    module = importlib.import_module("rdfexport.pipeline.export")
    monkeypatch.setattr(module, "MAX_FILES", len(MANY) - 1)
    out = tmp_path / "out"
    command = ("export", *pair, "--out", out, "--layout", layout, "--no-validate", "--jobs", 1)
    assert run(*command).code == 0
    before, sound = contents(out), pair[1].read_bytes()
    damage(pair[1])
    outcome = run(*command)
    assert outcome.code == 2, outcome.stderr
    assert "removed)" not in outcome.stderr
    assert contents(out) == before
    # Again, and with a figure more, which comes in.
    archive_of([*MANY[:4], "PMC5__new"], pair[0])
    assert run(*command).code == 2
    index = (out / "index.tsv").read_text()
    assert [line.partition("\t")[0] for line in index.splitlines()[1:]] == sorted(
        [*MANY, "PMC5__new"]
    )
    archive_of(MANY[:4], pair[0])
    pair[1].write_bytes(sound)
    assert run(*command).code == 0
    assert contents(out) == before


def test_an_export_that_cannot_keep_them_changes_nothing(
    pair: tuple[Path, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ("export", *pair, "--out", out, "--no-validate", "--jobs", 1)
    assert run(*command).code == 0
    before = contents(out)
    damage_directory(pair[1])
    for more in (("--full",), ("--format", "nquads"), ("--layout", "shards")):
        outcome = run(*command, *more)
        assert outcome.code == 2
        assert str(pair[1]) in outcome.stderr
        assert contents(out) == before
    assert run(*command).code == 2
    assert contents(out) == before


def test_a_new_export_has_what_could_be_read(
    pair: tuple[Path, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    damage_directory(pair[1])
    outcome = run("export", *pair, "--out", tmp_path / "out", "--no-validate", "--jobs", 1)
    assert outcome.code == 2
    assert f"rejected: {pair[1]}: damaged archive" in outcome.stderr
    assert len((tmp_path / "out" / "index.tsv").read_text().splitlines()) == 5


def test_a_record_with_a_fault_is_no_reason_to_keep_others(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    paths = [collection.add(figid) for figid in MANY]
    command = ("export", collection.root, "--out", tmp_path / "out", "--no-validate", "--jobs", 1)
    assert run(*command).code == 0
    paths[0].write_text("---\nfigid: [\n---\n")
    paths[1].unlink()
    assert run(*command).code == 1
    assert len(list((tmp_path / "out" / "core").glob("*.ttl"))) == len(MANY) - 2


def unlisted(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a folder of this name be one that may not be listed; the tests' user may all."""
    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if isinstance(path, str) and Path(path).name == name:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(walk.os, "scandir", refuse)


def test_a_folder_that_may_not_be_listed(
    figures: Path, run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = figures / "_figures" / "locked"
    more.mkdir()
    (more / f"{TWO}.md").write_text(record_text(figid=TWO))
    command = ("export", figures, "--out", tmp_path / "out", "--no-validate", "--jobs", 1)
    assert run(*command).code == 0
    before = contents(tmp_path / "out")
    unlisted(monkeypatch, "locked")
    outcome = run(*command)
    assert outcome.code == 2
    assert f"rejected: {more}: the folder cannot be read (Permission denied)" in outcome.stderr
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize(
    "command", [("validate", "--allow-empty"), ("load", "--graph", "http://e/g", "--store")]
)
def test_a_folder_of_rdf_that_may_not_be_listed(
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    source = tmp_path / "rdf"
    (source / "locked").mkdir(parents=True)
    (source / "a.nt").write_text(TRIPLE)
    (source / "._a.nt").write_bytes(b"\0\5\x16\7")
    store = () if command[0] == "validate" else (tmp_path / "store",)
    assert run(*command, *store, source).code < 2
    unlisted(monkeypatch, "locked")
    outcome = run(*command, *store, source)
    assert outcome.code == 2
    assert f"{source}/locked" in outcome.stderr


def test_strict_stops_at_what_cannot_be_read(
    pair: tuple[Path, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    damage_directory(pair[1])
    outcome = run("export", *pair, "--out", tmp_path / "out", "--strict", "--jobs", 1)
    assert outcome.code == 2
    assert not (tmp_path / "out" / "index.tsv").exists()


def graphs(store: Path) -> dict[str, int]:
    """The graphs of a store but for the list of what was loaded, and their sizes."""
    found: dict[str, int] = {}
    for quad in ox.Store.read_only(str(store)):
        name = str(quad.graph_name)
        if "/graph/load" not in name:
            found[name] = found.get(name, 0) + 1
    return found


@pytest.mark.parametrize("mode", [(), ("--replace",), ("--sync",)])
@pytest.mark.parametrize("damage", [damage_directory, damage_member])
def test_a_load_removes_nothing_that_it_cannot_read(
    pair: tuple[Path, Path],
    run: Callable[..., Outcome],
    tmp_path: Path,
    mode: tuple[str, ...],
    damage: Callable[[Path], None],
) -> None:
    store = tmp_path / "store"
    command = ("load", *pair, "--store", store, "--no-validate", "--jobs", 1, *mode)
    assert run(*command).code == 0
    before = graphs(store)
    damage(pair[1])
    archive_of([*MANY[:4], "PMC5__new"], pair[0])
    outcome = run(*command)
    assert outcome.code == 2, outcome.stderr
    assert outcome.stderr.count("rejected:") == 1
    after = graphs(store)
    assert len(after) == len(before) + 1
    # What all figures share has grown by the new one's.
    assert all(after[graph] >= size for graph, size in before.items())
    assert sorted(path.name for path in tmp_path.iterdir() if "store" in path.name) == ["store"]


def test_a_load_of_nothing_that_can_be_read(
    pair: tuple[Path, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    damage_directory(pair[0])
    outcome = run("load", pair[0], "--store", tmp_path / "store")
    assert outcome.code == 2


def test_no_release_of_sources_that_cannot_be_read(
    pair: tuple[Path, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    options = ("--version", "20261110", "--out", tmp_path / "r", "--jobs", 1, "--no-validate")
    assert run("release", *pair, *options).code == 0
    release = tmp_path / "r" / "pfocr" / "20261110"
    before = (release / "SHA256SUMS").read_bytes()
    sound = pair[1].read_bytes()
    for damage in (damage_directory, damage_member):
        pair[1].write_bytes(sound)
        damage(pair[1])
        outcome = run("release", *pair, *options, "--replace")
        assert outcome.code == 2
        assert "no release" in outcome.stderr
        assert (release / "SHA256SUMS").read_bytes() == before


def test_no_report_of_sources_that_cannot_be_read(
    pair: tuple[Path, Path], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    damage_directory(pair[1])
    report = tmp_path / "links.tsv"
    report.write_text("earlier\n")
    outcome = run("link", *pair, "--report", report, "--jobs", 1)
    assert outcome.code == 2
    assert report.read_text() == "earlier\n"
    assert run("link", *pair, "--jobs", 1).code == 2


@pytest.mark.parametrize("layout", ["files", "shards"])
@pytest.mark.parametrize("damage", [damage_directory, damage_member])
def test_an_export_to_a_store_replaces_nothing_that_it_cannot_read(
    pair: tuple[Path, Path],
    run: Callable[..., Outcome],
    tmp_path: Path,
    layout: str,
    damage: Callable[[Path], None],
) -> None:
    out = tmp_path / "out"
    command = ("export", *pair, "--out", f"file://{out}", "--layout", layout, "--no-validate")
    assert run(*command, "--jobs", 1).code == 0
    before = {path.name: path.read_bytes() for path in (out / "core").iterdir()}
    damage(pair[1])
    outcome = run(*command, "--jobs", 1)
    assert outcome.code == 2
    assert str(pair[1]) in outcome.stderr
    assert {path.name: path.read_bytes() for path in (out / "core").iterdir()} == before


def test_a_catalogue_says_what_is_incomplete(pair: tuple[Path, Path]) -> None:
    with Catalogue(map(str, pair)) as catalogue:
        assert catalogue.incomplete == []
    damage_directory(pair[1])
    with Catalogue(map(str, pair)) as catalogue:
        (error,) = catalogue.incomplete
        assert error.location.file == str(pair[1])
