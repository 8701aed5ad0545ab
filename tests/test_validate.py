"""Validation: what an export does with a figure that violates a shape, and the ``validate`` command.

Shapes of the tests' own break records that are sound for the shapes of the package, so that a test
says itself what is wrong and where it stands.
"""

from __future__ import annotations

import gzip
import http.client
import http.server
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
import rdflib
import urllib3
import zstandard
from conftest import Collection, line_of, record_text, table_text
from rdflib import RDF, SH
from rdflib.compare import isomorphic

from rdfexport.cli import main
from rdfexport.validate import sources
from rdfexport.write import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Outcome

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
FIGURES = sorted(path.stem for path in EXAMPLES.glob("_figures/*.md"))
PAGE = "https://pfocr.wikipathways.org/figures/{}.html"
SHAPES = "https://pfocr.wikipathways.org/shapes#"
LEGACY, CURRENT = "PMC1__legacy.f1", "PMC2__current.f1"

PREFIXES = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix my: <https://example.org/shapes#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix pfocr: <https://pfocr.wikipathways.org/vocab#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def shape(target: str, path: str, constraint: str, name: str = "rule", more: str = "") -> str:
    """A shapes file with one shape for a class."""
    return (
        f"{PREFIXES}my:{name}-of a sh:NodeShape ; sh:targetClass {target} ; sh:property my:{name} ."
        f"\nmy:{name} a sh:PropertyShape ; sh:path {path} ; {constraint} ;"
        f' sh:message "our rule" . {more}\n'
    )


def forbid(target: str, path: str, value: str) -> str:
    return shape(target, path, f"sh:not [ sh:hasValue {value} ]")


CAPTION = shape("schema:ImageObject", "schema:caption", "sh:maxLength 10")


@pytest.fixture
def rules(tmp_path: Path) -> Callable[[str], Path]:
    """Write a shapes file."""

    def write(text: str) -> Path:
        path = tmp_path / "rules.ttl"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def two(collection: Collection) -> Collection:
    """A record in each form, both sound."""
    collection.add(LEGACY, record_text("legacy", LEGACY))
    collection.add(CURRENT, **{kind: table_text(kind) for kind in TABLE_KINDS})
    return collection


TABLE_KINDS = ("genes", "chemicals", "diseases")


