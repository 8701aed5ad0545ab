# base: core

# breaks: pattern
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url <urn:wikipathways> }
WHERE { ?x a schema:Organization . ?x schema:url ?old }

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:Organization . ?x schema:url ?old . BIND (STR(?old) AS ?new) }

# breaks: minCount
DELETE { ?x schema:url ?old }
WHERE { ?x a schema:Organization . ?x schema:url ?old }
