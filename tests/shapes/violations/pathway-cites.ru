# base: wp

# breaks: equals
DELETE { ?x cito:cites ?old }
INSERT { ?x cito:cites <https://identifiers.org/pmc/PMC1> }
WHERE { ?x a wp:Pathway . ?x cito:cites ?old }
