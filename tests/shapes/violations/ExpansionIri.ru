# base: core

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <PMC10034769__other.html#family> ?p ?o . ?s ?q <PMC10034769__other.html#family> }
WHERE { ?x a pfocr:FamilyExpansion . { ?x ?p ?o } UNION { ?s ?q ?x } }
