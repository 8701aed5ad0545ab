# base: core

# breaks: datatype
DELETE { ?x pfocr:recordedSymbol ?old }
INSERT { ?x pfocr:recordedSymbol ?new }
WHERE { ?x pfocr:recordedSymbol ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:recordedSymbol ?old }
INSERT { ?x pfocr:recordedSymbol "" }
WHERE { ?x pfocr:recordedSymbol ?old }
