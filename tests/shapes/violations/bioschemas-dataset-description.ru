# base: core

# breaks: minCount
DELETE { ?x schema:description ?old }
WHERE { ?x a schema:Dataset . ?x schema:description ?old }
