# base: core

# breaks: datatype
DELETE { ?x dcterms:bibliographicCitation ?old }
INSERT { ?x dcterms:bibliographicCitation ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:bibliographicCitation ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x dcterms:bibliographicCitation ?old }
INSERT { ?x dcterms:bibliographicCitation "" }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:bibliographicCitation ?old }
