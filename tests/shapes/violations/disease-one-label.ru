# base: core

# breaks: maxCount
INSERT { ?x rdfs:label "another" ; schema:name "another" }
WHERE { ?x a schema:MedicalCondition }
