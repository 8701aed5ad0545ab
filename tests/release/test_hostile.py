"""``rdfexport verify`` of releases that nobody made in earnest: no traceback, and little memory."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from support.forging import (
    CORE,
    FIGURE,
    GMT,
    JSONLD,
    LINKSET,
    MENTIONS,
    NQUADS,
    NTRIPLES,
    PATCH,
    UPDATE,
    VERSION,
    changed_facts,
    entry,
    make_releases,
    packed,
    relined,
    signed,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.records import Outcome

    Change = Callable[[Path], object]

MEGABYTE: Final = 1 << 20
MOST: Final = 400 * MEGABYTE
DEEP: Final = b"<<( <a:a> <a:a> " * 40_000 + b"<a:a>" + b" )>>" * 40_000


MEASURE: Final = """
import resource, subprocess, sys
limit = int(sys.argv[1])
if limit:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
code = subprocess.call(sys.argv[2:])
print(end="\\n" + str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
sys.exit(code if code >= 0 else 128 - code)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site root of a release of the examples."""
    return make_releases(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A release that may be changed."""
    return shutil.copytree(root / VERSION, tmp_path / VERSION)


def verified(folder: Path, limit: int | None = None) -> tuple[int, str, str, int]:
    """Exit status, both outputs, and the most memory of a process that verifies a folder.

    Args:
        folder: Of the release.
        limit: Bytes of address space that the process may have.
    """
    call = [sys.executable, "-m", "rdfexport", "verify", str(folder), "--jobs", "1", "--no-shacl"]
    # What a process has when it is begun counts as its own, so it is begun by a small one.
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(limit or 0), *call],
        capture_output=True,
        text=True,
        check=False,
    )
    out, _, memory = done.stdout.rpartition("\n")
    return done.returncode, out, done.stderr, int(memory)


def spaced(line: bytes) -> bytes:
    return line.replace(b"> <", b">  <", 1)


def tabbed(line: bytes) -> bytes:
    return line.replace(b"> <", b">\t<", 1)


SPELLINGS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "a blank line at the end": (lambda lines: [*lines, b"\n"], ""),
    "a blank line": (lambda lines: [lines[0], b"\n", *lines[1:]], ":2: "),
    "a comment": (lambda lines: [lines[0], b"# text\n", *lines[1:]], ":2: "),
    "two blanks": (lambda lines: [lines[0], spaced(lines[1]), *lines[2:]], ":2: "),
    "a tab": (lambda lines: [lines[0], lines[1], tabbed(lines[2]), *lines[3:]], ":3: "),
    "CRLF": (lambda lines: [line.replace(b"\n", b"\r\n") for line in lines], ":1: "),
    "no newline at the end": (lambda lines: [*lines[:-1], lines[-1][:-1]], ""),
}


