# base: core

# breaks: equals
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name "another" }
WHERE { ?x a schema:MolecularEntity ; schema:sameAs ?form . ?x schema:name ?old }
