# base: core

# breaks: equals
DELETE { ?x schema:isBasedOn ?old }
INSERT { ?x schema:isBasedOn <PMC10034769__other.html#figure> }
WHERE { ?x a schema:Dataset . ?x schema:isBasedOn ?old }
