"""Sound graphs broken in many ways: the shape that is meant reports it, with the one right line.

What is broken is the N-Triples text of a figure's graph, after the mapping. The line that has to be
named is sought in the record's own text, without the code that finds it for the exporter.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from rdfexport import read_records
from rdfexport.diagnostics import LocatedResult, Severity, local_name
from rdfexport.graph import Mapper
from rdfexport.pipeline.build import locate
from rdfexport.terms import PREFIXES
from rdfexport.validate import Engine, default_shapes, load_shapes, make_engine
from rdfexport.write import NTriples
from support.paths import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdfexport.mapping import View

LEGACY = "PMC3811159__nihms512981f2"
OLDER = "PMC100008__mb2411709009"  # with a year and a network, both of which LEGACY lacks
CURRENT = "PMC10034769__fphar-14-1067402-g009"
CHEBI = "PMC12240324__pone.0326693.g001"
FIGIDS = {"legacy": LEGACY, "older": OLDER, "current": CURRENT, "chebi": CHEBI}
BOTH = ("legacy", "current")
WORDS = {"legacy": "IGF1R", "older": "PLC", "current": "Keap1", "chebi": "Amylose"}

Triple = tuple[str, str, str]


class Mutation(NamedTuple):
    """A way to break the graph of a record.

    ``edit`` is of one of these forms, with ``;`` between several. S is a name of ``names``,
    ``mention:`` or ``expansion:`` and a word of the figure, or a CURIE; P is a CURIE; O is as S, or
    a literal::

        add S P O       another statement
        set S P O       this instead of all that S says with P
        drop S P        nothing of what S says with P
        drop S P O      not this statement
        forget S        nothing of what S says
        rename S O      what S says is said of O; what leads to S stays as it is

    ``shape`` is what has to report it, and ``place`` the line: how it begins in the record, or
    after ``genes >`` and the like a cell of its row in that table. After ``>`` in a record comes
    the beginning, without indent, of a line below; ``each`` means all lines with the beginning.
    """

    name: str
    record: str
    part: str
    edit: str
    shape: str
    place: str


def mutations(table: str) -> Iterator[Mutation]:
    for line in table.strip().splitlines():
        if line.startswith("#"):
            continue
        name, record, part, edit, shape, place = (cell.strip() for cell in line.split("|"))
        for form in BOTH if record == "both" else (record,):
            yield Mutation(name, form, part, edit, shape, place)


# Of "both" forms the line begins the same.
TABLE = """
# The record
no class | both | core | drop record rdf:type | record-type | figid:
second class of a record | both | core | add record rdf:type schema:Person | record-type | figid:
no label | both | core | drop record rdfs:label | record-label | figtitle:
second label | both | core | add record rdfs:label "x" | record-label | figtitle:
label in a language | both | core | set record rdfs:label "x"@en | record-label | figtitle:
no figid | both | core | drop record dcterms:identifier | record-figid | figid:
second figid | both | core | add record dcterms:identifier "PMC1__x" | record-figid | figid:
figid missing among the identifiers | both | core | drop record schema:identifier "{figid}" | record-own-figid | figid:
figid without a stem | both | core | set record dcterms:identifier "PMC1" | record-figid | figid:
no article | both | core | drop record dcterms:source | record-article | pmcid:
second article | both | core | add record dcterms:source pmc:PMC1 | record-article | pmcid:
no licence | both | core | drop record dcterms:license | record-licence | figid:
second licence | both | core | add record dcterms:license <http://a/> | record-licence | figid:
licence as a text | both | core | set record dcterms:license "CC0" | record-licence | figid:
CC0 for schema.org | both | core | set record schema:license "CC0" | record-schema-licence | figid:
unknown property | both | core | add record dcterms:subject "x" | Record | figid:
no profile | both | core | drop record dcterms:conformsTo | BioschemasClaim | figid:
no name | both | core | drop record schema:name | bioschemas-dataset-name | figtitle:
no description | both | core | drop record schema:description | bioschemas-dataset-description | caption:
not for free | both | core | set record schema:isAccessibleForFree "yes" | record-free | figid:
empty keyword | legacy | core | add record schema:keywords "" | record-keywords | schema-jsonld:
keyword in a language | current | core | add record schema:keywords "x"@en | record-keywords | keywords:
entity without a row | legacy | core | add record schema:mentions ncbigene:1 | record-mentions | genes:
entity without a mention | legacy | core | drop mention:IGF1R oa:hasBody | record-mentions | - word: IGF1R > entrez:
entity without a mention | current | core | drop mention:Keap1 oa:hasBody | record-mentions | genes > 117519
taxon not described | both | core | add record schema:about taxon:1 | record-about | organisms:
taxon renamed | both | core | rename taxon:9606 <http://a/9606> | record-about | organisms:
network in capitals | older | core | set record rdfs:seeAlso <https://www.ndexbio.org/viewer/networks/E93DEA57> ; set record schema:subjectOf <https://www.ndexbio.org/viewer/networks/E93DEA57> | record-made | ndex:
no export | both | core | drop record prov:wasGeneratedBy | record-activity | figid:
distribution is another page | both | core | set page schema:contentUrl <http://a/> | record-page | figid:
two versions | both | core | add record schema:version "1" ; add record schema:version "2" | record-version | figid:
catalogue without a label | both | core | drop <https://pfocr.wikipathways.org/> rdfs:label | catalogue-label | figid:
page without a format | both | core | drop page schema:encodingFormat | download-format | figid:
# The figure
no figure | both | core | drop record schema:image | record-image | figid:
figure of two records | both | core | add <http://a/> schema:image figure | figure-record | figid:
figure without a class | both | core | drop figure rdf:type foaf:Image | figure-type | figid:
second class of a figure | both | core | add figure rdf:type schema:Person | figure-type | figid:
figure without a label | both | core | drop figure rdfs:label | figure-label | figtitle:
second caption | both | core | add figure schema:caption "x" | figure-caption | caption:
empty caption | both | core | set figure schema:caption "" | figure-caption | caption:
caption in a language | both | core | set figure schema:caption "x"@en | figure-caption | caption:
licence of the image | both | core | add figure dcterms:license <http://a/> | figure-licence | figid:
licence of the image for schema.org | both | core | add figure schema:license <http://a/> | figure-schema-licence | figid:
score of 97 | legacy | core | set figure pfocr:pathwayScore "97.0"^^xsd:decimal | figure-score | pathway_score:
score of 97 | current | core | set figure pfocr:pathwayScore "97.0"^^xsd:decimal | figure-score | automl_pathway:
score as a double | current | core | set figure pfocr:pathwayScore "9.7E-1"^^xsd:double | figure-score | automl_pathway:
score as a text | legacy | core | set figure pfocr:pathwayScore "0.97" | figure-score | pathway_score:
image elsewhere | both | core | set figure schema:contentUrl <https://a.example/f.jpg> | figure-content | filename:
image as a text | both | core | set figure schema:contentUrl "f.jpg" | figure-content | filename:
image of another kind | both | core | set figure schema:encodingFormat "image/tiff" | figure-format | filename:
page with two slashes | both | core | set figure schema:url <https://www.ncbi.nlm.nih.gov//pmc/articles/PMC1/figure/F1/> | figure-page | figlink:
part of another article | both | core | set figure dcterms:isPartOf pmc:PMC1 | figure-article | figid:
credit in a language | both | core | set figure schema:creditText "x"@en | figure-credit | reftext:
empty number | both | core | set figure pfocr:figureNumber "" | figure-number | number:
two types | current | core | add figure pfocr:figureType "x" | figure-kind | figtype:
rank in words | legacy | core | set figure pfocr:rankedResultIndex "first" | figure-rank | pmc_ranked_result_index:
unknown property of a figure | both | core | add figure dcterms:creator "x" | Figure | figid:
# The article
article without a class | both | core | drop article rdf:type | record-citation | pmcid:
article in http | both | core | rename article <http://identifiers.org/pmc/PMC1> | record-citation | pmcid:
PMCID without PMC | both | core | rename article pmc:3811159 | record-citation | pmcid:
no PMCID | both | core | drop article dcterms:identifier "{pmcid}" | article-pmcid | pmcid:
malformed PMCID | both | core | set article schema:identifier "PMC" | article-schema-identifier | pmcid:
page of another site | both | core | set article schema:url <https://europepmc.org/PMC1> | article-url | pmcid:
no title | both | core | drop article rdfs:label | article-label | papertitle:
title in a language | both | core | set article schema:headline "x"@en | article-headline | papertitle:
second name of an article | both | core | add article schema:name "x" | article-name | papertitle:
year with a letter | older | core | set article dcterms:issued "201x"^^xsd:gYear | article-year | year:
year 1066 | current | core | set article dcterms:issued "1066"^^xsd:gYear | article-year | year:
year as a number | older | core | set article dcterms:issued "2001"^^xsd:integer | article-year | year:
year as a day | current | core | set article dcterms:issued "2023-01-01"^^xsd:date | article-year | year:
two years | current | core | add article dcterms:issued "2024"^^xsd:gYear | article-year | year:
date as a text | older | core | set article schema:datePublished "2001" | article-date | year:
DOI in capitals | current | core | add article dcterms:identifier "10.3389/FPHAR.2023.1067402" | article-identifier | doi:
DOI in capitals | legacy | core | add article dcterms:identifier "10.1158/1078-0432.CCR-13-0142" | article-identifier | reftext:
malformed DOI | current | core | set article schema:sameAs <https://doi.org/10.3389> | article-doi | doi:
malformed DOI | legacy | core | set article schema:sameAs <https://doi.org/10.1158> | article-doi | reftext:
DOI at another address | current | core | set article schema:sameAs <http://dx.doi.org/10.3389/x> | article-doi | doi:
two DOIs | current | core | add article schema:sameAs doi:10.3389/x | article-doi | doi:
source of no DOI | current | core | drop article dcterms:identifier "10.3389/fphar.2023.1067402" | ArticleDoi | pmcid:
DOI from elsewhere | current | core | set article pfocr:doiSource "guess" | article-doi-source | doi:
empty citation | both | core | set article dcterms:bibliographicCitation "" | article-citation | reftext:
empty journal | current | core | set article prism:publicationName "" | article-journal | journal_title:
journal as an IRI | current | core | set article pfocr:journalAbbreviation <http://a/> | article-journal-abbreviation | journal_nlm_ta:
publisher in a language | current | core | set article dc:publisher "x"@en | article-publisher | publisher_name:
# Mentions
mention without a class | legacy | core | drop mention:IGF1R rdf:type | mention-type | - word: IGF1R
mention without a class | current | core | drop mention:Keap1 rdf:type | mention-type | genes > 117519
mention of another figure | legacy | core | set mention:IGF1R oa:hasTarget <http://a/#figure> | mention-own-figure | - word: IGF1R
mention of another figure | current | core | set mention:IL-6 oa:hasTarget <http://a/#figure> | mention-own-figure | genes > 24498
mention of two figures | current | core | add mention:IL-6 oa:hasTarget <http://a/#figure> | mention-own-figure | genes > 24498
mention of no record | legacy | core | drop mention:IGF1R prov:wasDerivedFrom | mention-own-figure | - word: IGF1R
mention of two records | legacy | core | add mention:IGF1R prov:wasDerivedFrom <http://a/> | mention-record | - word: IGF1R
dangling gene | legacy | core | forget ncbigene:3480 | GeneMention | - word: IGF1R
dangling gene | current | core | forget ncbigene:117519 | GeneMention | genes > 117519
gene without a class | current | core | drop ncbigene:24498 rdf:type | GeneMention | genes > 24498
gene in http | legacy | core | set mention:IGF1R oa:hasBody <http://identifiers.org/ncbigene/3480> | GeneMention | - word: IGF1R
gene renamed | current | core | rename ncbigene:24498 <http://identifiers.org/ncbigene/24498> | GeneMention | genes > 24498
gene number with letters | legacy | core | rename ncbigene:3480 ncbigene:IGF1R | GeneMention | - word: IGF1R
gene for a chemical | legacy | core | set mention:BEZ235 oa:hasBody ncbigene:3480 | ChemicalMention | - word: BEZ235
dangling chemical | current | core | forget mesh:C026423 | ChemicalMention | chemicals > mesh:C026423
malformed MeSH | legacy | core | rename mesh:D020123 mesh:X20123 | ChemicalMention | - word: Rapamycin
malformed MeSH | current | core | set mention:Urolithin_A oa:hasBody mesh:C26423X | ChemicalMention | chemicals > mesh:C026423
malformed ChEBI | chebi | core | rename chebi:28102 chebi:028102 | ChemicalMention | chemicals > chebi:28102
dangling disease | current | core | forget doid:0060239 | DiseaseMention | diseases > doid:0060239
malformed DOID | current | core | rename doid:0060239 doid:X | DiseaseMention | diseases > doid:0060239
DOID without an identifier | current | core | drop doid:0060239 dcterms:identifier | DiseaseMention | diseases > doid:0060239
disease without a class | current | core | drop mesh:D055370 rdf:type | DiseaseMention | diseases > mesh:D055370
unknown match type | legacy | core | set mention:IGF1R pfocr:matchType pfocr:guess | mention-match-type | - word: IGF1R > source:
match type as a text | current | core | set mention:Keap1 pfocr:matchType "exact" | mention-match-type | genes > 117519
two match types | current | core | add mention:Keap1 pfocr:matchType pfocr:alias | mention-match-type | genes > 117519
no kind | legacy | core | drop mention:IGF1R dcterms:subject | mention-subject | - word: IGF1R
unknown kind | current | core | set mention:Keap1 dcterms:subject "Protein" | mention-subject | genes > 117519
two lexicons | legacy | core | add mention:IGF1R dcterms:source "x" | mention-lexicon | - word: IGF1R > source:
other label than word | legacy | core | set mention:IGF1R rdfs:label "x" | mention-label | - word: IGF1R
second word | current | core | add mention:Keap1 pfocr:word "x" | mention-word | genes > 117519
word in a language | legacy | core | set mention:BEZ235 pfocr:word "BEZ235"@en | mention-word | - word: BEZ235
two terms of the lexicon | legacy | core | add mention:IGF1R pfocr:symbol "x" | mention-symbol | - word: IGF1R > symbol:
other motivation | current | core | set mention:LPS oa:motivatedBy oa:tagging | mention-motivation | genes > 3664
unknown property of a mention | current | core | add mention:LPS schema:name "x" | Mention | genes > 3664
count below nought | current | core | set mention:Keap1 pfocr:countDirect "-1"^^xsd:integer | mention-count-direct | genes > 117519
count as a text | current | core | set mention:Keap1 pfocr:countMatch "4" | mention-count-match | genes > 117519
count of a half | current | core | set mention:LPS pfocr:countSynonym "2.5"^^xsd:decimal | mention-count-synonym | genes > 3664
chemical with a count | legacy | core | add mention:BEZ235 pfocr:countMatch "1"^^xsd:integer | GeneMentionOnly | - word: BEZ235
family without an expansion | legacy | core | drop mention:mTorc1 pfocr:expandedFrom | FamilyMention | - word: mTorc1
expansion without a family | legacy | core | set mention:IGF1R pfocr:matchType pfocr:alias ; add mention:IGF1R pfocr:expandedFrom expansion:AKT | ExpandedMention | - word: IGF1R
dangling expansion | legacy | core | forget expansion:mTorc1 | mention-expansion | each - word: mTorc1
expansion in another figure | legacy | core | set expansion:mTorc1 oa:hasTarget <http://a/#figure> | expansion-own-figure | - word: mTorc1
expansion of another word | legacy | core | set expansion:mTorc1 pfocr:word "x" | expansion-own-word | - word: mTorc1
expansion with two names | legacy | core | add expansion:mTorc1 rdfs:label "x" | expansion-label | - word: mTorc1 > symbol:
unknown property of an expansion | legacy | core | add expansion:mTorc1 schema:name "x" | Expansion | - word: mTorc1
second class of an expansion | legacy | core | add expansion:mTorc1 rdf:type schema:Person | expansion-type | - word: mTorc1
# Genes, chemicals, diseases, taxa
gene with a second label | legacy | core | add ncbigene:3480 rdfs:label "x" | gene-name | - word: IGF1R > hgnc_symbol:
gene with a second label | current | core | add ncbigene:24498 rdfs:label "x" | gene-name | genes > 24498
gene label in a language | legacy | core | set ncbigene:3480 rdfs:label "IGF1R"@en | gene-label | - word: IGF1R > hgnc_symbol:
gene without an identifier | legacy | core | drop ncbigene:3480 dcterms:identifier | gene-identifier | - word: IGF1R > entrez:
gene with two identifiers | current | core | add ncbigene:24498 dcterms:identifier "1" | gene-identifier | genes > 24498
gene identifier as a number | current | core | set ncbigene:24498 dcterms:identifier "24498"^^xsd:integer | gene-identifier | genes > 24498
malformed compact identifier | legacy | core | set ncbigene:3480 schema:identifier "NCBIGene:3480" | gene-curie | - word: IGF1R > entrez:
page of another gene database | legacy | core | set ncbigene:3480 schema:url <https://www.genenames.org/3480> | gene-page | - word: IGF1R > entrez:
symbol for another form of a gene | legacy | core | add ncbigene:3480 schema:sameAs hgnc.symbol:IGF1R | gene-same-as | - word: IGF1R > entrez:
other form of a gene as a text | current | core | add ncbigene:24498 schema:sameAs "https://identifiers.org/hgnc/1" | gene-same-as | genes > 24498
species not described | current | core | set ncbigene:24498 schema:taxonomicRange taxon:1 | gene-taxon | genes > 24498
two species | legacy | core | add ncbigene:3480 schema:taxonomicRange taxon:1 | gene-taxon | - word: IGF1R
species as a text | current | core | set ncbigene:24498 schema:taxonomicRange "10116" | gene-taxon | genes > 24498
chemical without an identifier | legacy | core | drop mesh:D020123 dcterms:identifier | chemical-identifier | - word: Rapamycin > identifier:
malformed compact identifier of a chemical | current | core | set mesh:C026423 schema:identifier "MESH:C026423" | chemical-curie | chemicals > mesh:C026423
molecule without ChEBI | legacy | core | set mesh:D020123 schema:identifier "mesh:D020123" | molecule-chebi | - word: Rapamycin > identifier:
molecule without ChEBI | chebi | core | drop chebi:28102 schema:identifier | molecule-chebi | chemicals > chebi:28102
page of no chemical | chebi | core | set chebi:28102 schema:url <https://www.ebi.ac.uk/chebi/> | chemical-page | chemicals > chebi:28102
other space for a chemical | legacy | core | add mesh:D020123 schema:sameAs <http://a/D020123> | chemical-same-as | - word: Rapamycin > identifier:
other form of ChEBI | current | core | add mesh:C026423 schema:sameAs <https://identifiers.org/chebi/CHEBI:1> | chemical-same-as | chemicals > mesh:C026423
chemical with another name | chebi | core | set chebi:28102 schema:name "x" | ChemicalName | chemicals > chebi:28102
chemical label in a language | chebi | core | set chebi:28102 rdfs:label "x"@en | chemical-label | chemicals > chebi:28102
malformed disease identifier | current | core | set mesh:D055370 dcterms:identifier "lung" | disease-identifier | diseases > mesh:D055370
malformed compact identifier of a disease | current | core | set mesh:D055370 schema:identifier "MESH:D055370" | disease-curie | diseases > mesh:D055370
page of no disease | current | core | set mesh:D055370 schema:url <http://a/> | disease-page | diseases > mesh:D055370
disease without a page | current | core | drop mesh:D055370 schema:url | disease-page | diseases > mesh:D055370
disease without a compact identifier | current | core | drop mesh:D055370 schema:identifier | disease-curie | diseases > mesh:D055370
other space for a disease | current | core | add mesh:D055370 schema:sameAs <http://a/D055370> | disease-same-as | diseases > mesh:D055370
disease with another name | current | core | set mesh:C536528 schema:name "x" | DiseaseName | diseases > mesh:C536528
taxon with letters | both | core | set taxon:9606 dcterms:identifier "human" | taxon-identifier | organisms:
malformed compact identifier of a taxon | both | core | set taxon:9606 schema:identifier "taxon:9606" | taxon-curie | organisms:
taxon with another name | both | core | set taxon:9606 schema:name "human" | taxon-name | organisms:
taxon label in a language | both | core | set taxon:9606 rdfs:label "Homo sapiens"@la | taxon-label | organisms:
taxon without a compact identifier | both | core | drop taxon:9606 schema:identifier | taxon-curie | organisms:
other space for a taxon | both | core | add taxon:9606 schema:sameAs <http://a/9606> | taxon-same-as | organisms:
taxon of a table | current | core | set taxon:7955 schema:identifier "7955" | taxon-curie | organisms_ner:
# The WikiPathways part
pathway that is no collection | both | wp | drop pathway rdf:type skos:Collection | pathway-type | figid:
pathway of two records | both | wp | add pathway dc:identifier <http://a/> | pathway-record | figid:
pathway without a figid | both | wp | drop pathway dcterms:identifier | pathway-figid | figid:
title without a language | both | wp | set pathway dc:title "x" | pathway-title | figtitle:
second title | both | wp | add pathway dc:title "x"@en | pathway-title | figtitle:
second description | both | wp | add pathway dcterms:description "x" | pathway-description | caption:
pathway of another source | both | wp | set pathway dc:source "WikiPathways" | pathway-source | figid:
organism at another site | legacy | wp | set pathway wp:organism <http://a/9606> | pathway-organism | genes:
organism at another site | current | wp | set pathway wp:organism <http://a/9606> | pathway-organism | genes > organism_id
second organism | legacy | wp | add pathway wp:organism taxon:10090 | pathway-organism | genes:
empty organism | legacy | wp | set pathway wp:organismName "" | pathway-organism-name | genes:
empty organism | current | wp | set pathway wp:organismName "" | pathway-organism-name | genes > organism_id
page of another pathway | both | wp | set pathway foaf:page <http://a/> | pathway-page | figid:
two figures | both | wp | add pathway foaf:depiction <http://a/> | pathway-depiction | figid:
no reference | both | wp | drop pathway dcterms:references | pathway-references | pmcid:
reference not described | both | wp | forget article | pathway-references | pmcid:
citation of another article | both | wp | set pathway cito:cites pmc:PMC1 | pathway-cites | pmcid:
unknown property of a pathway | both | wp | add pathway wp:ontologyTag <http://a/> | Pathway | figid:
figure that depicts nothing | both | wp | drop figure foaf:depicts | depiction-depicts | figid:
figure without a format | both | wp | drop figure dcterms:format | depiction-format | figid:
second class of a depiction | both | wp | add figure rdf:type schema:Person | depiction-type | figid:
gene of no pathway | legacy | wp | drop ncbigene:3480 dcterms:isPartOf | node-pathway | - word: IGF1R
gene of another pathway | current | wp | set ncbigene:24498 dcterms:isPartOf <http://a/> | node-pathway | genes > 24498
gene that is no node | current | wp | drop ncbigene:24498 rdf:type wp:DataNode | gene-product-type | genes > 24498
gene that is no gene product | legacy | wp | drop ncbigene:3480 rdf:type wp:GeneProduct | NodeKind | - word: IGF1R
gene that is a metabolite too | current | wp | add ncbigene:24498 rdf:type wp:Metabolite | NodeKind | genes > 24498
chemical that is no metabolite | legacy | wp | drop mesh:D020123 rdf:type wp:Metabolite | NodeKind | - word: Rapamycin
label of a node in a language | legacy | wp | set ncbigene:3480 rdfs:label "IGF1R"@en | node-label | - word: IGF1R > hgnc_symbol:
empty label of a node | current | wp | set ncbigene:24498 rdfs:label "" | node-label | genes > 24498
label of a node as an IRI | current | wp | set ncbigene:24498 rdfs:label <http://a/> | node-label | genes > 24498
node that is another | legacy | wp | add ncbigene:3480 dc:identifier ncbigene:1 | node-identity | - word: IGF1R
gene of another source | legacy | wp | set ncbigene:3480 dc:source "NCBI Gene" | gene-product-source | - word: IGF1R
Entrez link to another gene | current | wp | set ncbigene:24498 wp:bdbEntrezGene ncbigene:1 | gene-product-entrez | genes > 24498
symbol of another gene | legacy | wp | set ncbigene:3480 wp:bdbHgncSymbol hgnc.symbol:MTOR | link-hgnc-label | - word: IGF1R
symbol at another site | legacy | wp | set ncbigene:3480 wp:bdbHgncSymbol <http://a/IGF1R> | link-hgnc | - word: IGF1R
chemical of another source | current | wp | set mesh:C026423 dc:source "MESH" | metabolite-source | chemicals > mesh:C026423
chemical without an identifier in the pathway | legacy | wp | drop mesh:D020123 dcterms:identifier | metabolite-identifier | - word: Rapamycin > identifier:
chemical without a page | current | wp | drop mesh:C026423 foaf:page | metabolite-page | chemicals > mesh:C026423
publication without an identifier | both | wp | drop article dcterms:identifier | publication-identifier | pmcid:
publication of another source | both | wp | set article dc:source "Medline" | reference-source | pmcid:
"""  # noqa: E501 - a line a mutation

# In the graph of one figure these are as wrong as the others, but figures that share the node can
# tell different things of it, and nobody knows which is right.
WARNED = """
second label of a node | legacy | wp | add ncbigene:3480 rdfs:label "x" | node-one-label | - word: IGF1R > hgnc_symbol:
second label of a node | current | wp | add ncbigene:24498 rdfs:label "x" | node-one-label | genes > 24498
second label of an article | both | core | add article rdfs:label "x" | article-one-title | papertitle:
second headline | both | core | add article schema:headline "x" | article-one-headline | papertitle:
second citation | both | core | add article dcterms:bibliographicCitation "x" | article-one-citation | reftext:
second journal | current | core | add article prism:publicationName "x" | article-one-journal | journal_title:
second abbreviation | current | core | add article pfocr:journalAbbreviation "x" | article-one-journal-abbreviation | journal_nlm_ta:
second publisher | current | core | add article dc:publisher "x" | article-one-publisher | publisher_name:
gene without a form of its IRI | legacy | core | drop ncbigene:3480 schema:sameAs <http://identifiers.org/ncbigene/3480> | gene-forms | - word: IGF1R > entrez:
gene with HGNC for another form | legacy | core | set ncbigene:3480 schema:sameAs <https://identifiers.org/hgnc/5465> | gene-forms | - word: IGF1R > entrez:
"""  # noqa: E501


class Graph(NamedTuple):
    """A part of a record's graph, sound, and what its results are located by."""

    mapper: Mapper
    view: View
    triples: tuple[Triple, ...]
    names: dict[str, str]


