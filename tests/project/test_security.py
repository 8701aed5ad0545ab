"""Threats of SECURITY.md that no other test covers; and that what it names is there."""

from __future__ import annotations

import ast
import functools
import gzip
import io
import json
import re
import resource
import subprocess
import sys
import tarfile
import threading
import zlib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import zstandard

from rdfexport import read_records
from rdfexport.errors import RecordError, UnreadableError
from rdfexport.net import address
from rdfexport.net.policy import DOWNLOAD
from rdfexport.release.model import open_release
from rdfexport.sources import web
from rdfexport.untrusted.files import EntityFree
from support.paths import ROOT
from support.records import Collection, Outcome, record_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GIGABYTE = 1024**3
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:c="http://c/"'


# --- the list of threats ---------------------------------------------------------------------


def named_tests() -> list[str]:
    text = (ROOT / "SECURITY.md").read_text()
    return re.findall(r"`(\w+/test_\w+\.py::test_\w+)`", text)


def test_every_threat_names_tests() -> None:
    rows = [
        line
        for line in (ROOT / "SECURITY.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| threat", "| ---"))
    ]
    assert len(rows) > 20
    for row in rows:
        assert re.search(r"`\w+/test_\w+\.py::test_\w+`", row), row


@functools.cache
def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_named_test_is_there() -> None:
    assert len(named_tests()) > 30
    for name in named_tests():
        file, _, function = name.partition("::")
        assert function in functions(file), name


# --- bombs -----------------------------------------------------------------------------------


def rdf_xml(entities: str, text: str) -> str:
    return (
        f'<?xml version="1.0"?>\n<!DOCTYPE rdf [{entities}]>\n<rdf:RDF {RDF}>'
        f'<rdf:Description rdf:about="http://a/b"><c:p>{text}</c:p></rdf:Description></rdf:RDF>'
    )


