# base: core

# breaks: or (matched by an alias)
DELETE { ?x pfocr:matchType ?old }
INSERT { ?x pfocr:matchType pfocr:alias }
WHERE { ?x a oa:Annotation ; pfocr:expandedFrom ?f . ?x pfocr:matchType ?old }
