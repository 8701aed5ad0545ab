# base: core

# breaks: maxCount
INSERT { ?x schema:identifier "PMC10034769__F10" }
WHERE { ?x a schema:Dataset }

# breaks: pattern
DELETE { ?x schema:identifier "PMC10034769__F9" }
INSERT { ?x schema:identifier "F9" }
WHERE { ?x a schema:Dataset }
