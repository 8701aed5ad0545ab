# base: core

# breaks: minCount
DELETE { ?x schema:sameAs ?old }
WHERE { ?x a schema:Taxon ; schema:sameAs ?old FILTER (CONTAINS(STR(?old), "uniprot")) }
