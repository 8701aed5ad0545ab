# base: core

# breaks: minCount
DELETE { ?x schema:contentUrl ?old }
WHERE { ?x a schema:ImageObject . ?x schema:contentUrl ?old }
