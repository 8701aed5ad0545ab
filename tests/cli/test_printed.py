"""What messages, reports and files show: no secret of an address, nothing that a terminal obeys."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rdflib import SH, Graph

from rdfexport.cli import main
from rdfexport.diagnostics import Finding, LocatedResult, Location, Result, Severity
from rdfexport.printing import named, say, shown, visible
from rdfexport.validate.report import REPORTS
from support.calls import CALLS, OBEYED
from support.catalogs import small_release
from support.netcommands import answering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "S3CRET"
FORMS = [
    "http://user:S3CRET@{}/x/",
    "http://{}/x/?token=S3CRET#S3CRET",
    "http://user:S3CRET@:0/",
    "http://user:S3CRET@[::1/x?a=S3CRET",
    "http://user:S3/S3CRET@{}/x/",
    "ftp://user:S3CRET@host/x",
    "user:S3CRET@host/x",
    "s3://KEY:S3CRET@bucket/x/",
]
# Texts that are no address, or are tested by what takes them.
NO_ADDRESS = {
    *("export --max-rejected", "export --data-version", "export --date", "release --version"),
    *("query --param", "references update --only", "references update --organisms"),
}


def texts(command: click.Command, path: str = "") -> Iterator[str]:
    """Each argument and option that takes a free text, or a path that must not be a folder's."""
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from texts(one, f"{path} {name}".strip())
        return
    for parameter in command.params:
        name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.name
        if isinstance(parameter.type, click.types.StringParamType):
            yield f"{path} {name}"


def test_every_option_that_takes_a_text_is_tried_with_a_secret() -> None:
    """A new option is added to CALLS, or is no address."""
    assert set(texts(main)) <= {*CALLS, *NO_ADDRESS}


@pytest.fixture(scope="module")
def not_found() -> Iterator[str]:
    """A server that has nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with answering(Handler) as port:
        yield f"127.0.0.1:{port}"


@pytest.mark.parametrize("call", CALLS)
def test_no_secret_of_an_address_is_printed_or_written(
    call: str, not_found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    if call.startswith("submit"):
        (tmp_path / "r").mkdir()
        small_release(tmp_path / "r")
        for name in ("RDFEXPORT_USER", "RDFEXPORT_PASSWORD", "RDFEXPORT_TOKEN"):
            monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("RDFEXPORT_REFERENCES", str(tmp_path / "references"))
    words = [word for word in call.split() if not word.startswith("-")]
    command = words[:2] if words[0] == "references" else words[:1]
    for form in FORMS:
        address = form.format(not_found)
        arguments = [one.replace("{}", address) for one in CALLS[call]]
        done = CliRunner().invoke(main, [*command, *arguments])
        assert done.exit_code != 0, address
        assert isinstance(done.exception, SystemExit), (address, done.exception)
        assert SECRET not in done.output, address
        for file in tmp_path.rglob("*"):
            assert SECRET not in str(file)
            assert not file.is_file() or SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_an_address_is_shown_without_its_secrets(form: str) -> None:
    assert SECRET not in named(form.format("host"))
    assert SECRET not in shown(form.format("host"))


def test_what_is_no_secret_stays() -> None:
    assert shown("https://user:pw@e.org:81/@a/b?c#d") == "https://e.org:81/@a/b"
    assert named("data/what?#1.md") == "data/what?#1.md"


def test_each_character_that_a_terminal_obeys_is_shown_escaped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "é" + "".join(OBEYED) + "漢"
    assert visible(text).isprintable()
    assert visible(text).startswith("é")
    say(text)
    said = capsys.readouterr().err
    assert not set(OBEYED) - {"\n"} & set(said)
    place = Location(text, 1, text)
    assert str(place).isprintable()
    assert str(Finding(place, text, text)).isprintable()


@pytest.mark.parametrize("form", REPORTS)
def test_no_report_of_validation_has_such_a_character(form: str) -> None:
    text = "".join(OBEYED[:-1])  # no RDF has the last
    value = str(ox.Literal(text))
    focus = "<https://e.org/f>"
    result = Result(
        focus,
        "<https://e.org/p>",
        value,
        "http://www.w3.org/ns/shacl#X",
        Severity.WARNING,
        focus,
        f"found {text}",
    )
    report = REPORTS[form]()
    located = LocatedResult(result, Location(text, None, text))
    printed = report.begin() + report.result(located) + report.end()
    assert not set(OBEYED) - {"\n"} & set(printed)
    if form == "json":
        (found,) = json.loads(printed)["results"]
        assert (found["message"], found["file"]) == (f"found {text}", text)
    if form == "sarif":
        assert json.loads(printed)["runs"][0]["results"]
    if form == "turtle":
        graph = Graph().parse(data=printed, format="turtle")
        assert str(next(graph.objects(None, SH.resultMessage))) == f"found {text}"
