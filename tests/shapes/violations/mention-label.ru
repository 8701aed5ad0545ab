# base: core

# breaks: equals
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label "Starch" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x rdfs:label ?old }
