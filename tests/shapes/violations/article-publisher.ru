# base: core

# breaks: datatype
DELETE { ?x dc:publisher ?old }
INSERT { ?x dc:publisher ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x dc:publisher ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x dc:publisher ?old }
INSERT { ?x dc:publisher "" }
WHERE { ?x a schema:ScholarlyArticle . ?x dc:publisher ?old }
