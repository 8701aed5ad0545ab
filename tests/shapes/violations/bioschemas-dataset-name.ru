# base: core

# breaks: minCount
DELETE { ?x schema:name ?old }
WHERE { ?x a schema:Dataset . ?x schema:name ?old }
