# base: core

# breaks: pattern
INSERT { ?x schema:identifier "3942" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" ; schema:identifier ?old FILTER (STRSTARTS(?old, "ncbigene:")) BIND (STRLANG(STR(?old), "en") AS ?new) }
