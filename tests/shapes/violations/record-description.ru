# base: core

# breaks: maxCount
INSERT { ?x schema:description "Another text, of more than the fifty characters that dataset search engines ask for." }
WHERE { ?x a schema:Dataset }

# breaks: datatype
DELETE { ?x schema:description ?old }
INSERT { ?x schema:description ?new }
WHERE { ?x a schema:Dataset . ?x schema:description ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
