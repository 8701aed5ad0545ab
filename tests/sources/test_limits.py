"""Inputs made to swell end in a message; what is just within a limit is taken."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
import zstandard

from rdfexport import RecordError, read_records, to_quads
from support.netcommands import serving
from support.records import Outcome, record_text, table_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIGURE = "PMC1__f1"


def figure_with_genes(folder: Path, rows: str) -> Path:
    for name in ("_figures", "_data"):
        (folder / name).mkdir()
    (folder / f"_figures/{FIGURE}.md").write_text(record_text(figid=FIGURE))
    (folder / f"_data/{FIGURE}-genes.tsv").write_text(table_text("genes", rows))
    return folder


def problems(source: Path | str) -> tuple[int, list[RecordError]]:
    faults: list[RecordError] = []
    found = list(read_records(source, on_error=faults.append, linking=None))
    return len(found), faults


@pytest.mark.parametrize(("more", "expected"), [(0, 1), (1, 0)])
def test_a_cell_has_a_thousand_identifiers_at_most(
    more: int, expected: int, tmp_path: Path
) -> None:
    columns = table_text("genes", "").strip().split("\t")
    cells = dict.fromkeys(columns, "NA") | {
        "word": "A",
        "ncbigene_id": " ".join(str(1 + i) for i in range(1_000 + more)),
    }
    rows = "\t".join(cells[column] for column in columns) + "\n"
    found, faults = problems(figure_with_genes(tmp_path, rows))
    assert found == expected
    assert [fault.location.line for fault in faults] == [2] * more


@pytest.mark.parametrize(("more", "expected"), [(0, 1), (1, 0)])
def test_a_table_has_so_many_rows_at_most(
    more: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdfexport.read.tables.MAX_ROWS", 5)
    row = table_text("genes").splitlines()[1] + "\n"
    found, faults = problems(figure_with_genes(tmp_path, row * (5 + more)))
    assert found == expected
    assert [fault.location.line for fault in faults] == [7] * more


def archive_of_zip(path: Path, records: int, padding: int) -> int:
    total = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(records):
            text = record_text(figid=f"PMC{i}__f") + " " * padding
            archive.writestr(f"_figures/PMC{i}__f.md", text)
            total += len(text)
    return total


@pytest.mark.parametrize(("less", "expected"), [(0, 3), (1, 2)])
def test_a_zip_unpacks_to_so_much_at_most(
    less: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    total = archive_of_zip(path, 3, 3_000_000)
    free = total - 200 * path.stat().st_size - less
    monkeypatch.setattr("rdfexport.sources.packing.FREE_RECORDS_BYTES", free)
    found, faults = problems(path)
    assert found == expected
    assert ["grows more than 200 times" in fault.problem for fault in faults] == [True] * less


def tar_of(records: int, padding: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for i in range(records):
            data = (record_text(figid=f"PMC{i}__f") + " " * padding).encode()
            info = tarfile.TarInfo(f"_figures/PMC{i}__f.md")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zip_of(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar, zipfile.ZipFile(buffer, "w") as archive:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            archive.writestr(member.name, file.read(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


PACKED = {
    "a.tar.gz": gzip.compress,
    "a.tar.xz": lzma.compress,
    "a.tar.bz2": bz2.compress,
    "a.tar.zst": zstandard.compress,
    "twice.tar.gz": lambda data: gzip.compress(gzip.compress(data)),
    "packed.zip.gz": lambda data: gzip.compress(zip_of(data)),
}


@pytest.mark.parametrize(("less", "refused"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("name", [name for name in PACKED if "tar" in name])
def test_a_packed_archive_unpacks_to_so_much_at_most(
    name: str, less: int, refused: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder and from a server; the whole archive counts, since it is unpacked whole."""
    data = tar_of(3, 500_000)
    packed = PACKED[name](data)
    (tmp_path / name).write_bytes(packed)
    free = len(data) - len(packed) - less
    monkeypatch.setattr("rdfexport.sources.packing.MAX_RECORDS_RATIO", 1)
    monkeypatch.setattr("rdfexport.sources.packing.FREE_RECORDS_BYTES", free)
    with serving(tmp_path) as port:
        for source in (str(tmp_path / name), f"http://127.0.0.1:{port}/{name}"):
            found, faults = problems(source)
            assert found == 3 * (1 - refused)
            assert [fault.location.file for fault in faults] == [source] * refused


@pytest.mark.parametrize(("more", "expected"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("name", ["a.zip", *PACKED])
def test_a_member_has_four_mebibytes_at_most(
    name: str, more: int, expected: int, tmp_path: Path
) -> None:
    padding = 4 * 1024**2 - len(record_text(figid="PMC0__f")) + more
    path = tmp_path / name
    path.write_bytes(PACKED.get(name, zip_of)(tar_of(1, padding)))
    found, faults = problems(path)
    assert found == expected
    assert [fault.location.file for fault in faults] == [f"{path}!_figures/PMC0__f.md"] * more


@pytest.mark.parametrize(("less", "expected"), [(0, 3), (1, 2)])
def test_a_zip_at_an_address_unpacks_to_so_much_at_most(
    less: int, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    total = archive_of_zip(path, 3, 300_000)
    free = total - 200 * path.stat().st_size - less
    monkeypatch.setattr("rdfexport.sources.packing.FREE_RECORDS_BYTES", free)
    with serving(tmp_path) as port:
        source = f"http://127.0.0.1:{port}/a.zip"
        found, faults = problems(source)
    assert found == expected
    assert [fault.location.file.startswith(source) for fault in faults] == [True] * less


def test_links_that_repeat_a_record_count_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdfexport.sources.packing.FREE_RECORDS_BYTES", 0)
    path = tmp_path / "a.tar.gz"
    data = (record_text(figid="PMC0__f") + " " * 100_000).encode()
    with tarfile.open(path, "w:gz") as archive:
        info = tarfile.TarInfo("_figures/PMC0__f.md")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
        for i in range(1, 60):
            info = tarfile.TarInfo(f"_figures/PMC{i}__f.md")
            info.type, info.linkname = tarfile.SYMTYPE, "PMC0__f.md"
            archive.addfile(info)
    _, faults = problems(path)
    assert any("grows more than 200 times" in fault.problem for fault in faults)


def test_a_figure_makes_so_many_triples_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = figure_with_genes(tmp_path, table_text("genes").split("\n", 1)[1])
    (record,) = read_records(source, linking=None)
    size = len(list(to_quads(record)))
    monkeypatch.setattr("rdfexport.graph.mapper.MAX_TRIPLES", size)
    assert len(list(to_quads(record))) == size
    monkeypatch.setattr("rdfexport.graph.mapper.MAX_TRIPLES", size - 1)
    with pytest.raises(RecordError) as caught:
        list(to_quads(record))
    assert caught.value.location.field == "figid"


def test_a_fault_quotes_so_much_at_most(tmp_path: Path) -> None:
    (tmp_path / f"{FIGURE}.md").write_text(f"---\nfigid: {FIGURE}\npmcid: {'x' * 100_000}\n---\n")
    _, (fault,) = problems(tmp_path)
    assert len(fault.problem) == 1_000


def test_rejections_do_not_keep_the_records(run: Callable[..., Outcome], tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(20):
            archive.writestr(f"_figures/PMC{i}__f.md", "---\n" + "x" * 3_000_000)
    tracemalloc.start()
    try:
        outcome = run("export", path, "--out", tmp_path / "out", "--jobs", "1", "--no-validate")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.code == 1
    assert peak < 40_000_000