@cache
def graph(record: str, part: str) -> Graph:
    figid = FIGIDS[record]
    (read,) = read_records(str(EXAMPLES / "_figures" / f"{figid}.md"))
    mapper = Mapper()
    view = mapper.view(read)
    nodes = mapper.core(view) if part == "core" else mapper.wikipathways(view)
    text = NTriples(PREFIXES, many=True).figure(view.page, nodes)
    triples = tuple(
        (match[1], match[2], match[3])
        for match in re.finditer(r"(?m)^(<[^>]*>) (<[^>]*>) (.*) \.$", text)
    )
    assert len(triples) == text.count("\n")
    names = {
        "record": f"<{view.page}>",
        "page": f"<{view.page}#page>",
        "figure": f"<{view.page}#figure>",
        **({"pathway": f"<{view.pathways[0].iri}>"} if view.pathways else {}),
        "article": f"<https://identifiers.org/pmc/{figid.partition('__')[0]}>",
    }
    for subject, predicate, value in triples:
        if predicate == f"<{PREFIXES['pfocr']}word>":
            kind = "mention" if "#m-" in subject else "expansion"
            names.setdefault(f"{kind}:{value.strip(chr(34)).replace(' ', '_')}", subject)
    return Graph(mapper, view, triples, names)


SPACES = {
    **PREFIXES,
    "chebi": "http://purl.obolibrary.org/obo/CHEBI_",
    "doid": "http://purl.obolibrary.org/obo/DOID_",
    "taxon": "http://purl.obolibrary.org/obo/NCBITaxon_",
}


