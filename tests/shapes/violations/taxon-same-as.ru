# base: core

# breaks: pattern
INSERT { ?x schema:sameAs <https://www.example.org/> }
WHERE { ?x a schema:Taxon }

# breaks: nodeKind
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs ?new }
WHERE { ?x a schema:Taxon ; schema:sameAs ?old . BIND (STR(?old) AS ?new) }
