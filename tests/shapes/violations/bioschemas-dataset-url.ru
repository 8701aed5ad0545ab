# base: core

# breaks: minCount
DELETE { ?x schema:url ?old . ?d schema:contentUrl ?old }
WHERE { ?x a schema:Dataset ; schema:url ?old ; schema:distribution ?d }
