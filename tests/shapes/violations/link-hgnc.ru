# base: linkset

# breaks: pattern
DELETE { ?x wp:bdbHgncSymbol ?old }
INSERT { ?x wp:bdbHgncSymbol <https://identifiers.org/hgnc/23177> }
WHERE { ?x wp:bdbHgncSymbol ?s . ?x wp:bdbHgncSymbol ?old }

# breaks: nodeKind
DELETE { ?x wp:bdbHgncSymbol ?old }
INSERT { ?x wp:bdbHgncSymbol ?new }
WHERE { ?x wp:bdbHgncSymbol ?s . ?x wp:bdbHgncSymbol ?old . BIND (STR(?old) AS ?new) }
