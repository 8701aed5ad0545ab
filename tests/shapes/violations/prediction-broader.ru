# base: core

# breaks: datatype
DELETE { ?x pfocr:broaderTerm ?old }
INSERT { ?x pfocr:broaderTerm ?new }
WHERE { ?x a pfocr:Prediction ; pfocr:broaderTerm ?old . BIND (STRLANG (STR (?old), "en") AS ?new) }

# breaks: minLength
DELETE { ?x pfocr:broaderTerm ?old }
INSERT { ?x pfocr:broaderTerm "" }
WHERE { ?x a pfocr:Prediction ; pfocr:broaderTerm ?old }

# breaks: maxCount
INSERT { ?x pfocr:broaderTerm "something else" }
WHERE { ?x a pfocr:Prediction }
