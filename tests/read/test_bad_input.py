"""Whatever is wrong with a record or a source is told with its place, and nothing vanishes."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import struct
import tarfile
import tracemalloc
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import zstandard

from rdfexport import RecordError, UsageError, read_records
from rdfexport.errors import DiskError
from support.records import HEADERS, TABLES, Collection, Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = "PMC9__good"
BAD = "PMC1__f1"
RECORD = f"_figures/{BAD}.md"


def export(run: Callable[..., Outcome], source: object, out: Path, *options: str) -> Outcome:
    # The graphs are sound: what is at issue here never gets as far as a graph.
    return run("export", source, "--out", out, "--jobs", "1", "--no-validate", *options)


def rejected(out: Path) -> list[dict[str, str | int | None]]:
    return [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]


def exported(out: Path) -> list[str]:
    return [line.partition("\t")[0] for line in (out / "index.tsv").read_text().splitlines()[1:]]


def number_of(outcome: Outcome, what: str) -> int:
    """A number of the summary."""
    found = re.search(rf"^records {what} +([\d,]+)$", outcome.stderr, re.MULTILINE)
    assert found is not None, outcome.stderr
    return int(found[1].replace(",", ""))


# File, line and field of a fault, and a part of what is said to be wrong.
Place = tuple[str, int | None, str | None, str]


def check(outcome: Outcome, out: Path, places: list[Place], code: int = 1) -> None:
    """Every fault is told where it should be, on the screen and in the file, and no other is."""
    faults = rejected(out)
    told = [(fault["file"], fault["line"], fault["field"]) for fault in faults]
    assert told == [place[:3] for place in places]
    for fault, (file, line, name, problem) in zip(faults, places, strict=True):
        assert problem in str(fault["problem"])
        where = file + ("" if line is None else f":{line}") + ("" if name is None else f": {name}")
        message = f"rejected: {where}: {fault['problem']}: {fault['remedy']}"
        assert message in outcome.stderr.splitlines()
    assert outcome.code == code
    assert number_of(outcome, "rejected") == len(faults)
    assert number_of(outcome, "exported") == len(exported(out))
    assert number_of(outcome, "read") == len(faults) + len(exported(out))


# --- one record with a fault -----------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """A record with a fault, and where that is.

    ``at`` is a line's number, or how the first such line begins. ``file`` is the record itself
    unless it says which table.
    """

    id: str
    text: str | bytes
    at: int | str | None
    field: str | None
    problem: str
    file: str = RECORD
    tables: dict[str, str] = field(default_factory=dict)


def changed(
    id_: str,
    changes: dict[str, str | None],
    field: str | None,
    problem: str,
    *,
    at: str | None = None,
    form: str = "current",
) -> Fault:
    """A record with fields changed, whose fault is in the first of them unless ``at`` says more."""
    return Fault(
        id_, record_text(form, changes=changes), at or f"{next(iter(changes))}:", field, problem
    )


def in_table(id_: str, kind: str, table: str, line: int | None, problem: str) -> Fault:
    file = f"_data/{BAD}-{kind}.tsv"
    return Fault(id_, record_text(), line, None, problem, file, {kind: table})


GENES = HEADERS["genes"].replace(" ", "\t")
SOUND = record_text()

FAULTS = [
    # YAML
    changed("colon", {"figtitle": "a: b"}, None, "not valid YAML (mapping values"),
    Fault("open quote", SOUND.replace("''", "'", 1), 28, None, "not valid YAML ("),
    changed("open list", {"keywords": "[a"}, None, "not valid YAML (", at="automl_pathway"),
    changed("tab", {"organisms": "\n\t- a"}, None, "not valid YAML (", at="\t"),
    changed("unknown alias", {"figtitle": "*a"}, None, "not valid YAML ("),
    changed("broken tag", {"figtitle": "!!int z"}, None, "not valid YAML (Invalid value"),
    Fault("key twice", SOUND.replace("year:", "figtitle:"), 17, None, "duplicate mapping key"),
    changed("key of fields", {"x": "1", "y": "\n  ? {a: [b]}\n  : c"}, None, "a key", at="  ? {"),
    Fault("keys of all kinds", b"---\n? [a]\n: b\nc: d\nc: e\n---\n", 5, None, "duplicate"),
    changed("alias", {"organisms": "\n- &a b\n- *a"}, None, "a YAML alias", at="- *a"),
    changed(
        "self-reference",
        {"schema-jsonld": "&a\n  keywords: *a"},
        None,
        "a YAML alias",
        at="  keywords",
    ),
    changed("self-reference in a list", {"organisms": "&a [*a]"}, None, "a YAML alias"),
    changed("merge key", {"seo": "&a b", "x": "{<<: *a}"}, None, "a YAML alias", at="x:"),
    changed(
        "billion laughs",
        {"x0": "&x0 [a, a]"}
        | {f"x{n}": f"&x{n} [*x{n - 1}, *x{n - 1}, *x{n - 1}]" for n in range(1, 60)},
        None,
        "a YAML alias",
        at="x1:",
    ),
    changed("control character", {"caption": "a\x07b"}, None, "control character U+0007"),
    changed("NUL", {"caption": "a\0b"}, None, "control character U+0000"),
    changed("escape sequence", {"caption": "\x1b[2J"}, None, "control character U+001B"),
    # Files that are no records
    Fault("empty", b"", None, None, "the file is empty"),
    Fault("blank", b" \n\n\t\n", None, None, "the file is empty"),
    Fault("no front matter", b"# Title\n\nText.\n", 1, None, "no front matter"),
    Fault("not closed", SOUND.removesuffix("---\n"), 1, None, "the front matter is not closed"),
    Fault("nothing in it", b"---\n---\n", 2, None, "not a list of fields"),
    Fault("a list", b"---\n- a\n---\n", 2, None, "not a list of fields"),
    Fault("a text", b"---\njust text\n---\n", 2, None, "not a list of fields"),
    Fault("binary junk", bytes(range(255, -1, -1)) * 9, 1, None, "byte 0xff is not UTF-8"),
    Fault("UTF-16", SOUND.encode("utf-16"), None, None, "text in UTF-16"),
    Fault("Latin-1", SOUND.replace("Sar", "\xe9").encode("latin-1"), 7, None, "byte 0xe9 is not"),
    Fault("zeros", bytes(5000), None, None, "binary data"),
    # figid and pmcid
    Fault("no figid", record_text(changes={"figid": None}), 2, "figid", "has no figid"),
    changed("figid unknown", {"figid": "NA"}, "figid", "has no figid"),
    changed("figid of another", {"figid": "PMC1__f2"}, "figid", "'PMC1__f2' is not the name of"),
    changed("figid in capitals", {"figid": "PMC1__F1"}, "figid", "is not the name of the file"),
    changed("figid leads out", {"figid": "../../PMC1__f1"}, "figid", "is not a figure identifier"),
    changed("figid with a slash", {"figid": "PMC1__/../x"}, "figid", "is not a figure ident"),
    changed("figid absolute", {"figid": "/etc/passwd"}, "figid", "is not a figure identifier"),
    changed("figid with NUL", {"figid": '"PMC1__f1\\0"'}, "figid", "is not a figure identifier"),
    changed("figid on two lines", {"figid": '"PMC1__f1\\nx"'}, "figid", "is not a figure ident"),
    changed("figid too long", {"figid": "PMC1__" + "a" * 300}, "figid", "is not a figure ident"),
    changed("figid a number", {"figid": "1"}, "figid", "text expected, found a number"),
    changed("pmcid of another", {"pmcid": "PMC2"}, "pmcid", "'PMC2' is not the article of"),
    # Wrong types
    changed("number for text", {"caption": "12"}, "caption", "text expected, found a number"),
    changed("list for text", {"caption": "[a]"}, "caption", "text expected, found a list"),
    changed("fields for text", {"doi": "{a: b}"}, "doi", "text expected, found fields"),
    changed("true for text", {"year": "true"}, "year", "text expected, found true/false"),
    changed("fields for list", {"organisms": "{a: b}"}, "organisms", "list expected, found fields"),
    changed("list for score", {"automl_pathway": "[1]"}, "automl_pathway", "found a list"),
    changed("number without end", {"number": "9" * 5000}, "number", "found a number"),
    changed("score without end", {"automl_pathway": "9" * 400}, "automl_pathway", "found a number"),
    changed("text for fields", {"schema-jsonld": "x"}, "schema-jsonld", "fields expected"),
    changed(
        "number in a list",
        {"organisms": "\n- Homo sapiens\n- 9606"},
        "organisms[1]",
        "text expected, found a number",
        at="- 9606",
    ),
    changed("text for rows", {"genes": "MTOR"}, "genes", "list expected, found text"),
    changed("text for a row", {"genes": "\n- MTOR"}, "genes[0]", "fields expected", at="- MTOR"),
    changed(
        "fields for a number",
        {"genes": "\n- word: a\n  entrez: 1\n- word: b\n  entrez: {c: d}"},
        "genes[1].entrez",
        "text expected, found fields",
        at="  entrez: {",
        form="legacy",
    ),
    # Tables
    in_table("wrong header", "genes", "a\tb\n", 1, "the header lacks word"),
    in_table("no identifiers", "genes", "word\tmatch\n", 1, "the header has no column of identif"),
    in_table("identifiers misspelt", "diseases", "word\tdo_id\n", 1, "the header has no column"),
    in_table("comma-separated", "chemicals", "word,mesh,match\n", 1, "the header lacks word"),
    in_table("column twice", "genes", GENES + "\tword\n", 1, "a column occurs twice"),
    in_table("empty table", "diseases", "", None, "the file is empty"),
    in_table("short row", "genes", table_text("genes", TABLES["genes"] + "1\t2\n"), 3, "2 cells"),
    in_table("long row", "genes", table_text("genes", "\t".join("a" * 12)), 2, "12 cells where"),
    in_table("blank row", "genes", table_text("genes", "\n" + TABLES["genes"]), 2, "1 cells"),
    in_table("large table", "genes", table_text("genes", "\n" * 5_000_000), None, "larger than 4"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault(
    fault: Fault, collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add(GOOD)
    collection.add(BAD, fault.text, **fault.tables)
    line = fault.at
    if isinstance(line, str):
        lines = str(fault.text).split("\n")
        line = next(n for n, text in enumerate(lines, 1) if text.startswith(line))
    outcome = export(run, collection.root, tmp_path / "out")
    place = (f"{collection.root}/{fault.file}", line, fault.field, fault.problem)
    assert exported(tmp_path / "out") == [GOOD]
    check(outcome, tmp_path / "out", [place])


@pytest.mark.parametrize(
    ("deep", "line", "problem"),
    [
        ("- " * 100_000, 1, "YAML nested 200 columns deep"),
        ("? " * 100_000, 1, "YAML nested 200 columns deep"),
        ("[" * 100_000 + "]" * 100_000, 1, "recursion limit exceeded"),
        ("[" * 100_000, 1, "recursion limit exceeded"),
        ("{a: " * 100_000 + "}" * 100_000, 1, "recursion limit exceeded"),
        (
            "\n".join(" " * (198 * n + 1) + "- " * 99 for n in range(120)),
            2,
            "YAML nested 200 columns deep",
        ),
    ],
    ids=["list", "keys", "flow lists", "open flow lists", "flow fields", "list on stairs"],
)
def test_deep_nesting(
    *,
    deep: str,
    line: int,
    problem: str,
    collection: Collection,
    run_process: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    """In a process of its own, which a stack overflow would kill."""
    collection.add(GOOD)
    path = collection.add(BAD, record_text(changes={"annotations": f"\n{deep}"}))
    outcome = export(run_process, collection.root, tmp_path / "out")
    assert exported(tmp_path / "out") == [GOOD]
    first = len(SOUND.splitlines())
    check(outcome, tmp_path / "out", [(str(path), first + line, None, problem)])


# --- files that cannot be read ---------------------------------------------------------------


def too_large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


def large_and_sound_so_far(path: Path) -> None:
    path.write_text(SOUND)
    with path.open("r+b") as file:
        file.truncate(100_000_000)


def unreadable(path: Path) -> None:
    path.write_text(SOUND)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("a file without permissions: this user can read everything")


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (too_large, "larger than 4 MiB"),
        (large_and_sound_so_far, "larger than 4 MiB"),
        (unreadable, "cannot be read (Permission denied)"),
        (broken_link, "cannot be read (No such file or directory)"),
        (link_to_itself, "cannot be read (Too many levels of symbolic links)"),
        (pipe, "the file is empty"),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_file_that_cannot_be_read(
    *,
    make: Callable[[Path], None],
    problem: str,
    named: bool,
    collection: Collection,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    good = collection.add(GOOD)
    path = good.with_name(f"{BAD}.md")
    make(path)
    sources = (path, good) if named else (collection.root,)
    out = tmp_path / "out"
    outcome = run("export", *sources, "--out", out, "--jobs", "1", "--no-validate")
    assert exported(out) == [GOOD]
    code = 2 if problem.startswith("cannot be read") else 1
    check(outcome, out, [(str(path), None, None, problem)], code)


def test_table_that_cannot_be_read(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add(GOOD)
    collection.add(BAD, genes="")
    table = collection.root / "_data" / f"{BAD}-genes.tsv"
    table.unlink()
    broken_link(table)
    outcome = export(run, collection.root, tmp_path / "out")
    assert exported(tmp_path / "out") == [GOOD]
    check(outcome, tmp_path / "out", [(str(table), None, None, "cannot be read")], 2)


def test_folder_named_like_a_record_is_a_folder(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    good = collection.add(GOOD)
    folder = good.with_name(f"{BAD}.md")
    folder.mkdir()
    (folder / "PMC3__inside.md").write_text(record_text(figid="PMC3__inside"))
    for source in (collection.root, f"{good.parent}/*"):
        assert export(run, source, tmp_path / "out").code == 0
        assert exported(tmp_path / "out") == ["PMC3__inside", GOOD]
    assert export(run, folder, tmp_path / "out").code == 0
    assert exported(tmp_path / "out") == ["PMC3__inside"]


def test_names_that_are_no_text_or_that_a_terminal_obeys(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    folder = os.fsencode(collection.add(GOOD).parent)
    for name in (b"\xff.md", b"a\nrejected: b.md", b"\x1b[2J.md"):
        try:
            with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123 - a name in bytes
                file.write(b"junk")
        except OSError:
            pytest.skip("a name that is not UTF-8: this file system does not take one")
    outcome = export(run, collection.root, tmp_path / "out")
    shown = [r"\udcff.md", r"\x1b[2J.md", r"a\nrejected: b.md"]
    places = [(f"{collection.root}/_figures/{n}", 1, None, "no front matter") for n in shown]
    check(outcome, tmp_path / "out", places)


# --- figids that come twice ------------------------------------------------------------------


def test_figid_in_two_folders(tmp_path: Path, run: Callable[..., Outcome]) -> None:
    first, second = Collection(tmp_path / "a"), Collection(tmp_path / "b")
    kept, other = first.add(GOOD), second.add(GOOD)
    second.add("PMC2__only")
    for sources in ((first.root, second.root), (second.root, first.root), (tmp_path,)):
        out = tmp_path / "out"
        outcome = run("export", *sources, "--out", out, "--jobs", "1", "--no-validate")
        assert exported(out) == ["PMC2__only", GOOD]
        problem = f"'{GOOD}' is also the figure of {kept}"
        check(outcome, out, [(str(other), None, "figid", problem)])


def test_figid_twice_in_an_archive_and_in_a_folder(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    path = collection.add(GOOD)
    archive = tmp_path / "z.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(path, f"a/_figures/{GOOD}.md")
        file.write(path, f"b/_figures/{GOOD}.md")
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.write(path, f"a/_figures/{GOOD}.md")
    out = tmp_path / "out"
    outcome = run("export", collection.root, archive, "--out", out, "--jobs", "1", "--no-validate")
    assert exported(out) == [GOOD]
    problem = f"is also the figure of {path}"
    members = [f"{archive}!{folder}/_figures/{GOOD}.md" for folder in "ab"]
    check(outcome, out, [(member, None, "figid", problem) for member in members])


# --- archives --------------------------------------------------------------------------------


def zip_of(*members: tuple[str, bytes], last: int = zipfile.ZIP_DEFLATED) -> bytearray:
    """A zip archive whose last member is packed with the method ``last``."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members[:-1]:
            archive.writestr(name, content)
        for name, content in members[-1:]:
            archive.writestr(name, content, last)
    return bytearray(data.getvalue())


