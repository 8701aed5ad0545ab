# base: core

# breaks: pattern
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url <https://www.genenames.org/> }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:url ?old }

# breaks: maxCount
INSERT { ?x schema:url ?other }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . BIND (<https://www.ncbi.nlm.nih.gov/gene/2475> AS ?other) }

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:url ?old . BIND (STR(?old) AS ?new) }
