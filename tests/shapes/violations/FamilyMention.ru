# base: core

# breaks: or
DELETE { ?x pfocr:matchType ?old }
INSERT { ?x pfocr:matchType pfocr:family }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" ; pfocr:matchType ?old }
