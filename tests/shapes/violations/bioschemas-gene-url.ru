# base: core

# breaks: minCount
DELETE { ?x schema:url ?old }
WHERE { ?x a schema:Gene . ?x schema:url ?old }
