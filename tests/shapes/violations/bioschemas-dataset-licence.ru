# base: core

# breaks: minCount
DELETE { ?x schema:license ?old }
WHERE { ?x a schema:Dataset . ?x schema:license ?old }
