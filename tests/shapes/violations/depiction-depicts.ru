# base: wp

# breaks: minCount
DELETE { ?x foaf:depicts ?old }
WHERE { ?x a foaf:Image . ?x foaf:depicts ?old }

# breaks: class
DELETE { ?x foaf:depicts ?old }
INSERT { ?x foaf:depicts <PMC10034769__other.html#pathway> }
WHERE { ?x a foaf:Image . ?x foaf:depicts ?old }

# breaks: maxCount
INSERT { ?s ?q ?other . ?other ?p ?o }
WHERE { ?x foaf:depicts ?w . ?w ?p ?o . ?s ?q ?w . BIND (<PMC10034769__other.html#pathway> AS ?other) }
