# base: core

# breaks: maxCount
INSERT { ?x pfocr:matchType pfocr:alias }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: in
DELETE { ?x pfocr:matchType ?old }
INSERT { ?x pfocr:matchType pfocr:guess }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x pfocr:matchType ?old }
