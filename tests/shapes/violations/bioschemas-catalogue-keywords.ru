# base: core

# breaks: datatype
DELETE { ?x schema:keywords ?old }
INSERT { ?x schema:keywords ?new }
WHERE { ?x a schema:DataCatalog . ?x schema:keywords ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:keywords ?old }
INSERT { ?x schema:keywords "" }
WHERE { ?x a schema:DataCatalog . ?x schema:keywords ?old }

# breaks: minCount
DELETE { ?x schema:keywords ?old }
WHERE { ?x a schema:DataCatalog . ?x schema:keywords ?old }
