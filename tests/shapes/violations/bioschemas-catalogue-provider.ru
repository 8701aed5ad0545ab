# base: core

# breaks: nodeKind
DELETE { ?x schema:provider ?old }
INSERT { ?x schema:provider ?new }
WHERE { ?x a schema:DataCatalog . ?x schema:provider ?old . BIND (STR(?old) AS ?new) }

# breaks: minCount
DELETE { ?x schema:provider ?old }
WHERE { ?x a schema:DataCatalog . ?x schema:provider ?old }
