# base: core

# breaks: pattern
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url <https://www.example.org/> }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form . ?x schema:url ?old }

# breaks: maxCount
INSERT { ?x schema:url ?other }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form . BIND (<https://www.ebi.ac.uk/chebi/CHEBI:1> AS ?other) }

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form . ?x schema:url ?old . BIND (STR(?old) AS ?new) }
