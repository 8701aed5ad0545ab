# base: core

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:Dataset . ?x schema:identifier ?old FILTER (?old = "PMC10034769__F9") BIND (STRLANG(STR(?old), "en") AS ?new) }
