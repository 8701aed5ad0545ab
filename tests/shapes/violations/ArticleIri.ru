# base: core

# breaks: pattern (http)
INSERT { <http://identifiers.org/pmc/PMC10034769> ?p ?o }
WHERE { ?x a schema:ScholarlyArticle . ?x ?p ?o }
