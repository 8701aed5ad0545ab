# base: wp

# breaks: maxCount
INSERT { ?x dcterms:format "image/png" }
WHERE { ?x a foaf:Image }

# breaks: in
DELETE { ?x dcterms:format ?old }
INSERT { ?x dcterms:format "jpg" }
WHERE { ?x a foaf:Image . ?x dcterms:format ?old }

# breaks: minCount
DELETE { ?x dcterms:format ?old }
WHERE { ?x a foaf:Image . ?x dcterms:format ?old }
