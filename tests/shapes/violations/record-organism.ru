# base: core

# breaks: datatype
DELETE { ?x pfocr:organismName ?old }
INSERT { ?x pfocr:organismName ?new }
WHERE { ?x a schema:Dataset . ?x pfocr:organismName ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:organismName ?old }
INSERT { ?x pfocr:organismName "" }
WHERE { ?x a schema:Dataset . ?x pfocr:organismName ?old }
