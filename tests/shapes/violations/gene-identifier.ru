# base: core

# breaks: pattern
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier "HGNC:3942" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x dcterms:identifier ?old }

# breaks: maxCount
INSERT { ?x dcterms:identifier "2475" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x dcterms:identifier ?old }
