# base: linkset

# breaks: nodeKind
DELETE { ?x skos:exactMatch ?old }
INSERT { ?x skos:exactMatch ?new }
WHERE { ?x skos:exactMatch ?old FILTER (STRSTARTS(STR(?x), "http://purl.obolibrary.org/obo/CHEBI_")) BIND (STR(?old) AS ?new) }
