# base: core

# breaks: hasValue
DELETE { ?x rdf:type ?old }
INSERT { ?x rdf:type schema:CreativeWork }
WHERE { ?x a schema:Dataset . ?x rdf:type ?old }

# breaks: maxCount
INSERT { ?x rdf:type schema:Person }
WHERE { ?x a schema:Dataset }
