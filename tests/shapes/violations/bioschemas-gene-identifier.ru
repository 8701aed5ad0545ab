# base: core

# breaks: minCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:Gene . ?x schema:identifier ?old }
