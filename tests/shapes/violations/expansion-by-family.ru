# base: core

# breaks: hasValue
DELETE { ?x pfocr:matchType ?old }
INSERT { ?x pfocr:matchType pfocr:exact }
WHERE { ?x a oa:Annotation ; pfocr:expandedFrom ?f . ?x pfocr:matchType ?old }
