"""A file that is not the record or table that its name says is named for what it is."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from support.records import FIGID, Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
KINDS: dict[str, tuple[Callable[[str], bytes], str]] = {
    "lfs": (lambda _: LFS, "Git LFS"),
    "annex": (lambda _: b"/annex/objects/SHA256E-s12--ab.tsv\n", "git-annex"),
    "html": (lambda _: b"\n<!DOCTYPE html>\n<html><title>Not found</title></html>", "a web page"),
    "html after a mark": (lambda _: b"\xef\xbb\xbf<HTML>\n</HTML>", "a web page"),
    "carriage returns": (lambda text: text.replace("\n", "\r").encode(), "carriage return"),
    "empty": (lambda _: b"", "the file is empty"),
    "blank": (lambda _: b" \n\n", "the file is empty"),
    "UTF-16": (lambda text: text.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (lambda text: text.encode("utf-16-be"), "UTF-16"),
    "UTF-32": (lambda text: text.encode("utf-32"), "UTF-32"),
    "gzip": (lambda text: gzip.compress(text.encode()), "a gzip file"),
    "Excel": (lambda _: b"PK\x03\x04\x14\x00\x06\x00\x08\x00" + bytes(99), "Excel"),
    "PNG": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(99), "a PNG image"),
    "PDF": (lambda _: b"%PDF-1.5\n%\xb5\xed\xae\xfb" + bytes(99), "a PDF file"),
    "zeros": (lambda _: bytes(500), "binary data"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["record", "table"])
def test_file_is_named_for_what_it_is(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path, kind: str, what: str
) -> None:
    make, problem = KINDS[kind]
    path = collection.add(genes=table_text("genes"))
    if what == "record":
        path.write_bytes(make(record_text()))
    else:
        path = collection.root / "_data" / f"{FIGID}-genes.tsv"
        path.write_bytes(make(table_text("genes")))
    collection.add("PMC9__good", record_text("legacy", "PMC9__good"))
    out = tmp_path / "out"
    outcome = run("export", collection.root, "--out", out, "--jobs", "1", "--no-validate")
    (fault,) = [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]
    assert fault["file"] == str(path)
    assert problem in fault["problem"]
    assert fault["remedy"]
    assert outcome.code == 1
    assert "PMC9__good" in (out / "index.tsv").read_text()
