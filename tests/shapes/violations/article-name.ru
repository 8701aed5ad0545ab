# base: core

# breaks: equals
INSERT { ?x schema:name "another" }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: equals (in a language)
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:name ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
