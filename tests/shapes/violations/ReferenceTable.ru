# base: linkset

# breaks: closed
INSERT { ?x dcterms:title "HGNC" }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
