"""What changed since an earlier release: the patches take a store from one to the next."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import json
import re
import shutil
import threading
import uuid
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from rdfexport.cli import main
from rdfexport.release.changes import compare
from rdfexport.terms import FIGURE_BASE, GRAPH_BASE
from support.paths import EXAMPLES
from support.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Collection

OLD, NEW = "20261110", "20261210"
STEM = f"pfocr-{NEW}-from-{OLD}"
AS = "https://www.w3.org/ns/activitystreams#"
ADDED, REMOVED = "PMC12240324__pone.0326693.g001", "PMC10036500__ga1"
REWORDED, REGENED = "PMC100008__mb2411709009", "PMC3811159__nihms512981f2"
# Names the gene that REGENED loses, in both graphs that figures share.
SHARER = "PMC9__f1"
LOST_GENE = "https://identifiers.org/ncbigene/3480"


def cli(*args: object) -> Outcome:
    result = CliRunner().invoke(main, [str(arg) for arg in args], catch_exceptions=False)
    return Outcome(result.exit_code, result.stdout, result.stderr)


class Site:
    """Releases of a collection that changes."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root = root
        self.out = out / "pfocr"

    def make(self, version: str, *options: object, code: int = 0) -> Outcome:
        out = ("--out", self.out.parent, "--jobs", "1", "--no-validate", "--version", version)
        outcome = cli("release", self.root, *out, *options)
        assert outcome.code == code, outcome.stderr
        return outcome

    def edit(self, figid: str, pattern: str, by: str | Callable[[re.Match[str]], str]) -> None:
        path = self.root / "_figures" / f"{figid}.md"
        text, number = re.subn(pattern, by, path.read_text("utf-8"), flags=re.MULTILINE)
        assert number
        path.write_text(text, "utf-8")

    def quads(self, version: str) -> set[ox.Quad]:
        with gzip.open(self.path(version, f"rdf/pfocr-{version}-rdf.nq.gz")) as file:
            return set(ox.parse(file, format=ox.RdfFormat.N_QUADS))

    def lines(self, version: str) -> list[str]:
        path = self.path(version, f"rdf/pfocr-{version}-rdf.nq.gz")
        return gzip.decompress(path.read_bytes()).decode().split("\n")

    def path(self, version: str, name: str) -> Path:
        return self.out / version / name

    def facts(self, version: str = NEW) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.path(version, "release.json").read_bytes())
        return facts

    def rows(self) -> list[list[str]]:
        text = self.path(NEW, "changes.tsv").read_text("utf-8")
        header, *rows = [line.split("\t") for line in text.split("\n")[:-1]]
        assert header == ["figid", "change", "graph", "deleted", "inserted"]
        return rows


