# base: core

# breaks: in (a text)
DELETE { ?x schema:isAccessibleForFree ?old }
INSERT { ?x schema:isAccessibleForFree "true" }
WHERE { ?x a schema:Dataset . ?x schema:isAccessibleForFree ?old }