def tar_of(*members: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


GOOD_MEMBER = (f"_figures/{GOOD}.md", record_text(figid=GOOD).encode())
BAD_MEMBER = (RECORD, SOUND.encode())

# Fields of the central directory's header (PKWARE APPNOTE, section 4.3.12): offset and format.
VERSION, FLAGS, CRC, PACKED, SIZE, OFFSET = (
    (6, "<H"),
    (8, "<H"),
    (16, "<L"),
    (20, "<L"),
    (24, "<L"),
    (42, "<L"),
)


def patched(data: bytearray, field: tuple[int, str], value: int) -> bytes:
    """Change a field in the directory entry of the last member."""
    struct.pack_into(field[1], data, data.rindex(b"PK\x01\x02") + field[0], value)
    return bytes(data)


def not_utf8(data: bytearray) -> bytes:
    at = data.rindex("\xe9".encode())
    data[at : at + 2] = b"\xff\xff"
    return bytes(data)


OUTSIDE = [
    "/etc/x.md",
    "../x.md",
    "a/../../x.md",
    "_figures/../../x.md",
    "..\\x.md",
    "C:\\x.md",
    "c:/x.md",
]


@pytest.mark.parametrize("make", [zip_of, tar_of])
@pytest.mark.parametrize("name", OUTSIDE)
def test_member_that_leads_out_of_its_archive(
    make: Callable[..., bytes], name: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(make((name, SOUND.encode()), GOOD_MEMBER))
    outcome = export(run, archive, tmp_path / "out")
    assert exported(tmp_path / "out") == [GOOD]
    place = (f"{archive}!{name}", None, None, "the path leads out of the archive")
    check(outcome, tmp_path / "out", [place])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (patched(zip_of(GOOD_MEMBER, BAD_MEMBER), FLAGS, 1), "encrypted, or packed"),
        (
            bytes(zip_of(GOOD_MEMBER, BAD_MEMBER, last=zipfile.ZIP_BZIP2)),
            "unusual method",
        ),
        (
            patched(zip_of(GOOD_MEMBER, BAD_MEMBER), CRC, 1),
            "(wrong checksum)",
        ),
        (patched(zip_of(GOOD_MEMBER, BAD_MEMBER), SIZE, 10), "(wrong checksum)"),
        (
            patched(zip_of(GOOD_MEMBER, BAD_MEMBER), PACKED, 10),
            "(wrong checksum)",
        ),
        (patched(zip_of(GOOD_MEMBER, BAD_MEMBER), OFFSET, 1), "damaged in the archive ("),
        (bytes(zip_of(GOOD_MEMBER, (RECORD, bytes(5_000_000)))), "larger than 4 MiB"),
        (
            patched(zip_of(GOOD_MEMBER, (RECORD, bytes(50_000_000))), SIZE, 1000),
            "(wrong checksum)",
        ),
        (bytes(zip_of(GOOD_MEMBER, (RECORD, b""))), "the file is empty"),
        (tar_of(GOOD_MEMBER, (RECORD, bytes(5_000_000))), "larger than 4 MiB"),
        (tar_of(GOOD_MEMBER, (RECORD, b"")), "the file is empty"),
    ],
    ids=[
        "encrypted",
        "bzip2",
        "wrong checksum",
        "size too small",
        "packed size too small",
        "wrong offset",
        "zip bomb",
        "zip bomb that lies",
        "empty in a zip",
        "large in a tar",
        "empty in a tar",
    ],
)
def test_member_that_cannot_be_read(
    data: bytes, problem: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    archive.write_bytes(data)
    outcome = export(run, archive, tmp_path / "out")
    assert exported(tmp_path / "out") == [GOOD]
    code = 1 if problem in {"larger than 4 MiB", "the file is empty"} else 2
    check(outcome, tmp_path / "out", [(f"{archive}!{RECORD}", None, None, problem)], code)


def test_little_memory_is_taken_for_what_is_too_large(tmp_path: Path) -> None:
    lies = patched(zip_of(GOOD_MEMBER, (RECORD, bytes(50_000_000))), SIZE, 1000)
    (tmp_path / "lies.zip").write_bytes(lies)
    too_large(tmp_path / f"{BAD}.md")
    errors: list[RecordError] = []
    tracemalloc.start()
    found = list(read_records(str(tmp_path), f"{tmp_path}/*.zip", on_error=errors.append))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ([record.figid for record in found], len(errors)) == ([GOOD], 2)
    assert peak < 20_000_000


def broken_header(data: bytes) -> bytes:
    """A tar whose second header does not add up."""
    at = data.index(RECORD.encode())
    return data[: at + 150] + b"9" + data[at + 151 :]


def endless(data: bytes) -> bytes:
    """A tar whose second member says that it has 2**80 bytes."""
    info = tarfile.TarInfo(RECORD)
    header = bytearray(info.tobuf())
    header[124:136] = b"\x80" + (2**80).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return data[: data.index(RECORD.encode())] + bytes(header) + bytes(1024)


WHOLE_TAR = tar_of(GOOD_MEMBER, BAD_MEMBER)
IN_DATA = WHOLE_TAR.index(RECORD.encode()) + 600
AT_HEADER = WHOLE_TAR.index(RECORD.encode())
UTF8_MEMBER = ("_figures/\xe9.md", b"")


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("a.zip", bytes(zip_of(GOOD_MEMBER, BAD_MEMBER)[:-30]), []),
        ("a.zip", bytes(zip_of(GOOD_MEMBER, BAD_MEMBER)[:200]), []),
        ("a.zip", b"", []),
        ("a.zip", b"junk" * 99, []),
        ("a.zip", patched(zip_of(GOOD_MEMBER, BAD_MEMBER), VERSION, 99), []),
        ("a.zip", not_utf8(zip_of(GOOD_MEMBER, UTF8_MEMBER)), []),
        ("a.zip", patched(zip_of(GOOD_MEMBER, BAD_MEMBER), OFFSET, 2**31), [GOOD]),
        ("a.zip", patched(zip_of(GOOD_MEMBER, BAD_MEMBER), PACKED, 2**31), [GOOD]),
        ("a.tar", b"", []),
        ("a.tar", b"junk" * 999, []),
        ("a.tar", WHOLE_TAR[:IN_DATA], [GOOD]),
        ("a.tar", WHOLE_TAR[:AT_HEADER], [GOOD]),
        ("a.tar", WHOLE_TAR[: AT_HEADER + 100], [GOOD]),
        ("a.tar", broken_header(WHOLE_TAR), [GOOD]),
        ("a.tar", endless(WHOLE_TAR), [GOOD]),
        ("a.tar.gz", gzip.compress(WHOLE_TAR)[:-400], []),
        ("a.tar.gz", gzip.compress(WHOLE_TAR)[:-8] + bytes(8), []),
        ("a.tar.gz", gzip.compress(WHOLE_TAR[:AT_HEADER]), [GOOD]),
        ("a.tar.gz", b"junk" * 99, []),
        ("a.tar.gz", b"", []),
        ("a.tar.zst", zstandard.compress(WHOLE_TAR)[:-300], []),
        ("a.tar.zst", zstandard.compress(WHOLE_TAR[:AT_HEADER]), [GOOD]),
        ("a.tar.zst", b"junk" * 99, []),
        ("a.tar.zst", b"", []),
    ],
)
def test_damaged_archive(
    *, name: str, data: bytes, kept: list[str], run: Callable[..., Outcome], tmp_path: Path
) -> None:
    Collection(tmp_path / "more").add("PMC5__more")
    archive = tmp_path / name
    archive.write_bytes(data)
    out = tmp_path / "out"
    outcome = run("export", tmp_path / "more", archive, "--out", out, "--jobs=1", "--no-validate")
    assert exported(out) == ["PMC5__more", *kept]
    (fault,) = rejected(out)
    check(outcome, out, [(str(archive), None, None, str(fault["problem"]))], 2)
    assert re.match(r"(damaged archive|cannot be read) \(.+\)\Z", str(fault["problem"]))


