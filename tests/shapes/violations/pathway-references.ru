# base: wp

# breaks: minCount
DELETE { ?x dcterms:references ?old ; cito:cites ?old }
WHERE { ?x a wp:Pathway ; dcterms:references ?old }

# breaks: maxCount
INSERT { ?x dcterms:references ?other ; cito:cites ?other . ?other ?p ?o }
WHERE { ?x a wp:Pathway ; dcterms:references ?a . ?a ?p ?o . BIND (<https://identifiers.org/pmc/PMC1> AS ?other) }

# breaks: class
DELETE { ?x dcterms:references ?old ; cito:cites ?old }
INSERT { ?x dcterms:references ?new ; cito:cites ?new }
WHERE { ?x a wp:Pathway ; dcterms:references ?old . BIND (<https://identifiers.org/pmc/PMC1> AS ?new) }
