"""Commands that succeed write no secret of an address into a file, and print none."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from rdfexport.errors import UsageError
from rdfexport.release.bundle import ReleaseOptions
from support import netcommands
from support.records import Collection
from support.standins import StandIn, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.records import Outcome

SECRET, FIGID = "S3CRET", "PMC1__f1"
ONCE = ("--jobs", "1", "--no-validate")
STATED = (
    "https://user:S3CRET@example.org/",
    "https://example.org/?token=S3CRET",
    "https://example.org/?X-Amz-Signature=S3CRET#part",
    "https://example.org/#access_token=S3CRET",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Records, a release and a table, at an address that has a user and a password."""
    folder = tmp_path_factory.mktemp("served")
    Collection(folder / "records").add(FIGID)
    (folder / "hgnc.txt").write_text(netcommands.HGNC)
    words = ("release", folder / "records", "--version", "20261110", "--out", folder)
    assert netcommands.run(*words, *ONCE).code == 0
    with netcommands.serving(folder) as port:
        yield f"http://user:{SECRET}@127.0.0.1:{port}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where all that is written goes, states and caches too."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "RDFEXPORT_CACHE", "TMPDIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


def contents(file: Path) -> Iterator[bytes]:
    """The bytes of a file, and those that are packed in it."""
    yield file.read_bytes()
    if file.suffix == ".gz":
        yield gzip.decompress(file.read_bytes())
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from map(archive.read, archive.namelist())


def assert_no_secret(outcome: Outcome, folder: Path) -> None:
    assert SECRET not in outcome.stdout + outcome.stderr
    for file in folder.rglob("*"):
        assert SECRET not in str(file)
        if file.is_file():
            assert not any(SECRET.encode() in data for data in contents(file)), file


@pytest.mark.parametrize(
    "words",
    [
        ("export", "{record}", "--out", "o", *ONCE),
        ("link", "{record}"),
        ("load", "{record}", "--store", "s", *ONCE),
        ("load", "{release}", "--store", "s"),
        ("release", "{record}", "--version", "20261210", "--out", "o", *ONCE),
        ("verify", "{release}", "--no-shacl", "--jobs", "1"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_source_s_address(
    words: tuple[str, ...], served: str, home: Path, run: Callable[..., Outcome]
) -> None:
    places = {
        "record": f"{served}/records/_figures/{FIGID}.md?token={SECRET}",
        "release": f"{served}/pfocr/20261110/",
    }
    outcome = run(*(word.format(**places) for word in words))
    if "{release}" in words:  # a release is public
        assert outcome.code == 2
    else:
        assert outcome.code == 0, outcome.stderr
    assert_no_secret(outcome, home)
    if (home / "s").exists():
        assert not [quad for quad in ox.Store.read_only("s") if SECRET in str(quad)]


def test_the_address_of_an_earlier_release(
    served: str, home: Path, run: Callable[..., Outcome]
) -> None:
    (home / "o").mkdir()
    Collection(home / "records").add(FIGID)
    words = ("release", "records", "--version", "20261210", "--out", "o", *ONCE)
    outcome = run(*words, "--previous", f"{served}/pfocr/20261110/")
    assert outcome.code == 0, outcome.stderr
    assert_no_secret(outcome, home)


def test_the_address_of_a_table(
    served: str, home: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Outcome]
) -> None:
    netcommands._small_tables(home, monkeypatch)
    address = f"{served}/hgnc.txt?token={SECRET}"
    for expected in ("updated", "unchanged"):
        outcome = run("references", "update", "--only", "hgnc", "--url", f"hgnc={address}")
        assert outcome.code == 0, outcome.stderr
        assert expected in outcome.stdout + outcome.stderr
        assert_no_secret(outcome, home)
    assert_no_secret(run("references", "list"), home)


def test_the_address_of_an_endpoint(home: Path, run: Callable[..., Outcome]) -> None:
    with running(StandIn(query="/")) as server:
        place = f"{server.url}/?token={SECRET}"
        for words in (("query", "organisms"), ("validate",)):
            outcome = run(*words, "--endpoint", place)
            assert outcome.code in {0, 2}, outcome.stderr
            assert_no_secret(outcome, home)
    with running(StandIn(query="/", update="/", graphs="/")) as server:
        Collection(home / "records").add(FIGID)
        outcome = run("load", "records", "--endpoint", f"{server.url}/?token={SECRET}", *ONCE)
        assert_no_secret(outcome, home)


@pytest.mark.parametrize("address", STATED)
@pytest.mark.parametrize("name", ["base_url", "source", "sparql_endpoint"])
def test_a_release_states_no_address_with_a_secret(name: str, address: str) -> None:
    places = {"base_url": "https://example.org/", name: address}
    with pytest.raises(UsageError) as caught:
        ReleaseOptions(out=Path("out"), day=date(2026, 11, 10), **places)
    assert f"--{name.replace('_', '-')}" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("source", ["https://example.org/a#part", "the records of May", "urn:a:b"])
def test_a_release_states_any_other_source(source: str) -> None:
    day, base = date(2026, 11, 10), "https://example.org/"
    options = ReleaseOptions(out=Path("out"), day=day, base_url=base, source=source)
    assert options.source == source


@pytest.mark.parametrize("address", STATED)
def test_a_server_states_no_address_with_a_secret(
    address: str, home: Path, run: Callable[..., Outcome]
) -> None:
    ox.Store(str(home / "s")).flush()
    outcome = run("serve", "--store", "s", "--port", "0", "--public-url", address)
    assert outcome.code == 2
    assert "--public-url" in outcome.stderr
    assert SECRET not in outcome.stderr
