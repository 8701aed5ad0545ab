# base: core

# breaks: datatype
DELETE { ?x schema:headline ?old }
INSERT { ?x schema:headline ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:headline ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:headline ?old }
INSERT { ?x schema:headline "" }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:headline ?old }
