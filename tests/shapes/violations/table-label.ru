# base: linkset

# breaks: minCount
DELETE { ?x rdfs:label ?old }
WHERE { ?x rdfs:label ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: maxCount
INSERT { ?x rdfs:label ?other }
WHERE { ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) ?y a pfocr:ReferenceTable ; rdfs:label ?other FILTER (CONTAINS(STR(?y), "/mesh/")) }

# breaks: datatype
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label ?new }
WHERE { ?x rdfs:label ?old . BIND (STRLANG(STR(?old), "en") AS ?new) ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }

# breaks: minLength
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label "" }
WHERE { ?x rdfs:label ?old . ?x a pfocr:ReferenceTable FILTER (CONTAINS(STR(?x), "/hgnc/")) }
