# base: core

# breaks: pattern
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url <https://www.example.org/> }
WHERE { ?x a schema:MedicalCondition . ?x schema:url ?old }

# breaks: maxCount
INSERT { ?x schema:url ?other }
WHERE { ?x a schema:MedicalCondition . BIND (<https://disease-ontology.org/term/DOID:1> AS ?other) }

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:MedicalCondition . ?x schema:url ?old . BIND (STR(?old) AS ?new) }

# breaks: minCount
DELETE { ?x schema:url ?old }
WHERE { ?x a schema:MedicalCondition ; schema:url ?old }
