# base: core

# breaks: maxCount
INSERT { ?x dcterms:conformsTo <https://bioschemas.org/profiles/Dataset/0.3-RELEASE> }
WHERE { ?x a schema:Dataset }
