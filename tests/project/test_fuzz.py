"""Whatever is read may be anything: no traceback, no hang, no memory without end.

``HYPOTHESIS_PROFILE=long`` tries fifty times as much. What was found lies in ``findings/``, under
the name of the way it goes in.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rdfexport.cli import main
from rdfexport.store import session
from rdfexport.terms import FIGURE_BASE
from support.paths import FINDINGS, ROOT
from support.strategies import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SECONDS = 10
GIGABYTE = 1024**3
SYNTAX = (
    "---", "...", "!!python/object:os.system", "&a", "*a", "<<: ", "? ", "- ", "|", ">-", "[[", "{",
    ": ", "!!binary", "0x1F", ".inf", "~", "2001-01-01", "1e999", "NA", "null", "true", "%YAML 1.1",
    "@prefix", "<a>", "[]", "()", '"""', "^^<x>", "@en-", "_:b", "sh:path", "sh:or", "sh:pattern",
    "sh:in", "rdf:rest", '{"@id":', '"@context"', "\\u0000", "\\uD800", "&#0;", "]]>", "<!--",
)  # fmt: skip
TOKENS = [token.encode(errors="surrogatepass") for token in (*HOSTILE, *SYNTAX)]


def tries(number: int) -> settings:
    return settings(
        max_examples=number * 50 if LONG else number,
        derandomize=not LONG,
        deadline=None,  # of the first call, which imports; the hang is looked for below
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, float, float, bytes]]:
    """What is done to some bytes, at which parts of their length."""
    where = st.floats(0, 1, allow_nan=False)
    token = st.one_of(st.sampled_from(TOKENS), st.binary(min_size=1, max_size=4))
    kind = st.sampled_from(["insert", "replace", "delete", "double", "cut", "swap"])
    return draw(st.lists(st.tuples(kind, where, where, token), min_size=1, max_size=5))


def mutated(data: bytes, done: list[tuple[str, float, float, bytes]]) -> bytes:
    for kind, first, second, token in done:
        at, then = int(first * len(data)), int(second * len(data))
        if kind == "insert":
            data = data[:at] + token + data[at:]
        elif kind == "replace":
            data = data[:at] + token + data[at + len(token) :]
        elif kind == "delete":
            data = data[:at] + data[at + 1 + then % 40 :]
        elif kind == "double":
            data = data[: at + then % 400] + data[at:]
        elif kind == "cut" and at > len(data) // 2:
            data = data[:at]
        elif kind == "swap":
            lines = data.split(b"\n")
            one, other = int(first * (len(lines) - 1)), int(second * (len(lines) - 1))
            lines[one], lines[other] = lines[other], lines[one]
            data = b"\n".join(lines)
    return data


def call(*args: object, names: object = None) -> str:
    """Call the program here; an exception that it lets through is a finding."""
    # The processor's time: on a busy machine the clock says nothing.
    began = time.process_time()
    result = CliRunner().invoke(main, [str(arg) for arg in args], catch_exceptions=False)
    assert time.process_time() - began < SECONDS
    assert result.exit_code in {0, 1, 2}
    if result.exit_code and names is not None:
        # A graph that two files hold is named by its IRI.
        said = result.stdout_bytes.decode(errors="replace") + result.stderr
        assert str(names) in said or FIGURE_BASE in result.stderr, said
    return result.stderr


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


# --- the ways in -----------------------------------------------------------------------------


def read_record(data: bytes, *options: object) -> None:
    with folder() as tmp:
        file = tmp / "PMC3811159__nihms512981f2.md"
        file.write_bytes(data)
        call("export", file, "--out", tmp / "out", "--jobs", 1, *options, names=file)


def read_table(data: bytes, kind: str = "genes") -> None:
    with folder() as tmp:
        record = current_record()
        shutil.copy(record, tmp)
        (tmp / "_data").mkdir()
        table = tmp / "_data" / f"{record.stem}-{kind}.tsv"
        table.write_bytes(data)
        options = ("--jobs", 1, "--no-validate", "--format", "turtle")
        call("export", tmp / record.name, "--out", tmp / "out", *options, names=record.stem)


def read_archive(data: bytes, ending: str) -> None:
    with folder() as tmp:
        file = tmp / f"a.{ending}"
        file.write_bytes(data)
        options = ("--jobs", 1, "--no-validate", "--format", "turtle")
        call("export", file, "--out", tmp / "out", *options, names=file)


def read_shapes(data: bytes, ending: str = "ttl") -> None:
    with folder() as tmp:
        file = tmp / f"shapes.{ending}"
        file.write_bytes(data)
        one = exported() / "core" / "PMC3811159__nihms512981f2.nq"
        call("validate", "--shapes", file, one)


