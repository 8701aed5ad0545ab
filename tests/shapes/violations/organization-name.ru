# base: core

# breaks: datatype
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name ?new }
WHERE { ?x a schema:Organization . ?x schema:name ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name "" }
WHERE { ?x a schema:Organization . ?x schema:name ?old }

# breaks: minCount
DELETE { ?x schema:name ?old }
WHERE { ?x a schema:Organization . ?x schema:name ?old }

# breaks: maxCount
INSERT { ?x schema:name "another" }
WHERE { ?x a schema:Organization }
