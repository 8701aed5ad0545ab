# base: core

# breaks: minCount
DELETE { ?x schema:creator ?old }
WHERE { ?x a schema:Dataset . ?x schema:creator ?old }
