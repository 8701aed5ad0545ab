# base: void

# breaks: datatype
DELETE { ?x pav:createdOn ?old }
INSERT { ?x pav:createdOn "2026-11-23" }
WHERE { ?x a void:Dataset . ?x pav:createdOn ?old }

# breaks: maxCount
INSERT { ?x pav:createdOn "2026-11-24"^^xsd:date }
WHERE { ?x a void:Dataset }

# breaks: minCount
DELETE { ?x pav:createdOn ?old }
WHERE { ?x a void:Dataset . ?x pav:createdOn ?old }
