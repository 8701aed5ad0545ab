# base: core

# breaks: minCount
DELETE { ?x rdfs:label ?old ; schema:name ?old }
WHERE { ?x a schema:MedicalCondition ; rdfs:label ?old }
