# base: core

# breaks: datatype
DELETE { ?x schema:creditText ?old }
INSERT { ?x schema:creditText ?new }
WHERE { ?x a schema:ImageObject . ?x schema:creditText ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:creditText ?old }
INSERT { ?x schema:creditText "" }
WHERE { ?x a schema:ImageObject . ?x schema:creditText ?old }

# breaks: maxCount
INSERT { ?x schema:creditText "another" }
WHERE { ?x a schema:ImageObject }