@pytest.fixture
def site(collection: Collection, tmp_path: Path) -> Site:
    """A release of one figure, and nothing else."""
    collection.add("PMC1__f1")
    site = Site(collection.root, tmp_path / "out")
    site.make(OLD)
    return site


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Two releases between which all happened that may."""
    root = tmp_path_factory.mktemp("changed")
    shutil.copytree(EXAMPLES, root / "records", ignore=shutil.ignore_patterns("joins"))
    site = Site(root / "records", root / "out")
    figures = site.root / "_figures"
    text = (figures / f"{REGENED}.md").read_text("utf-8")
    for old, new in zip(REGENED.split("__"), SHARER.split("__"), strict=True):
        text = text.replace(old, new)
    (figures / f"{SHARER}.md").write_text(text, "utf-8")
    (figures / f"{ADDED}.md").rename(root / "waits.md")
    site.make(OLD)
    (root / "waits.md").rename(figures / f"{ADDED}.md")
    (figures / f"{REMOVED}.md").unlink()
    site.edit(REWORDED, r"^caption: ", "caption: Also ")
    site.edit(REGENED, r"^- word: IGF1R\n(  .*\n)+", "")
    site.make(NEW, "--previous", site.out / OLD)
    return site


def page(figid: str) -> str:
    return f"{FIGURE_BASE}{figid}.html"


def updates(site: Site) -> list[str]:
    with zipfile.ZipFile(site.path(NEW, f"patch/{STEM}-update.zip")) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == sorted(names)
        return [archive.read(name).decode() for name in names]


def patch(site: Site) -> list[str]:
    with gzip.open(site.path(NEW, f"patch/{STEM}.rdfp.gz"), "rt", encoding="utf-8") as file:
        return file.read().split("\n")[:-1]


def updated(site: Site) -> set[ox.Quad]:
    """The quads of a store of the earlier release that got the updates."""
    store = ox.Store()
    store.extend(site.quads(OLD))
    for update in updates(site):
        store.update(update)
    return set(store)


def patched(site: Site) -> set[ox.Quad]:
    """The quads of the earlier release that got the RDF Patch, as its specification has it."""
    quads = site.quads(OLD)
    header = True
    for line in patch(site):
        letter, _, rest = line.partition(" ")
        assert rest.endswith(".")
        if letter == "H":
            assert header
            continue
        header = False
        if letter in ("TX", "TC"):
            assert rest == "."
            continue
        (quad,) = ox.parse(rest, format=ox.RdfFormat.N_QUADS)
        assert (quad in quads) == (letter == "D")
        {"D": quads.remove, "A": quads.add}[letter](quad)
    return quads


def test_the_updates_take_a_store_from_one_release_to_the_next(changed: Site) -> None:
    assert changed.quads(OLD) != changed.quads(NEW)
    assert updated(changed) == changed.quads(NEW)


def test_the_rdf_patch_takes_a_store_from_one_release_to_the_next(changed: Site) -> None:
    assert patched(changed) == changed.quads(NEW)


def test_what_another_figure_still_says_is_not_deleted(changed: Site) -> None:
    """A gene was taken from one figure; in the shared graph its lines stand for another too."""
    lines = changed.lines(OLD), changed.lines(NEW)
    some = {line for line in lines[0] if line.startswith(f"<{LOST_GENE}> ") and "/wp>" in line}
    twice = {line for line in some if lines[0].count(line) == 2}
    assert len(twice) > 3
    assert all(lines[1].count(line) == 1 for line in twice)
    deleted = {line[2:] for line in patch(changed) if line.startswith("D ")}
    assert deleted & some
    assert not deleted & twice


def test_no_update_is_larger_than_a_store_takes(changed: Site) -> None:
    total = 0
    for update in updates(changed):
        text = re.sub(
            r"^(DELETE|INSERT) DATA \{\n|^GRAPH <[^>]*> \{\n|^\}\n", "", update, flags=re.MULTILINE
        )
        triples = list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
        assert 0 < len(triples) <= 1000
        total += len(triples)
    assert len(updates(changed)) > 3
    differing = changed.quads(OLD) ^ changed.quads(NEW)
    assert total == len(differing)
    assert sum(int(n) for row in changed.rows() for n in row[3:]) == len(differing)


def test_the_table_of_changes(changed: Site) -> None:
    old, new = changed.quads(OLD), changed.quads(NEW)
    rows = changed.rows()
    shared = [GRAPH_BASE + "linkset", GRAPH_BASE + "wp"]
    assert [row[:3] for row in rows] == [
        *(
            [figid, kind, page(figid)]
            for figid, kind in sorted(
                {
                    ADDED: "added",
                    REMOVED: "removed",
                    REWORDED: "changed",
                    REGENED: "changed",
                }.items()
            )
        ),
        *(["", "shared", graph] for graph in shared),
    ]
    for _, _, graph, deleted, inserted in rows:
        name = ox.NamedNode(graph)
        assert int(deleted) == sum(quad.graph_name == name for quad in old - new)
        assert int(inserted) == sum(quad.graph_name == name for quad in new - old)


def test_harvesters_are_told_of_activities(changed: Site) -> None:
    path = changed.path(NEW, "CHANGES.ttl")
    triples = {quad.triple for quad in ox.parse(path=str(path))}
    assert not any(
        isinstance(term, ox.BlankNode) for t in triples for term in (t.subject, t.object)
    )
    release = f"https://data.wikipathways.org/pfocr/{NEW}/"
    found = {
        (t.subject.value, t.predicate.value.rpartition("#")[2], getattr(t.object, "value", ""))
        for t in triples
    }
    this = release + "CHANGES.ttl"
    for figid, kind in (
        (ADDED, "Create"),
        (REMOVED, "Delete"),
        (REWORDED, "Update"),
        (REGENED, "Update"),
    ):
        activity = f"{this}#{quote(figid, safe='')}"
        assert (activity, "type", AS + kind) in found
        assert (activity, "object", page(figid)) in found
        assert (activity, "endTime", "2026-12-10T00:00:00Z") in found
        assert (this, "items", activity) in found
    assert sum(predicate == "items" for _, predicate, _ in found) == 4
    assert (this, "totalItems", "4") in found
    before = f"https://data.wikipathways.org/pfocr/{OLD}/"
    assert {(release, "previousVersion", before), (release, "wasRevisionOf", before)} <= found


def test_the_release_tells_of_the_files(changed: Site) -> None:
    facts = changed.facts()
    assert facts["previous"] == OLD
    files = {file["kind"]: file for file in facts["files"]}
    told = {"added": 1, "removed": 1, "changed": 2}
    assert files["changes"]["counts"] == {**told, "provenance": 0}
    assert files["changes-rdf"]["counts"] == told
    differing = {
        "deleted": len(changed.quads(OLD) - changed.quads(NEW)),
        "inserted": len(changed.quads(NEW) - changed.quads(OLD)),
    }
    assert files["patch"]["counts"] == files["update"]["counts"] == differing
    for kind in ("changes", "changes-rdf", "patch", "update"):
        data = changed.path(NEW, files[kind]["path"]).read_bytes()
        assert files[kind]["sha256"] == hashlib.sha256(data).hexdigest()
    paths = [file["path"] for file in facts["files"]]
    assert paths == sorted(paths)
    sums = changed.path(NEW, "SHA256SUMS").read_text()
    for name in ("changes.tsv", "CHANGES.ttl", f"patch/{STEM}.rdfp.gz", f"patch/{STEM}-update.zip"):
        assert f"  {name}\n" in sums
        assert (changed.out / "current" / name.replace(f"-{NEW}", "")).is_file()


def test_the_patches_of_releases_make_a_chain(site: Site) -> None:
    """The id that a patch comes after is that of the one that led to the earlier release."""
    site.make(NEW, "--previous", site.out / OLD)
    site.make("20270110", "--previous", site.out / NEW)
    with gzip.open(site.out / f"20270110/patch/pfocr-20270110-from-{NEW}.rdfp.gz", "rt") as file:
        later = file.read().split("\n")
    first = patch(site)
    ids = [
        re.fullmatch(r"H (id|prev) <(urn:uuid:.*)> \.", line) for line in (*first[:2], *later[:2])
    ]
    (i, prev, i_later, prev_later) = (uuid.UUID(found[2]) for found in ids if found)
    assert prev_later == i
    assert len({i, prev, i_later}) == 3


def test_the_same_bytes_twice(changed: Site, tmp_path: Path) -> None:
    def files() -> dict[str, bytes]:
        folder = changed.out / NEW
        return {p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    first = files()
    changed.make(NEW, "--replace", "--previous", changed.out / OLD)
    assert files() == first
    # From the undated name, as one who has only the newest release.
    shutil.copytree(changed.out / OLD, tmp_path / OLD)
    current = tmp_path / "current"
    shutil.copytree(changed.out / OLD, current)
    for path in list(current.rglob(f"pfocr-{OLD}-*")):
        path.rename(path.with_name(path.name.replace(f"pfocr-{OLD}-", "pfocr-")))
    changed.make(NEW, "--replace", "--previous", current)
    assert files() == first


def test_where_nothing_changed(site: Site) -> None:
    outcome = site.make(NEW, "--previous", site.out / OLD)
    assert "changes   0 added, 0 removed, 0 changed, 0 provenance" in outcome.stderr
    assert site.rows() == []
    assert updates(site) == []
    assert [line.split(" ")[0] for line in patch(site)] == ["H", "H", "TX", "TC"]
    assert patched(site) == site.quads(NEW) == site.quads(OLD)
    triples = list(ox.parse(path=str(site.path(NEW, "CHANGES.ttl"))))
    assert not any(quad.predicate.value == AS + "items" for quad in triples)


def test_without_an_earlier_release_there_are_no_changes(site: Site) -> None:
    outcome = site.make(NEW)
    assert "changes" not in outcome.stderr
    assert site.facts()["previous"] == OLD
    assert not list((site.out / NEW).rglob("*[cC]h*ng*"))
    assert not (site.out / NEW / "patch").exists()


def test_of_another_program_only_the_provenance_differs(site: Site) -> None:
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    text = gzip.decompress(quads.read_bytes())
    older = re.sub(rb"(export|software)/rdfexport-[0-9.]+", rb"\1/rdfexport-0.0.1", text)
    assert older != text
    resealed(site, older)
    site.make(NEW, "--previous", site.out / OLD)
    figures = [row for row in site.rows() if row[0]]
    assert [row[:2] for row in figures] == [["PMC1__f1", "provenance"]]
    assert updated(site) == patched(site) == site.quads(NEW)
    assert f"<{AS}" not in site.path(NEW, "CHANGES.ttl").read_text().partition("@prefix prov")[2]
    assert {
        file["kind"]: file["counts"]["provenance"]
        for file in site.facts()["files"]
        if "provenance" in file["counts"]
    } == {"changes": 1}


def resealed(site: Site, text: bytes | None = None, **facts: object) -> None:
    """Give the earlier release other quads, and tell of them; or let it tell something else."""
    place = site.path(OLD, "release.json")
    release = json.loads(place.read_bytes())
    (file,) = (file for file in release["files"] if file["kind"] == "nquads")
    if text is not None:
        data = gzip.compress(text, mtime=0)
        site.path(OLD, file["path"]).write_bytes(data)
        file |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    file |= {key: value for key, value in facts.items() if key in file}
    release |= {key: value for key, value in facts.items() if key in release}
    place.write_text(json.dumps(release))


@pytest.fixture
def server(site: Site) -> Iterator[str]:
    """The published site; gives the address of the earlier release."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = partial(Handler, directory=str(site.out))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=partial(served.serve_forever, poll_interval=0.01))
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("place", [f"/{OLD}", f"/{OLD}/", "/current/"])
def test_the_earlier_release_may_be_published(site: Site, server: str, place: str) -> None:
    site.edit("PMC1__f1", "mTORC1", "mTORC2")
    site.make(NEW, "--previous", server + place)
    assert [row[1] for row in site.rows() if row[0]] == ["changed"]
    assert updated(site) == site.quads(NEW) != site.quads(OLD)
    downloaded = everything(site.out / NEW)
    site.make(NEW, "--previous", site.out / OLD, "--replace")
    assert everything(site.out / NEW) == downloaded
    assert not list(site.out.glob(".*"))


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("fault", ["absent", "no quads", "flipped", "cut", "no release"])
def test_an_earlier_release_that_is_not_whole(
    site: Site, server: str, fault: str, *, published: bool
) -> None:
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    data = bytearray(quads.read_bytes())
    place = f"{server}/{OLD}" if published else str(site.out / OLD)
    said = quads.name
    if fault == "absent":
        place, said = place.replace(OLD, "20260101"), "20260101/release.json"
    elif fault == "no quads":
        quads.unlink()
    elif fault == "flipped":
        data[100] ^= 1
        quads.write_bytes(data)
    elif fault == "cut":
        quads.write_bytes(data[:-1])
    else:
        site.path(OLD, "release.json").write_text('["no release"]')
        said = "release.json: not what rdfexport release wrote"
    outcome = site.make(NEW, "--previous", place, code=2)
    assert said in outcome.stderr
    assert place.rstrip("/") in outcome.stderr
    assert not (site.out / NEW).exists()
    assert not list(site.out.glob(".*"))


