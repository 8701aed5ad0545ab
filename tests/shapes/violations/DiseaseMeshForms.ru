# base: core

# breaks: or
DELETE { ?x schema:sameAs ?old }
WHERE { ?x a schema:MedicalCondition ; schema:sameAs ?form ; schema:sameAs ?old FILTER (STRSTARTS(STR(?old), "http:")) }

# breaks: or (ChEBI and a MeSH term instead)
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs obo:CHEBI_9168, mesh:D020123 }
WHERE { ?x a schema:MedicalCondition ; schema:sameAs ?form ; schema:sameAs ?old FILTER (STRSTARTS(STR(?old), "http:")) }