@pytest.mark.parametrize(("change", "place"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_quads_in_another_spelling_are_named(
    change: Callable[[list[bytes]], list[bytes]], place: str, copy: Path
) -> None:
    """They are N-Quads, so they are parsed; what is not written as releases are is said."""
    relined(copy / NQUADS, change)
    code, out, err, _ = verified(signed(copy))
    assert code == 1, err
    assert f"{NQUADS}{place}" in out
    assert "\nnquads       " in out
    assert "Traceback" not in err


def zeros(size: int) -> bytes:
    """A gzip file of a text that is all comment."""
    return gzip.compress(b"#" + b" " * size)


def parquet_of_few_bytes(folder: Path) -> None:
    """A table of millions of rows, which repeat one long word."""
    form = pq.read_schema(folder / MENTIONS)
    number = 1_000_000
    word = pa.DictionaryArray.from_arrays(pa.array([0] * number, pa.int32()), ["x" * 100_000])
    columns = [
        pa.array([[]] * number, field.type)
        if field.name == "linked"
        else pa.array([0] * number, pa.int32())
        if field.name == "row"
        else word
        for field in form
    ]
    table = pa.table(dict(zip(form.names, columns, strict=True)))
    table = table.cast(pa.schema([f.with_type(table.field(f.name).type) for f in form]))
    with pq.ParquetWriter(folder / MENTIONS, table.schema, compression="zstd") as writer:
        writer.write_table(table)


BOMBS: dict[str, tuple[Change, str]] = {
    "a figure of spaces": (
        packed(CORE, lambda some: [(name, b" " * 300 * MEGABYTE) for name, _ in some[:1]]),
        CORE,
    ),
    "a document of spaces": (
        packed(JSONLD, lambda some: [(name, b" " * 100 * MEGABYTE) for name, _ in some[:1]]),
        JSONLD,
    ),
    "an update of spaces": (
        packed(UPDATE, lambda some: [(name, b" " * 100 * MEGABYTE) for name, _ in some[:1]]),
        UPDATE,
    ),
    "a linkset of spaces": (
        packed(LINKSET, lambda some: [(name, b" " * 100 * MEGABYTE) for name, _ in some]),
        LINKSET,
    ),
    "a figure of many triples": (
        packed(
            CORE,
            lambda some: [
                (name, b"".join(b"<a:%d> <a:a> <a:a> .\n" % n for n in range(600_000)))
                for name, _ in some[:1]
            ],
        ),
        CORE,
    ),
    "triples of one line": (
        lambda folder: (folder / NTRIPLES).write_bytes(zeros(200 * MEGABYTE)),
        NTRIPLES,
    ),
    "quads of one line": (
        lambda folder: (folder / NQUADS).write_bytes(zeros(60 * MEGABYTE)),
        NQUADS,
    ),
    "a patch of one line": (
        lambda folder: (folder / PATCH).write_bytes(zeros(60 * MEGABYTE)),
        PATCH,
    ),
    "many graphs": (
        lambda folder: (folder / NQUADS).write_bytes(
            gzip.compress(b"".join(b"<a:a> <a:a> <a:a> <a:%d> .\n" % n for n in range(500_000)))
        ),
        NQUADS,
    ),
    "a long set": (lambda folder: (folder / GMT).write_bytes(b"x" * 60 * MEGABYTE), GMT),
    "a table that repeats": (parquet_of_few_bytes, MENTIONS),
    "a large description": (
        lambda folder: (folder / "dcat.ttl").write_bytes(b"#" * 100 * MEGABYTE),
        "dcat.ttl",
    ),
    "deep triples": (
        lambda folder: (folder / NTRIPLES).write_bytes(
            gzip.compress(b"<a:a> <a:a> " + DEEP + b" .\n")
        ),
        f"{NTRIPLES}:1: ",
    ),
    "a deep figure": (
        packed(
            CORE,
            lambda some: [
                (name, data + b"<a:a> <a:a> " + DEEP + b" .\n" if FIGURE in name else data)
                for name, data in some
            ],
        ),
        CORE,
    ),
    "a deep description": (
        lambda folder: (folder / "dcat.ttl").write_bytes(b"<a:a> <a:a> " + DEEP + b" .\n"),
        "dcat.ttl",
    ),
    "a deep document": (
        packed(JSONLD, lambda some: [(n, b"[" * 10**6 + b"]" * 10**6) for n, _ in some]),
        JSONLD,
    ),
    "a deep packing list": (
        lambda folder: (folder / "manifest.json").write_bytes(b"[" * 10**6 + b"]" * 10**6),
        "manifest.json",
    ),
}


@pytest.mark.parametrize(("change", "name"), BOMBS.values(), ids=BOMBS.keys())
def test_what_swells_is_refused_in_little_memory(change: Change, name: str, copy: Path) -> None:
    change(copy)
    code, out, err, memory = verified(signed(copy))
    assert code == 1, (out, err)
    assert f"\n{name}" in out
    assert "Traceback" not in err
    assert memory <= MOST, f"{memory >> 20} MiB"


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's here")
@pytest.mark.parametrize("megabytes", [250, 450, 700])
def test_too_little_memory_is_no_verdict(megabytes: int, root: Path) -> None:
    code, out, err, _ = verified(root / VERSION, megabytes * MEGABYTE)
    assert code == 2, (out, err)
    assert out == ""
    assert "memory is limited" in err


ODD_FACTS: dict[str, Change] = {
    "an address that is none": changed_facts(lambda said: said.update(base_url="no address")),
    "a package of no kind": changed_facts(lambda said: entry(said, CORE).update(package="x/y")),
    "an organism that is a number": changed_facts(lambda said: entry(said, GMT).update(organism=1)),
    "a table without a digest": changed_facts(lambda said: said["tables"][0].update(content=None)),
    "sets by no rule": changed_facts(lambda said: said.update(sets={"rule": "x"})),
    "sets that are a list": changed_facts(lambda said: said.update(sets=[1])),
    "a source that is a number": changed_facts(lambda said: said.update(source=1)),
    "a graph of another figure": packed(
        CORE,
        lambda some: [(some[0][0], some[1][1]), *some[1:]],
    ),
}


@pytest.mark.parametrize("change", ODD_FACTS.values(), ids=ODD_FACTS.keys())
def test_facts_of_another_kind_are_findings(
    change: Change, copy: Path, run: Callable[..., Outcome]
) -> None:
    change(copy)
    outcome = run("verify", signed(copy), "--no-shacl", "--jobs", "1")
    assert outcome.code == 1, outcome.stderr
