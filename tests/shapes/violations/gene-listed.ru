# base: core

# breaks: minCount
DELETE { ?record schema:mentions ?x }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?record schema:mentions ?x }
