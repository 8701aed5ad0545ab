# base: core

# breaks: datatype
DELETE { ?x schema:alternateName ?old }
INSERT { ?x schema:alternateName ?new }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" ; schema:alternateName ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x schema:alternateName ?old }
INSERT { ?x schema:alternateName "" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" ; schema:alternateName ?old }

# breaks: maxCount
INSERT { ?x schema:alternateName "another" }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" }
