# base: linkset

# breaks: xone (gene: another match)
INSERT { ?x skos:exactMatch <https://identifiers.org/hgnc.symbol/KEAP1> }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "https://identifiers.org/ncbigene/")) }

# breaks: xone (gene: a match is missing)
DELETE { ?x skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (?x = <https://identifiers.org/ncbigene/9817>) FILTER (CONTAINS(STR(?m), "uniprot")) }

# breaks: xone (gene: a form of HGNC's is missing)
DELETE { ?x skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (CONTAINS(STR(?m), "hgnc/HGNC:")) }

# breaks: xone (gene: two genes of HGNC's)
INSERT { ?x skos:exactMatch <https://identifiers.org/hgnc/1> }
WHERE { ?x skos:exactMatch ?m FILTER (CONTAINS(STR(?m), "hgnc/HGNC:")) }

# breaks: xone (MeSH: another match)
INSERT { ?x skos:exactMatch obo:DOID_26710 }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://id.nlm.nih.gov/mesh/")) }

# breaks: xone (MeSH: a match is missing)
DELETE { ?x skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://id.nlm.nih.gov/mesh/")) FILTER (STRSTARTS(STR(?m), "https:")) }

# breaks: xone (ChEBI: another match)
INSERT { ?x skos:exactMatch <https://identifiers.org/chebi/28102> }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://purl.obolibrary.org/obo/CHEBI_")) }

# breaks: xone (taxon: another match)
INSERT { ?x skos:exactMatch <https://identifiers.org/ncbigene/9606> }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://purl.obolibrary.org/obo/NCBITaxon_")) }

# breaks: xone (taxon: a match is missing)
DELETE { ?x skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://purl.obolibrary.org/obo/NCBITaxon_")) FILTER (CONTAINS(STR(?m), "uniprot")) }

# breaks: xone (article: another match)
INSERT { ?x skos:exactMatch <https://europepmc.org/article/MED/1> }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "https://identifiers.org/pmc/")) }

# breaks: xone (DOI: another match)
INSERT { ?x skos:exactMatch <https://doi.org/10.3389/fphar.2023.1067402> }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "https://doi.org/")) }

# breaks: xone (gene: not the form of the space)
INSERT { <https://identifiers.org/ncbigene/KEAP1> skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (?x = <https://identifiers.org/ncbigene/9817>) }

# breaks: xone (MeSH: not the form of the space)
INSERT { <http://id.nlm.nih.gov/mesh/2026/D012965> skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://id.nlm.nih.gov/mesh/")) }

# breaks: xone (ChEBI: not the form of the space)
INSERT { <http://purl.obolibrary.org/obo/CHEBI_x> skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://purl.obolibrary.org/obo/CHEBI_")) }

# breaks: xone (taxon: not the form of the space)
INSERT { <http://purl.obolibrary.org/obo/NCBITaxon_x> skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://purl.obolibrary.org/obo/NCBITaxon_")) }

# breaks: xone (article: not the form of the space)
INSERT { <https://identifiers.org/pmc/10034769> skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "https://identifiers.org/pmc/")) }

# breaks: xone (DOI: not the form of the space)
INSERT { <https://doi.org/10.3389/FPHAR.2023.1067402> skos:exactMatch ?m }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "https://doi.org/")) }
