# base: core

# breaks: pattern (a form of other data sets)
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <https://identifiers.org/mesh/C536528> ?p ?o . ?s ?q <https://identifiers.org/mesh/C536528> }
WHERE { ?x a schema:MedicalCondition . { ?x ?p ?o } UNION { ?s ?q ?x } }
