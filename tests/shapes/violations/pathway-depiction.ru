# base: wp

# breaks: minCount
DELETE { ?x foaf:depiction ?old }
WHERE { ?x a wp:Pathway . ?x foaf:depiction ?old }

# breaks: maxCount
INSERT { ?x foaf:depiction ?other . ?other ?p ?o }
WHERE { ?x a wp:Pathway ; foaf:depiction ?f . ?f ?p ?o . BIND (<PMC10034769__other.html#figure> AS ?other) }

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <PMC10034769__other.html#image> ?p ?o . ?s ?q <PMC10034769__other.html#image> }
WHERE { ?x a foaf:Image . { ?x ?p ?o } UNION { ?s ?q ?x } }
