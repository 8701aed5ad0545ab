# base: core

# breaks: pattern (a form of other data sets)
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <https://identifiers.org/taxonomy/9606> ?p ?o . ?s ?q <https://identifiers.org/taxonomy/9606> }
WHERE { ?x a schema:Taxon ; dcterms:identifier "9606" . { ?x ?p ?o } UNION { ?s ?q ?x } }