@pytest.mark.parametrize(
    ("name", "compress"), [("a.tar.gz", gzip.compress), ("a.tar.zst", zstandard.compress)]
)
def test_archive_that_swells(
    *,
    name: str,
    compress: Callable[[bytes], bytes],
    run: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rdfexport.sources.packing.FREE_RECORDS_BYTES", 1_000_000)
    archive = tmp_path / name
    archive.write_bytes(compress(tar_of(GOOD_MEMBER, ("zeros", bytes(9_000_000)))))
    outcome = export(run, archive, tmp_path / "out")
    check(outcome, tmp_path / "out", [(str(archive), None, None, "grows more than 200 times")], 2)


def test_names_in_an_archive_are_shown_on_one_line(
    run: Callable[..., Outcome], tmp_path: Path
) -> None:
    archive = tmp_path / "a.tar"
    archive.write_bytes(tar_of(("_figures/\x1b\n\udcff.md", b"junk")))
    outcome = export(run, archive, tmp_path / "out")
    shown = f"{archive}!_figures/\\x1b\\n\\udcff.md"
    check(outcome, tmp_path / "out", [(shown, 1, None, "no front matter")])


# --- standard input --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"", ("-", None, None, "the file is empty")),
        (b"\x00\xff", ("-", None, None, "binary data, not text")),
        (b"---\nfigid: [\n---\n", ("-", 2, None, "not valid YAML")),
        (b"---\ncaption: x\n---\n", ("-", 2, "figid", "has no figid")),
        (b"---\nfigid: '../x'\n---\n", ("-", 2, "figid", "is not a figure identifier")),
        (b'---\nfigid: "a\\nb"\n---\n', ("-", 2, "figid", "is not a figure identifier")),
        (b"PK\x03\x04junk", ("-", None, None, "damaged archive")),
        (gzip.compress(b"junk", mtime=0), ("-", None, None, "damaged archive")),
    ],
)
def test_standard_input(
    *,
    data: bytes,
    place: Place,
    run: Callable[..., Outcome],
    tmp_path: Path,
) -> None:
    command = ("export", "-", "--out", tmp_path / "out", "--jobs", "1", "--no-validate")
    outcome = run(*command, stdin=data)
    check(outcome, tmp_path / "out", [place], 2 if place[3] == "damaged archive" else 1)


