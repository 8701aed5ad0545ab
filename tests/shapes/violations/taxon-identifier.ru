# base: core

# breaks: pattern
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier "human" }
WHERE { ?x a schema:Taxon . ?x dcterms:identifier ?old }

# breaks: maxCount
INSERT { ?x dcterms:identifier "1" }
WHERE { ?x a schema:Taxon }

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a schema:Taxon . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a schema:Taxon . ?x dcterms:identifier ?old }
