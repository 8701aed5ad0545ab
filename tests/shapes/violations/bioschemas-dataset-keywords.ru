# base: core

# breaks: minCount
DELETE { ?x schema:keywords ?old }
WHERE { ?x a schema:Dataset . ?x schema:keywords ?old }