@pytest.fixture
def export(run: Callable[..., Outcome], tmp_path: Path) -> Callable[..., Outcome]:
    """Export to ``out``, in this process unless jobs are given."""

    def call(*args: object, code: int = 0) -> Outcome:
        jobs = () if "--jobs" in args else ("--jobs", "1")
        outcome = run("export", *args, "--out", tmp_path / "out", *jobs)
        assert outcome.code == code, outcome.stderr
        return outcome

    return call


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def graphs(folder: Path) -> dict[str, str]:
    """The files of the parts: the reports beside them are not below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.parent != folder)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def quads(text: str, form: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(text, format=form))


# Export: what violates, and where that was written


class Cause(NamedTuple):
    """Shapes that one record of ``two`` violates, and what of it is at fault.

    ``beginning`` is how the line begins that has to be named: in the record, or in ``table``.
    """

    name: str
    figid: str
    shapes: str
    field: str
    beginning: str
    table: str = ""


WORD = "Van der Woude syndrome"
CAUSES = [
    Cause("caption", LEGACY, CAPTION, "caption", "caption:"),
    Cause("caption", CURRENT, CAPTION, "caption", "caption:"),
    Cause(
        "word of a title",
        CURRENT,
        shape("schema:ImageObject", "rdfs:label", 'sh:not [ sh:pattern "drugs" ]'),
        "figtitle",
        "figtitle:",
    ),
    Cause(
        "year",
        LEGACY,
        shape("schema:ScholarlyArticle", "dcterms:issued", 'sh:pattern "^202"'),
        "year",
        "year:",
    ),
    Cause(
        "DOI among identifiers",
        CURRENT,
        shape("schema:ScholarlyArticle", "dcterms:identifier", 'sh:pattern "^PMC"'),
        "doi",
        "doi:",
    ),
    Cause(
        "PMCID among identifiers",
        CURRENT,
        shape("schema:ScholarlyArticle", "dcterms:identifier", 'sh:pattern "^10[.]"'),
        "pmcid",
        "pmcid:",
    ),
    Cause(
        "DOI of a citation",
        LEGACY,
        forbid("schema:ScholarlyArticle", "schema:sameAs", "<https://doi.org/10.1000/abc-1>"),
        "reftext",
        "reftext:",
    ),
    Cause(
        "keyword of the block",
        LEGACY,
        shape("schema:Dataset", "schema:keywords", "sh:maxLength 4"),
        "schema-jsonld",
        "schema-jsonld:",
    ),
    Cause(
        "keyword of the field",
        CURRENT,
        shape("schema:Dataset", "schema:keywords", "sh:maxLength 8"),
        "keywords",
        "keywords:",
    ),
    Cause(
        "alias",
        CURRENT,
        shape("schema:Dataset", "schema:identifier", 'sh:pattern "__current"'),
        "figid_alias",
        "figid_alias:",
    ),
    Cause(
        "no network",
        CURRENT,
        shape("schema:Dataset", "rdfs:seeAlso", "sh:minCount 1"),
        "ndex",
        "ndex:",
    ),
    Cause(
        "field that is not there",
        LEGACY,
        shape("schema:ImageObject", "pfocr:figureType", "sh:minCount 1"),
        "figtype",
        "figid:",
    ),
    Cause(
        "whole record",
        LEGACY,
        forbid("schema:Dataset", "dcterms:conformsTo", "<https://bioschemas.org/>").replace(
            "sh:not", "sh:minCount 2 ; sh:not"
        ),
        "figid",
        "figid:",
    ),
    Cause(
        "organism",
        LEGACY,
        forbid("schema:Taxon", "rdfs:label", '"Homo sapiens"'),
        "organisms",
        "organisms:",
    ),
    Cause(
        "recognised organism",
        CURRENT,
        forbid("schema:Dataset", "pfocr:recognisedOrganismName", '"Mus musculus"'),
        "organisms_ner",
        "organisms_ner:",
    ),
    Cause(
        "word of a gene",
        LEGACY,
        forbid("oa:Annotation", "pfocr:word", '"mTorc1"'),
        "genes[0].word",
        "- word: mTorc1",
    ),
    Cause(
        "symbol of a gene",
        LEGACY,
        forbid("schema:Gene", "rdfs:label", '"MTOR"'),
        "genes[0].hgnc_symbol",
        "  hgnc_symbol: MTOR",
    ),
    Cause(
        "number of a gene",
        LEGACY,
        shape("schema:Gene", "dcterms:identifier", "sh:maxLength 3"),
        "genes[0].entrez",
        "  entrez: '2475'",
    ),
    Cause(
        "family of a gene",
        LEGACY,
        forbid("pfocr:FamilyExpansion", "rdfs:label", '"mTORC1"'),
        "genes[0].symbol",
        "  symbol: mTORC1",
    ),
    Cause(
        "match type of a gene",
        LEGACY,
        forbid("oa:Annotation", "pfocr:matchType", "pfocr:family"),
        "genes[0].source",
        "  source: bioentities_symbol",
    ),
    Cause(
        "gene that a record lists",
        LEGACY,
        forbid("schema:Dataset", "schema:mentions", "<https://identifiers.org/ncbigene/2475>"),
        "genes[0].entrez",
        "  entrez: '2475'",
    ),
    Cause(
        "word of a chemical",
        LEGACY,
        forbid("oa:Annotation", "pfocr:word", '"Rapamycin"'),
        "chemicals[0].word",
        "- word: Rapamycin",
    ),
    Cause(
        "disease without a body",
        LEGACY,
        shape("oa:Annotation", "oa:hasBody", "sh:minCount 1"),
        "diseases[0].identifier",
        "  identifier: ''",
    ),
    Cause(
        "word of a gene",
        CURRENT,
        forbid("oa:Annotation", "pfocr:word", '"mTor"'),
        "word",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "number of a gene",
        CURRENT,
        shape("schema:Gene", "dcterms:identifier", "sh:maxLength 4"),
        "ncbigene_id",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "count of a gene",
        CURRENT,
        shape("oa:Annotation", "pfocr:countMatch", "sh:maxInclusive 4"),
        "count_match",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "gene that a record lists",
        CURRENT,
        forbid("schema:Dataset", "schema:mentions", "<https://identifiers.org/ncbigene/56717>"),
        "ncbigene_id",
        "10090\tMus musculus",
        "genes",
    ),
    Cause(
        "MeSH of a chemical",
        CURRENT,
        forbid("schema:MolecularEntity", "dcterms:identifier", '"D020123"'),
        "mesh",
        "Rapa\t",
        "chemicals",
    ),
    Cause(
        "ChEBI of a chemical",
        CURRENT,
        forbid("schema:MolecularEntity", "schema:identifier", '"CHEBI:9168"'),
        "chebi",
        "Rapa\t",
        "chemicals",
    ),
    Cause(
        "second entity of a chemical",
        CURRENT,
        forbid(
            "oa:Annotation", "oa:hasBody", "<http://purl.obolibrary.org/obo/CHEBI_9168>"
        ),
        "chebi",
        "Rapa\t",
        "chemicals",
    ),
    Cause(
        "entity without a row of its own",
        CURRENT,
        forbid("owl:Class", "rdfs:label", '"Van der Woude"'),
        "mesh",
        "LPS\t",
        "diseases",
    ),
    Cause(
        "name of a disease",
        CURRENT,
        forbid("schema:MedicalCondition", "rdfs:label", f'"{WORD}"'),
        "match",
        "LPS\t",
        "diseases",
    ),
]


@pytest.mark.parametrize("layout", ["files", "shards"])
@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: f"{c.figid.split('__')[1][:-3]}: {c.name}")
def test_a_figure_that_violates_is_rejected_with_the_place_of_its_cause(
    cause: Cause,
    layout: str,
    two: Collection,
    export: Callable[..., Outcome],
    rules: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    other = ({LEGACY, CURRENT} - {cause.figid}).pop()
    # Only the record that is meant shall violate.
    (two.root / "_figures" / f"{other}.md").unlink()
    sound = two.add("PMC3__f", record_text("legacy", "PMC3__f", {"genes": None}))
    sound.write_text(re.sub(r"(?s)\nschema-jsonld.*\n---", "\n---", sound.read_text()))
    file = two.root / "_figures" / f"{cause.figid}.md"
    if cause.table:
        file = two.root / "_data" / f"{cause.figid}-{cause.table}.tsv"
    line = line_of(file.read_text(), cause.beginning)
    options = ("--layout", layout, "--compat", "wikipathways", "--compat-rule", "all")
    formats = [word for name in FORMATS for word in ("--format", name)]
    only = (file.parent.parent / "_figures" / f"{cause.figid}.md", "--shapes", rules(cause.shapes))

    outcome = export(*only, *options, *formats, code=1)

    (rejected,) = lines(tmp_path / "out" / "rejected.jsonl")
    assert (rejected["file"], rejected["line"], rejected["field"]) == (str(file), line, cause.field)
    assert f"rejected: {file}:{line}: {cause.field}: our rule" in outcome.stderr
    for violation in rejected["violations"]:
        assert violation["shape"] == "https://example.org/shapes#rule"
        assert violation["severity"] == "Violation"
        assert violation["message"] == "our rule"
    assert (tmp_path / "out" / "index.tsv").read_text() == "figid\tfile\n"
    # Its triples are nowhere, and neither are links of what it alone mentions.
    written = graphs(tmp_path / "out")
    assert {name for name in written if name.startswith("core/")} == set()
    assert not any(word in text for text in written.values() for word in (cause.figid, "2475"))
