# base: core

# breaks: pattern
DELETE { ?x ?p ?o }
INSERT { <PMC10034769__other.html#row-1> ?p ?o }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x ?p ?o }
