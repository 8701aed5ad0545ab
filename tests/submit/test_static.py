"""A release into a FAIR Data Point that is files, and the shapes these have to satisfy."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport.validate import ENGINES, default_shapes, load_shapes, make_engine, shapes_folder
from support.catalogs import BASE_URL, small_release

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.records import Outcome

URL = "https://fdp.example.org/"
FDPO = "https://w3id.org/fdp/fdp-o#"
DCAT = "http://www.w3.org/ns/dcat#"
LDP = "http://www.w3.org/ns/ldp#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RELEASE_FILES = {
    "index.ttl",
    "catalog/index.ttl",
    "dataset/20261110/index.ttl",
    "dataset/20261110/gmt/index.ttl",
    "dataset/20261110/mentions/index.ttl",
    "dataset/20261110/rdf/index.ttl",
}


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return small_release(tmp_path / "out")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "fdp"


@pytest.fixture
def submit(run: Callable[..., Outcome], folder: Path) -> Callable[..., Outcome]:
    def call(release: Path, *options: str) -> Outcome:
        return run("submit", release, "--to", f"fdp-static:{folder}", "--fdp-url", URL, *options)

    return call


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def said(folder: Path, name: str) -> set[tuple[str, str, str]]:
    quads = ox.parse(path=folder / name, format=ox.RdfFormat.TURTLE)
    return {(q.subject.value, q.predicate.value, q.object.value) for q in quads}


def test_the_layout_is_that_of_wikipathways(
    release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    outcome = submit(release)
    assert outcome.code == 0, outcome.stderr
    assert set(tree(folder)) == RELEASE_FILES
    root = said(folder, "index.ttl")
    for kind in ("FAIRDataPoint", "FairDataPoint", "MetadataService"):
        assert (f"{URL}index.ttl", TYPE, FDPO + kind) in root
    distributions = said(folder, "dataset/20261110/rdf/index.ttl")
    core = f"{URL}dataset/20261110/rdf/index.ttl#core"
    download = f"{BASE_URL}pfocr/20261110/rdf/pfocr-20261110-rdf-core.zip"
    assert (core, DCAT + "downloadURL", download) in distributions
    assert (core, DCAT + "mediaType", "text/turtle") in distributions
    dataset = f"{URL}dataset/20261110/index.ttl"
    facts = said(folder, "dataset/20261110/index.ttl")
    assert (dataset, DCAT + "version", "20261110") in facts
    assert (dataset, "http://purl.org/dc/terms/hasVersion", "20261110") in facts


def reached(folder: Path, name: str = "index.ttl") -> set[str]:
    """What the reference's harvester reads: where there is a container, only what it contains."""
    seen: set[str] = set()
    waiting = [URL + name]
    relations = {FDPO + "metadataCatalog", DCAT + "dataset", DCAT + "distribution"}
    while waiting:
        url = waiting.pop().partition("#")[0]
        if url in seen:
            continue
        seen.add(url)
        facts = said(folder, url.removeprefix(URL))
        containers = [s for s, p, o in facts if p == TYPE and o == LDP + "DirectContainer"]
        if containers:
            waiting += [o for s, p, o in facts if s in containers and p == LDP + "contains"]
        else:
            waiting += [o for _, p, o in facts if p in relations]
    return {url.removeprefix(URL) for url in seen}


def test_a_harvester_reaches_every_file(
    release: Path, folder: Path, tmp_path: Path, submit: Callable[..., Outcome]
) -> None:
    submit(release)
    submit(small_release(tmp_path / "out", "20261210"))
    assert reached(folder) == set(tree(folder))
    # And one that knows no containers does, too.
    links = {o for s, p, o in said(folder, "index.ttl") if p == FDPO + "metadataCatalog"}
    assert links == {f"{URL}catalog/index.ttl"}


def test_older_releases_are_kept_in_whatever_order_they_come(
    folder: Path, tmp_path: Path, submit: Callable[..., Outcome]
) -> None:
    versions = ("20261110", "20261210", "20270110")
    releases = {version: small_release(tmp_path / "out", version) for version in versions}
    for version in versions:
        submit(releases[version])
    first = tree(folder)
    assert {name.split("/")[1] for name in first if name.startswith("dataset/")} == set(versions)
    datasets = {o for _, p, o in said(folder, "catalog/index.ttl") if p == DCAT + "dataset"}
    assert datasets == {f"{URL}dataset/{version}/index.ttl" for version in versions}
    assert (f"{URL}index.ttl", DCAT + "version", "20270110") in said(folder, "index.ttl")
    shutil.rmtree(folder)
    for version in reversed(versions):
        submit(releases[version])
    assert tree(folder) == first


def test_a_second_run_writes_nothing(
    release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    submit(release)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    outcome = submit(release)
    assert outcome.code == 0
    assert "all is there already" in outcome.stderr
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_it_appears_from_below_so_that_no_link_leads_to_nothing(
    release: Path, submit: Callable[..., Outcome]
) -> None:
    wrote = [line.rpartition("/fdp/")[2] for line in submit(release).stderr.splitlines()]
    assert set(wrote) == RELEASE_FILES
    assert wrote[-3:] == ["dataset/20261110/index.ttl", "catalog/index.ttl", "index.ttl"]


def test_one_that_was_stopped_half_way_goes_on(
    release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    submit(release)
    whole = tree(folder)
    shutil.rmtree(folder)
    (folder / "catalog").mkdir(parents=True)
    (folder / "catalog" / "index.ttl.partial").mkdir()  # it cannot be written
    outcome = submit(release)
    assert outcome.code == 2
    assert "cannot be written" in outcome.stderr
    assert not (folder / "index.ttl").exists()
    (folder / "catalog" / "index.ttl.partial").rmdir()
    assert submit(release).code == 0
    assert tree(folder) == whole


def test_files_of_others_are_not_touched(
    release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    others = {"CNAME": b"fdp.example.org", "dataset/notes/index.ttl": b"no Turtle <"}
    for name, content in others.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert submit(release).code == 0
    now = tree(folder)
    assert {name: now[name] for name in others} == others


@pytest.mark.parametrize(("text", "problem"), [("<", "cannot be read"), ("", "is this the folder")])
def test_a_folder_of_something_else_is_refused(
    text: str, problem: str, release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    (folder / "dataset" / "20260101").mkdir(parents=True)
    (folder / "dataset" / "20260101" / "index.ttl").write_text(text)
    outcome = submit(release)
    assert outcome.code == 2
    assert problem in outcome.stderr
    assert len(tree(folder)) == 1


def test_a_dry_run_prints_the_files_and_writes_none(
    release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    outcome = submit(release, "--dry-run")
    assert outcome.code == 0
    assert outcome.stdout.count("write ") == len(RELEASE_FILES)
    assert "\\t" not in outcome.stdout  # no line is indented by an escape
    assert not folder.exists()


def test_without_an_address_it_is_beside_the_releases(
    release: Path, folder: Path, run: Callable[..., Outcome]
) -> None:
    assert run("submit", release, "--to", f"fdp-static:{folder}").code == 0
    assert (f"{BASE_URL}fdp/index.ttl", TYPE, FDPO + "FAIRDataPoint") in said(folder, "index.ttl")


# --- the shapes ----------------------------------------------------------------------------------


def shapes() -> str:
    return load_shapes([shapes_folder() / "fdp" / "all.ttl"])


@pytest.mark.parametrize("engine", ENGINES)
def test_each_file_conforms_to_the_shapes_of_fair_data_points(
    engine: str, folder: Path, tmp_path: Path, submit: Callable[..., Outcome]
) -> None:
    submit(small_release(tmp_path / "out"))
    submit(small_release(tmp_path / "out", "20261210"))
    compiled = make_engine(engine, shapes())
    for name, content in tree(folder).items():
        assert compiled.validate(content.decode(), "turtle") == [], name


REQUIRED = (
    "http://purl.org/dc/terms/title",
    "http://purl.org/dc/terms/publisher",
    DCAT + "version",
    DCAT + "theme",
    DCAT + "mediaType",
    "http://xmlns.com/foaf/0.1/name",
)
"""What is taken away from a record."""

WRONG = {
    "http://purl.org/dc/terms/license": '"CC0"',
    "http://purl.org/dc/terms/description": '"one more"',
    "http://purl.org/dc/terms/issued": '"2026-11-10"^^<http://www.w3.org/2001/XMLSchema#date>',
    DCAT + "mediaType": "<https://www.iana.org/assignments/media-types/text/turtle>",
    DCAT + "landingPage": '"https://e.org"',
    DCAT + "byteSize": "<https://e.org/12>",
    DCAT + "downloadURL": "<https://e.org/another>",
    "http://xmlns.com/foaf/0.1/homePage": '"https://e.org"',
    FDPO + "startDate": '"today"',
}
"""What a record gets besides: a value that is wrong, or one too many."""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("predicate", [*REQUIRED, *(f"+{name}" for name in WRONG)])
def test_the_shapes_find_what_they_are_there_for(
    predicate: str, engine: str, release: Path, folder: Path, submit: Callable[..., Outcome]
) -> None:
    submit(release)
    quads = [
        quad
        for name in ("index.ttl", "dataset/20261110/index.ttl")
        for quad in ox.parse(path=folder / name, format=ox.RdfFormat.TURTLE)
    ]
    lines = list(dict.fromkeys(f"{quad.triple} .\n" for quad in quads))
    name = predicate.removeprefix("+")
    of_it = [line for line in lines if f" <{name}> " in line]
    if predicate.startswith("+"):
        subject = of_it[0].split(" ")[0] if of_it else f"<{URL}index.ttl>"
        lines.append(f"{subject} <{name}> {WRONG[name]} .\n")
    else:
        subject = of_it[0].split(" ")[0]
        lines = [line for line in lines if not line.startswith(f"{subject} <{name}> ")]
    found = make_engine(engine, shapes()).validate("".join(lines))
    assert f"<{name}>" in {result.path for result in found}


def test_figures_are_not_held_against_the_shapes_of_catalogs() -> None:
    assert "fdp#" not in load_shapes([default_shapes()])
    assert Path(shapes_folder() / "fdp" / "all.ttl").is_file()