# --- many faults -----------------------------------------------------------------------------


def test_long_lists_are_cut_on_the_screen_and_whole_in_the_file(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    for number in range(25):
        collection.add(f"PMC{number + 1}__f", b"")
    out, all_may = tmp_path / "out", ("--max-rejected", "100%")
    outcome = export(run, collection.root, out)
    lines = [line for line in outcome.stderr.splitlines() if line.startswith("rejected:")]
    assert len(lines) == 21
    assert lines[-1] == f"rejected: 5 more, all in {out}/rejected.jsonl"
    assert len(rejected(out)) == number_of(outcome, "rejected") == 25
    verbose = export(run, collection.root, out, "--verbose", *all_may)
    assert verbose.stderr.count("the file is empty") == 25
    quiet = export(run, collection.root, out, "--quiet", *all_may)
    assert quiet.stderr.splitlines() == lines


def test_python_callers_are_told_each_fault(collection: Collection) -> None:
    collection.add(GOOD)
    collection.add(BAD, b"")
    collection.add("PMC2__f", b"junk")
    errors: list[RecordError] = []
    found = list(read_records(str(collection.root), on_error=errors.append))
    assert [record.figid for record in found] == [GOOD]
    assert [str(error) for error in errors] == [
        f"{collection.root}/{RECORD}: the file is empty: restore or remove it",
        (
            f"{collection.root}/_figures/PMC2__f.md:1: no front matter: the first line is not"
            " '---': begin the file with '---', the fields, and '---'"
        ),
    ]
    with pytest.raises(RecordError, match="the file is empty"):
        list(read_records(str(collection.root)))


# --- strict ----------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_strict_stops_at_the_first_fault(
    collection: Collection, run_process: Callable[..., Outcome], tmp_path: Path, jobs: str
) -> None:
    out = tmp_path / "out"
    for number in range(60):
        collection.add(f"PMC{number + 10}__f")
    assert export(run_process, collection.root, out).code == 0
    first = collection.add("PMC15__f", b"")
    collection.add("PMC60__f", b"")
    command = ("export", collection.root, "--out", out, "--strict", "--no-validate")
    outcome = run_process(*command, "--jobs", jobs)
    assert outcome.code == 1
    message = f"error: {first}: the file is empty: restore or remove it"
    assert outcome.stderr.splitlines() == [message]
    assert not (out / "index.tsv").exists()
    assert not list(out.rglob("*.partial"))


