# base: wp

# breaks: pattern
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier "salt" }
WHERE { ?x a wp:Metabolite . ?x dcterms:identifier ?old }

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a wp:Metabolite . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a wp:Metabolite . ?x dcterms:identifier ?old }
