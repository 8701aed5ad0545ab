# base: core

# breaks: or (no lexicon)
DELETE { ?x dcterms:source ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x dcterms:source ?old }

# breaks: or (no match type)
DELETE { ?x pfocr:matchType ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x pfocr:matchType ?old }
