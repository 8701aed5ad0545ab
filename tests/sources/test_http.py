"""Records and archives over HTTP, from a server on this machine that behaves well or badly."""

from __future__ import annotations

import io
import json
import re
import socket
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rdfexport import read_records
from rdfexport.net.policy import DOWNLOAD
from support.http_server import (
    FIGID,
    RECORD,
    TEXT,
    Handler,
    Server,
    half,
    half_a_chunk,
    hang_up,
    silence,
    silence_after_half,
    status,
)
from support.records import Collection, table_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.http_server import Answer
    from support.records import Outcome

SECRETS = ("joe", "pa55word", "t0ken")


@pytest.fixture
def export(run: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Export URLs beside a good record on disk."""
    Collection(tmp_path / "source").add("PMC9__good")

    def call(*urls: str) -> Outcome:
        options = ("--out", tmp_path / "out", "--jobs", "1", "--no-validate", "--verbose")
        return run("export", tmp_path / "source", *urls, *options)

    return call


@pytest.fixture
def rejected(tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    """What the last export rejected, once it is sure that it exported the good record alone."""

    def faults() -> list[dict[str, str]]:
        out = tmp_path / "out"
        assert (out / "index.tsv").read_text() == "figid\tfile\nPMC9__good\tPMC9__good\n"
        return [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]

    return faults


def test_record_and_its_tables(server: Server, tmp_path: Path) -> None:
    tables = {kind: table_text(kind) for kind in ("genes", "diseases")}
    Collection(tmp_path).add(FIGID, TEXT, **tables)
    server.answers[RECORD] = [status(200, TEXT)]
    for kind, table in tables.items():
        server.answers[f"/db/_data/{FIGID}-{kind}.tsv"] = [status(200, table.encode())]
    (found,) = read_records(server.url(RECORD))
    assert [found] == list(read_records(str(tmp_path)))
    assert (len(found.genes), len(found.chemicals), len(found.diseases)) == (1, 0, 1)
    assert found.origin.locate("title").file == server.url(RECORD)
    assert found.origin.locate("genes[0].word").file == server.url(f"/db/_data/{FIGID}-genes.tsv")


@pytest.mark.parametrize("path", ["/download", "/record?format=md", "/"])
def test_record_without_a_file_name(server: Server, path: str) -> None:
    server.answers[path.partition("?")[0]] = [status(200, TEXT)]
    (found,) = read_records(server.url(path))
    assert found.figid == FIGID
    assert len(server.requests) == 1


@pytest.mark.parametrize("path", ["/pfocr.zip", "/download?as=zip", "/the%20database.zip"])
def test_archive(server: Server, path: str, tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    collection.add(FIGID, genes=table_text("genes"))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for file in sorted(tmp_path.rglob("*.*")):
            archive.write(file, file.relative_to(tmp_path))
    server.answers[path.partition("?")[0]] = [status(200, data.getvalue())]
    found = list(read_records(server.url(path)))
    assert found == list(read_records(str(tmp_path)))
    assert len(found[0].genes) == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        ([status(500), status(200, TEXT)], 2),
        ([status(503, Retry_After="1"), status(502), status(200, TEXT)], 3),
        ([half, status(200, TEXT)], 2),
        ([hang_up, status(200, TEXT)], 2),
        ([status(302, Location="/moved"), status(200, TEXT)], 1),
    ],
    ids=["500", "503 and 502", "half a body", "hung up", "redirect"],
)
def test_trouble_that_passes(server: Server, answers: list[Answer], tries: int) -> None:
    server.answers["/record"] = list(answers)
    server.answers["/moved"] = [status(301, Location="/there"), status(200, TEXT)]
    server.answers["/there"] = [status(308, Location=server.url("/last"))]
    server.answers["/last"] = [status(200, TEXT)]
    (found,) = read_records(server.url("/record"))
    assert found.figid == FIGID
    assert server.requests.count("/record") == tries


@pytest.mark.parametrize(
    ("answer", "problem", "tries"),
    [
        (status(404), "the server answered 404", 1),
        (status(403), "the server answered 403", 1),
        (status(410), "the server answered 410", 1),
        (status(500), "the server answered 500, 4 times", 4),
        (status(503, Retry_After="86400"), "asks to wait 86,400 seconds", 1),
        (half, "the answer was cut off", 4),
        (half_a_chunk, "the answer was cut off", 4),
        (hang_up, "the server closed the connection", 4),
        (silence, "the server did not answer in time", 4),
        (silence_after_half, "the server did not answer in time", 4),
        (status(302, Location=RECORD), "more than 5 redirects", 6),
        (status(302, Location="file:///etc/passwd"), "not an http or https address", 1),
        (status(302, Location="ftp://127.0.0.1/x.md"), "not an http or https address", 1),
        (status(302, Location="http://[::1"), "not an http or https address", 1),
        (status(200, b""), "the file is empty", 1),
        (status(200, b"<!DOCTYPE html>\n<title>Not found</title>\n"), "a web page", 1),
        (status(200, bytes(4 * 1024**2 + 1)), "larger than 4 MiB", 1),
    ],
    ids=[
        "404",
        "403",
        "410",
        "500",
        "long wait",
        "half a body",
        "half a chunk",
        "hung up",
        "silence",
        "silence half way",
        "redirect loop",
        "redirect to a file",
        "redirect to FTP",
        "redirect to no URL",
        "empty",
        "page",
        "too large",
    ],
)
def test_trouble_that_stays(
    *,
    server: Server,
    export: Callable[..., Outcome],
    rejected: Callable[[], list[dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    problem: str,
    tries: int,
) -> None:
    patient = replace(DOWNLOAD, backoff=0.01, connect_seconds=2, read_seconds=0.3)
    monkeypatch.setattr("rdfexport.sources.web.DOWNLOAD", patient)
    server.answers[RECORD] = [answer]
    outcome = export(server.url(RECORD))
    (fault,) = rejected()
    assert (fault["file"], fault["field"]) == (server.url(RECORD), None)
    assert problem in fault["problem"]
    assert server.requests.count(RECORD) == tries
    assert outcome.code == (1 if problem in {"the file is empty", "larger than 4 MiB"} else 2)
    assert "records read      2\nrecords exported  1\nrecords rejected  1\n" in outcome.stderr


def test_archive_that_breaks_off(
    server: Server, export: Callable[..., Outcome], rejected: Callable[[], list[dict[str, str]]]
) -> None:
    server.answers["/a.zip"] = [status(200, b"PK\x03\x04" + bytes(99))]
    assert export(server.url("/a.zip")).code == 2
    (fault,) = rejected()
    assert fault["file"] == server.url("/a.zip")
    assert fault["problem"].startswith("damaged archive (")


@pytest.mark.parametrize("answer", [status(500), half], ids=["500", "half a body"])
def test_record_whose_table_cannot_be_had_is_rejected(
    server: Server,
    export: Callable[..., Outcome],
    rejected: Callable[[], list[dict[str, str]]],
    answer: Answer,
) -> None:
    """It would look like a record without genes."""
    table = f"/db/_data/{FIGID}-genes.tsv"
    server.answers = {RECORD: [status(200, TEXT)], table: [answer]}
    assert export(server.url(RECORD)).code == 2
    assert [fault["file"] for fault in rejected()] == [server.url(table)]


def test_no_server(
    export: Callable[..., Outcome], rejected: Callable[[], list[dict[str, str]]]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/x.md"
    assert export(url).code == 2
    (fault,) = rejected()
    assert fault["file"] == url
    assert "the connection is refused" in fault["problem"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1:2/x.md", "http:///x.md"])
def test_no_address(export: Callable[..., Outcome], url: str) -> None:
    outcome = export(url)
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"error: {url}: ")


@pytest.mark.parametrize("answer", [status(404), half, status(200, b"junk"), status(200, TEXT)])
@pytest.mark.parametrize("table", [status(404), status(500), status(200, b"a\tb\n")])
def test_secrets_are_sent_and_never_shown(
    server: Server,
    export: Callable[..., Outcome],
    tmp_path: Path,
    answer: Answer,
    table: Answer,
) -> None:
    server.answers[RECORD] = [answer]
    server.answers[f"/db/_data/{FIGID}-genes.tsv"] = [table]
    outcome = export(server.url(f"{RECORD}?token=t0ken", login="joe:pa55word@"))
    assert "token=t0ken" in server.queries
    shown = outcome.stdout + outcome.stderr
    for file in (tmp_path / "out").rglob("*"):
        shown += file.read_text("utf-8", errors="replace") if file.is_file() else ""
    assert server.url("/db/") in shown
    assert not [secret for secret in SECRETS if secret in shown]


def test_secrets_of_a_url_that_is_none(run: Callable[..., Outcome], tmp_path: Path) -> None:
    for url in ("http://joe:pa55word@[::1/x.md?token=t0ken", "https://joe:pa55word@\u2100/x.md"):
        outcome = run("export", url, "--out", tmp_path / "out")
        assert outcome.code == 2
        assert not [secret for secret in SECRETS if secret in outcome.stderr]


def test_who_asks(server: Server) -> None:
    seen: list[str | None] = []

    def answer(handler: Handler) -> None:
        seen.append(handler.headers["User-Agent"])
        handler.reply(200, TEXT)

    server.answers["/record"] = [answer]
    list(read_records(server.url("/record")))
    assert re.fullmatch(r"rdfexport/\d+\.\d+.*", str(seen[0]))
