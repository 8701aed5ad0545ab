# base: core

# breaks: datatype
DELETE { ?x pfocr:recordedName ?old }
INSERT { ?x pfocr:recordedName ?new }
WHERE { ?x pfocr:recordedName ?old . BIND (STRLANG (STR (?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:recordedName ?old }
INSERT { ?x pfocr:recordedName "" }
WHERE { ?x pfocr:recordedName ?old }

# breaks: maxCount
INSERT { ?x pfocr:recordedName "another name" }
WHERE { ?x pfocr:recordedName ?old }
