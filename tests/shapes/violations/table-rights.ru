# base: linkset

# breaks: minCount
DELETE { ?x dcterms:rights ?old }
WHERE { ?x dcterms:rights ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: maxCount
INSERT { ?x dcterms:rights ?other }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) ?y a pfocr:ReferenceTable ; dcterms:rights ?other FILTER (CONTAINS(STR(?y), "/mesh/")) }

# breaks: datatype
DELETE { ?x dcterms:rights ?old }
INSERT { ?x dcterms:rights ?new }
WHERE { ?x dcterms:rights ?old . BIND (STRLANG(STR(?old), "en") AS ?new) ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: minLength
DELETE { ?x dcterms:rights ?old }
INSERT { ?x dcterms:rights "" }
WHERE { ?x dcterms:rights ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
