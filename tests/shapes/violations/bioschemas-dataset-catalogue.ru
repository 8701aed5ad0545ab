# base: core

# breaks: minCount
DELETE { ?x schema:includedInDataCatalog ?old }
WHERE { ?x a schema:Dataset . ?x schema:includedInDataCatalog ?old }