def term(text: str, names: dict[str, str]) -> str:
    """A term of an edit in N-Triples."""
    if text.startswith('"'):
        literal, typed, datatype = text.partition("^^")
        return f"{literal}^^{term(datatype, names)}" if typed else literal
    if text.startswith("<"):
        return text
    prefix, _, local = text.partition(":")
    return names.get(text) or f"<{SPACES[prefix]}{local}>"


def edited(mutation: Mutation) -> list[Triple]:
    _, _, triples, names = graph(mutation.record, mutation.part)
    found = list(triples)
    figid = FIGIDS[mutation.record]
    figure = {"figid": figid, "pmcid": figid.partition("__")[0], "word": WORDS[mutation.record]}
    for edit in mutation.edit.format(**figure).split(" ; "):
        verb, *words = edit.split(" ", 3)
        subject, *more = (term(word, names) for word in words)
        if verb == "add":
            found.append((subject, more[0], more[1]))
        elif verb == "set":
            assert any(triple[:2] == (subject, more[0]) for triple in found), edit
            found = [triple for triple in found if triple[:2] != (subject, more[0])]
            found.append((subject, more[0], more[1]))
        elif verb == "rename":
            found = [(more[0], p, o) if s == subject else (s, p, o) for s, p, o in found]
        else:
            assert verb == ("drop" if more else "forget")
            found = [triple for triple in found if triple[: 1 + len(more)] != (subject, *more)]
        assert found != list(triples), edit
    return found


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine("shacl", load_shapes([default_shapes()]))