def read_rdf(data: bytes, ending: str) -> None:
    with folder() as tmp:
        file = tmp / f"a.{ending}"
        file.write_bytes(data)
        call("validate", file, names=file)
        said = call("load", file, "--graph", "http://g/", "--store", tmp / "store")
        assert not said.startswith("error: ") or str(file) in said or "there is nothing in" in said


def read_export(data: bytes, ending: str) -> None:
    """A file of an export, whose lines are taken as they are."""
    with folder() as tmp:
        (tmp / "out" / "core").mkdir(parents=True)
        (tmp / "out" / "index.tsv").write_text("figid\tfile\n")
        file = tmp / "out" / "core" / f"a.{ending}"
        file.write_bytes(data)
        call("load", tmp / "out", "--store", tmp / "store", names=tmp)


def read_query(data: bytes) -> None:
    with folder() as tmp:
        file = tmp / "a.rq"
        file.write_bytes(data)
        call("query", "--store", store(), file)


def read_release(data: bytes) -> None:
    with folder() as tmp:
        (tmp / "release.json").write_bytes(data)
        call("site", tmp, "--base-url", "https://e.org/", "--out", tmp / "site", names=tmp)
        call("submit", tmp, "--to", f"fdp-static:{tmp}/fdp", "--dry-run", names=tmp)


WAYS: dict[str, Callable[..., None]] = {
    "record": read_record,
    "table": read_table,
    "archive": read_archive,
    "shapes": read_shapes,
    "rdf": read_rdf,
    "export": read_export,
    "query": read_query,
    "release": read_release,
}


# --- sound inputs ----------------------------------------------------------------------------


@cache
def records() -> list[Path]:
    return sorted((ROOT / "examples").rglob("PMC*.md"))


@cache
def current_record() -> Path:
    """A record that has tables."""
    table = next((ROOT / "examples").rglob("*-genes.tsv"))
    stem = table.name.removesuffix("-genes.tsv")
    return next(path for path in records() if path.stem == stem)


@cache
def exported() -> Path:
    out = Path(tempfile.mkdtemp(prefix="rdfexport-fuzz-"))
    formats = ("nquads", "turtle", "rdfxml", "jsonld", "trig", "ntriples", "jsonld-graph")
    options = [part for form in formats for part in ("--format", form)]
    call("export", ROOT / "examples", "--out", out, "--quiet", *options)
    return out


@cache
def store() -> Path:
    call("load", exported(), "--store", exported() / "store")
    return exported() / "store"


@pytest.fixture(scope="module", autouse=True)
def _reference_tables_and_no_leftovers() -> Iterator[None]:
    """Build the reference tables first, which is no part of any call's time."""
    CliRunner().invoke(main, ["references", "status"], catch_exceptions=False)
    yield
    if exported.cache_info().currsize:
        shutil.rmtree(exported())


@cache
def archive(ending: str) -> bytes:
    data = io.BytesIO()
    if ending == "zip":
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in records():
                packed.write(path, f"_figures/{path.name}")
        return data.getvalue()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for path in records():
            tar.add(path, f"_figures/{path.name}")
    raw = data.getvalue()
    if ending == "tar.gz":
        return gzip.compress(raw, mtime=0)
    return zstandard.compress(raw) if ending == "tar.zst" else raw


# --- the tests -------------------------------------------------------------------------------


@tries(80)
@given(st.integers(0, 6), mutations())
def test_a_mutated_record(number: int, done: list[Any]) -> None:
    data = records()[number % len(records())].read_bytes()
    read_record(mutated(data, done), "--no-validate", "--format", "turtle")


@tries(15)
@given(st.integers(0, 6), mutations())
def test_a_mutated_record_that_is_validated(number: int, done: list[Any]) -> None:
    read_record(mutated(records()[number % len(records())].read_bytes(), done))


@tries(50)
@given(st.sampled_from(["genes", "chemicals", "diseases"]), mutations())
def test_a_mutated_table(kind: str, done: list[Any]) -> None:
    table = next((ROOT / "examples").rglob(f"*-{kind}.tsv"))
    read_table(mutated(table.read_bytes(), done), kind)


@tries(80)
@given(st.sampled_from(["zip", "tar", "tar.gz", "tar.zst"]), mutations())
def test_a_mutated_archive(ending: str, done: list[Any]) -> None:
    read_archive(mutated(archive(ending), done), ending)


@tries(25)
@given(st.sampled_from(["gene", "mention", "figure", "linkset", "bioschemas"]), mutations())
def test_mutated_shapes(name: str, done: list[Any]) -> None:
    read_shapes(mutated((ROOT / "shapes" / f"{name}.ttl").read_bytes(), done))


