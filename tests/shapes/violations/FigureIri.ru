# base: bare

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <PMC10034769__other.html#image> ?p ?o . ?s ?q <PMC10034769__other.html#image> }
WHERE { ?x a schema:ImageObject . { ?x ?p ?o } UNION { ?s ?q ?x } }
