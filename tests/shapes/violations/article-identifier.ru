# base: core

# breaks: pattern (upper case)
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a schema:ScholarlyArticle ; dcterms:identifier ?old FILTER (STRSTARTS(?old, "10.")) BIND (UCASE(?old) AS ?new) }

# breaks: datatype
DELETE { ?x dcterms:identifier ?old }
INSERT { ?x dcterms:identifier ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