@tries(40)
@given(
    st.sampled_from(["nq", "nt", "ttl", "rdf", "jsonld", "trig", "graph.jsonld"]),
    st.sampled_from(["", ".gz", ".zst"]),
    mutations(),
    mutations(),
)
def test_mutated_rdf(ending: str, packing: str, done: list[Any], packed: list[Any]) -> None:
    data = (exported() / "core" / f"PMC3811159__nihms512981f2.{ending}").read_bytes()
    data = mutated(data, done)
    if packing:
        data = gzip.compress(data) if packing == ".gz" else zstandard.compress(data)
        if len(packed) % 2:
            data = mutated(data, packed)
    read_rdf(data, ending + packing)


@tries(25)
@given(st.sampled_from(["nq", "nt", "ttl", "rdf", "trig", "graph.jsonld"]), mutations())
@example("nt", [("insert", 0.001, 0.0, b"\x80")])
@example("nq", [("insert", 0.5, 0.0, b"\x80")])
@example("nq", [("insert", 0.0, 0.0, b'""_:b')])
def test_a_mutated_file_of_an_export(ending: str, done: list[Any]) -> None:
    data = (exported() / "core" / f"PMC3811159__nihms512981f2.{ending}").read_bytes()
    read_export(mutated(data, done), ending)


@tries(40)
@given(st.integers(0, 25), mutations())
def test_a_mutated_query(number: int, done: list[Any]) -> None:
    queries = sorted((ROOT / "rdfexport" / "query" / "queries").glob("*.rq"))
    read_query(mutated(queries[number % len(queries)].read_bytes(), done))


FACTS = b"""{"version": "20261110", "base_url": "https://e.org/", "figures": 1, "rejected": 0,
"files": [{"path": "rdf/a.zip", "kind": "core", "title": "a", "media_type": "text/turtle",
"package": null, "size": 1, "sha256": "00", "counts": {"triples": 3}, "organism": null}],
"tool_version": "0.1", "tables": [], "source": "x", "previous": null, "sparql_endpoint": null}"""


@tries(40)
@given(mutations())
def test_a_mutated_release(done: list[Any]) -> None:
    read_release(mutated(FACTS, done))


# --- servers ---------------------------------------------------------------------------------

ROWS = b"""{"head":{"vars":["figure","title"]},"results":{"bindings":[
{"figure":{"type":"uri","value":"http://a/"},"title":{"type":"literal","value":"x","xml:lang":"en"}}
]}}"""
TRUTH = b'{"head":{},"boolean":true}'
TRIPLES = b'<http://a/b> <http://a/c> "d"@en .\n<http://a/b> <http://a/c> <http://a/e> .\n'
MEDIA = {ROWS: "application/sparql-results+json", TRUTH: "application/sparql-results+json",
         TRIPLES: "application/n-triples"}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    do_PUT = do_POST  # noqa: N815

    def do_GET(self) -> None:
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = replace(session.LOADING, tries=1, backoff=0)
    monkeypatch.setattr(session, "LOADING", quick)
    monkeypatch.setattr(session, "_TRIES_AT_FIRST", 1)


statuses = st.sampled_from([200, 200, 200, 200, 204, 206, 301, 401, 404, 500, 503, 599])
headers = st.sampled_from(
    [{}, {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}, {"Location": "http://[::1"},
     {"WWW-Authenticate": "Digest"}, {"X-SPARQL-MaxRows": "\x1b[2J"}, {"Retry-After": "9" * 9},
     {"Server": "Virtuoso/07"}, {"Content-Type": "text/html"}, {"Content-Type": ";;"}]
)  # fmt: skip


@tries(40)
@given(st.sampled_from([ROWS, TRUTH, TRIPLES]), statuses, headers, mutations())
@example(ROWS, 200, {}, [("insert", 0.5, 0.0, b'"')])
@example(ROWS, 200, {}, [("insert", 1.0, 0.0, b'"')])
@example(ROWS, 200, {"X-SPARQL-MaxRows": "\x1b[2J"}, [("delete", 1.0, 0.0, b"")])
@example(ROWS, 206, {"Content-Encoding": "gzip"}, [("insert", 0.0, 0.0, b'"')])
@example(ROWS, 301, {"Location": "http://[::1"}, [("insert", 0.0, 0.0, b'"')])
def test_a_mutated_answer(
    server: Server, body: bytes, status: int, more: dict[str, str], done: list[Any]
) -> None:
    data = body if len(done) == 5 else mutated(body, done)
    server.answer = (status, {"Content-Type": MEDIA[body], **more}, data)
    url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    with folder() as tmp:
        call("query", "--endpoint", url, "figures-of-gene", "--param", "gene=MTOR", names=url)
        call("query", "--endpoint", url, "describe-figure", "--param", "figid=PMC1__f1", names=url)
        call("validate", "--endpoint", url, names=url)
        call("export", f"{url}/PMC1__f1.md", "--out", tmp / "out", "--no-validate", names=url)


