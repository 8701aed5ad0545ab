# base: core

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:Dataset . ?x schema:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
