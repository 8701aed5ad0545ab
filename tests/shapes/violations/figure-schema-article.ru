# base: core

# breaks: equals
DELETE { ?x schema:isPartOf ?old }
INSERT { ?x schema:isPartOf <https://identifiers.org/pmc/PMC1> }
WHERE { ?x a schema:ImageObject . ?x schema:isPartOf ?old }
