# base: core

# breaks: pattern
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier "3942" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:identifier ?old }

# breaks: maxCount
INSERT { ?x schema:identifier "ncbigene:2475" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . ?x schema:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
