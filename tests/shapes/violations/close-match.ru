# base: linkset

# breaks: nodeKind
DELETE { ?x skos:closeMatch ?old }
INSERT { ?x skos:closeMatch ?new }
WHERE { ?x skos:exactMatch ?m . ?x skos:closeMatch ?old . BIND (STR(?old) AS ?new) }

# breaks: pattern
INSERT { ?x skos:closeMatch <https://identifiers.org/chebi/CHEBI:26710> }
WHERE { ?x skos:exactMatch ?m FILTER (STRSTARTS(STR(?x), "http://id.nlm.nih.gov/mesh/")) }
