# base: wp

# breaks: minCount
DELETE { ?x foaf:depicts ?old }
WHERE { ?x a foaf:Image . ?x foaf:depicts ?old }

# breaks: class
DELETE { ?x foaf:depicts ?old }
INSERT { ?x foaf:depicts <PMC10034769__other.html#pathway-9606> }
WHERE { ?x a foaf:Image . ?x foaf:depicts ?old }
