# base: core

# breaks: maxCount
INSERT { ?x dcterms:conformsTo <https://bioschemas.org/profiles/ComputationalTool/1.0-RELEASE> }
WHERE { ?x a schema:Dataset }