LAUGHS = '<!ENTITY a0 "lol">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 30)
)
ENTITIES = {
    "billion laughs": rdf_xml(LAUGHS, "&a29;"),
    "one long entity many times": rdf_xml(f'<!ENTITY a "{"x" * 300_000}">', "&a;" * 100_000),
    "file": rdf_xml('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    "address": rdf_xml('<!ENTITY a PUBLIC "a" "http://127.0.0.1:9/">', "&a;"),
    "parameter": rdf_xml('<!ENTITY % a "x">', "x"),
    "after the root's beginning": f"<rdf:RDF {RDF}><!DOCTYPE r [{LAUGHS}]></rdf:RDF>",
}


def small_process(*args: object) -> Outcome:
    """Call the program in a process that has a gigabyte."""
    done = subprocess.run(
        [sys.executable, "-m", "rdfexport", *map(str, args)],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (GIGABYTE, GIGABYTE)),
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("name", ENTITIES)
def test_entities_of_rdf_xml_neither_multiply_nor_fetch(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.rdf"
    file.write_text(ENTITIES[name])
    said = f"{file}: not well-formed (it declares an entity that is not a short text: write it out)"
    outcome = small_process("validate", file)
    assert (outcome.code, outcome.stderr) == (2, f"error: {said}\n")
    outcome = small_process("load", file, "--graph", "http://g/", "--store", tmp_path / "store")
    assert outcome.code == 1
    assert said in outcome.stderr
    outcome = small_process("validate", "--shapes", file, ROOT / "examples")
    assert outcome.code == 2
    assert "not a shapes file (it declares an entity" in outcome.stderr


def test_entities_for_namespaces_are_read(run: Callable[..., Outcome], tmp_path: Path) -> None:
    file = tmp_path / "a.rdf"
    # More than one block, with a declaration across each border of two.
    entities = "".join(f'<!ENTITY e{n} "http://e/{n}">\n' for n in range(70_000))
    file.write_text(rdf_xml(entities, "&e0;&e69999;"))
    assert run("load", file, "--graph", "http://g/", "--store", tmp_path / "store").code == 0
    query = tmp_path / "q.rq"
    query.write_text("SELECT ?o { GRAPH <http://g/> { <http://a/b> ?p ?o } }")
    outcome = run("query", "--store", tmp_path / "store", query)
    assert "http://e/0http://e/69999" in outcome.stdout


@pytest.mark.parametrize("shift", range(0, 40, 3))
def test_a_declaration_is_seen_wherever_a_block_ends(shift: int) -> None:
    data = b" " * ((1 << 20) - shift) + b'<!ENTITY a "&b;">' + b" " * 100
    source = EntityFree(io.BytesIO(data))
    with pytest.raises(SyntaxError, match="declares an entity"):
        list(iter(lambda: source.read(4096), b""))


def swelling(beginning: bytes, piece: bytes, times: int, *, zst: bool) -> bytes:
    if zst:
        packer = zstandard.ZstdCompressor(level=3).compressobj()
        parts = [packer.compress(beginning)] + [packer.compress(piece) for _ in range(times)]
        return b"".join([*parts, packer.flush()])
    deflate = zlib.compressobj(6, zlib.DEFLATED, 31)
    parts = [deflate.compress(beginning)] + [deflate.compress(piece) for _ in range(times)]
    return b"".join([*parts, deflate.flush()])


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("content", ["one term", "many lines"])
def test_packed_rdf_that_swells_is_refused(packing: str, content: str, tmp_path: Path) -> None:
    file = tmp_path / f"a.nq.{packing}"
    line = b"<http://a> <http://b> <http://c> <http://g> .\n" * 20_000
    beginning, piece = (
        (b'<http://a> <http://b> "', b"x" * 1_000_000) if content == "one term" else (b"", line)
    )
    file.write_bytes(swelling(beginning, piece, 200, zst=packing == "zst"))
    assert file.stat().st_size < 2_000_000
    outcome = small_process("validate", file)
    assert outcome.code == 2
    assert outcome.stderr.startswith(f"error: {file}: cannot be read (it grows more than 100 times")
    outcome = small_process("load", file, "--store", tmp_path / "store")
    assert outcome.code in {1, 2}
    assert re.search("cannot be (read|parsed)|has more than 16 MiB", outcome.stderr)
    assert "Traceback" not in outcome.stderr


def test_a_line_of_an_export_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "index.tsv").write_text("figid\tfile\n")
    file = tmp_path / "core" / "a.nq"
    file.write_bytes(b'<http://a> <http://b> "' + b"x" * 17_000_000 + b'" <http://g> .\n')
    outcome = small_process("load", tmp_path, "--store", tmp_path / "store")
    assert outcome.code == 1
    assert f"{file}: a line has more than 16 MiB" in outcome.stderr


def test_headers_of_a_tar_that_swell(tmp_path: Path) -> None:
    text = b"%d comment=" % 100_000_000
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 100_000_000
    body = text + b"x" * (header.size - len(text) - 1) + b"\n"
    body += bytes(-len(body) % 512)
    data = header.tobuf() + body + tarfile.TarInfo("_figures/a.md").tobuf() + bytes(1024)
    archive = tmp_path / "a.tar.gz"
    archive.write_bytes(gzip.compress(data, 1))
    del data, body
    outcome = small_process("export", archive, "--out", tmp_path / "out")
    assert outcome.code == 1
    assert f"rejected: {archive}" in outcome.stderr


# --- addresses -------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/inside")
            self.end_headers()
            return
        inside.append(self.path)
        body = record_text(figid="PMC9__good").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


inside: list[str] = []


@pytest.fixture
def server() -> Iterator[str]:
    inside.clear()
    with ThreadingHTTPServer(("0.0.0.0", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_the_internet_leads_nobody_into_the_own_network(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server on the internet, which this test cannot have.
    monkeypatch.setattr(address, "is_public_address", lambda ip: ip == "127.0.0.2")
    with pytest.raises(RecordError, match="leads to localhost, which is not on the internet"):
        list(read_records(f"{server.replace('127.0.0.1', '127.0.0.2')}/away"))
    assert inside == []
    assert len(list(read_records(f"{server}/away"))) == 1


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("10.1.2.3", True),
        ("192.168.0.1", True),
        ("169.254.169.254", True),
        ("2130706433", True),
        ("0", True),
        ("::1", True),
        ("fe80::1", True),
        ("fd00::1", True),
        ("::ffff:127.0.0.1", True),
        ("::", True),
        ("100.64.0.1", True),
        ("224.0.0.1", True),
        ("64:ff9b::7f00:1", True),
        ("2002:7f00:1::", True),
        ("64:ff9b::808:808", False),
        ("8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("a" * 70, False),
    ],
)
def test_addresses_of_own_networks_are_known(*, host: str, private: bool) -> None:
    assert address.is_private(host) is private


@pytest.mark.parametrize("source", ["ftp://127.0.0.1/a.md", "gopher://x/y"])
def test_other_schemes_are_not_addresses(
    source: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    outcome = run("export", source, "--out", tmp_path / "out")
    assert (outcome.code, outcome.stderr) == (
        2,
        f"error: {source}: no such file, folder or match\n",
    )


def test_a_download_without_end_is_cut(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "DOWNLOAD", replace(DOWNLOAD, max_bytes=500))
    with pytest.raises(RecordError, match="larger than"):
        list(read_records(f"{server}/record"))


# --- a release from elsewhere ----------------------------------------------------------------

FACTS = {
    "version": "20261110",
    "base_url": "https://e.org/",
    "figures": 1,
    "rejected": 0,
    "tool_version": "1",
    "tables": [],
}
FILE = {
    "path": "rdf/a.zip",
    "kind": "core",
    "title": "a",
    "media_type": "text/turtle",
    "package": None,
    "size": 1,
    "sha256": "0",
}


@pytest.mark.parametrize("path", ["../a", "/etc/passwd", "a/../../b", "", "a\0b", "."])
def test_a_release_names_no_file_outside_it(path: str, tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps(FACTS | {"files": [FILE | {"path": path}]}))
    with pytest.raises(UnreadableError, match="which is not in its folder"):
        open_release(tmp_path)


@pytest.mark.parametrize(
    "facts",
    [{"version": 1}, {"figures": "1"}, {"files": [FILE | {"size": "1"}]}, {"files": [{}]},
     {"files": [FILE | {"path": None}]}, {"files": [FILE | {"counts": []}]}, {"more": 1}],
)  # fmt: skip
def test_a_release_of_other_things_is_none(facts: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps(FACTS | {"files": [FILE]}))
    assert open_release(tmp_path).version == "20261110"
    (tmp_path / "release.json").write_text(json.dumps(FACTS | {"files": [FILE]} | facts))
    with pytest.raises(UnreadableError, match="not what rdfexport release wrote"):
        open_release(tmp_path)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ('"figures": true', "$.figures"),
        ('"figures": -1', "$.figures"),
        ('"rejected": 1e999', "$.rejected"),
        ('"rejected": 1' + "0" * 30, "$.rejected"),
        ('"version": 2026', "$.version"),
        ('"version": "20261301"', "not a date"),
        ('"tables": [{"name": "hgnc", "date": 1}]', "$.tables[0].date"),
        ('"files": [{"path": "a", "size": "1"}]', "$.files[0].size"),
        ('"sets": {"min_genes": []}', "$.sets[...]"),
        ('"sets": {"min_genes": 1e999}', "$.sets[...]"),
        ('"source": NaN', "byte "),
        ('"source": ' + "[" * 100_000 + "]" * 100_000, "$.source"),
    ],
)
def test_the_field_of_a_release_that_is_wrong_is_named(
    facts: str, field: str, tmp_path: Path
) -> None:
    right = json.dumps(FACTS | {"files": []})
    (tmp_path / "release.json").write_text(right)
    assert open_release(tmp_path).figures == 1
    (tmp_path / "release.json").write_text(f"{right[:-1]}, {facts}}}")
    with pytest.raises(UnreadableError, match=re.escape(field)):
        open_release(tmp_path)


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "figid", ["../PMC1__f1", "/tmp/PMC1__f1", "PMC1__..", "PMC1__f1/../../x", "PMC1__f1\\x", "."]
)
def test_a_figid_leads_to_no_other_folder(
    figid: str, run: Callable[..., Outcome], tmp_path: Path, collection: Collection
) -> None:
    collection.add("PMC9__good")
    text = record_text().replace("figid: PMC1__f1", f"figid: {json.dumps(figid)}")
    (collection.root / "_figures" / "PMC1__f1.md").write_text(text)
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    outcome = run("export", collection.root, "--out", tmp_path / "out", "--no-validate")
    assert outcome.code == 1
    out = {p.name for p in (tmp_path / "out" / "core").iterdir()}
    assert out == {"PMC9__good.ttl", "PMC9__good.jsonld"}
    assert {path for path in tmp_path.rglob("*") if "out" not in path.parts} == before


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:pathlib.Path.touch", "!!python/object/new:pathlib.Path", "!x"]
)
def test_yaml_makes_no_objects(
    tag: str, run: Callable[..., Outcome], tmp_path: Path, collection: Collection
) -> None:
    collection.add("PMC9__good")
    mark = tmp_path / "mark"
    path = collection.add(text=record_text(changes={"figtitle": f"{tag} [{mark}]"}))
    outcome = run("export", collection.root, "--out", tmp_path / "out", "--no-validate")
    assert outcome.code == 1
    assert f"rejected: {path}:3: " in outcome.stderr
    assert not mark.exists()
