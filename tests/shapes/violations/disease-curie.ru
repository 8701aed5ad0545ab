# base: core

# breaks: pattern
INSERT { ?x schema:identifier "MESH:D1" }
WHERE { ?x a schema:MedicalCondition }

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:MedicalCondition . ?x schema:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:MedicalCondition ; schema:identifier ?old }
