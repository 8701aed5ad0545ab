"""An index of FAIR Data Points is told of ours."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rdfexport.submit import client, fdp_index
from support.catalogs import BEFORE, Catalog, served, small_release

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.records import Outcome


@pytest.fixture(scope="module")
def server() -> Iterator[Catalog]:
    with served("index") as catalog:
        yield catalog


@pytest.fixture
def index(server: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Catalog:
    server.reset()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(client, "SUBMITTING", replace(client.SUBMITTING, backoff=0.0))
    monkeypatch.setattr(fdp_index, "POLL_SECONDS", 0.01)
    return server


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def published(tmp_path: Path) -> Iterator[str]:
    """The address at which the folder ``fdp`` is published."""
    folder = tmp_path / "fdp"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        thread = threading.Thread(target=web.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{web.server_port}/"
        web.shutdown()
        thread.join()


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return small_release(tmp_path / "out")


@pytest.fixture
def announce(
    run: Callable[..., Outcome], index: Catalog, published: str, tmp_path: Path
) -> Callable[..., Outcome]:
    """Publish a release as files, and tell the index of it."""

    def call(release: Path, wait: float = 20, url: str = published) -> Outcome:
        to = f"fdp-static:{tmp_path / 'fdp'}"
        assert run("submit", release, "--to", to, "--fdp-url", published).code == 0
        options = ("--fdp-url", url, "--wait", wait)
        return run("submit", release, "--to", f"fdp-index:{index.url}", *options)

    return call


def test_an_index_has_read_it_when_the_command_ends(
    index: Catalog, release: Path, announce: Callable[..., Outcome], published: str
) -> None:
    index.tell(options={"delay": 0.2})
    outcome = announce(release)
    assert outcome.code == 0, outcome.stderr
    assert "has read" in outcome.stderr
    (entry,) = index.state["entries"]
    assert entry["clientUrl"] == f"{published}index.ttl"
    assert entry["state"] == "ACTIVE"
    assert entry["currentMetadata"]["metadata"]["version"] == "20261110"


@pytest.mark.parametrize("memory", ["receipt", "no receipt"])
def test_a_second_run_sends_no_ping(
    memory: str,
    index: Catalog,
    release: Path,
    announce: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    announce(release)
    if memory == "no receipt":
        for path in (tmp_path / "state").rglob("*.json"):
            path.unlink()
    outcome = announce(release)
    assert outcome.code == 0
    assert "all is there already" in outcome.stderr
    assert len(index.state["pings"]) == 1


def test_a_later_release_is_only_done_when_that_is_read(
    index: Catalog, release: Path, announce: Callable[..., Outcome], tmp_path: Path
) -> None:
    announce(release)
    later = small_release(tmp_path / "out", "20261210")
    outcome = announce(later, wait=0.3)
    assert outcome.code == 2
    assert "at most every 10 minutes" in outcome.stderr
    index.tell(options={"wait": 0})
    assert announce(later).code == 0
    (entry,) = index.state["entries"]
    assert entry["currentMetadata"]["metadata"]["version"] == "20261210"


def test_no_content_is_no_success(
    index: Catalog, release: Path, announce: Callable[..., Outcome]
) -> None:
    """Where an administrator has to permit it, it is not seen."""
    index.tell(options={"permit": False})
    outcome = announce(release, wait=0.2)
    assert outcome.code == 2
    assert "may have to permit it first" in outcome.stderr
    index.tell(options={"permit": True})
    assert announce(release).code == 0


def test_an_address_that_is_not_there_or_is_no_fair_data_point_is_told(
    release: Path, announce: Callable[..., Outcome], published: str, tmp_path: Path
) -> None:
    outcome = announce(release, url="http://127.0.0.1:1/")
    assert outcome.code == 1
    assert "UNREACHABLE: the index cannot reach it" in outcome.stderr
    (tmp_path / "fdp" / "other").write_text("<urn:a> <urn:b> <urn:c> .")
    outcome = announce(release, url=f"{published}other")
    assert outcome.code == 1
    assert "INVALID: the index has read it and finds no FAIR Data Point" in outcome.stderr
    # The same again: whether it was read again cannot be seen, so it is waited for.
    assert announce(release, url=f"{published}other", wait=0.2).code == 1


def test_an_address_that_its_rules_deny(
    index: Catalog, release: Path, announce: Callable[..., Outcome]
) -> None:
    outcome = announce(release, url="http://localhost/fdp/")
    assert outcome.code == 1
    assert "its rules deny http://localhost/fdp/index.ttl (403" in outcome.stderr
    assert index.state["pings"] == []


def test_too_many_pings_are_not_tried_again(
    index: Catalog, release: Path, announce: Callable[..., Outcome]
) -> None:
    index.tell(options={"hits": 0})
    index.fail(None)
    outcome = announce(release)
    assert outcome.code == 2
    assert "too many pings" in outcome.stderr
    assert "try again in some hours" in outcome.stderr
    assert index.log.count("POST /") == 1


def test_what_it_does_not_take_as_an_address(
    index: Catalog, release: Path, announce: Callable[..., Outcome]
) -> None:
    index.fail(2, "400")
    outcome = announce(release)
    assert outcome.code == 1
    assert "does not take" in outcome.stderr
    assert "give another with --fdp-url" in outcome.stderr


@pytest.mark.parametrize("how", [*BEFORE, "drop-after", "500-after", "half", "garbage"])
def test_one_fault_at_any_request_and_a_second_run_are_taken_up(
    how: str, index: Catalog, release: Path, announce: Callable[..., Outcome]
) -> None:
    for at in range(1, 5):
        index.reset(hits=100, wait=0)
        index.fail(at, how)
        assert announce(release).code in {0, 1, 2}
        index.fail(None)
        outcome = announce(release)
        assert outcome.code == 0, outcome.stderr
        (entry,) = index.state["entries"]
        assert entry["state"] == "ACTIVE"


def test_a_dry_run_sends_nothing(
    index: Catalog, release: Path, run: Callable[..., Outcome]
) -> None:
    index.fail(None)
    to = f"fdp-index:{index.url}"
    outcome = run("submit", release, "--to", to, "--dry-run", "--fdp-url", "https://e.org/fdp/")
    assert outcome.code == 0
    ping = json.loads(outcome.stdout.splitlines()[2])
    assert ping == {"clientUrl": "https://e.org/fdp/index.ttl"}
    assert index.log == []
