# base: core

# breaks: pattern (http)
# also: Orthology
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <http://identifiers.org/ncbigene/9817> ?p ?o . ?s ?q <http://identifiers.org/ncbigene/9817> }
WHERE { ?x a schema:Gene ; dcterms:identifier "9817" . { ?x ?p ?o } UNION { ?s ?q ?x } }
