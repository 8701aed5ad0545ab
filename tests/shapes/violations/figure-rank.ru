# base: core

# breaks: maxCount
INSERT { ?x pfocr:rankedResultIndex "7" }
WHERE { ?x a schema:ImageObject }

# breaks: pattern
DELETE { ?x pfocr:rankedResultIndex ?old }
INSERT { ?x pfocr:rankedResultIndex "seven" }
WHERE { ?x a schema:ImageObject . ?x pfocr:rankedResultIndex ?old }

# breaks: datatype
DELETE { ?x pfocr:rankedResultIndex ?old }
INSERT { ?x pfocr:rankedResultIndex ?new }
WHERE { ?x a schema:ImageObject . ?x pfocr:rankedResultIndex ?old . BIND (STRLANG(STR(?old), "en") AS ?new) }
