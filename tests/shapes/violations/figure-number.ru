# base: core

# breaks: datatype
DELETE { ?x pfocr:figureNumber ?old }
INSERT { ?x pfocr:figureNumber ?new }
WHERE { ?x a schema:ImageObject . ?x pfocr:figureNumber ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:figureNumber ?old }
INSERT { ?x pfocr:figureNumber "" }
WHERE { ?x a schema:ImageObject . ?x pfocr:figureNumber ?old }

# breaks: maxCount
INSERT { ?x pfocr:figureNumber "another" }
WHERE { ?x a schema:ImageObject }
