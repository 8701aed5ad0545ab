# base: core

# breaks: class
DELETE { ?x schema:includedInDataCatalog ?old }
INSERT { ?x schema:includedInDataCatalog <https://www.example.org/> }
WHERE { ?x a schema:Dataset . ?x schema:includedInDataCatalog ?old }
