"""Text of others is shown escaped by each command: on the terminal, and in every report."""

from __future__ import annotations

import json
import shutil
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from rdfexport.validate.report import REPORTS
from support import forging
from support.calls import CALLS, OBEYED, RELEASE
from support.catalogs import small_release
from support.netcommands import answering, run
from support.records import Collection, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = "\x9b31m\u202eevil\u2028x\x1b[2J"
ESCAPED = r"\x9b31m\u202eevil\u2028x\x1b[2J"
FIGID = "PMC1__f1"
ONCE = ("--jobs", "1", "--no-validate")
FORBIDDEN = set(OBEYED) - {"\n"}


def assert_visible(text: str) -> None:
    assert not FORBIDDEN & set(text), sorted(FORBIDDEN & set(text))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_STATE_HOME", "RDFEXPORT_CACHE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path


@pytest.fixture
def records(home: Path) -> Path:
    """Records whose names, fields and cells are hostile; one of them can be read."""
    said = json.dumps(HOSTILE)
    bad = Collection(home / "records")
    bad.add(FIGID, record_text(figid=FIGID, changes={"year": said, f'"n{said[1:-1]}"': "1"}))
    good = record_text(figid="PMC2__f", changes={"figtitle": said, "figtype": said})
    row = table_text("genes").splitlines()[1].split("\t")
    hostile = ["\x9b\u202e" + cell for cell in row]
    rows = "".join("\t".join(cells) + "\n" for cells in (row, hostile))
    bad.add("PMC2__f", good, genes=table_text("genes", rows))
    bad.add("PMC3__\x9b\u202e\u2028", "no front matter")
    bad.add("PMC4__f", f"---\n{HOSTILE}: [\n---\n")
    (bad.root / f"a{HOSTILE[:6]}.zip").write_bytes(b"PK\x03\x04")
    return bad.root


@pytest.mark.parametrize(
    "words",
    [
        ("export", "records", "--out", "o", "--jobs", "1", "-v"),
        ("link", "records"),
        ("load", "records", "--store", "s", *ONCE),
        ("release", "records", "--version", "20261110", "--out", "o", *ONCE),
    ],
    ids=" ".join,
)
def test_what_records_say(words: tuple[str, ...], records: Path) -> None:
    outcome = run(*words)
    assert outcome.code in {1, 2}
    assert_visible(outcome.stdout + outcome.stderr)
    assert r"\x9b" in outcome.stdout + outcome.stderr
    for file in records.parent.glob("o/**/*.jsonl"):
        assert_visible(file.read_text("utf-8").replace("\n", ""))
        for line in file.read_text("utf-8").split("\n")[:-1]:
            assert json.loads(line)["problem"]


@pytest.mark.parametrize("form", REPORTS)
def test_what_shapes_find(form: str, home: Path) -> None:
    """The message of a shape and the value that it names are shown as all other text."""
    iri, value = "https://example.org/a", ox.Literal(HOSTILE)
    (home / "a.nt").write_text(f"<{iri}> <{iri}> {value} .\n", "utf-8")
    (home / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        f"<urn:s> a sh:NodeShape ; sh:targetNode <{iri}> ; sh:property [ sh:path <{iri}> ;"
        f" sh:maxLength 1 ; sh:message {value} ] .\n",
        "utf-8",
    )
    outcome = run("validate", "a.nt", "--shapes", "s.ttl", "--format", form)
    assert outcome.code == 1
    assert "evil" in outcome.stdout
    assert_visible(outcome.stdout + outcome.stderr)


