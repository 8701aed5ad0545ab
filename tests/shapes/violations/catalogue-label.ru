# base: core

# breaks: datatype
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label ?new }
WHERE { ?x a schema:DataCatalog . ?x rdfs:label ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label "" }
WHERE { ?x a schema:DataCatalog . ?x rdfs:label ?old }

# breaks: minCount
DELETE { ?x rdfs:label ?old }
WHERE { ?x a schema:DataCatalog . ?x rdfs:label ?old }

# breaks: maxCount
INSERT { ?x rdfs:label "another" }
WHERE { ?x a schema:DataCatalog }