def text_of(triples: list[Triple] | tuple[Triple, ...]) -> str:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples)


def found_in(engine: Engine, mutation: Mutation, severity: Severity) -> list[LocatedResult]:
    mapper, view, _, _ = graph(mutation.record, mutation.part)
    results = engine.validate(text_of(edited(mutation)))
    found = [result for result in results if result.severity is severity]
    return [locate(mapper, view, result) for result in found]


def lines_of(place: str, record: str) -> set[tuple[str, int]]:
    """The file and the lines that a place of ``Mutation`` means."""
    first, _, below = place.removeprefix("each ").partition(" > ")
    table = first in {"genes", "chemicals", "diseases"}
    name = f"_data/{FIGIDS[record]}-{first}.tsv" if table else f"_figures/{FIGIDS[record]}.md"
    rows = (EXAMPLES / name).read_text("utf-8").splitlines()
    if table:
        (line,) = (n for n, row in enumerate(rows, 1) if below in row.split("\t"))
        return {(str(EXAMPLES / name), line)}
    found = [n for n, row in enumerate(rows, 1) if row.startswith(first)]
    if place.startswith("each "):
        return {(str(EXAMPLES / name), line) for line in found}
    line = found[0]
    if below:
        line += next(n for n, row in enumerate(rows[line:], 1) if row.strip().startswith(below))
    return {(str(EXAMPLES / name), line)}


