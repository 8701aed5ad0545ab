# base: core

# breaks: datatype
DELETE { ?x schema:version ?old }
INSERT { ?x schema:version ?new }
WHERE { ?x a schema:Dataset . ?x schema:version ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:version ?old }
INSERT { ?x schema:version "" }
WHERE { ?x a schema:Dataset . ?x schema:version ?old }

# breaks: maxCount
INSERT { ?x schema:version "another" }
WHERE { ?x a schema:Dataset }
