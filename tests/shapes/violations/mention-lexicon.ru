# base: core

# breaks: datatype
DELETE { ?x dcterms:source ?old }
INSERT { ?x dcterms:source ?new }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x dcterms:source ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x dcterms:source ?old }
INSERT { ?x dcterms:source "" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x dcterms:source ?old }

# breaks: maxCount
INSERT { ?x dcterms:source "another" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }
