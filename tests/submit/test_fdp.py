"""A release into a FAIR Data Point, by its API."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from rdfexport.errors import UsageError
from rdfexport.release.model import open_release
from rdfexport.submit import client
from rdfexport.submit.fdp import Fdp
from rdfexport.submit.target import Options
from support.catalogs import (
    AFTER,
    BASE_URL,
    EMAIL,
    FAULTS,
    PASSWORD,
    Catalog,
    served,
    small_release,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome

FILES = 4
WHOLE = Counter({"catalog": 1, "dataset": 1, "distribution": FILES})


@pytest.fixture(scope="module")
def server() -> Iterator[Catalog]:
    with served("fdp") as catalog:
        yield catalog


@pytest.fixture
def fdp(server: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Catalog:
    """The server with nothing in it; the user who may write is known."""
    server.reset()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("RDFEXPORT_USER", EMAIL)
    monkeypatch.setenv("RDFEXPORT_PASSWORD", PASSWORD)
    monkeypatch.delenv("RDFEXPORT_TOKEN", raising=False)
    monkeypatch.setattr(client, "SUBMITTING", replace(client.SUBMITTING, backoff=0.0))
    return server


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return small_release(tmp_path / "out")


def receipts(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state").rglob("*.json"))


def forget(tmp_path: Path) -> None:
    for path in receipts(tmp_path):
        path.unlink()


def check_whole(fdp: Catalog, datasets: int = 1) -> None:
    """There is exactly one catalog, one dataset, n distributions; all linked and published."""
    state = fdp.state
    kinds = Counter(one["kind"] for one in state)
    assert kinds == {"catalog": 1, "dataset": datasets, "distribution": FILES * datasets}
    assert all(one["linked"] for one in state)
    assert {one["state"] for one in state} == {"PUBLISHED"}
    identifiers = [one["identifier"] for one in state]
    assert len({name for names in identifiers for name in names}) == len(state)


def test_a_release_becomes_a_catalog_a_dataset_and_a_distribution_a_file(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 0, outcome.stderr
    check_whole(fdp)
    assert outcome.stderr.count("made ") == outcome.stderr.count("published ") == FILES + 2
    dataset = next(one for one in fdp.state if one["kind"] == "dataset")
    assert dataset["identifier"] == [f"{BASE_URL}pfocr/20261110/"]
    said = "\n".join(dataset["says"])
    assert '<http://www.w3.org/ns/dcat#version> "20261110"' in said
    assert '<http://purl.org/dc/terms/hasVersion> "20261110"' in said
    urls = "\n".join(line for one in fdp.state for line in one["says"])
    assert f"downloadURL> <{BASE_URL}pfocr/20261110/rdf/pfocr-20261110-rdf-core.zip>" in urls


def test_nobody_sees_a_record_whose_parent_is_hidden_and_none_before_all_are_there(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    fdp.fail(None)
    run("submit", release, "--to", f"fdp:{fdp.url}")
    kinds = [write.split("/")[1] for write in fdp.writes]
    assert kinds == ["catalog", "dataset", *["distribution"] * FILES] * 2
    assert all(write.startswith("POST") for write in fdp.writes[: FILES + 2])
    assert all(write.endswith("/meta/state") for write in fdp.writes[FILES + 2 :])


@pytest.mark.parametrize("memory", ["receipt", "no receipt"])
def test_a_second_run_changes_nothing(
    memory: str, fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    run("submit", release, "--to", f"fdp:{fdp.url}")
    before = fdp.state
    if memory == "no receipt":
        forget(tmp_path)
    fdp.fail(None)
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 0
    assert outcome.stderr == f"fdp:{fdp.url}: all is there already\n"
    assert fdp.writes == []
    assert fdp.state == before


def test_the_receipt_alone_suffices(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    """A server may keep nothing by which a record can be known."""
    fdp.reset(strip_identifiers=True)
    run("submit", release, "--to", f"fdp:{fdp.url}")
    assert Counter(one["kind"] for one in fdp.state) == WHOLE
    assert not any(one["identifier"] for one in fdp.state)
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    assert Counter(one["kind"] for one in fdp.state) == WHOLE


def test_a_receipt_that_is_wrong_is_not_believed(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    run("submit", release, "--to", f"fdp:{fdp.url}")
    (path,) = receipts(tmp_path)
    receipt = json.loads(path.read_text())
    names = receipt["names"]
    # Each identifier is said to be another record, the last one a record elsewhere.
    receipt["names"] = dict(
        zip(names, [*list(names.values())[1:], "http://e/catalog/1"], strict=True)
    )
    path.write_text(json.dumps(receipt))
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    check_whole(fdp)
    for text in ("", "{", "[]", '{"names": 1}'):
        path.write_text(text)
        assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
        check_whole(fdp)


def requests_of_a_run(fdp: Catalog, release: Path, run: Callable[..., Outcome]) -> int:
    fdp.fail(None)
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    return len(fdp.log)


@pytest.mark.parametrize("how", FAULTS)
def test_one_fault_at_any_request_and_a_second_run_leave_one_of_each(
    how: str, fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    number = requests_of_a_run(fdp, release, run)
    assert number > 25
    for at in range(1, number + 1):
        fdp.reset()
        forget(tmp_path)
        fdp.fail(at, how)
        first = run("submit", release, "--to", f"fdp:{fdp.url}")
        assert first.code in {0, 1, 2}
        assert PASSWORD not in first.stderr
        if how in {"429", "500", "503", "500-after", "drop-before", "drop-after", "half"}:
            assert first.code == 0, f"{how} at {at}: {first.stderr}"
        if first.code:
            assert first.stderr.count("error: ") == 1
        fdp.fail(None)
        second = run("submit", release, "--to", f"fdp:{fdp.url}")
        assert second.code == 0, f"{how} at {at}: {second.stderr}"
        check_whole(fdp)
        if first.code == 0:
            assert fdp.writes == [], f"{how} at {at}"


@pytest.mark.parametrize("how", [*AFTER, "drop-before"])
def test_a_server_that_dies_at_any_request_and_comes_back_has_one_of_each(
    how: str,
    fdp: Catalog,
    release: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever it did last it may have done or not, and the receipt may be lost too."""
    number = requests_of_a_run(fdp, release, run)
    monkeypatch.setattr(client, "SUBMITTING", replace(client.SUBMITTING, tries=1))
    for at in range(1, number + 1):
        fdp.reset()
        forget(tmp_path)
        fdp.fail(at, how, forever=True)
        first = run("submit", release, "--to", f"fdp:{fdp.url}")
        assert first.code in {1, 2}, f"{how} at {at}"
        if at % 2:
            forget(tmp_path)
        fdp.fail(None)
        second = run("submit", release, "--to", f"fdp:{fdp.url}")
        assert second.code == 0, f"{how} at {at}: {second.stderr}"
        check_whole(fdp)


