# base: linkset

# breaks: minCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x dcterms:identifier ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: maxCount
INSERT { ?x dcterms:identifier ?other }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) ?y a pfocr:ReferenceTable ; dcterms:identifier ?other FILTER (CONTAINS(STR(?y), "/mesh/")) }

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: pattern
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier "a6199c4e" }
WHERE { ?x dcterms:identifier ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
