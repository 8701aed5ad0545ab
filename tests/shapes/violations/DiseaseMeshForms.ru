# base: core

# breaks: or
DELETE { ?x schema:sameAs ?old }
WHERE { ?x a schema:MedicalCondition ; schema:sameAs ?old FILTER (STRSTARTS(STR(?old), "http:")) }
