# base: wp

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <https://identifiers.org/pubmed/1> ?p ?o . ?s ?q <https://identifiers.org/pubmed/1> }
WHERE { ?x a wp:PublicationReference . { ?x ?p ?o } UNION { ?s ?q ?x } }
