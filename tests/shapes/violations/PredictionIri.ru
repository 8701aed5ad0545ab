# base: core

# breaks: pattern
DELETE { ?x ?p ?o }
INSERT { <PMC10034769__other.html#prediction> ?p ?o }
WHERE { ?x a pfocr:Prediction ; ?p ?o }
