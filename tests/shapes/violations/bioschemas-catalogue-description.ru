# base: core

# breaks: datatype
DELETE { ?x schema:description ?old }
INSERT { ?x schema:description ?new }
WHERE { ?x a schema:DataCatalog . ?x schema:description ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:description ?old }
INSERT { ?x schema:description "" }
WHERE { ?x a schema:DataCatalog . ?x schema:description ?old }

# breaks: minCount
DELETE { ?x schema:description ?old }
WHERE { ?x a schema:DataCatalog . ?x schema:description ?old }
