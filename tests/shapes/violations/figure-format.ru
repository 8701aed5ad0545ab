# base: core

# breaks: maxCount
INSERT { ?x schema:encodingFormat "image/png" }
WHERE { ?x a schema:ImageObject }

# breaks: in
DELETE { ?x schema:encodingFormat ?old }
INSERT { ?x schema:encodingFormat "jpg" }
WHERE { ?x a schema:ImageObject . ?x schema:encodingFormat ?old }
