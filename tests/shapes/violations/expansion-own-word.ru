# base: core

# breaks: equals
DELETE { ?x pfocr:word ?old }
INSERT { ?x pfocr:word "C1" }
WHERE { ?x a pfocr:FamilyExpansion . ?x pfocr:word ?old }
