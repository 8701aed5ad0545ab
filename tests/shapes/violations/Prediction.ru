# base: core

# breaks: closed
INSERT { ?x dcterms:creator "someone" }
WHERE { ?x a pfocr:Prediction }
