# base: linkset

# breaks: minCount
DELETE { ?x dcterms:source ?old }
WHERE { ?x dcterms:source ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: maxCount
INSERT { ?x dcterms:source ?other }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) ?y a pfocr:ReferenceTable ; dcterms:source ?other FILTER (CONTAINS(STR(?y), "/mesh/")) }

# breaks: datatype
DELETE { ?x dcterms:source ?old }
INSERT { ?x dcterms:source ?new }
WHERE { ?x dcterms:source ?old . BIND (STRLANG(STR(?old), "en") AS ?new) ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: minLength
DELETE { ?x dcterms:source ?old }
INSERT { ?x dcterms:source "" }
WHERE { ?x dcterms:source ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