@pytest.mark.parametrize(
    "facts",
    [
        {"path": "../../../../etc/passwd"},
        {"path": f"rdf/../../{OLD}/rdf/pfocr-{OLD}-rdf.nq.gz"},
        {"path": "/etc/passwd"},
        {"path": "rdf//x"},
        {"path": "rdf\\x"},
        {"path": "rdf/x?y"},
        {"path": 5},
        {"path": ""},
        {"sha256": None},
        {"size": "many"},
        {"size": 5},
        {"kind": "other"},
        {"version": "../x"},
        {"version": 20261110},
        {"version": "0"},
        {"base_url": "https://example.org/> . <a> <b> <c"},
        {"base_url": None},
        {"files": "none"},
        {"files": [5]},
    ],
    ids=repr,
)
def test_what_another_release_says_is_not_trusted(
    site: Site, server: str, facts: dict[str, object]
) -> None:
    resealed(site, **facts)
    for place in (f"{server}/{OLD}", site.out / OLD):
        outcome = site.make(NEW, "--previous", place, code=2)
        assert f"{place}/" in outcome.stderr
        assert "not what" in outcome.stderr or "not the file" in outcome.stderr
    assert not (site.out / NEW).exists()


S = f"<{page('PMC1__f1')}>".encode()


@pytest.mark.parametrize(
    "line",
    [
        b'%s <http://a/b> "x" . DROP ALL ; <http://a/b> <http://a/b> %s .',
        b"<http://a/> <http://a/b> <http://a/\\u003E\\u007D> %s .",
        b"%s <http://a/b> _:x %s .",
        b"%s <http://a/b> <http://a/b> . # %s .",
        b"# %s .",
        b"%s .",
        b"%s %s .",
        b"%s <http://a/b> <http://a/b> %s",
        b"%s <http://a/b> <<( <http://a/b> <http://a/b> <http://a/b> )>> %s .",
        b"<http://a/b> <http://a/b> <http://a/b> <no iri> .",
        b'%s <http://a/b> "\\u0022 . } } ; DROP ALL #" %s .',
        b'%s <http://a/b> "\\u0041" %s .',
        b'%s  <http://a/b> "A" %s .',
        b"_:x <http://a/b> <http://a/b> %s .",
        b"\xff\xfe> .",
    ],
)
def test_quads_of_another_release_are_not_trusted(site: Site, line: bytes) -> None:
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    text = gzip.decompress(quads.read_bytes())
    first, _, rest = text.partition(b"\n")
    resealed(site, b"\n".join((first, line.replace(b"%s", S), rest)))
    outcome = site.make(NEW, "--previous", site.out / OLD, code=2)
    assert str(quads) in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (site.out / NEW).exists()


