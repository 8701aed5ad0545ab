"""Morph-KGC with a mapping that is equal to a part of rdfexport's, to measure the two by.

RML makes triples of tables; it does not read front matter, bring two forms into one, number
repeated rows, or choose one title among three. So it is given CSV that has all that done, made here
by rdfexport and not counted in its time. The part is what is said of records, their images and
articles, mentions and genes, without

* the organisms of a record, and the chemicals and diseases among its ``schema:mentions``,
* the activity that made it (``prov:wasGeneratedBy``),

so taxa, concepts, expansions and the shared nodes are rdfexport's alone. Nothing is linked.

Morph-KGC gets a virtual environment of its own in the user's cache folder: it needs other versions
of libraries than we do, so it is no dependency.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from measure import Measured, measure
from platformdirs import user_cache_path

from rdfexport import read_records
from rdfexport.graph import Mapper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.graph import Node
    from rdfexport.model import FigureRecord

REQUIREMENT: Final = "morph-kgc==2.10.0"
MAPPING: Final = Path(__file__).parent / "morph" / "mapping.rml.ttl"

_SCHEMA: Final = "http://schema.org/"
# By table, its columns.
_TABLES: Final = {
    name: tuple(columns.split())
    for name, columns in {
        "figures": "figid pmcid name alias description ndex caption citation image_url image_format"
        " figure_url number figure_type pathway_score ranked_result_index article_name paper_title"
        " year doi doi_url doi_field journal journal_abbreviation publisher",
        "keywords": "figid keyword",
        "genes": "figid mention word match source match_type group count_direct count_synonym"
        " count_match entrez symbol taxon",
        "concepts": "figid mention kind word match source match_type mesh obo",
    }.items()
}


class MissingError(Exception):
    """Morph-KGC cannot be installed."""


def python() -> Path:
    """The interpreter that has Morph-KGC; installs it at the first call.

    Raises:
        MissingError: It cannot be installed.
    """
    folder = user_cache_path("rdfexport") / "benchmarks" / REQUIREMENT.replace("==", "-")
    program = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pip = [str(program), "-m", "pip", "install", "--quiet", REQUIREMENT]
            subprocess.run(pip, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", None) or error
            raise MissingError(f"{REQUIREMENT} cannot be installed: {reason}") from error
        done.touch()
    return program


def tables(folder: Path, out: Path) -> None:
    """Write what Morph-KGC reads: the records of a folder, normalised, as CSV files."""
    out.mkdir(parents=True)
    mapper = Mapper()
    with ExitStack() as stack:
        writers: dict[str, Any] = {}
        for name, columns in _TABLES.items():
            file = stack.enter_context(
                (out / f"{name}.csv").open("w", newline="", encoding="utf-8")
            )
            writers[name] = csv.DictWriter(file, columns, restval="")
            writers[name].writeheader()
        for record in read_records(str(folder), linking=None, on_error=lambda _: None):
            for name, row in _rows(record, mapper):
                writers[name].writerow(row)


def _rows(record: FigureRecord, mapper: Mapper) -> Iterator[tuple[str, dict[str, Any]]]:
    view = mapper.view(record)
    page, _, image, article, *_ = mapper.core(view)
    figid = {"figid": record.figid}
    row = {column: getattr(record, column, None) for column in _TABLES["figures"]}
    row |= {
        "name": view.name,
        "description": _value(page, "description"),
        "image_url": _value(image, "contentUrl"),
        "image_format": view.image_format,
        "figure_url": _value(image, "url"),
        "article_name": record.paper_title or record.pmcid,
        "doi_url": _value(article, "sameAs"),
    }
    yield "figures", row
    for keyword in record.keywords:
        yield "keywords", figid | {"keyword": keyword}
    genes = {gene.entrez: gene for gene in view.genes}
    for mention in record.genes:
        own = {column: getattr(mention, column, None) for column in _TABLES["genes"]}
        own |= figid | {"mention": mention.id, "match_type": mention.match_type}
        for named in mention.genes:
            gene = genes[named.entrez]
            taxon = gene.taxon and gene.taxon.id
            yield "genes", own | {"entrez": gene.entrez, "symbol": gene.symbol, "taxon": taxon}
        if not mention.genes:
            yield "genes", own
    concepts = [("Chemical", mention) for mention in record.chemicals]
    concepts += [("Disease", mention) for mention in record.diseases]
    for kind, concept in concepts:
        ids = {one.space: one.id for one in concept.concepts}
        curies = [view.curie(space, ids[space]) for space in ("chebi", "doid") if space in ids]
        own = {column: getattr(concept, column, None) for column in _TABLES["concepts"]}
        own |= figid | {"mention": concept.id, "kind": kind}
        own |= {"mesh": ids.get("mesh"), "obo": curies[0].replace(":", "_") if curies else None}
        yield "concepts", own


def _value(node: Node, term: str) -> str | None:
    return next((values[0] for prop, values in node.rows if prop.term == term), None)


def run(folder: Path, out: Path, jobs: int) -> Measured:
    """Make the triples of the tables in ``folder``, as N-Triples in ``out``.

    Raises:
        MissingError: Morph-KGC cannot be installed.
    """
    out.unlink(missing_ok=True)
    config = folder / "config.ini"
    config.write_text(
        "[CONFIGURATION]\n"
        f"output_file: {out}\noutput_format: N-TRIPLES\nna_values:\nnumber_of_processes: {jobs}\n"
        f"logging_level: WARNING\n[PFOCR]\nmappings: {MAPPING}\n"
    )
    return measure("-m", "morph_kgc", str(config), python=str(python()), cwd=folder)


_LEFT_OUT: Final = "|".join(
    (
        rf"{_SCHEMA}about",
        r"https://pfocr\.wikipathways\.org/vocab#(?:o|recognisedO)rganismName",
        r"http://www\.w3\.org/ns/prov#wasGeneratedBy",
        rf"{_SCHEMA}mentions> <(?!https://identifiers\.org/ncbigene/)[^>]*",
    )
)
_IN_PART: Final = re.compile(
    r"<https://(?:pfocr\.wikipathways\.org/figures/[^>#]*\.html(?:|#figure|#m-[0-9a-f]+)"
    r"|identifiers\.org/(?:pmc|ncbigene)/[^>]*)> "
    rf"(?!<(?:{_LEFT_OUT})>)"
)


def differences(core: Path, made: Path) -> list[str]:
    """Compare Morph-KGC's file with the part of an export's N-Triples that it shall equal.

    Returns:
        The lines that only one has. Hashes of lines are compared first, so that a large export
        takes little memory; lines are gathered only where these differ.
    """
    files = sorted(core.glob("*.nt"))
    ours = {hash(line) for file in files for line in _part(file)}
    theirs = {hash(line) for line in _lines(made)}
    odd = ours ^ theirs
    if not odd:
        return []
    every = chain(_lines(made), *map(_part, files))
    return [line for line in every if hash(line) in odd]


def _part(file: Path) -> Iterator[str]:
    return filter(_IN_PART.match, _lines(file))


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        yield from lines
