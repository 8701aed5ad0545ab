# base: core

# breaks: datatype
DELETE { ?x schema:measurementTechnique ?old }
INSERT { ?x schema:measurementTechnique ?new }
WHERE { ?x a schema:Dataset . ?x schema:measurementTechnique ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:measurementTechnique ?old }
INSERT { ?x schema:measurementTechnique "" }
WHERE { ?x a schema:Dataset . ?x schema:measurementTechnique ?old }
