# base: core

# breaks: minCount
DELETE { ?x schema:caption ?old }
WHERE { ?x a schema:ImageObject . ?x schema:caption ?old }
