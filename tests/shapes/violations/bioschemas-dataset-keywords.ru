# base: core

# breaks: minCount
DELETE { ?x schema:keywords ?old . ?x dcterms:conformsTo ?profile }
WHERE { ?x a schema:Dataset ; schema:keywords ?old ; dcterms:conformsTo ?profile }
