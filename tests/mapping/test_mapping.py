"""The mapping speaks of terms that exist, and its JSON-LD as the schema.org context reads it."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from rdfexport import read_records, to_quads
from rdfexport.graph import ID_COERCED
from rdfexport.mapping import (
    CORE,
    DATASET,
    IRI,
    LINKSET,
    PREFIX,
    PREFIX_HOLDER,
    WIKIPATHWAYS,
    NodeMap,
)
from rdfexport.model import MatchType
from rdfexport.normalise import MATCH_TYPES
from rdfexport.terms import PREFIXES
from support.graphs import CONTEXT, ROOT

PARTS = (*CORE, *LINKSET, *WIKIPATHWAYS, DATASET, PREFIX_HOLDER, PREFIX)
VOCABULARY = ROOT / "rdfexport" / "data" / "vocab.ttl"

# rdflib's closed namespaces, made from the vocabularies themselves.
CLOSED: dict[str, Any] = {
    "dc": rdflib.DC,
    "dcterms": rdflib.DCTERMS,
    "foaf": rdflib.FOAF,
    "owl": rdflib.OWL,
    "prov": rdflib.PROV,
    "rdfs": rdflib.RDFS,
    "sh": rdflib.SH,
    "skos": rdflib.SKOS,
    "void": rdflib.VOID,
}
# Read off the vocabularies' own pages, for those that rdflib does not have.
LISTED = {
    "cito": {"cites"},  # http://purl.org/spar/cito
    "oa": {"Annotation", "hasBody", "hasTarget", "motivatedBy"},  # https://www.w3.org/ns/oa
    # figure, in the Information Artifact Ontology; in orthology relationship with, in the Relation
    # Ontology; gene, in the Sequence Ontology
    "obo": {"IAO_0000308", "RO_HOM0000017", "SO_0000704"},
    "pav": {"createdOn"},  # http://purl.org/pav/
    "prism": {"publicationName"},  # PRISM 2.0
    # http://vocabularies.wikipathways.org/wp
    "wp": {
        "DataNode",
        "GeneProduct",
        "Metabolite",
        "Pathway",
        "PublicationReference",
        "bdbChEBI",
        "bdbEntrezGene",
        "bdbEnsembl",
        "bdbHgncSymbol",
        "bdbUniprot",
        "organism",
        "organismName",
    },
}
CHEMICAL_TYPES = ("schema:ChemicalSubstance", "schema:MolecularEntity")


def curies() -> set[str]:
    found = {row.property for part in PARTS for row in part.rows}
    found |= {row.range for part in PARTS for row in part.rows if ":" in row.range}
    for part in PARTS:
        found |= set(part.types) if not callable(part.types) else set()
    return found | set(CHEMICAL_TYPES)


def own_terms() -> set[str]:
    base = PREFIXES["pfocr"]
    subjects = {quad.subject.value for quad in ox.parse(path=VOCABULARY)}
    return {iri.removeprefix(base) for iri in subjects if iri.startswith(base)}


def context() -> dict[str, Any]:
    return json.loads(CONTEXT.read_text("utf-8"))["@context"]


@pytest.mark.parametrize("curie", sorted(curies()))
def test_a_term_exists(curie: str) -> None:
    prefix, _, name = curie.partition(":")
    assert prefix in PREFIXES
    if prefix in CLOSED:
        assert str(CLOSED[prefix][name]) == PREFIXES[prefix] + name
    elif prefix == "schema":
        assert name in context() or name == "Date"
    elif prefix == "xsd":
        assert rdflib.XSD[name] == rdflib.URIRef(PREFIXES["xsd"] + name)
    elif prefix == "pfocr":
        assert name in own_terms()
    else:
        assert name in LISTED[prefix]


def test_every_term_of_our_own_is_used() -> None:
    used = {curie.removeprefix("pfocr:") for curie in curies() if curie.startswith("pfocr:")}
    used |= {kind.value for kind in MatchType} | {"matchTypes", "lexicons"}
    lexicons = {name for name in own_terms() if name.startswith("lexicon-")}
    assert own_terms() - lexicons == used
    assert {name.removeprefix("lexicon-") for name in lexicons} >= set(MATCH_TYPES)


def schema_rows() -> list[tuple[NodeMap, Any]]:
    return [(part, row) for part in CORE for row in part.rows if row.property.startswith("schema:")]


@pytest.mark.parametrize(
    ("part", "row"), schema_rows(), ids=[f"{p.name}-{r.property}" for p, r in schema_rows()]
)
def test_the_context_reads_a_value_as_the_mapping_means_it(part: NodeMap, row: Any) -> None:
    """A plain string is an IRI, a date or a text: by the context, so it has to agree."""
    term = row.property.partition(":")[2]
    definition = context()[term]
    coerced = definition.get("@type") if isinstance(definition, dict) else None
    if row.range == IRI:
        assert (term in ID_COERCED) <= (coerced == "@id"), part.name
    elif row.range == "schema:Date":
        assert coerced in {"Date", "schema:Date"}
    else:
        assert coerced is None, part.name


def test_only_iris_are_written_where_the_context_expects_iris() -> None:
    ranges: dict[str, set[str]] = {}
    for _, row in schema_rows():
        ranges.setdefault(row.property.partition(":")[2], set()).add(row.range)
    for term in ID_COERCED:
        assert ranges[term] == {IRI}, term


def test_the_first_record_is_as_it_is_known() -> None:
    """mTORC1 and mTORC2 stand for their members; 11 of 14 rows are such expansions."""
    (record,) = read_records(str(ROOT / "examples/_figures/PMC3811159__nihms512981f2.md"))
    families = [m for m in record.genes if m.match_type is MatchType.FAMILY]
    exact = {g.symbol for m in record.genes if m.match_type is MatchType.EXACT for g in m.genes}
    assert (len(record.genes), len(families)) == (14, 11)
    assert exact == {"IGF1R", "MTOR", "IRS1"}
    by_symbol = {gene.symbol: gene.entrez for m in record.genes for gene in m.genes}
    assert (by_symbol["MTOR"], by_symbol["RPTOR"]) == ("2475", "57521")
    assert {c.id for m in record.chemicals for c in m.concepts} == {"D020123", "C531198"}
    text = {str(quad.object) for quad in to_quads(record)}
    assert "<https://identifiers.org/ncbigene/2475>" in text
    assert "<http://id.nlm.nih.gov/mesh/D020123>" in text
    groups = {m.group for m in families}
    assert {m.word for m in families if m.group in groups} == {"mTorc1", "AKT", "P70S6K", "MTORC2"}
    assert len(groups) == 4
