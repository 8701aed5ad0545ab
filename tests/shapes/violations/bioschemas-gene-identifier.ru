# base: core

# breaks: minCount
# also: gene-ncbigene-curie
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:Gene . ?x schema:identifier ?old }