@tries(10)
@given(st.sampled_from([ROWS, TRUTH]), statuses, headers, mutations())
@example(ROWS, 301, {"Location": "http://[::1"}, [("insert", 0.0, 0.0, b'"')])
def test_a_mutated_answer_to_a_load(
    server: Server, body: bytes, status: int, more: dict[str, str], done: list[Any]
) -> None:
    server.answer = (status, {"Content-Type": MEDIA[body], **more}, mutated(body, done))
    url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    with folder() as tmp:
        file = tmp / "a.nt"
        file.write_bytes(TRIPLES)
        call(
            "load",
            file,
            "--graph",
            "http://g/",
            "--endpoint",
            url,
            names=url.removesuffix("/sparql"),
        )


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"g": "http://other/", "n": "1"},
        {"g": "http://g/", "n": "many", "d": "x", "graphs": "1"},
        {"s": "http://a/"},
    ],
    ids=["empty", "other", "number", "variable"],
)
def test_rows_that_were_not_asked_for_are_said(server: Server, row: dict[str, str]) -> None:
    bound = {name: {"type": "literal", "value": value} for name, value in row.items()}
    body = json.dumps({"head": {"vars": list(row)}, "results": {"bindings": [bound]}}).encode()
    server.answer = (200, {"Content-Type": "application/sparql-results+json"}, body)
    url = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    with folder() as tmp:
        file = tmp / "a.nt"
        file.write_bytes(TRIPLES)
        call("load", file, "--graph", "http://g/", "--endpoint", url, names=url)
        assert "gave an answer" in call("load", file, "--endpoint", url, "--sync", names=url)


# --- bounds and findings ---------------------------------------------------------------------

SAMPLE: dict[str, Callable[[], bytes]] = {
    "record--flow.md": lambda: b"---\nfigid: " + b"[" * 900_000 + b"\n---\n",
    "record--maps.md": lambda: b"---\nfigid: " + b"{a: " * 200_000 + b"\n---\n",
    "record--keys.md": lambda: (
        b"---\n" + b"".join(b"k%d: 1\n" % n for n in range(90_000)) + b"---\n"
    ),
    "record--genes.md": lambda: (
        b"---\nfigid: PMC3811159__nihms512981f2\ngenes:\n"
        + b"- {word: a, symbol: b, source: c, hgnc_symbol: MTOR, entrez: '2475'}\n" * 13_000
        + b"---\n"
    ),
    "record--long.md": lambda: b"---\nfigtitle: " + b"a" * 990_000 + b"\n---\n",
    "record--quotes.md": lambda: b'---\nfigtitle: "' + b"\\x00" * 240_000 + b'"\n---\n',
    "table--rows.tsv": lambda: b"word\tmesh\tmatch\tname\tchebi\n" + b"\t\t\t\t\n" * 190_000,
    "table--tabs.tsv": lambda: b"word" + b"\t" * 990_000,
    "rdf--nested.jsonld": lambda: b'{"http://a/b":[' * 55_000 + b"]}" * 55_000,
    "rdf--lists.ttl": lambda: b"<http://a> <http://b> " + b"(" * 900_000,
    "rdf--blank.ttl": lambda: b"<http://a> <http://b> " + b"[<http://c> " * 80_000,
    "rdf--deep.rdf": lambda: b"<a>" * 300_000,
    "rdf--quoted.nq": lambda: b"<< " * 300_000,
    "shapes--lists.ttl": lambda: b"<http://a> <http://b> " + b"(" * 900_000,
    "query--groups.rq": lambda: b"SELECT * " + b"{" * 900_000,
    "query--unions.rq": lambda: b"SELECT * {" + b"{} UNION " * 90_000 + b"{}}",
    "query--paths.rq": lambda: b"ASK {?s " + b"(" * 400_000 + b"<a>" + b")" * 400_000 + b" ?o}",
    "release--deep.json": lambda: b"[" * 900_000,
}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (GIGABYTE, GIGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@pytest.mark.parametrize("name", SAMPLE)
def test_a_hostile_input_takes_little(name: str, tmp_path: Path) -> None:
    data = SAMPLE[name]()
    assert len(data) <= 1_000_000
    file = tmp_path / name
    file.write_bytes(data)
    command = [sys.executable, __file__, file]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=3 * SECONDS,
        check=False,
        preexec_fn=limited,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]


def replay(file: Path) -> None:
    way, _, rest = file.name.partition("--")
    options = [rest.partition(".")[2]] if way in {"archive", "rdf", "export", "shapes"} else []
    WAYS[way](file.read_bytes(), *options)


@pytest.mark.parametrize("file", sorted(FINDINGS.glob("*--*")), ids=lambda file: file.name)
def test_findings_stay_mended(file: Path) -> None:
    replay(file)


if __name__ == "__main__":
    replay(Path(sys.argv[1]))
