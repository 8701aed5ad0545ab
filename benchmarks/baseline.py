"""The straightforward script: PyYAML, one rdflib graph, serialize. What rdfexport is measured by.

    python benchmarks/baseline.py FOLDER OUT_FILE [--format nt|turtle] [--limit N] [--validate]

It says the same of a figure as rdfexport's core part, as one would first write it down, and for
sound records only (``tests/project/test_benchmark_baseline.py`` compares the triples).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef

from rdfexport.model import MatchType
from rdfexport.normalise import MATCH_TYPES, organisms
from rdfexport.validate import default_shapes, load_shapes
from rdfexport.version import __version__

OA = Namespace("http://www.w3.org/ns/oa#")
OBO = Namespace("http://purl.obolibrary.org/obo/")
OWL_CLASS = URIRef("http://www.w3.org/2002/07/owl#Class")
PFOCR = Namespace("https://pfocr.wikipathways.org/vocab#")
PRISM = Namespace("http://prismstandard.org/namespaces/basic/2.0/")
SCHEMA = Namespace("http://schema.org/")
DC = Namespace("http://purl.org/dc/elements/1.1/")
NCBIGENE = Namespace("https://identifiers.org/ncbigene/")
MESH = Namespace("http://id.nlm.nih.gov/mesh/")
NCBI = "https://www.ncbi.nlm.nih.gov"
PMC = "https://pmc.ncbi.nlm.nih.gov"
EUROPE_PMC = "https://europepmc.org/api/fulltextRepo"
CC0 = URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
CATALOG = URIRef("https://pfocr.wikipathways.org/")
ORGANIZATION = URIRef("https://www.wikipathways.org/")
ACTIVITY = URIRef(f"https://pfocr.wikipathways.org/graph/export/rdfexport-{__version__}")
AGENT = URIRef(f"https://pfocr.wikipathways.org/graph/software/rdfexport-{__version__}")
DOI_SAFE = "/:@!$&*+,;=-._~()"
UNKNOWN = (None, "", "NA", ".na.character")
NUMBERS = {"F": "Figure", "FIGURE": "Figure", "S": "Scheme", "SCHEME": "Scheme"}
NUMBERS |= {
    "FIG": "Figure",
    "SF": "Supplemental figure",
    "GA": "Graphical abstract",
    "EV": "Expanded view figure",
}


def known(value: Any) -> Any:
    if isinstance(value, str):
        value = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", value).strip()
    return None if value in UNKNOWN else value


def listed(value: Any) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(v for v in map(known, values) if v is not None))


def name_of(*parts: str | None) -> str:
    joined = "\x1f".join("\x1e" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def rows_of(record: dict[str, Any], path: Path, kind: str) -> tuple[list[dict[str, Any]], bool]:
    table = path.parent.parent / "_data" / f"{path.stem}-{kind}.tsv"
    if not table.exists():
        return record.get(kind) or [], False
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)), True


class Script:
    """One graph for everything."""

    def __init__(self) -> None:
        self.graph = Graph()

    def say(self, subject: URIRef, predicate: URIRef, *values: Any, datatype: Any = None) -> None:
        for value in values:
            if value is not None:
                term = value if isinstance(value, URIRef) else Literal(value, datatype=datatype)
                self.graph.add((subject, predicate, term))

    def convert(self, path: Path) -> None:
        record = yaml.safe_load(path.read_text("utf-8").split("\n---", 1)[0][4:])
        say = self.say
        get = {key: known(value) for key, value in record.items()}.get
        figid, pmcid, title = get("figid"), get("pmcid"), get("figtitle")
        page = URIRef(f"https://pfocr.wikipathways.org/figures/{figid}.html")
        image, download = URIRef(f"{page}#figure"), URIRef(f"{page}#page")
        article = URIRef(f"https://identifiers.org/pmc/{pmcid}")
        number = get("number")
        match = re.fullmatch(r"([A-Za-z]+)\.?\s*(\d+[A-Za-z]?)", number or "")
        if match and match[1].upper() in NUMBERS:
            number = f"{NUMBERS[match[1].upper()]} {match[2]}"
        name = title or ", ".join(filter(None, (number, get("papertitle")))) or figid
        paper, citation, year = get("papertitle"), get("reftext"), get("year")
        doi, doi_field = get("doi"), "doi"
        if doi is None and (found := re.search(r"\b10\.\d{4,9}/\S+", citation or "")):
            doi, doi_field = found[0].rstrip(".,;:)]"), "reftext"
        doi = doi.lower() if doi else None
        keywords = [re.sub(r"\s+", " ", k) for k in (get("keywords") or "").split(" | ") if k]
        keywords += listed((record.get("schema-jsonld") or {}).get("keywords") or [])

        say(page, RDF.type, SCHEMA.Dataset)
        say(page, RDFS.label, name)
        say(page, DCTERMS.identifier, figid)
        say(page, DCTERMS.source, article)
        say(page, DCTERMS.license, CC0)
        profile = "https://bioschemas.org/profiles/Dataset/1.0-RELEASE"
        say(page, DCTERMS.conformsTo, URIRef(profile))
        say(page, SCHEMA.name, name)
        say(page, SCHEMA.description, self.description(get, figid))
        say(page, SCHEMA.identifier, figid, get("figid_alias"))
        say(page, SCHEMA.url, page)
        say(page, SCHEMA.license, CC0)
        say(page, SCHEMA.isAccessibleForFree, "true", datatype=XSD.boolean)
        say(page, SCHEMA.keywords, *dict.fromkeys(keywords))
        say(page, SCHEMA.measurementTechnique, "Pathway Figure OCR")
        say(page, SCHEMA.creator, ORGANIZATION)
        say(page, SCHEMA.includedInDataCatalog, CATALOG)
        say(page, SCHEMA.distribution, download)
        say(page, SCHEMA.image, image)
        say(page, SCHEMA.isBasedOn, image)
        say(page, SCHEMA.citation, article)
        say(page, PROV.wasGeneratedBy, ACTIVITY)
        models = [f"https://identifiers.org/wikipathways/{wpid}" for wpid in listed(get("wpid"))]
        models += [
            f"https://www.ndexbio.org/viewer/networks/{ndex}" for ndex in listed(get("ndex"))
        ]
        for model in models:
            say(page, RDFS.seeAlso, URIRef(model))
            say(page, SCHEMA.subjectOf, URIRef(model))
        for organism in listed(record.get("organisms")):
            say(page, PFOCR.organismName, organism)
            if organism in organisms():
                say(page, SCHEMA.about, self.taxon(organisms()[organism], organism))
        for organism in listed(record.get("organisms_ner")):
            say(page, PFOCR.recognisedOrganismName, organism)
            if organism in organisms():
                say(page, SCHEMA.mentions, self.taxon(organisms()[organism], organism))

        say(download, RDF.type, SCHEMA.DataDownload)
        say(download, SCHEMA.contentUrl, page)
        say(download, SCHEMA.encodingFormat, "text/html")

        say(image, RDF.type, SCHEMA.ImageObject, FOAF.Image, OBO.IAO_0000308)
        say(image, RDFS.label, name)
        say(image, DCTERMS.isPartOf, article)
        say(image, SCHEMA.name, name)
        say(image, SCHEMA.caption, get("caption"))
        say(image, SCHEMA.creditText, citation)
        if filename := get("filename"):
            file = f"{EUROPE_PMC}?pmcId={pmcid}&type=FILE&fileName={filename}&mimeType=image/jpg"
            say(image, SCHEMA.contentUrl, URIRef(file))
            say(image, SCHEMA.encodingFormat, "image/jpeg")
        if link := get("figlink"):
            path_only = re.sub(r"^(https?:)?//[^/]+", "", link).strip("/")
            path_only = path_only.removeprefix("pmc/")
            if path_only.startswith(f"articles/{pmcid}/"):
                say(image, SCHEMA.url, URIRef(f"{PMC}/{path_only}/"))
        say(image, SCHEMA.isPartOf, article)
        say(image, PFOCR.figureNumber, number)
        say(image, PFOCR.figureType, get("figtype"))
        score = record.get("automl_pathway", record.get("pathway_score"))
        say(image, PFOCR.pathwayScore, str(score), datatype=XSD.decimal)
        say(image, PFOCR.rankedResultIndex, get("pmc_ranked_result_index"))

        say(article, RDF.type, SCHEMA.ScholarlyArticle)
        say(article, RDFS.label, paper or pmcid)
        say(article, DCTERMS.identifier, pmcid, doi)
        say(article, DCTERMS.issued, year, datatype=XSD.gYear)
        say(article, DCTERMS.bibliographicCitation, citation)
        say(article, PRISM.publicationName, get("journal_title"))
        say(article, PFOCR.journalAbbreviation, get("journal_nlm_ta"))
        say(article, DC.publisher, get("publisher_name"))
        say(article, PFOCR.doiSource, doi and doi_field)
        say(article, SCHEMA.name, paper or pmcid)
        say(article, SCHEMA.headline, paper)
        say(article, SCHEMA.identifier, pmcid)
        say(article, SCHEMA.datePublished, year, datatype=SCHEMA.Date)
        say(article, SCHEMA.url, URIRef(f"{PMC}/articles/{pmcid}/"))
        say(
            article,
            SCHEMA.sameAs,
            URIRef(f"https://doi.org/{quote(doi, safe=DOI_SAFE)}") if doi else None,
        )

        self.genes(record, path, page, image)
        self.concepts(record, path, page, image, "chemicals", "chebi")
        self.concepts(record, path, page, image, "diseases", "doid")
        if not keywords:
            names = [
                self.graph.value(one, RDFS.label) for one in self.graph[page : SCHEMA.mentions]
            ]
            names += listed(record.get("organisms")) + listed(record.get("organisms_ner"))
            say(page, SCHEMA.keywords, *(name and str(name) for name in names))

    @staticmethod
    def description(get: Any, figid: str) -> str:
        text = get("caption") or ""
        closing = f"Pathway figure {figid}: genes, chemicals and diseases recognised in the image."
        for more in (get("figtitle"), get("papertitle"), closing):
            if len(text) < 50 and more and more not in text:
                text = f"{text} {more}".strip()
        return text if len(text) <= 5000 else text[:4999].rsplit(" ", 1)[0] + "…"

    def taxon(self, taxid: str, name: str) -> URIRef:
        iri = OBO[f"NCBITaxon_{taxid}"]
        self.say(iri, RDF.type, SCHEMA.Taxon)
        self.say(iri, RDFS.label, name)
        self.say(iri, DCTERMS.identifier, taxid)
        self.say(iri, SCHEMA.name, name)
        self.say(iri, SCHEMA.identifier, f"NCBITaxon:{taxid}")
        uniprot = URIRef(f"http://purl.uniprot.org/taxonomy/{taxid}")
        same = URIRef(f"https://identifiers.org/taxonomy/{taxid}")
        self.say(iri, SCHEMA.sameAs, uniprot, same)
        return iri

    def mention(
        self, page: URIRef, image: URIRef, identity: str, subject: str, row: tuple[str | None, ...]
    ) -> URIRef:
        word, match, source = row
        mention = URIRef(f"{page}#m-{identity}")
        self.say(mention, RDF.type, OA.Annotation)
        self.say(mention, RDFS.label, word)
        self.say(mention, OA.motivatedBy, OA.identifying)
        self.say(mention, OA.hasTarget, image)
        self.say(mention, DCTERMS.subject, subject)
        self.say(mention, DCTERMS.source, source)
        self.say(mention, PFOCR.word, word)
        self.say(mention, PFOCR.symbol, match)
        self.say(mention, PROV.wasDerivedFrom, page)
        return mention

    @staticmethod
    def expanded(row: dict[str, Any], *, in_table: bool) -> tuple[Any, ...]:
        """What the rows of an expansion have in common."""
        match = known(row["match" if in_table else "symbol"])
        return known(row["word"]), match, known(row["organism_id"]) if in_table else "9606"

    def genes(self, record: dict[str, Any], path: Path, page: URIRef, image: URIRef) -> None:
        rows, in_table = rows_of(record, path, "genes")
        seen: Counter[Any] = Counter()
        symbol_of: dict[str, str | None] = {}
        families: dict[Any, str] = {}
        for row in rows:
            source = known(row["source"])
            if MATCH_TYPES.get(source) == "family":
                key = self.expanded(row, in_table=in_table)
                families[key] = min(source, families.get(key, source))
        for row in rows:
            word, source = known(row["word"]), known(row["source"])
            match = known(row["match" if in_table else "symbol"])
            symbol = known(row["ncbigene_symbol" if in_table else "hgnc_symbol"])
            entrez = known(row["ncbigene_id" if in_table else "entrez"])
            taxid = known(row["organism_id"]) if in_table else "9606"
            organism = known(row["organism_name"]) if in_table else "Homo sapiens"
            content = (word, match, source, str(entrez), taxid)
            seen[content] += 1
            identity = name_of("genes", *content, str(seen[content]))
            mention = self.mention(page, image, identity, "Gene", (word, match, source))
            family = families.get(self.expanded(row, in_table=in_table))
            kind = MATCH_TYPES.get(source)
            if family is not None and kind != "exact":
                kind = MatchType.FAMILY
            if kind:
                self.say(mention, PFOCR.matchType, PFOCR[kind.value])
            if family is not None:
                group = name_of("genes", word, match, family, taxid, str(seen[content]))
                expansion = URIRef(f"{page}#x-{group}")
                self.say(mention, PFOCR.expandedFrom, expansion)
                self.say(expansion, RDF.type, PFOCR.FamilyExpansion)
                self.say(expansion, RDFS.label, match or word)
                self.say(expansion, OA.hasTarget, image)
                self.say(expansion, PFOCR.word, word)
            for column, term in (
                ("count_direct", PFOCR.countDirect),
                ("count_synonym", PFOCR.countSynonym),
                ("count_match", PFOCR.countMatch),
            ):
                self.say(mention, term, known(row.get(column)), datatype=XSD.integer)
            numbers = re.split(r"[\s,;|/]+", str(entrez)) if entrez is not None else []
            symbols = [symbol]
            if len(numbers) > 1:
                split = re.split(r"[\s,;|/]+", symbol or "")
                symbols = split if len(split) == len(numbers) else [None] * len(numbers)
            for gene_number, gene_symbol in zip(numbers, symbols, strict=True):
                gene = NCBIGENE[gene_number]
                gene_symbol = symbol_of.setdefault(gene_number, gene_symbol)  # noqa: PLW2901
                self.say(mention, OA.hasBody, gene)
                self.say(page, SCHEMA.mentions, gene)
                self.say(gene, RDF.type, SCHEMA.Gene)
                self.say(gene, RDFS.label, gene_symbol)
                self.say(gene, DCTERMS.identifier, gene_number)
                self.say(gene, SCHEMA.name, gene_symbol)
                self.say(gene, SCHEMA.identifier, f"ncbigene:{gene_number}")
                self.say(gene, SCHEMA.url, URIRef(f"{NCBI}/gene/{gene_number}"))
                same = URIRef(f"http://identifiers.org/ncbigene/{gene_number}")
                uniprot = URIRef(f"http://purl.uniprot.org/geneid/{gene_number}")
                self.say(gene, SCHEMA.sameAs, same, uniprot)
                self.say(gene, SCHEMA.taxonomicRange, self.taxon(taxid, organism))

    def concepts(
        self,
        record: dict[str, Any],
        path: Path,
        page: URIRef,
        image: URIRef,
        kind: str,
        second: str,
    ) -> None:
        rows, in_table = rows_of(record, path, kind)
        seen: Counter[Any] = Counter()
        curies = {"chebi": "CHEBI:", "doid": "DOID:"}
        pages = {
            "mesh": "https://meshb.nlm.nih.gov/record/ui?ui=",
            "chebi": "https://www.ebi.ac.uk/chebi/CHEBI:",
            "doid": "https://disease-ontology.org/term/DOID:",
        }
        with_second = set()
        first = set()
        for row in rows:
            word = known(row["word"])
            match = name = other = None
            if in_table:
                match, name = known(row["match"]), known(row["name"])
                mesh, other = known(row["mesh"]), known(row[second])
                mesh = mesh.removeprefix("mesh:") if mesh else None
                other = other.removeprefix(f"{second}:") if other else None
                source = "MESH" if mesh else second.upper() if other else None
            else:
                source, identifier = known(row["source"]), known(row["identifier"])
                local = identifier.rpartition(":")[2] if identifier else None
                mesh = local if (source or "").lower() == "mesh" else None
                other = local if (source or "").lower() == second else None
            content = (word, match, source, mesh, other)
            seen[content] += 1
            identity = name_of(kind, *content, str(seen[content]))
            subject = "Chemical" if kind == "chemicals" else "Disease"
            mention = self.mention(page, image, identity, subject, (word, match, source))
            if mesh or other:
                self.say(mention, PFOCR.matchType, PFOCR.byName)
            other_iri = OBO[f"{second.upper()}_{other}"] if other else None
            for space, local, iri, label in (
                ("mesh", mesh, MESH[mesh] if mesh else None, match),
                (second, other, other_iri, name),
            ):
                if iri is None:
                    continue
                self.say(mention, OA.hasBody, iri)
                self.say(iri, RDFS.label, label)
                self.say(
                    iri,
                    DCTERMS.identifier,
                    local if space == "mesh" else f"{curies[second]}{local}",
                )
                if space == second and mesh:
                    with_second.add(iri)
                    continue
                first.add(iri)
                self.say(page, SCHEMA.mentions, iri)
                curie = "mesh:" if space == "mesh" else curies[second]
                self.say(iri, SCHEMA.name, label)
                self.say(iri, SCHEMA.identifier, f"{curie}{local}")
                self.say(iri, SCHEMA.url, URIRef(f"{pages[space]}{local}"))
                if space == "mesh":
                    for scheme in ("https", "http"):
                        same = URIRef(f"{scheme}://identifiers.org/mesh/{local}")
                        self.say(iri, SCHEMA.sameAs, same)
                if mesh and other:
                    self.say(iri, SCHEMA.identifier, f"{curies[second]}{other}")
                if kind == "diseases":
                    self.say(iri, RDF.type, SCHEMA.MedicalCondition)
                elif other:
                    self.say(iri, RDF.type, SCHEMA.MolecularEntity)
                else:
                    self.say(iri, RDF.type, SCHEMA.ChemicalSubstance)
        for iri in with_second - first:
            self.say(iri, RDF.type, OWL_CLASS)


def constants(script: Script) -> None:
    script.say(CATALOG, RDF.type, SCHEMA.DataCatalog)
    for node, name in ((CATALOG, "Pathway Figure OCR (PFOCR)"), (ORGANIZATION, "WikiPathways")):
        script.say(node, RDFS.label, name)
        script.say(node, SCHEMA.name, name)
        script.say(node, SCHEMA.url, node)
    script.say(ORGANIZATION, RDF.type, SCHEMA.Organization)
    script.say(
        CATALOG,
        SCHEMA.description,
        "Pathway figures of published papers, with the genes, chemicals and diseases recognised"
        " in them.",
    )
    script.say(CATALOG, SCHEMA.keywords, "pathway figures", "genes", "chemicals", "diseases")
    script.say(CATALOG, SCHEMA.provider, ORGANIZATION)
    script.say(ACTIVITY, RDF.type, PROV.Activity)
    script.say(ACTIVITY, RDFS.label, f"export by rdfexport {__version__}")
    script.say(ACTIVITY, PROV.wasAssociatedWith, AGENT)
    script.say(AGENT, RDF.type, PROV.SoftwareAgent)
    script.say(AGENT, RDFS.label, f"rdfexport {__version__}")


def validate(graph: Graph) -> None:
    import pyshacl  # noqa: PLC0415 - takes long, and few runs need it

    shapes = Graph().parse(data=load_shapes([default_shapes()]), format="nt")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    print(text.splitlines()[0] if conforms else text[:200])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--format", choices=("nt", "turtle"), default="turtle")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--validate", action="store_true", help="the whole graph, with pySHACL")
    arguments = parser.parse_args()
    script = Script()
    constants(script)
    for path in islice(sorted((arguments.folder / "_figures").glob("*.md")), arguments.limit):
        script.convert(path)
    if arguments.validate:
        validate(script.graph)
    script.graph.serialize(arguments.out, format=arguments.format, encoding="utf-8")
    print(f"{len(script.graph)} triples")


if __name__ == "__main__":
    main()