def test_a_server_that_says_when_is_asked_again_then(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    fdp.fail(3, "503-date")
    start = time.monotonic()
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    # Dates are in whole seconds.
    assert time.monotonic() - start > 0.9


def test_a_token_that_the_server_repeats_is_not_shown(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    fdp.fail(4, "400-repeats", forever=True)
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 1
    assert "not with Bearer …" in outcome.stderr


def test_a_library_call_asks_nobody(
    fdp: Catalog, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prompt(*_: object, **__: object) -> str:
        raise AssertionError("nobody is to be asked")

    monkeypatch.delenv("RDFEXPORT_USER")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("click.prompt", prompt)
    with pytest.raises(UsageError, match="set RDFEXPORT_USER"):
        list(Fdp(fdp.url, Options()).submit(open_release(release)))


def test_the_command_asks_at_a_terminal(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, bool]] = []

    def prompt(text: str, *, hidden: bool) -> str:
        asked.append((text.partition(" ")[0], hidden))
        return PASSWORD if hidden else EMAIL

    monkeypatch.delenv("RDFEXPORT_USER")
    monkeypatch.delenv("RDFEXPORT_PASSWORD")
    monkeypatch.setattr("rdfexport.cli.submit_command.terminal_prompt", lambda: prompt)
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    assert asked == [("user", False), ("password", True)]
    check_whole(fdp)


def test_a_token_that_comes_of_age_is_renewed(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    run("submit", release, "--to", f"fdp:{fdp.url}")
    fdp.tell(expire=True)
    fdp.fail(5, "401")
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    assert fdp.log.count("POST /tokens") == 2


def test_a_later_release_comes_beside_the_earlier(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    run("submit", release, "--to", f"fdp:{fdp.url}")
    later = small_release(tmp_path / "out", "20261210")
    assert run("submit", later, "--to", f"fdp:{fdp.url}").code == 0
    check_whole(fdp, datasets=2)
    fdp.fail(None)
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    assert fdp.writes == []


def test_what_somebody_changed_is_brought_up_to_date_and_its_links_stay(
    fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    run("submit", release, "--to", f"fdp:{fdp.url}")
    before = {one["iri"]: one for one in fdp.state}
    facts = json.loads((release / "release.json").read_text())
    facts["figures"] = 99
    (release / "release.json").write_text(json.dumps(facts))
    fdp.fail(None)
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 0
    assert outcome.stderr.startswith("updated PFOCR 20261110: ")
    assert len(fdp.writes) == 1
    check_whole(fdp)
    changed = [one for one in fdp.state if one != before[one["iri"]] and one["kind"] == "dataset"]
    assert "99 figures" in "\n".join(changed[0]["says"])


def test_a_server_that_knows_itself_by_another_name_is_written_to_by_the_one_given(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    fdp.reset(persistent="https://fdp.example.org")
    for _ in range(2):
        assert run("submit", release, "--to", f"fdp:{fdp.url}/").code == 0
        check_whole(fdp)
        forget(tmp_path)
    assert {one["iri"].rpartition("/")[0].rpartition("/")[0] for one in fdp.state} == {
        "https://fdp.example.org"
    }


@pytest.mark.parametrize("option", ["no_spec", "no_meta"])
def test_a_server_need_not_show_shapes_or_states(
    option: str, fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    fdp.reset(**{option: True})
    for _ in range(2):
        assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
        check_whole(fdp)


def test_what_the_servers_shapes_do_not_allow_is_not_sent(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    (tmp_path / "more.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n"
        "<urn:s> a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property <urn:p> .\n"
        "<urn:p> sh:path dcat:contactPoint ; sh:minCount 1 ; sh:message 'a contact is wanted' .\n"
    )
    fdp.reset(shapes={"catalog": [str(tmp_path / "more.ttl")]})
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 1
    assert "contactPoint" in outcome.stderr
    assert "a contact is wanted" in outcome.stderr
    assert fdp.state == []
    # One that does not show its shapes says it itself.
    fdp.reset(no_spec=True, shapes={"catalog": [str(tmp_path / "more.ttl")]})
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 1
    assert "the server answered 400" in outcome.stderr
    assert "contactPoint" in outcome.stderr


def test_a_dry_run_prints_the_requests_and_sends_none(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    fdp.fail(None)
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}", "--dry-run")
    assert outcome.code == 0
    assert fdp.log == []
    assert receipts(tmp_path) == []
    assert PASSWORD not in outcome.stdout
    assert outcome.stdout.count("POST ") == FILES + 3
    assert outcome.stdout.count("/meta/state") == FILES + 2
    assert "<> a dcat:Catalog" in outcome.stdout.replace("rdf:type", "a")


def test_credentials_are_never_shown_or_kept(
    fdp: Catalog,
    release: Path,
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RDFEXPORT_PASSWORD", "wr0ng-s3cret")
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 2
    assert "the server answered 401" in outcome.stderr
    assert "wr0ng-s3cret" not in outcome.stderr
    monkeypatch.setenv("RDFEXPORT_PASSWORD", PASSWORD)
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    kept = "".join(path.read_text() for path in receipts(tmp_path))
    assert BASE_URL in kept
    assert PASSWORD not in kept
    tokens = {token for _, token in fdp.tell()["log"] if token}
    assert tokens
    assert not any(token.removeprefix("Bearer ") in kept for token in tokens)
    for url in (f"http://me:{PASSWORD}@127.0.0.1", "ftp://e", "nothing"):
        outcome = run("submit", release, "--to", f"fdp:{url}")
        assert outcome.code == 2
        assert PASSWORD not in outcome.stderr


def test_without_credentials_it_says_how_to_give_them(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RDFEXPORT_USER")
    monkeypatch.delenv("RDFEXPORT_PASSWORD")
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 2
    assert "set RDFEXPORT_USER and RDFEXPORT_PASSWORD" in outcome.stderr
    monkeypatch.setenv("RDFEXPORT_USER", EMAIL)
    assert (
        "keyring set rdfexport:127.0.0.1" in run("submit", release, "--to", f"fdp:{fdp.url}").stderr
    )


def test_the_password_may_be_in_the_keyring(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring  # noqa: PLC0415
    from keyring.backend import KeyringBackend  # noqa: PLC0415

    asked: list[tuple[str, str]] = []

    class Ring(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            asked.append((service, username))
            return PASSWORD if username == EMAIL else None

        def set_password(self, *_: str) -> None:
            raise AssertionError

        def delete_password(self, *_: str) -> None:
            raise AssertionError

    old = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        monkeypatch.delenv("RDFEXPORT_PASSWORD")
        assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    finally:
        keyring.set_keyring(old)
    check_whole(fdp)
    assert asked == [(f"rdfexport:{fdp.url.removeprefix('http://')}", EMAIL)]


def test_the_keyring_library_need_not_be_there(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("RDFEXPORT_PASSWORD")
    assert "set RDFEXPORT_PASSWORD" in run("submit", release, "--to", f"fdp:{fdp.url}").stderr


def test_a_token_may_be_given_instead(
    fdp: Catalog, release: Path, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RDFEXPORT_TOKEN", "another-servers")
    # A user is named, so that token is not this server's, and is not sent to it.
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    sent = [token for _, token in fdp.tell()["log"] if token]
    assert "Bearer another-servers" not in sent
    monkeypatch.delenv("RDFEXPORT_USER")
    monkeypatch.setenv("RDFEXPORT_TOKEN", sent[0].removeprefix("Bearer "))
    fdp.fail(None)
    assert run("submit", release, "--to", f"fdp:{fdp.url}").code == 0
    assert "POST /tokens" not in fdp.log
    monkeypatch.setenv("RDFEXPORT_TOKEN", "un\nsendable")
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 2
    assert "sendable" not in outcome.stderr


def test_a_redirect_gets_no_token(fdp: Catalog, release: Path, run: Callable[..., Outcome]) -> None:
    fdp.fail(2, "redirect")
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 2
    assert "the server is elsewhere (302): http://127.0.0.1" in outcome.stderr
    assert len(fdp.log) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "../../x"}, "is not a date"),
        ({"version": "20261399"}, "is not a date"),
        ({"base_url": "javascript:alert(1)/"}, "http:// or https://"),
        ({"base_url": "https://e.org/x"}, "does not end in /"),
        ({"files": "path"}, "not in its folder"),
        ({"files": "size"}, "not whole"),
    ],
)
def test_a_release_that_names_what_it_must_not_is_not_submitted(
    change: dict[str, Any], said: str, fdp: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    facts = json.loads((release / "release.json").read_text())
    if change.get("files") == "path":
        facts["files"][0]["path"] = "../../../etc/hostname"
    elif change.get("files") == "size":
        facts["files"][0]["size"] += 1
    else:
        facts |= change
    (release / "release.json").write_text(json.dumps(facts))
    fdp.fail(None)
    outcome = run("submit", release, "--to", f"fdp:{fdp.url}")
    assert outcome.code == 2
    assert said in outcome.stderr
    assert fdp.log == []


@pytest.mark.parametrize("to", ["", "fdp", "fdp:", "ftp://e.org", "git:", "zenodo"])
def test_a_target_is_one_of_those_there_are(
    to: str, release: Path, run: Callable[..., Outcome]
) -> None:
    outcome = run("submit", release, "--to", to)
    assert outcome.code == 2
    assert "a target is one of fdp:…, fdp-static:…" in outcome.stderr
