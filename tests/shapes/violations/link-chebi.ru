# base: linkset

# breaks: pattern
DELETE { ?x wp:bdbChEBI ?old }
INSERT { ?x wp:bdbChEBI <https://identifiers.org/chebi/28102> }
WHERE { ?x wp:bdbChEBI ?c . ?x wp:bdbChEBI ?old }

# breaks: nodeKind
DELETE { ?x wp:bdbChEBI ?old }
INSERT { ?x wp:bdbChEBI ?new }
WHERE { ?x wp:bdbChEBI ?c . ?x wp:bdbChEBI ?old . BIND (STR(?old) AS ?new) }
