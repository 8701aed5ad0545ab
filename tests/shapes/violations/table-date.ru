# base: linkset

# breaks: minCount
DELETE { ?x dcterms:date ?old }
WHERE { ?x dcterms:date ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: maxCount
INSERT { ?x dcterms:date ?other }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) ?y a pfocr:ReferenceTable ; dcterms:date ?other FILTER (CONTAINS(STR(?y), "/mesh/")) }

# breaks: datatype
DELETE { ?x dcterms:date ?old }
INSERT { ?x dcterms:date ?new }
WHERE { ?x dcterms:date ?old . BIND (STRLANG(STR(?old), "en") AS ?new) ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