def test_quads_of_another_release_that_swell_are_refused(site: Site) -> None:
    resealed(site, (b'%s <http://a/b> "x" %s .\n' % (S, S)) * 2_000_000)
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    assert quads.stat().st_size < 1_500_000
    outcome = site.make(NEW, "--previous", site.out / OLD, code=2)
    assert f"{quads}: damaged (it grows more than 100 times on unpacking)" in outcome.stderr
    assert not (site.out / NEW).exists()


def test_whatever_stands_in_a_caption(site: Site) -> None:
    odd = r"\u0022 . } } ; DROP ALL # \\u0022 \" ' \n \t \x7f \x85 \u2028 \U0001F600 \\ } <x> \r ."
    for version, words in ((OLD, f"One {odd}"), (NEW, f"{odd} two")):
        site.edit("PMC1__f1", "^caption: .*", lambda _, words=words: f'caption: "{words}"')
        previous = () if version == OLD else ("--previous", site.out / OLD)
        site.make(version, "--replace", *previous)
    assert "\\\\u0022" in "".join(patch(site))
    assert site.rows()[0][3:] == ["2", "2"]
    assert updated(site) == patched(site) == site.quads(NEW) != site.quads(OLD)


def test_figids_are_escaped_in_the_names_of_activities(site: Site) -> None:
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    graph = page("PMC0__\u03b1?%41#b")
    line = f"<http://a/b> <http://a/b> <http://a/b> <{graph}> .\n"
    resealed(site, line.encode() + gzip.decompress(quads.read_bytes()))
    site.make(NEW, "--previous", site.out / OLD)
    assert site.rows() == [["PMC0__\u03b1?%41#b", "removed", graph, "1", "0"]]
    activities = ox.parse(path=str(site.path(NEW, "CHANGES.ttl")))
    (activity,) = (quad for quad in activities if quad.predicate.value == AS + "object")
    assert activity.object.value == graph
    assert activity.subject.value.endswith("/CHANGES.ttl#PMC0__%CE%B1%3F%2541%23b")


