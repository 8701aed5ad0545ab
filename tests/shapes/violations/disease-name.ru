# base: core

# breaks: equals
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name "another" }
WHERE { ?x a schema:MedicalCondition . ?x schema:name ?old }
