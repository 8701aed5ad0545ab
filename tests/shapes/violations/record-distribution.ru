# base: core

# breaks: class
INSERT { ?x schema:distribution <PMC10034769__other.html#page> }
WHERE { ?x a schema:Dataset }

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <F9> ?p ?o . ?s ?q <F9> }
WHERE { ?x a schema:DataDownload . { ?x ?p ?o } UNION { ?s ?q ?x } }
