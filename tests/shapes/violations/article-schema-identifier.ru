# base: core

# breaks: maxCount
INSERT { ?x schema:identifier "PMC1" }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: pattern
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier "10034769" }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:identifier ?old }

# breaks: datatype
DELETE { ?x schema:identifier ?old }
INSERT { ?x schema:identifier ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:identifier ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