def test_strict_with_nothing_wrong(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    collection.add(GOOD)
    assert export(run, collection.root, tmp_path / "out", "--strict").code == 0
    assert exported(tmp_path / "out") == [GOOD]


# --- wrong calls -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Missing argument 'SOURCE...'"),
        (["{tmp}/nowhere"], "error: {tmp}/nowhere: no such file, folder or match"),
        (["{tmp}/*.nothing"], "error: {tmp}/*.nothing: no such file, folder or match"),
        (["{tmp}/empty"], "error: no record in any source ("),
        (["{tmp}/empty.zip"], "error: no record in any source ("),
        (["{tmp}/source", "{tmp}/nowhere"], "error: {tmp}/nowhere: no such file"),
        (["http://[::1/x.md"], "not the address of a source"),
        (["{tmp}/source", "--format", "n3"], "'n3' is not one of 'turtle', 'jsonld', "),
        (["{tmp}/source", "--compress", "xz"], "'xz' is not one of 'none', 'gz', 'zst'"),
        (["{tmp}/source", "--layout", "tree"], "'tree' is not one of 'auto', 'files', 'shards'"),
        (["{tmp}/source", "--jobs", "0"], "0 is not in the range x>=1"),
        (["{tmp}/source", "--jobs", "-2"], "-2 is not in the range x>=1"),
        (["{tmp}/source", "--jobs", "two"], "'two' is not a valid integer"),
        (["{tmp}/source", "--date", "today"], "error: --date today: write a day as YYYY-MM-DD"),
        (["{tmp}/source", "--figure-base", "x"], "error: x: a base is an http(s) IRI that ends in"),
        (["{tmp}/source", "--no-such-option"], "No such option"),
    ],
)
def test_wrong_call(
    collection: Collection,
    run: Callable[..., Outcome],
    tmp_path: Path,
    args: list[str],
    message: str,
) -> None:
    collection.add(GOOD)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("# Not a record")
    (tmp_path / "empty.zip").write_bytes(zip_of())
    words = [arg.format(tmp=tmp_path) for arg in args]
    outcome = run("export", *words, "--out", tmp_path / "out")
    assert outcome.code == 2
    assert message.format(tmp=tmp_path) in outcome.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["out", "out/inner", "out/core"])
def test_out_that_cannot_be_a_folder(
    collection: Collection, run: Callable[..., Outcome], tmp_path: Path, place: str
) -> None:
    collection.add(GOOD)
    file = tmp_path / place.replace("/inner", "")
    file.parent.mkdir(exist_ok=True)
    file.write_text("mine")
    out = tmp_path / place.removesuffix("/core")
    outcome = export(run, collection.root, out)
    assert outcome.code == 2
    assert f"{tmp_path}/out" in outcome.stderr.replace("\n", "")
    assert file.read_text() == "mine"
    assert not list(tmp_path.rglob("index.tsv*"))


def test_no_command_is_a_wrong_call(run: Callable[..., Outcome]) -> None:
    assert run().code == 2
    assert run("no-such-command").code == 2


@pytest.mark.parametrize(
    ("sources", "cause"),
    [((), UsageError), (("{tmp}/nowhere",), DiskError), (("{tmp}",), UsageError)],
)
def test_python_callers_are_told_the_cause(
    tmp_path: Path, sources: tuple[str, ...], cause: type[Exception]
) -> None:
    with pytest.raises(cause):
        list(read_records(*(source.format(tmp=tmp_path) for source in sources)))
