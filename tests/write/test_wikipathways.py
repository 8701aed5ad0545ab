"""Queries over the part that is made for WikiPathways' own.

They use the terms and patterns of WikiPathways' published queries, but are the project's own.
The prefixes that WikiPathways' endpoint predeclares are in ``wikipathways/prologue.rq``. What the
queries should answer is worked out from the records.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from rdfexport import ExportOptions, FigureRecord, export, read_records
from rdfexport.model import Gene, MatchType
from support.graphs import ROOT
from support.paths import TESTS

QUERIES = TESTS / "wikipathways"
PROLOGUE = (QUERIES / "prologue.rq").read_text("utf-8")
CORPUS = os.environ.get("PFOCR_CORPUS")
SEED = ROOT / "examples" / "_figures" / "PMC3811159__nihms512981f2.md"
SOURCES = {"seed": SEED, "examples": ROOT / "examples"}
if CORPUS:
    SOURCES |= {name: Path(CORPUS) / name for name in ("current", "legacy")}

# Queries that look for faults: each with a fault that it must find.
FAULTS = {
    "pathways-without-nodes": 'INSERT DATA { <urn:p> a wp:Pathway ; dc:title "x" }',
    "pathways-without-publication": 'INSERT DATA { <urn:p> a wp:Pathway ; dc:title "x" }',
    "gene-identifiers-that-are-not-numbers": "INSERT DATA { <urn:g> a wp:GeneProduct ;"
    ' dc:source "Entrez Gene" ; dcterms:identifier "MTOR" }',
    "nodes-with-an-empty-label": 'INSERT DATA { <urn:g> a wp:DataNode ; rdfs:label "" ;'
    ' dcterms:identifier "1" }',
    "nodes-without-their-own-iri": 'INSERT DATA { <urn:g> a wp:DataNode ; dc:identifier "1" }',
    "pathways-that-cite-nothing": "INSERT DATA { <urn:p> a wp:Pathway }",
    "nodes-of-no-pathway": "INSERT DATA { <urn:g> a wp:DataNode }",
    "chemicals-that-are-not-nodes": "INSERT DATA { <urn:m> a wp:Metabolite }",
    "chemicals-with-a-gene-number": "INSERT DATA { <urn:m> a wp:Metabolite ;"
    " wp:bdbEntrezGene <urn:g> }",
    "pathways-with-two-descriptions": "INSERT DATA { <urn:p> a wp:Pathway ;"
    ' dcterms:description "a", "b" }',
}


class Loaded:
    """The WikiPathways part of an export in a store, and the records it was made of."""

    def __init__(self, source: Path, rule: Any, out: Path) -> None:
        self.rule = rule
        self.out = out
        options = ExportOptions(
            out, formats=("nquads",), layout="shards", wikipathways=True, compat_rule=rule,
            date="2026-11-10",
        )  # fmt: skip
        self.summary = export([str(source)], options)
        self.store = ox.Store()
        for path in sorted((out / "wp").glob("*.nq")):
            self.store.load(path=path)
        self.records = [r for r in read_records(str(source)) if self.has_pathway(r)]

    def pathways(self, record: FigureRecord) -> dict[str, dict[str, Gene]]:
        """Number of an organism to the genes of what the figure depicts of it."""
        first: dict[str, Gene] = {}
        found: dict[str, dict[str, Gene]] = {}
        for mention in record.genes:
            for gene in mention.genes:
                first.setdefault(gene.entrez, gene)
        for mention in record.genes:
            if self.rule == "all" or mention.match_type is MatchType.EXACT:
                for gene in (first[gene.entrez] for gene in mention.genes):
                    assert gene.taxon is not None
                    assert gene.taxon.id is not None
                    found.setdefault(gene.taxon.id, {})[gene.entrez] = gene
        if self.rule == "all" and not found and self.chemicals(record):
            ids = [taxon.id for taxon in record.organisms]
            return {ids[0] or "" if len(ids) == 1 else "": {}}
        return {o: genes for o, genes in found.items() if self.rule == "all" or len(genes) >= 3}

    def genes(self, record: FigureRecord) -> dict[str, Gene]:
        return {e: g for genes in self.pathways(record).values() for e, g in genes.items()}

    def chemicals(self, record: FigureRecord) -> set[str]:
        return {f"{m.concepts[0].space} {m.concepts[0].id}" for m in record.chemicals if m.concepts}

    def has_pathway(self, record: FigureRecord) -> bool:
        return bool(self.pathways(record))

    def ask(self, name: str, **parameters: str) -> list[dict[str, str]]:
        text = PROLOGUE + (QUERIES / f"{name}.rq").read_text("utf-8")
        for parameter, value in parameters.items():
            text = text.replace(f"{{{{{parameter}}}}}", value)
        rows: Any = self.store.query(text, use_default_graph_as_union=True)
        names = [variable.value for variable in rows.variables]
        return [{n: row[n].value for n in names if row[n] is not None} for row in rows]


CASES = [(name, rule) for name in SOURCES for rule in ("strict", "all")]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def loaded(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    name, rule = request.param
    return Loaded(SOURCES[name], rule, tmp_path_factory.mktemp(f"{name}-{rule}"))


def local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def test_counts_of_entities(loaded: Loaded) -> None:
    genes = {entrez for record in loaded.records for entrez in loaded.genes(record)}
    chemicals = {c for record in loaded.records for c in loaded.chemicals(record)}
    answer = {local(row["type"]): int(row["count"]) for row in loaded.ask("entities-by-type")}
    expected = {"GeneProduct": len(genes), "Metabolite": len(chemicals)}
    expected["DataNode"] = len(genes) + len(chemicals)
    assert answer == {kind: number for kind, number in expected.items() if number}


def test_linkouts(loaded: Loaded) -> None:
    genes = {e: g for record in loaded.records for e, g in loaded.genes(record).items()}
    with_symbol = {
        entrez
        for record in loaded.records
        for entrez, gene in loaded.genes(record).items()
        if gene.hgnc_symbol
    }
    answer = {local(row["linkout"]): int(row["count"]) for row in loaded.ask("links-by-database")}
    expected = {"bdbEntrezGene": len(genes), "bdbHgncSymbol": len(with_symbol)}
    assert answer == {kind: number for kind, number in expected.items() if number}


def test_pathways_for_a_datasource(loaded: Loaded) -> None:
    pairs = {(r.figid, entrez) for r in loaded.records for entrez in loaded.genes(r)}
    answer = loaded.ask("genes-with-an-entrez-number")
    assert {(row["pathway"], row["identifier"]) for row in answer} == pairs
    titles = {r.figid: r.title or r.paper_title or "" for r in loaded.records}
    assert all(titles[row["pathway"]] in row["name"] for row in answer)
    symbols = loaded.ask("genes-with-an-hgnc-symbol")
    assert {(row["pathway"], row["identifier"]) for row in symbols} == {
        (r.figid, e) for r in loaded.records for e, g in loaded.genes(r).items() if g.hgnc_symbol
    }


def test_pathways_of_a_species(loaded: Loaded) -> None:
    figures: dict[str, set[str]] = {}
    for record in loaded.records:
        for organism in loaded.pathways(record):
            figures.setdefault(organism, set()).add(record.figid)
    names = {"9606": "Homo sapiens", "10090": "Mus musculus", "10116": "Rattus norvegicus"}
    for organism, species in names.items():
        titles = figures.get(organism, set())
        assert len(loaded.ask("pathways-of-an-organism", species=species)) == len(titles)
        answer = loaded.ask("titles-of-an-organism", species=str(species))
        assert {local(row["PathwayId"]).removesuffix(".html") for row in answer} == titles
    assert loaded.ask("pathways-of-an-organism", species="Homo neanderthalensis") == []


def test_genes_a_species(loaded: Loaded) -> None:
    expected: dict[str, set[str]] = {}
    for record in loaded.records:
        for organism, genes in loaded.pathways(record).items():
            if organism and genes:
                expected.setdefault(organism, set()).update(genes)
    answer = loaded.ask("genes-by-organism")
    assert {
        local(row["organism"]).removeprefix("NCBITaxon_"): int(row["genes"]) for row in answer
    } == {taxid: len(genes) for taxid, genes in expected.items()}


def test_a_pathway_is_of_one_organism(loaded: Loaded) -> None:
    """Otherwise counts by organism multiply: a mouse gene would count for each organism named."""
    rows: Any = loaded.store.query(
        PROLOGUE + "SELECT ?p ?o (COUNT(DISTINCT ?name) AS ?names) { ?p a wp:Pathway . OPTIONAL {"
        " ?p wp:organism ?o } OPTIONAL { ?p wp:organismName ?name } } GROUP BY ?p ?o",
        use_default_graph_as_union=True,
    )
    found = sorted((r["p"].value, "" if r["o"] is None else local(r["o"].value)) for r in rows)
    page = "https://pfocr.wikipathways.org/figures/{}.html#pathway{}"
    assert found == sorted(
        (page.format(r.figid, organism and f"-{organism}"), organism and f"NCBITaxon_{organism}")
        for r in loaded.records
        for organism in loaded.pathways(r)
    )
    assert {int(row["names"].value) for row in rows} <= {0, 1}


def test_articles(loaded: Loaded) -> None:
    answer = loaded.ask("publications-of-pathways")
    assert {local(row["article"]) for row in answer} == {r.pmcid for r in loaded.records}
    assert len(answer) == sum(len(loaded.pathways(r)) for r in loaded.records)


def test_metabolites(loaded: Loaded) -> None:
    pathways = Counter(
        c for r in loaded.records for c in loaded.chemicals(r) for _ in loaded.pathways(r)
    )
    answer = loaded.ask("pathways-by-chemical")
    assert Counter(int(row["pathwayCount"]) for row in answer) == Counter(pathways.values())
    assert len(loaded.ask("chemicals-without-wikidata")) == len(pathways)


def test_metadata(loaded: Loaded) -> None:
    rows = loaded.ask("datasets")
    assert {row["title"] for row in rows} == {
        "PFOCR RDF 20261110",
        "PFOCR RDF 20261110 linkset",
        "PFOCR RDF 20261110 for WikiPathways queries",
    }
    assert {row["date"] for row in rows} == {"2026-11-10"}
    (linkset,) = loaded.ask("linksets")
    assert linkset["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    prefixes = {row["prefix"]: row["namespace"] for row in loaded.ask("prefixes")}
    assert prefixes["wp"] == "http://vocabularies.wikipathways.org/wp#"


def test_genes_of_a_pathway(loaded: Loaded) -> None:
    for record in loaded.records[:20]:
        answer = loaded.ask("genes-of-a-pathway", pathwayId=record.figid)
        assert {row["geneProduct"] for row in answer} == {
            gene.symbol for gene in loaded.genes(record).values() if gene.symbol
        } or len(loaded.records) > 1


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_query_for_faults_finds_none_of_ours_and_one_that_is_made(
    loaded: Loaded, name: str
) -> None:
    assert loaded.ask(name) == []
    broken = ox.Store()
    broken.update(PROLOGUE + FAULTS[name])
    text = PROLOGUE + (QUERIES / f"{name}.rq").read_text("utf-8")
    rows: Any = broken.query(text)
    assert len(list(rows)) == 1


def test_the_known_answers_of_the_seed(tmp_path: Path) -> None:
    strict = Loaded(SEED, "strict", tmp_path / "strict")
    rows = strict.ask("genes-of-a-pathway", pathwayId="PMC3811159__nihms512981f2")
    assert {row["geneProduct"] for row in rows} == {"IGF1R", "MTOR", "IRS1"}
    whole = Loaded(SEED, "all", tmp_path / "all")
    assert len(whole.ask("genes-with-an-entrez-number")) == 12
    counts = {local(row["type"]): int(row["count"]) for row in whole.ask("entities-by-type")}
    assert counts == {"DataNode": 14, "GeneProduct": 12, "Metabolite": 2}


def test_it_stays_apart_from_wikipathways_and_from_the_core(loaded: Loaded) -> None:
    graphs = {graph.value for graph in loaded.store.named_graphs()}
    assert graphs == {
        "https://pfocr.wikipathways.org/graph/wp",
        "https://pfocr.wikipathways.org/graph/void",
    }
    for path in (loaded.out / "core").glob("*.nq"):
        text = path.read_text("utf-8")
        assert "vocabularies.wikipathways.org" not in text
        assert ".html#pathway" not in text


def test_another_engine_answers_alike(tmp_path: Path) -> None:
    loaded = Loaded(ROOT / "examples", "all", tmp_path)
    dataset = rdflib.Dataset(default_union=True)
    for path in (tmp_path / "wp").glob("*.nq"):
        dataset.parse(path, format="nquads")
    for name in (
        "entities-by-type",
        "links-by-database",
        "genes-with-an-entrez-number",
        "datasets",
    ):
        text = PROLOGUE + (QUERIES / f"{name}.rq").read_text("utf-8")
        ours = Counter(tuple(sorted(row.values())) for row in loaded.ask(name))
        theirs = Counter(tuple(sorted(str(v) for v in row)) for row in dataset.query(text))
        assert theirs == ours, name
