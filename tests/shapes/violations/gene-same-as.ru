# base: core

# breaks: pattern
INSERT { ?x schema:sameAs <https://identifiers.org/hgnc.symbol/KEAP1> }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }

# breaks: nodeKind
INSERT { ?x schema:sameAs "https://identifiers.org/hgnc/1" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }
