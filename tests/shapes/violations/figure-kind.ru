# base: core

# breaks: datatype
DELETE { ?x pfocr:figureType ?old }
INSERT { ?x pfocr:figureType ?new }
WHERE { ?x a schema:ImageObject . ?x pfocr:figureType ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:figureType ?old }
INSERT { ?x pfocr:figureType "" }
WHERE { ?x a schema:ImageObject . ?x pfocr:figureType ?old }

# breaks: maxCount
INSERT { ?x pfocr:figureType "another" }
WHERE { ?x a schema:ImageObject }
