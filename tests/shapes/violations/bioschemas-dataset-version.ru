# base: core

# breaks: minCount
DELETE { ?x schema:version ?old }
WHERE { ?x a schema:Dataset . ?x schema:version ?old }
