# base: core

# breaks: pattern
INSERT { ?x schema:sameAs <https://www.example.org/> }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form }

# breaks: pattern (ChEBI at another address)
INSERT { ?x schema:sameAs <https://identifiers.org/chebi/CHEBI:9168> }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form }

# breaks: nodeKind
INSERT { ?x schema:sameAs "http://id.nlm.nih.gov/mesh/D020123" }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form }