def test_what_files_and_queries_say(home: Path) -> None:
    (home / f"{HOSTILE[:8]}.nt").write_text(f"<a:a> <a:a> {HOSTILE} .\n", "utf-8")
    (home / "q.rq").write_text(f"SELECT {HOSTILE}", "utf-8")
    store = ox.Store(str(home / "s"))
    node = ox.NamedNode("a:a")
    store.add(ox.Quad(node, node, ox.Literal(HOSTILE)))
    store.flush()
    del store
    for words in (
        ("load", f"{HOSTILE[:8]}.nt", "--store", "t"),
        ("validate", f"{HOSTILE[:8]}.nt"),
        ("validate", "--store", "s"),
        ("query", "q.rq", "--store", "s"),
        ("query", HOSTILE, "--store", "s"),
        ("query", "figures", "--store", "s", "--param", f"{HOSTILE}=1"),
        ("query", "figures", "--store", HOSTILE),
        ("serve", "--store", HOSTILE),
        ("serve", "--store", "s", "--host", HOSTILE),
        ("serve", "--store", "s", "--public-url", HOSTILE),
        ("references", "update", "--only", HOSTILE),
        ("references", "update", "--url", f"hgnc={HOSTILE}"),
        ("references", "update", "--url", HOSTILE),
        ("references", "update", "--from", HOSTILE),
    ):
        outcome = run(*words)
        assert_visible(outcome.stdout + outcome.stderr)
    (home / "select.rq").write_text("SELECT ?o { ?s ?p ?o }")
    outcome = run("query", "select.rq", "--store", "s")
    assert outcome.stdout == f"o\n{ESCAPED}\n"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release")
    Collection(out / "records").add(FIGID)
    words = ("release", out / "records", "--version", "20261110", "--out", out, *ONCE)
    assert run(*words).code == 0
    return out / "pfocr" / "20261110"


@pytest.mark.parametrize(
    "names",
    [("version",), ("path",), ("source", "tool_version", "previous", "kind", "title"), ()],
)
def test_what_a_release_says(names: tuple[str, ...], release: Path, home: Path) -> None:
    place = shutil.copytree(release, home / "20261110")
    (place / f"{HOSTILE[:6]}.txt").write_text("")

    def change(said: dict[str, Any]) -> None:
        for name in names:
            (said if name in said else said["files"][0])[name] = HOSTILE
        if not names:
            said["base_url"] = f"https://e.org/{HOSTILE}/"

    forging.facts(place, change)
    forging.signed(place)
    previous = ("release", "records", "--version", "20270101", "--out", "o", "--previous")
    for words in (
        ("verify", place, "--jobs", "1"),
        ("site", place, "--base-url", "https://e.org/", "--out", "site"),
        ("submit", place, "--to", "fdp-static:f", "--dry-run"),
        ("submit", place, "--to", "zenodo:", "--dry-run"),
        ("submit", place, "--to", "fdp:http://127.0.0.1:9", "--dry-run"),
        ("submit", place, "--to", f"git:{HOSTILE}"),
        ("submit", place, "--to", HOSTILE),
        ("load", place, "--store", "s"),
        (*previous, place),
    ):
        outcome = run(*words)
        assert_visible(outcome.stdout + outcome.stderr)


@pytest.fixture(scope="module")
def hostile_server() -> Iterator[str]:
    """A server whose every answer is hostile: reason, headers and body."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<p>{HOSTILE}</p>".encode()
            self.send_response(422, HOSTILE.encode().decode("latin-1").replace("\x1b", ""))
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with answering(Handler) as port:
        yield f"http://127.0.0.1:{port}/"


ASKING = [
    call
    for call in CALLS
    if not call.endswith(
        ("-base", "-url", "--graph", "--source", "--bulk", "--host", "--scheduler")
    )
    and call not in {"release --sparql-endpoint", "submit --to", "export --out"}
]


@pytest.mark.parametrize("call", [*ASKING, "references update"])
def test_what_a_server_says(
    call: str, hostile_server: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "d").mkdir()
    for name in ("RDFEXPORT_USER", "RDFEXPORT_PASSWORD", "RDFEXPORT_TOKEN"):
        monkeypatch.setenv(name, "x")
    if call == "references update":
        words = [*call.split(), "--only", "hgnc", "--url", "hgnc={}"]
    else:
        if RELEASE in CALLS[call]:
            small_release(home / "r")
        words = [*call.split()[:1], *CALLS[call]]
    outcome = run(*(word.replace("{}", hostile_server) for word in words))
    assert outcome.code != 0
    assert_visible(outcome.stdout + outcome.stderr)
