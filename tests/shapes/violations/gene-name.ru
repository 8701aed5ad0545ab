# base: core

# breaks: equals
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name "another" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:name ?old }
