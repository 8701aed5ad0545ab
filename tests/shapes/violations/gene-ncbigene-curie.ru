# base: core

# breaks: qualifiedMinCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" ; schema:identifier ?old FILTER (STRSTARTS(?old, "ncbigene:")) }

# breaks: qualifiedMaxCount
INSERT { ?x schema:identifier "ncbigene:2475" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }
