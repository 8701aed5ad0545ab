"""Releases, and ways to change them as one would who wants to deceive."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import CliRunner

from rdfexport.cli import main
from rdfexport.release.describe import describe
from rdfexport.release.folder import sha256, write_sums
from rdfexport.release.joined import member
from rdfexport.release.model import open_release
from rdfexport.release.statistics import measure
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Members = list[tuple[str, bytes]]

VERSION = "20261110"
STEM = f"pfocr-{VERSION}"
CORE = f"rdf/{STEM}-rdf-core.zip"
WP = f"rdf/{STEM}-rdf-wp.zip"
LINKSET = f"rdf/{STEM}-rdf-linkset.zip"
NTRIPLES = f"rdf/{STEM}-rdf.nt.gz"
NQUADS = f"rdf/{STEM}-rdf.nq.gz"
JSONLD = f"jsonld/{STEM}-jsonld.zip"
MENTIONS = f"mentions/{STEM}-mentions.parquet"
GMT = f"gmt/{STEM}-gmt-Homo_sapiens.gmt"
PATCH = f"patch/{STEM}-from-20261010.rdfp.gz"
UPDATE = f"patch/{STEM}-from-20261010-update.zip"
CHEMICALS = f"gmt/{STEM}-chemical-gmt-Homo_sapiens.gmt"
VOID = "rdf/pfocr-rdf-void.ttl"
FIGURE = "PMC3811159__nihms512981f2"
GRAPHS = "https://pfocr.wikipathways.org/graph/"
PAGE = f"https://pfocr.wikipathways.org/figures/{FIGURE}.html"


def make_releases(out: Path) -> Path:
    """Make two releases of the examples in a folder, and tell the folder of both."""
    before = shutil.copytree(ROOT / "examples", out / "before")
    next(before.glob(f"**/{FIGURE}.md")).unlink()
    record = next(before.glob("**/*.md"))
    record.write_text(record.read_text("utf-8").replace("pathway", "way"), "utf-8")
    more = ("--previous", str(out / "pfocr" / "20261010"))
    for records, version, *options in (
        (before, "20261010"),
        (ROOT / "examples", VERSION, *more),
    ):
        words = ["release", str(records), "--version", version, "--out", str(out), "-q"]
        result = CliRunner().invoke(main, [*words, "--jobs", "1", *options], catch_exceptions=False)
        assert result.exit_code == 0, result.stderr
    return out / "pfocr"


def facts(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what ``release.json`` says."""
    path = folder / "release.json"
    said = json.loads(path.read_bytes())
    change(said)
    path.write_text(json.dumps(said))


def entry(said: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (file for file in said["files"] if file["path"] == name)
    assert isinstance(found, dict)
    return found


def signed(folder: Path) -> Path:
    """Make sizes and checksums right, as one would who wants to deceive."""

    def change(said: dict[str, Any]) -> None:
        for file in said["files"]:
            path = folder / file["path"]
            if path.is_file():
                file |= {"size": path.stat().st_size, "sha256": sha256(path)}

    facts(folder, change)
    write_sums(folder)
    return folder


def without_changes(folder: Path) -> None:
    """Take away what changed since an earlier release."""

    def change(said: dict[str, Any]) -> None:
        kinds = {"changes", "changes-rdf", "patch", "update"}
        for file in said["files"]:
            if file["kind"] in kinds:
                (folder / file["path"]).unlink()
        said["files"] = [file for file in said["files"] if file["kind"] not in kinds]

    facts(folder, change)


def described(folder: Path) -> None:
    """Make the descriptions again."""
    release = open_release(folder)
    for name, text in describe(release, measure(folder / release.nquads)).items():
        (folder / name).write_text(text, "utf-8")
    write_sums(folder)


def count(folder: Path, name: str, **counts: int) -> None:
    """Change what ``release.json`` says is in a file."""
    facts(folder, lambda said: entry(said, name)["counts"].update(counts))


def counted(folder: Path, name: str, what: str) -> int:
    said = json.loads((folder / "release.json").read_bytes())
    return int(entry(said, name)["counts"][what])


def repacked(path: Path, change: Callable[[Members], Members]) -> None:
    """Change the members of an archive."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")  # of a name that is there already
        for name, data in change(members):
            archive.writestr(member(name, (2026, 11, 10)), data)


def relined(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    """Change the lines of a file, which may be a gzip file."""
    packed = path.suffix == ".gz"
    data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    data = b"".join(change(data.splitlines(keepends=True)))
    path.write_bytes(gzip.compress(data, mtime=0) if packed else data)


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Members], Members]:
    """Change the text of one member."""

    def change(members: Members) -> Members:
        assert old in dict(members)[name]
        return [(n, d.replace(old, new, 1) if n == name else d) for n, d in members]

    return change


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def changed_facts(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    return lambda folder: facts(folder, change)


def packed(name: str, change: Callable[[Members], Members]) -> Callable[[Path], None]:
    return lambda folder: repacked(folder / name, change)


def table(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        pq.write_table(change(pq.read_table(folder / MENTIONS)), folder / MENTIONS)

    return changed


def other_number(after: bytes) -> Callable[[list[bytes]], list[bytes]]:
    """Change the first digit behind some text."""

    def change(lines: list[bytes]) -> list[bytes]:
        text = b"".join(lines)
        at = re.compile(re.escape(after) + rb"[^0-9]*([0-9])").search(text)
        assert at is not None
        digit = b"1" if at[1] != b"1" else b"2"
        return [text[: at.start(1)] + digit + text[at.end(1) :]]

    return change
