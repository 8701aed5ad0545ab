# base: core

# breaks: or (another name)
DELETE { ?x schema:name ?old }
INSERT { ?x schema:name "another" }
WHERE { ?x a schema:MedicalCondition ; schema:sameAs ?form ; schema:name ?old }

# breaks: or (a label that is no name)
DELETE { ?x schema:name ?old }
WHERE { ?x a schema:MedicalCondition ; schema:sameAs ?form ; schema:name ?old }

# breaks: or (another name, and beside a MeSH term elsewhere)
INSERT { ?x a owl:Class ; schema:name "another" }
WHERE { ?x a schema:MedicalCondition ; schema:sameAs ?form }
