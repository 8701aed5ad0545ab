# base: wp

# breaks: pattern
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <https://identifiers.org/wikipathways/WP100> ?p ?o . ?s ?q <https://identifiers.org/wikipathways/WP100> }
WHERE { ?x a wp:Pathway . { ?x ?p ?o } UNION { ?s ?q ?x } }
