# base: core

# breaks: pattern
DELETE { ?x dcterms:conformsTo ?old }
INSERT { ?x dcterms:conformsTo <https://bioschemas.org/profiles/Dataset/0.3-RELEASE> }
WHERE { ?x a schema:Dataset . ?x dcterms:conformsTo ?old }
