# base: wp

# breaks: datatype
DELETE { ?x wp:organismName ?old }
INSERT { ?x wp:organismName ?new }
WHERE { ?x a wp:Pathway . ?x wp:organismName ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x wp:organismName ?old }
INSERT { ?x wp:organismName "" }
WHERE { ?x a wp:Pathway . ?x wp:organismName ?old }

# breaks: maxCount
INSERT { ?x wp:organismName "Mus musculus" }
WHERE { ?x a wp:Pathway . ?x wp:organismName ?old }
