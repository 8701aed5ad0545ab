# base: core

# breaks: qualifiedMinCount
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs <https://identifiers.org/hgnc/23177> }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" ; schema:sameAs ?old FILTER (CONTAINS(STR(?old), "uniprot")) }
