# base: wp

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <https://pubmed.ncbi.nlm.nih.gov/1> ?p ?o . ?s ?q <https://pubmed.ncbi.nlm.nih.gov/1> }
WHERE { ?x a wp:PublicationReference . { ?x ?p ?o } UNION { ?s ?q ?x } }
