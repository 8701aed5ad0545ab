# base: core

# breaks: datatype
DELETE { ?x dcterms:subject ?old }
INSERT { ?x dcterms:subject ?new }
WHERE { ?x a pfocr:Prediction ; dcterms:subject ?old . BIND (STRLANG (STR (?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x dcterms:subject ?old }
INSERT { ?x dcterms:subject "" }
WHERE { ?x a pfocr:Prediction ; dcterms:subject ?old }

# breaks: maxCount
INSERT { ?x dcterms:subject "something else" }
WHERE { ?x a pfocr:Prediction }
