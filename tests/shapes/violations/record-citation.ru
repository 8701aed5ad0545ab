# base: core

# breaks: equals
INSERT { ?x schema:citation ?other . ?other ?p ?o }
WHERE { ?x a schema:Dataset ; dcterms:source ?a . ?a ?p ?o . BIND (<https://identifiers.org/pmc/PMC1> AS ?other) }

# breaks: class
DELETE { ?a a schema:ScholarlyArticle }
WHERE { ?a a schema:ScholarlyArticle }
