# base: bare

# breaks: pattern
DELETE { ?x ?p ?o }
INSERT { <F9> ?p ?o }
WHERE { ?x a schema:Dataset . ?x ?p ?o }
