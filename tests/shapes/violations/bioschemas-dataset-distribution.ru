# base: core

# breaks: minCount
# also: record-page
DELETE { ?x schema:distribution ?old }
WHERE { ?x a schema:Dataset . ?x schema:distribution ?old }
