# base: wp

# breaks: datatype
DELETE { ?x dcterms:description ?old }
INSERT { ?x dcterms:description ?new }
WHERE { ?x a wp:Pathway . ?x dcterms:description ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x dcterms:description ?old }
INSERT { ?x dcterms:description "" }
WHERE { ?x a wp:Pathway . ?x dcterms:description ?old }

# breaks: maxCount
INSERT { ?x dcterms:description "another" }
WHERE { ?x a wp:Pathway }
