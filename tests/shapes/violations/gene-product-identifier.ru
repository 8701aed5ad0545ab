# base: wp

# breaks: maxCount
INSERT { ?x dcterms:identifier "2475" }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" }

# breaks: pattern
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier "KEAP1" }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" . ?x dcterms:identifier ?old }

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" . ?x dcterms:identifier ?old }
