# base: core

# breaks: minCount
DELETE { ?x schema:taxonomicRange ?old }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:taxonomicRange ?old }
