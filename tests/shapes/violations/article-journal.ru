# base: core

# breaks: datatype
DELETE { ?x prism:publicationName ?old }
INSERT { ?x prism:publicationName ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x prism:publicationName ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x prism:publicationName ?old }
INSERT { ?x prism:publicationName "" }
WHERE { ?x a schema:ScholarlyArticle . ?x prism:publicationName ?old }
