# base: core

# breaks: in
INSERT { ?x a schema:Person }
WHERE { ?x a pfocr:Prediction }
