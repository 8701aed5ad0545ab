# base: core

# breaks: pattern (a molecular entity in a form of other data sets)
DELETE { ?x ?p ?o . ?s ?q ?x }
INSERT { <https://identifiers.org/mesh/D012965> ?p ?o . ?s ?q <https://identifiers.org/mesh/D012965> }
WHERE { ?x a schema:MolecularEntity ; dcterms:identifier "D012965" . { ?x ?p ?o } UNION { ?s ?q ?x } }

# breaks: pattern (a substance in a form of other data sets)
INSERT { ?n ?p ?o ; rdfs:label "Urolithin A" ; schema:name "Urolithin A" . ?s ?q ?n }
WHERE { ?x a schema:ChemicalSubstance ; ?p ?o . ?s ?q ?x . BIND (<https://identifiers.org/mesh/C026423> AS ?n) }
