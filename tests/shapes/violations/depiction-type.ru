# base: wp

# breaks: hasValue
DELETE { ?x a foaf:Image }
WHERE { ?x a foaf:Image }

# breaks: in
INSERT { ?x a schema:Person }
WHERE { ?x foaf:depicts ?w }