MUTATIONS = list(mutations(TABLE))
WARNINGS = list(mutations(WARNED))
CASES = [
    *((mutation, Severity.VIOLATION) for mutation in MUTATIONS),
    *((mutation, Severity.WARNING) for mutation in WARNINGS),
]


@pytest.mark.parametrize("part", ["core", "wp"])
@pytest.mark.parametrize("record", FIGIDS)
def test_unbroken_they_conform(record: str, part: str, engine: Engine) -> None:
    results = engine.validate(text_of(graph(record, part).triples))
    assert [result for result in results if result.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize(
    ("mutation", "severity"), CASES, ids=[f"{m.part}-{m.record}-{m.name}" for m, _ in CASES]
)
def test_a_broken_graph_is_reported_with_the_line(
    mutation: Mutation, severity: Severity, engine: Engine
) -> None:
    found = found_in(engine, mutation, severity)
    places = {
        (located.location.file, located.location.line)
        for located in found
        if local_name(located.result.shape) == mutation.shape
    }
    assert places, [local_name(located.result.shape) for located in found]
    assert places == lines_of(mutation.place, mutation.record)


def test_mutations_are_many_and_named_once() -> None:
    names = {(m.name, m.record, m.part) for m in MUTATIONS}
    assert len(names) == len(MUTATIONS)
    assert len({m.name for m in MUTATIONS}) > 150
    assert len({m.shape for m in MUTATIONS}) > 100
