# base: core

# breaks: minCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:Dataset . ?x schema:identifier ?old }
