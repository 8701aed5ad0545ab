# base: core

# breaks: minCount
DELETE { ?x schema:creditText ?old }
WHERE { ?x a schema:ImageObject . ?x schema:creditText ?old }
