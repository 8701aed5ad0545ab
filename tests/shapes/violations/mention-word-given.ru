# base: core

# breaks: minCount
DELETE { ?x rdfs:label ?old ; pfocr:word ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" ; pfocr:word ?old }
