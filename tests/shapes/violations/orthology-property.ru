# base: linkset

# breaks: hasValue
DELETE { ?x owl:annotatedProperty ?old }
INSERT { ?x owl:annotatedProperty owl:sameAs }
WHERE { ?x a owl:Axiom ; owl:annotatedProperty ?old }
