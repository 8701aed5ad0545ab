# base: core

# breaks: minCount
# also: record-own-figid
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:Dataset . ?x schema:identifier ?old }
