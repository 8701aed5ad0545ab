# base: core

# breaks: datatype
DELETE { ?x pfocr:symbol ?old }
INSERT { ?x pfocr:symbol ?new }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x pfocr:symbol ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:symbol ?old }
INSERT { ?x pfocr:symbol "" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x pfocr:symbol ?old }

# breaks: maxCount
INSERT { ?x pfocr:symbol "another" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }
