# ruff: noqa: E501 - the mutations are a table, one a line
"""Break a graph that conforms, in every way we can think of: it is found, and its line named.

A mutation edits the N-Triples of one figure after mapping. The line that should be named is found
by searching the record's own text, not by the code under test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from graphs import ROOT

from rdfexport import read_records
from rdfexport.graph import Mapper
from rdfexport.model import LocatedResult, Severity
from rdfexport.pipeline.worker import locate
from rdfexport.validate import default_shapes, load_shapes, make_engine
from rdfexport.write import NTriples

FIGURES = ROOT / "examples" / "_figures"
OLDER = FIGURES / "PMC3811159__nihms512981f2.md"
NEWER = FIGURES / "PMC10034769__fphar-14-1067402-g009.md"
GENES = ROOT / "examples" / "_data" / f"{NEWER.stem}-genes.tsv"
CHEMICALS = ROOT / "examples" / "_data" / f"{NEWER.stem}-chemicals.tsv"
DISEASES = ROOT / "examples" / "_data" / f"{NEWER.stem}-diseases.tsv"

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
NAMES = {
    "schema": "http://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "pfocr": "https://pfocr.wikipathways.org/vocab#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "wp": "http://vocabularies.wikipathways.org/wp#",
    "dc": "http://purl.org/dc/elements/1.1/",
}
Edit = Callable[[str], list[str]]


def iri(curie: str) -> str:
    prefix, _, name = curie.partition(":")
    return f"<{NAMES[prefix]}{name}>"


@dataclass(frozen=True)
class Mutation:
    """An edit of the statements ``property`` of a node, and where the value was written.

    Args:
        name: For the list of tests.
        record: The record's file.
        node: What the node's IRI ends in; ``word X`` for the mention of a word.
        property: A CURIE, or ``a``.
        edit: A statement's line → the lines in its stead.
        file: The file that should be named.
        written: The beginning of the line that should be named, white space apart.
        part: The part of the graph.
    """

    name: str
    record: Path
    node: str
    property: str
    edit: Edit
    file: Path
    written: str
    part: str = "core"


def drop(_: str) -> list[str]:
    return []


def to(text: str) -> Edit:
    """Put another object in."""
    return lambda line: [re.sub(r"(> <[^>]+> ).* \.$", lambda m: m[1] + text + " .", line)]


def also(text: str) -> Edit:
    """Say it of another object as well."""
    return lambda line: [line, *to(text)(line)]


def sub(pattern: str, replacement: str) -> Edit:
    """Change the object."""
    return lambda line: [
        re.sub(
            r"(> <[^>]+> )(.*)( \.)$",
            lambda m: m[1] + re.sub(pattern, replacement, m[2]) + m[3],
            line,
        )
    ]


def say(curie: str, text: str) -> Edit:
    """Say something else of the same node too."""
    return lambda line: [line, f"{line.split(' ', 1)[0]} {iri(curie)} {text} ."]


PAGE = ".html"
IMAGE = ".html#figure"
IGF1R = "word IGF1R"
AKT = "word AKT"
XSD = "http://www.w3.org/2001/XMLSchema#"

MUTATIONS = [
    # The record.
    Mutation("record-without-name", OLDER, PAGE, "schema:name", drop, OLDER, "figtitle:"),
    Mutation("record-with-two-names", OLDER, PAGE, "schema:name", also('"x"'), OLDER, "figtitle:"),
    Mutation("record-name-empty", OLDER, PAGE, "schema:name", to('""'), OLDER, "figtitle:"),
    Mutation("record-label-gone", OLDER, PAGE, "rdfs:label", drop, OLDER, "figtitle:"),
    Mutation("record-second-label", OLDER, PAGE, "rdfs:label", also('"x"'), OLDER, "figtitle:"),
    Mutation("label-with-language", OLDER, PAGE, "rdfs:label", sub("$", "@en"), OLDER, "figtitle:"),
    Mutation("description-too-short", OLDER, PAGE, "schema:description", to('"x"'), OLDER, "caption:"),
    Mutation("description-gone", OLDER, PAGE, "schema:description", drop, OLDER, "caption:"),
    Mutation("figid-gone", OLDER, PAGE, "dcterms:identifier", drop, OLDER, "figid:"),
    Mutation("figid-malformed", OLDER, PAGE, "dcterms:identifier", to('"PMC1/../x"'), OLDER, "figid:"),
    Mutation("second-figid", OLDER, PAGE, "dcterms:identifier", also('"PMC1__x"'), OLDER, "figid:"),
    Mutation("license-gone", OLDER, PAGE, "dcterms:license", drop, OLDER, "figid:"),
    Mutation("second-license", OLDER, PAGE, "schema:license", also("<https://example.org/l>"), OLDER, "figid:"),
    Mutation("license-as-text", OLDER, PAGE, "schema:license", to('"CC0"'), OLDER, "figid:"),
    Mutation("article-of-record-gone", OLDER, PAGE, "dcterms:source", drop, OLDER, "pmcid:"),
    Mutation("article-in-another-space", OLDER, PAGE, "schema:citation",
             sub("identifiers.org/pmc/PMC", "identifiers.org/pubmed/"), OLDER, "pmcid:"),
    Mutation("image-gone", OLDER, PAGE, "schema:isBasedOn", drop, OLDER, "figid:"),
    Mutation("organism-of-another-space", OLDER, PAGE, "schema:about",
             sub("http://purl.obolibrary.org/obo/NCBITaxon_", "http://example.org/taxon/"), OLDER, "organisms:"),
    Mutation("entity-not-in-the-graph", OLDER, PAGE, "schema:mentions",
             also("<https://identifiers.org/ncbigene/99999999>"), OLDER, "genes:"),
    Mutation("unknown-property", OLDER, PAGE, "schema:name", say("schema:color", '"red"'), OLDER, "figid:"),
    Mutation("activity-gone", OLDER, PAGE, "prov:wasGeneratedBy", drop, OLDER, "figid:"),
    # The image and the article.
    Mutation("image-without-article", OLDER, IMAGE, "dcterms:isPartOf", drop, OLDER, "figid:"),
    Mutation("image-of-two-articles", OLDER, IMAGE, "dcterms:isPartOf",
             also("<https://identifiers.org/pmc/PMC1>"), OLDER, "figid:"),
    Mutation("image-location-as-text", OLDER, IMAGE, "schema:contentUrl", to('"x.jpg"'), OLDER, "filename:"),
    Mutation("score-as-double", OLDER, IMAGE, "pfocr:pathwayScore", sub("decimal", "double"), OLDER, "pathway_score:"),
    Mutation("score-above-one", OLDER, IMAGE, "pfocr:pathwayScore", sub('"0', '"97'), OLDER, "pathway_score:"),
    Mutation("image-licensed", OLDER, IMAGE, "schema:name",
             say("schema:license", "<https://example.org/l>"), OLDER, "figid:"),
    Mutation("caption-twice", OLDER, IMAGE, "schema:caption", also('"x"'), OLDER, "caption:"),
    Mutation("bad-year", NEWER, "pmc/PMC10034769", "dcterms:issued", sub("2023", "201x"), NEWER, "year:"),
    Mutation("year-out-of-range", NEWER, "pmc/PMC10034769", "dcterms:issued", sub("2023", "1023"), NEWER, "year:"),
    Mutation("year-as-text", NEWER, "pmc/PMC10034769", "dcterms:issued", to('"2023"'), NEWER, "year:"),
    Mutation("two-years", NEWER, "pmc/PMC10034769", "dcterms:issued", also(f'"2022"^^<{XSD}gYear>'), NEWER, "year:"),
    Mutation("doi-malformed", NEWER, "pmc/PMC10034769", "schema:sameAs", to("<https://doi.org/fphar>"), NEWER, "doi:"),
    Mutation("doi-in-capitals", NEWER, "pmc/PMC10034769", "schema:sameAs", sub("fphar", "FPHAR"), NEWER, "doi:"),
    Mutation("article-without-name", OLDER, "pmc/PMC3811159", "schema:name", drop, OLDER, "papertitle:"),
    Mutation("article-without-id", OLDER, "pmc/PMC3811159", "schema:identifier", drop, OLDER, "pmcid:"),
    # Mentions.
    Mutation("mention-of-another-figure", OLDER, IGF1R, "oa:hasTarget",
             sub("PMC3811159__nihms512981f2", "PMC1__x"), OLDER, "- word: IGF1R"),
    Mutation("mention-of-nothing", OLDER, IGF1R, "oa:hasTarget", drop, OLDER, "- word: IGF1R"),
    Mutation("mention-of-another-record", OLDER, IGF1R, "prov:wasDerivedFrom",
             sub("PMC3811159__nihms512981f2", "PMC1__x"), OLDER, "- word: IGF1R"),
    Mutation("dangling-gene", OLDER, IGF1R, "oa:hasBody",
             to("<https://identifiers.org/ncbigene/99999999>"), OLDER, "entrez: '3480'"),
    Mutation("body-of-another-space", OLDER, IGF1R, "oa:hasBody",
             to("<https://identifiers.org/hgnc.symbol/IGF1R>"), OLDER, "entrez: '3480'"),
    Mutation("body-as-text", OLDER, IGF1R, "oa:hasBody", to('"3480"'), OLDER, "entrez: '3480'"),
    Mutation("gene-body-for-a-chemical", OLDER, "word BEZ235", "oa:hasBody",
             to("<https://identifiers.org/ncbigene/3480>"), OLDER, "- word: BEZ235"),
    Mutation("subject-unknown", OLDER, IGF1R, "dcterms:subject", to('"Protein"'), OLDER, "- word: IGF1R"),
    Mutation("subject-gone", OLDER, IGF1R, "dcterms:subject", drop, OLDER, "- word: IGF1R"),
    Mutation("match-type-unknown", OLDER, IGF1R, "pfocr:matchType", sub("exact", "sure"), OLDER, "source: hgnc_symbol"),
    Mutation("two-words", OLDER, IGF1R, "pfocr:word", also('"x"'), OLDER, "- word: IGF1R"),
    Mutation("family-without-expansion", OLDER, AKT, "pfocr:expandedFrom", drop, OLDER, "- word: AKT"),
    Mutation("expansion-that-is-none", OLDER, AKT, "pfocr:expandedFrom", sub("#x-", "#y-"), OLDER, "- word: AKT"),
    Mutation("exact-with-an-expansion", OLDER, AKT, "pfocr:matchType", sub("family", "exact"), OLDER, "- word: AKT"),
    Mutation("count-as-text", NEWER, "word LPS", "pfocr:countDirect", to('"2"'), GENES, "9606\tHomo sapiens\tPrimates\tLPS"),
    Mutation("mention-closed", OLDER, IGF1R, "pfocr:word", say("pfocr:wrod", '"IGF1R"'), OLDER, "- word: IGF1R"),
    # Entities.
    Mutation("gene-without-type", OLDER, "ncbigene/3480", "a", drop, OLDER, "- word: IGF1R"),
    Mutation("gene-id-no-number", OLDER, "ncbigene/3480", "dcterms:identifier", to('"IGF1R"'), OLDER, "entrez: '3480'"),
    Mutation("gene-second-label", OLDER, "ncbigene/3480", "rdfs:label", also('"MTOR"'), OLDER, "hgnc_symbol: IGF1R"),
    Mutation("gene-curie-wrong", OLDER, "ncbigene/3480", "schema:identifier", to('"hgnc:5465"'), OLDER, "entrez: '3480'"),
    Mutation("gene-of-no-taxon", OLDER, "ncbigene/3480", "schema:taxonomicRange",
             to("<http://example.org/human>"), OLDER, "- word: IGF1R"),
    Mutation("mesh-id-malformed", OLDER, "mesh/D020123", "dcterms:identifier", to('"20123"'), OLDER, "identifier: D020123"),
    Mutation("mesh-curie-malformed", OLDER, "mesh/D020123", "schema:identifier", to('"mesh:20123"'), OLDER, "identifier: D020123"),
    Mutation("mesh-page-gone", OLDER, "mesh/D020123", "schema:url", drop, OLDER, "identifier: D020123"),
    Mutation("doid-malformed", NEWER, "obo/DOID_0060239", "dcterms:identifier", to('"DOID:x"'), DISEASES, "LPS"),
    Mutation("taxon-id-malformed", NEWER, "obo/NCBITaxon_10116", "dcterms:identifier", to('"rat"'), NEWER, "organisms:"),
    Mutation("dangling-chemical", NEWER, "word Urolithin A", "oa:hasBody",
             to("<http://id.nlm.nih.gov/mesh/C000000>"), CHEMICALS, "Urolithin A"),
    # The part for WikiPathways.
    Mutation("pathway-without-title", OLDER, "#pathway", "dc:title", drop, OLDER, "figtitle:", "wp"),
    Mutation("pathway-title-without-language", OLDER, "#pathway", "dc:title", sub("@en", ""), OLDER, "figtitle:", "wp"),
    Mutation("node-in-no-pathway", OLDER, "ncbigene/3480", "dcterms:isPartOf", drop, OLDER, "- word: IGF1R", "wp"),
    Mutation("node-of-two-genes", OLDER, "ncbigene/3480", "wp:bdbEntrezGene",
             also("<https://identifiers.org/ncbigene/1>"), OLDER, "- word: IGF1R", "wp"),
    Mutation("symbol-of-another-gene", OLDER, "ncbigene/3480", "wp:bdbHgncSymbol",
             sub("IGF1R", "MTOR"), OLDER, "- word: IGF1R", "wp"),
]  # fmt: skip


@cache
def engine() -> object:
    return make_engine("shacl", load_shapes([default_shapes()]))


class Figure:
    """A record, and the statements of each part of its graph."""

    def __init__(self, path: Path) -> None:
        (record,) = read_records(str(path))
        self.mapper = Mapper()
        self.view = self.mapper.view(record)
        serializer = NTriples(self.mapper.vocabulary.prefixes, many=True)
        parts = {
            "core": self.mapper.core(self.view),
            "wp": self.mapper.wikipathways(self.view),
        }
        self.parts = {
            name: serializer.figure(self.view.page, nodes).split("\n")[:-1]
            for name, nodes in parts.items()
        }

    def subject(self, mutation: Mutation) -> str:
        lines = self.parts[mutation.part]
        if mutation.node.startswith("word "):
            said = f'{iri("pfocr:word")} "{mutation.node[5:]}" .'
            return next(ln.split(" ")[0] for ln in lines if ln.endswith(said) and "#m-" in ln)
        return next(
            ln.split(" ")[0] for ln in lines if ln.split(" ")[0].endswith(f"{mutation.node}>")
        )

    def broken(self, mutation: Mutation) -> str:
        predicate = TYPE if mutation.property == "a" else iri(mutation.property)
        beginning = f"{self.subject(mutation)} {predicate} "
        lines = self.parts[mutation.part]
        hit = next(i for i, line in enumerate(lines) if line.startswith(beginning))
        edited = mutation.edit(lines[hit])
        assert edited != [lines[hit]], "the mutation changes nothing"
        return "\n".join([*lines[:hit], *edited, *lines[hit + 1 :], ""])

    def results(self, text: str) -> list[LocatedResult]:
        results = engine().validate(text)  # type: ignore[attr-defined]
        return [locate(self.mapper, self.view, r) for r in results]


@cache
def figure(path: Path) -> Figure:
    return Figure(path)


def lines_beginning(path: Path, beginning: str) -> set[int]:
    text = path.read_text("utf-8").split("\n")
    return {n for n, line in enumerate(text, 1) if line.strip().startswith(beginning)}


@pytest.mark.parametrize("path", [OLDER, NEWER], ids=["older", "newer"])
@pytest.mark.parametrize("part", ["core", "wp"])
def test_the_unbroken_graph_conforms(path: Path, part: str) -> None:
    assert figure(path).parts[part]
    found = figure(path).results("\n".join([*figure(path).parts[part], ""]))
    assert [str(f) for f in found if f.result.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_break_is_found_and_its_line_named(mutation: Mutation) -> None:
    broken = figure(mutation.record)
    before = {f.result for f in broken.results("\n".join([*broken.parts[mutation.part], ""]))}
    found = [f for f in broken.results(broken.broken(mutation)) if f.result not in before]
    # One break is only a warning: a description too short for dataset search is not untrue.
    worst = {f.result.severity for f in found}
    assert Severity.VIOLATION in worst or mutation.name == "description-too-short", worst
    expected = lines_beginning(mutation.file, mutation.written)
    assert expected
    named = {(Path(f.location.file).name, f.location.line) for f in found}
    assert any(name == mutation.file.name and line in expected for name, line in named), [
        str(f) for f in found
    ]
