# base: core

# breaks: datatype
DELETE { ?x schema:caption ?old }
INSERT { ?x schema:caption ?new }
WHERE { ?x a schema:ImageObject . ?x schema:caption ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:caption ?old }
INSERT { ?x schema:caption "" }
WHERE { ?x a schema:ImageObject . ?x schema:caption ?old }

# breaks: maxCount
INSERT { ?x schema:caption "another" }
WHERE { ?x a schema:ImageObject }
