"""Every value of a record is in its graph, or in a list of what is left out and why.

Records are read here by PyYAML and csv alone, and graphs by pyoxigraph: what the package does not
read would be missed on both sides otherwise.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyoxigraph as ox
import pytest
import yaml

from rdfexport import ExportOptions, export
from support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = os.environ.get("PFOCR_CORPUS")
COLLECTIONS = [ROOT / "examples", *(Path(CORPUS) / one for one in ("current", "legacy") if CORPUS)]

LEFT_OUT: Final = {
    "redirect_from": "the path of a page, made from figid_alias",
    "seo": "a setting of the web site, the same in all records",
    "schema-jsonld.@context": "the same in all records",
    "schema-jsonld.@id": "the page's address, made from figid",
    "schema-jsonld.@type": "the same in all records",
    "schema-jsonld.description": "repeats caption",
    "schema-jsonld.license": "the same in all records",
    "schema-jsonld.name": "the same in all records",
    "schema-jsonld.creator": "the same in all records",
    "organism_group": "of a table of genes: a heading of the web site; the taxon says more",
}
# A control character cannot stand in every format, so U+FFFD takes its place.
CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
UNKNOWN: Final = {"", "NA", ".na.character", ".na.real", ".na.integer"}

PFOCR: Final = "https://pfocr.wikipathways.org/vocab#"
OA: Final = "http://www.w3.org/ns/oa#"
DCTERMS: Final = "http://purl.org/dc/terms/"
RANGE: Final = "http://schema.org/taxonomicRange"
LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
SUBJECTS: Final = {"genes": "Gene", "chemicals": "Chemical", "diseases": "Disease"}
BASES: Final = {
    "entrez": "https://identifiers.org/ncbigene/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "chebi": "http://purl.obolibrary.org/obo/CHEBI_",
    "doid": "http://purl.obolibrary.org/obo/DOID_",
    "taxon": "http://purl.obolibrary.org/obo/NCBITaxon_",
}
NUMBERED: Final = ("Figure", "Scheme", "Supplemental figure", "Graphical abstract")
COUNTS: Final = {
    "count_direct": "countDirect",
    "count_synonym": "countSynonym",
    "count_match": "countMatch",
}


class Record(NamedTuple):
    """A record: its fields but for its rows, and those of lists or tables by kind."""

    fields: dict[str, Any]
    rows: dict[str, list[dict[str, str]]]


class Graph:
    """A figure's graph by subject and property."""

    def __init__(self) -> None:
        self.nodes: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.literals: set[str] = set()
        self.iris: set[str] = set()

    def add(self, quad: ox.Quad) -> None:
        subject, value = quad.subject, quad.object
        assert isinstance(subject, ox.NamedNode)
        assert isinstance(value, ox.NamedNode | ox.Literal)
        self.nodes[subject.value][quad.predicate.value].append(value.value)
        (self.iris if isinstance(value, ox.NamedNode) else self.literals).add(value.value)

    def values(self, iri: str, property_: str) -> list[str]:
        return self.nodes.get(iri, {}).get(property_, [])

    def mentions(self, kind: str) -> list[str]:
        of = [SUBJECTS[kind]]
        return [one for one in self.nodes if self.values(one, f"{DCTERMS}subject") == of]


def records(collection: Path) -> Iterator[Record]:
    for path in sorted((collection / "_figures").glob("*.md")):
        text = path.read_text("utf-8").split("\n---", 1)[0].removeprefix("---")
        fields = yaml.load(text, yaml.CBaseLoader)
        rows = {}
        for kind in SUBJECTS:
            listed = fields.pop(kind, [])
            table = collection / "_data" / f"{path.stem}-{kind}.tsv"
            rows[kind] = listed if isinstance(listed, list) else []
            if table.exists():
                with table.open(encoding="utf-8", newline="") as file:
                    rows[kind] = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        yield Record(fields, rows)


def graphs(collection: Path, out: Path) -> dict[str, Graph]:
    export([str(collection)], ExportOptions(out, formats=("nquads",), validation=None))
    found: defaultdict[str, Graph] = defaultdict(Graph)
    for file in sorted((out / "core").glob("*.nq")):
        for quad in ox.parse(path=file, format=ox.RdfFormat.N_QUADS):
            assert isinstance(quad.graph_name, ox.NamedNode)
            page = quad.graph_name.value.rpartition("/")[2]
            found[page.removesuffix(".html")].add(quad)
    return found


def plain(value: str | None) -> str:
    return CONTROLS.sub("\ufffd", value or "").strip()


def is_known(value: str | None) -> bool:
    return value is not None and plain(value) not in UNKNOWN


def leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The texts of a field, each with the names that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path)
    elif is_known(value):
        yield path, plain(value)


def is_said(path: str, value: str, graph: Graph, pmcid: str) -> bool:
    """Whether a value of the front matter is in the graph, in the form that its field has there."""
    if path == "number":
        return any(one in {value, *_written_out(value)} for one in graph.literals)
    if path == "figlink" and f"/{pmcid}/" not in value:
        return True  # a page of another article, which is a finding and not the figure's page
    if path == "figlink":
        return (
            f"https://pmc.ncbi.nlm.nih.gov{value.removeprefix('/pmc').rstrip('/')}/" in graph.iris
        )
    if path in {"filename", "ndex", "wpid"}:
        return any(value in iri for iri in graph.iris)
    parts = [value]
    if path in {"automl_pathway", "pathway_score"}:
        parts = [format(Decimal(value), "f")]
    elif path == "keywords":
        parts = [" ".join(word.split()) for word in value.split(" | ")]
    elif path == "doi":
        parts = [value.lower()]
    return graph.literals.issuperset(filter(None, parts))


def _written_out(number: str) -> list[str]:
    """A number after each of the words that figures have before theirs."""
    digits = re.findall(r"\d\w*$", number)
    return [f"{word} {digits[0]}" for word in NUMBERED] if digits else []


def is_mention_of(mention: str, row: dict[str, str], graph: Graph) -> bool:
    """Whether a mention says all that is known of a row."""

    def said(value: str | None, *properties: str) -> bool:
        found = {one for name in properties for one in graph.values(mention, name)}
        return not is_known(value) or plain(value) in found

    def named(value: str | None, *also: str) -> bool:
        """Whether an entity of the mention has a name, or the mention itself."""
        labels = {label for body in bodies for label in graph.values(body, LABEL)}
        return said(value, *also) or plain(value) in labels

    bodies = graph.values(mention, f"{OA}hasBody")
    taxa = {taxon for body in bodies for taxon in graph.values(body, RANGE)}
    number = row.get("entrez", row.get("ncbigene_id"))
    symbol = row.get("hgnc_symbol", row.get("ncbigene_symbol"))
    ids = {BASES[name] + local for name, local in identifiers(row, number)}
    return (
        said(row.get("word"), f"{PFOCR}word")
        and said(row.get("symbol", row.get("match")), f"{PFOCR}symbol")
        and said(row.get("source"), f"{DCTERMS}source")
        and all(said(row.get(name), f"{PFOCR}{term}") for name, term in COUNTS.items())
        and ids <= {*bodies, *taxa}
        and named(symbol, f"{PFOCR}recordedSymbol")
        and named(row.get("name"), f"{PFOCR}recordedName", f"{PFOCR}symbol")
        and (not is_known(row.get("organism_name")) or row["organism_name"] in graph.literals)
    )


def identifiers(row: dict[str, str], number: str | None) -> Iterator[tuple[str, str]]:
    """The identifiers of a row: their spaces, and what stands behind the base of each."""
    given = {
        "entrez": number,
        "taxon": row.get("organism_id"),
        **{name: row.get(name) for name in ("mesh", "chebi", "doid")},
    }
    if "identifier" in row:
        given[(row.get("source") or "").lower()] = row["identifier"]
    for name, local in given.items():
        if is_known(local) and name:
            yield name, plain(local).rpartition(":")[2]


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda path: path.name)
def test_every_value_of_a_record_is_in_its_graph_or_left_out_for_a_reason(
    collection: Path, tmp_path: Path
) -> None:
    made = graphs(collection, tmp_path / "out")
    missing: list[tuple[str, str, object]] = []
    values = 0
    for record in records(collection):
        figid = record.fields["figid"]
        graph = made[figid]
        for name, field in record.fields.items():
            for path, value in leaves(field, name):
                values += 1
                left_out = path in LEFT_OUT or path.rpartition(".")[0] in LEFT_OUT
                if not left_out and not is_said(path, value, graph, record.fields["pmcid"]):
                    missing.append((figid, path, value))
        for kind, rows in record.rows.items():
            unused = graph.mentions(kind)
            # Those that say most first: a row that says little fits mentions of others too.
            for row in sorted(rows, key=lambda row: -sum(map(is_known, row.values()))):
                values += sum(map(is_known, row.values()))
                mention = next((one for one in unused if is_mention_of(one, row, graph)), None)
                if mention is None:
                    missing.append((figid, kind, row))
                else:
                    unused.remove(mention)
            missing += [(figid, kind, f"{one} is of no row") for one in unused]
    assert missing == []
    assert values > 100
