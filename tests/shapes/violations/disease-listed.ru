# base: core

# breaks: minCount
DELETE { ?record schema:mentions ?x }
WHERE { ?x a schema:MedicalCondition . ?record schema:mentions ?x }
