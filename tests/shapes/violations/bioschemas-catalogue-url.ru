# base: core

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:DataCatalog . ?x schema:url ?old . BIND (STR(?old) AS ?new) }

# breaks: minCount
DELETE { ?x schema:url ?old }
WHERE { ?x a schema:DataCatalog . ?x schema:url ?old }