def test_lines_of_a_figure_in_two_places(site: Site) -> None:
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    text = gzip.decompress(quads.read_bytes())
    resealed(site, text + text.partition(b"\n")[0] + b"\n")
    outcome = site.make(NEW, "--previous", site.out / OLD, code=2)
    assert f"{quads}: {page('PMC1__f1')} is in two places of it" in outcome.stderr


def test_the_same_lines_in_another_order_are_no_change(site: Site) -> None:
    quads = site.path(OLD, f"rdf/pfocr-{OLD}-rdf.nq.gz")
    lines = gzip.decompress(quads.read_bytes()).splitlines(keepends=True)
    other = sorted(lines, key=lambda line: (line.split()[-2], line), reverse=True)
    assert other != lines
    resealed(site, b"".join(other))
    site.make(NEW, "--previous", site.out / OLD)
    assert site.rows() == []
    assert updates(site) == []


@pytest.mark.parametrize("version", [OLD, "20261109"])
def test_only_an_earlier_release_is_compared_with(site: Site, version: str) -> None:
    outcome = site.make(version, "--replace", "--previous", site.out / OLD, code=2)
    assert f"release {OLD} is not earlier than {version}" in outcome.stderr
    assert (site.out / OLD).exists()


def test_stopped_and_gone_on_with(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.edit("PMC1__f1", "mTORC1", "mTORC2")
    site.make(NEW, "--previous", site.out / OLD)
    undisturbed = everything(site.out / NEW)
    shutil.rmtree(site.out / NEW)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr("rdfexport.release.changefiles.described", stop)
        site.make(NEW, "--previous", site.out / OLD, code=130)
    assert not (site.out / NEW).exists()
    assert [path.name for path in site.out.glob(f".{NEW}.partial/*")] == [NEW, "work"]
    site.make(NEW, "--previous", site.out / OLD)
    assert everything(site.out / NEW) == undisturbed


TERMS = st.sampled_from([f"<http://example.org/{name}>" for name in "abc"])
GRAPHS = [page("PMC1__f1"), page("PMC1__f1-2"), GRAPH_BASE + "wp", GRAPH_BASE + "linkset"]
RELEASE = st.fixed_dictionaries(
    {graph: st.lists(st.tuples(TERMS, TERMS, TERMS), max_size=6) for graph in GRAPHS}
)


@given(old=RELEASE, new=RELEASE)
def test_what_is_deleted_and_inserted_is_the_difference(
    tmp_path_factory: pytest.TempPathFactory,
    old: dict[str, list[tuple[str, str, str]]],
    new: dict[str, list[tuple[str, str, str]]],
) -> None:
    folder = tmp_path_factory.mktemp("compared")
    sets = []
    for name, release in (("old", old), ("new", new)):
        lines = [f"{s} {p} {o} <{graph}> .\n" for graph, ts in release.items() for s, p, o in ts]
        (folder / name).write_bytes(gzip.compress("".join(lines).encode()))
        sets.append(set(ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS)))
    changes = list(compare(folder / "old", folder / "new", folder))
    deleted = [quad for change in changes for quad in change.deleted]
    inserted = [quad for change in changes for quad in change.inserted]
    assert set(deleted) == sets[0] - sets[1]
    assert set(inserted) == sets[1] - sets[0]
    assert len(deleted) + len(inserted) == len(sets[0] ^ sets[1])
    figids = [change.figid for change in changes if change.figid is not None]
    assert figids == sorted(set(figids))
    assert changes == list(compare(folder / "old", folder / "new", folder))
