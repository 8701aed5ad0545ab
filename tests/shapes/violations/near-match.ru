# base: linkset

# breaks: nodeKind
INSERT { ?x skos:narrowMatch "http://purl.obolibrary.org/obo/CHEBI_1" }
WHERE { ?x skos:narrowMatch ?old }

# breaks: pattern
INSERT { ?x skos:broadMatch <https://identifiers.org/chebi/CHEBI:1> }
WHERE { ?x skos:broadMatch ?old }
