"""A release as a deposit of Zenodo."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from rdfexport.submit import client
from support.catalogs import AFTER, BASE_URL, FAULTS, ZENODO_TOKEN, Catalog, served, small_release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome


@pytest.fixture(scope="module")
def server() -> Iterator[Catalog]:
    with served("zenodo") as catalog:
        yield catalog


@pytest.fixture
def zenodo(server: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Catalog:
    server.reset()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("RDFEXPORT_TOKEN", ZENODO_TOKEN)
    monkeypatch.setattr(client, "SUBMITTING", replace(client.SUBMITTING, backoff=0.0))
    return server


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return small_release(tmp_path / "out")


@pytest.fixture
def submit(run: Callable[..., Outcome], zenodo: Catalog) -> Callable[..., Outcome]:
    def call(release: Path, *options: str) -> Outcome:
        return run("submit", release, "--to", f"zenodo:{zenodo.url}", *options)

    return call


def forget(tmp_path: Path) -> None:
    for path in (tmp_path / "state").rglob("*.json"):
        path.unlink()


def files_of(release: Path) -> dict[str, str]:
    paths = (path for path in release.rglob("*") if path.is_file())
    return {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in paths}


def check(deposit: dict[str, Any], release: Path, *, published: bool) -> None:
    assert deposit["submitted"] is published
    there = {file["filename"]: file["checksum"] for file in deposit["files"]}
    assert there == files_of(release)
    assert deposit["metadata"]["version"] == release.name
    related = {r["identifier"]: r["relation"] for r in deposit["metadata"]["related_identifiers"]}
    assert related == {
        f"{BASE_URL}pfocr/{release.name}/": "isIdenticalTo",
        f"{BASE_URL}pfocr/": "isPartOf",
    }


def test_a_draft_until_publish_is_said(
    zenodo: Catalog, release: Path, submit: Callable[..., Outcome]
) -> None:
    outcome = submit(release)
    assert outcome.code == 0, outcome.stderr
    assert "--publish publishes it" in outcome.stderr
    (deposit,) = zenodo.state
    check(deposit, release, published=False)
    metadata = deposit["metadata"]
    assert metadata["communities"] == [{"identifier": "wikipathways"}]
    assert metadata["upload_type"] == "dataset"
    assert metadata["license"] == "cc-zero"
    outcome = submit(release, "--publish")
    assert outcome.code == 0, outcome.stderr
    (deposit,) = zenodo.state
    check(deposit, release, published=True)


@pytest.mark.parametrize("memory", ["receipt", "no receipt"])
@pytest.mark.parametrize("options", [(), ("--publish",)], ids=["draft", "published"])
def test_a_second_run_changes_nothing(
    memory: str,
    options: tuple[str, ...],
    zenodo: Catalog,
    release: Path,
    submit: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    submit(release, *options)
    before = zenodo.state
    if memory == "no receipt":
        forget(tmp_path)
    zenodo.fail(None)
    outcome = submit(release, *options)
    assert outcome.code == 0
    assert "all is there already" in outcome.stderr
    assert zenodo.writes == []
    assert zenodo.state == before


@pytest.mark.parametrize("memory", ["receipt", "no receipt"])
def test_a_later_release_is_a_new_version(
    memory: str,
    zenodo: Catalog,
    release: Path,
    submit: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    submit(release, "--publish")
    if memory == "no receipt":
        forget(tmp_path)
    later = small_release(tmp_path / "out", "20261210")
    assert submit(later, "--publish").code == 0
    first, second = zenodo.state
    check(first, release, published=True)
    check(second, later, published=True)
    assert second["conceptrecid"] == first["conceptrecid"]
    zenodo.fail(None)
    assert submit(release, "--publish").code == 0
    assert zenodo.writes == []


def requests_of_a_run(zenodo: Catalog, call: Callable[[], Outcome]) -> int:
    zenodo.fail(None)
    outcome = call()
    assert outcome.code == 0, outcome.stderr
    return len(zenodo.log)


@pytest.mark.parametrize("how", FAULTS)
def test_one_fault_at_any_request_and_a_second_run_leave_one_deposit(
    how: str,
    zenodo: Catalog,
    release: Path,
    submit: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    number = requests_of_a_run(zenodo, lambda: submit(release, "--publish"))
    for at in range(1, number + 1):
        zenodo.reset()
        forget(tmp_path)
        zenodo.fail(at, how)
        first = submit(release, "--publish")
        assert ZENODO_TOKEN not in first.stderr
        zenodo.fail(None)
        second = submit(release, "--publish")
        assert second.code == 0, f"{how} at {at}: {second.stderr}"
        (deposit,) = zenodo.state
        check(deposit, release, published=True)
        if first.code == 0:
            assert zenodo.writes == [], f"{how} at {at}"


@pytest.mark.parametrize("how", [*AFTER, "drop-before"])
def test_a_server_that_dies_at_any_request_of_a_new_version_and_comes_back(
    how: str,
    zenodo: Catalog,
    release: Path,
    submit: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = small_release(tmp_path / "out", "20261210")
    submit(release, "--publish")
    number = requests_of_a_run(zenodo, lambda: submit(later, "--publish"))
    monkeypatch.setattr(client, "SUBMITTING", replace(client.SUBMITTING, tries=1))
    for at in range(1, number + 1):
        zenodo.reset()
        forget(tmp_path)
        submit(release, "--publish")
        zenodo.fail(at, how, forever=True)
        assert submit(later, "--publish").code in {1, 2}, f"{how} at {at}"
        if at % 2:
            forget(tmp_path)
        zenodo.fail(None)
        # The draft that was left has what the first version says of itself.
        assert submit(release, "--publish").code == 0
        second = submit(later, "--publish")
        assert second.code == 0, f"{how} at {at}: {second.stderr}"
        deposits = zenodo.state
        assert len(deposits) == 2
        check(deposits[0], release, published=True)
        check(deposits[1], later, published=True)


def test_a_file_that_did_not_arrive_as_it_is_is_sent_again(
    zenodo: Catalog, release: Path, submit: Callable[..., Outcome]
) -> None:
    zenodo.tell(options={"corrupt": "release.json"})
    zenodo.fail(None)
    assert submit(release).code == 0
    assert sum(write.endswith("/release.json") for write in zenodo.writes) == 2
    check(zenodo.state[0], release, published=False)


@pytest.mark.parametrize("options", [(), ("--publish",)], ids=["draft", "published"])
def test_a_draft_that_names_no_bucket_gets_one(
    options: tuple[str, ...], zenodo: Catalog, release: Path, submit: Callable[..., Outcome]
) -> None:
    zenodo.tell(options={"no_bucket": True})
    outcome = submit(release, *options)
    assert outcome.code == 0, outcome.stderr
    zenodo.tell(options={})
    check(zenodo.state[0], release, published=bool(options))


@pytest.mark.parametrize("left", ["nothing", "a draft"])
def test_files_in_the_way_of_a_new_version_are_removed(
    left: str, zenodo: Catalog, release: Path, submit: Callable[..., Outcome], tmp_path: Path
) -> None:
    submit(release, "--publish")
    if left == "a draft":  # that somebody began in a browser
        answer = requests.post(
            f"{zenodo.url}/api/deposit/depositions/1000/actions/newversion",
            headers={"Authorization": f"Bearer {ZENODO_TOKEN}"},
            timeout=10,
        )
        assert answer.ok
    zenodo.tell(options={"files_in_the_way": True})
    later = small_release(tmp_path / "out", "20261210")
    outcome = submit(later, "--publish")
    assert outcome.code == 0, outcome.stderr
    first, second = zenodo.state
    check(first, release, published=True)
    check(second, later, published=True)
    assert second["conceptrecid"] == first["conceptrecid"]


def test_a_file_that_is_not_what_the_release_says_is_not_published(
    zenodo: Catalog, release: Path, submit: Callable[..., Outcome]
) -> None:
    (path,) = release.rglob("*.parquet")
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)
    zenodo.fail(None)
    outcome = submit(release, "--publish")
    assert outcome.code == 2
    assert "is not what release.json says" in outcome.stderr
    assert zenodo.log == []


def test_a_published_deposit_with_other_files_is_told(
    release: Path, submit: Callable[..., Outcome]
) -> None:
    submit(release, "--publish")
    (release / "dcat.ttl").write_text("# changed\n")
    outcome = submit(release, "--publish")
    assert outcome.code == 1
    assert "(dcat.ttl)" in outcome.stderr
    assert "give the release another version" in outcome.stderr


def test_an_empty_file_has_a_length_too(
    zenodo: Catalog, release: Path, submit: Callable[..., Outcome]
) -> None:
    (release / "CHANGES.ttl").write_bytes(b"")
    assert submit(release).code == 0
    check(zenodo.state[0], release, published=False)


def test_two_files_of_one_name_and_too_many_are_told(
    zenodo: Catalog, release: Path, submit: Callable[..., Outcome]
) -> None:
    (release / "gmt" / "dcat.ttl").write_text("")
    outcome = submit(release)
    assert outcome.code == 2
    assert "a deposit has no folders" in outcome.stderr
    (release / "gmt" / "dcat.ttl").unlink()
    for number in range(100):
        (release / f"more{number}").write_text("")
    assert "100 at most" in submit(release).stderr
    assert zenodo.state == []


def test_the_token_is_asked_for_and_never_shown(
    zenodo: Catalog,
    release: Path,
    submit: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("RDFEXPORT_TOKEN", "wr0ng-t0ken")
    outcome = submit(release)
    assert outcome.code == 2
    assert "the server answered 401" in outcome.stderr
    assert "wr0ng-t0ken" not in outcome.stderr
    monkeypatch.delenv("RDFEXPORT_TOKEN")
    outcome = submit(release)
    assert outcome.code == 2
    assert "set RDFEXPORT_TOKEN" in outcome.stderr
    assert zenodo.state == []
    monkeypatch.setenv("RDFEXPORT_TOKEN", ZENODO_TOKEN)
    submit(release)
    kept = "".join(path.read_text() for path in (tmp_path / "state").rglob("*.json"))
    assert kept
    assert ZENODO_TOKEN not in kept


def test_a_dry_run_prints_the_requests_and_sends_none(
    zenodo: Catalog, release: Path, submit: Callable[..., Outcome], run: Callable[..., Outcome]
) -> None:
    zenodo.fail(None)
    outcome = submit(release, "--dry-run")
    assert outcome.code == 0
    assert json.loads(outcome.stdout.split("\n\n")[1])["metadata"]["title"] == "PFOCR 20261110"
    assert outcome.stdout.count("PUT ") == len(files_of(release))
    assert "actions/publish" not in outcome.stdout
    assert "actions/publish" in submit(release, "--dry-run", "--publish").stdout
    assert zenodo.log == []
    plain = run("submit", release, "--to", "zenodo:", "--dry-run")
    assert plain.stdout.startswith("POST https://zenodo.org/api/deposit/depositions\n")


def test_files_are_streamed(zenodo: Catalog, release: Path) -> None:
    """A file larger than the memory that the command may have more than for a small one."""
    command = [sys.executable, "-m", "rdfexport", "submit", str(release)]
    limited = f'ulimit -v 400000; exec "$@" --to zenodo:{zenodo.url}'
    for size in (1, 250_000_000):
        with (release / "large.bin").open("wb") as file:
            file.truncate(size)
        done = subprocess.run(
            ["bash", "-c", limited, "bash", *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    check(zenodo.state[0], release, published=False)
