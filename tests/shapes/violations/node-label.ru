# base: wp

# breaks: datatype
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label ?new }
WHERE { ?x a wp:DataNode ; dcterms:identifier ?id ; rdfs:label ?old FILTER (STRSTARTS(STR(?id), "CHEBI")) BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label "" }
WHERE { ?x a wp:DataNode ; dcterms:identifier ?id ; rdfs:label ?old FILTER (STRSTARTS(STR(?id), "CHEBI")) }
