# base: core

# breaks: minCount (and the figure has none)
DELETE { ?x dcterms:source ?a ; schema:citation ?a . ?f dcterms:isPartOf ?a ; schema:isPartOf ?a }
WHERE { ?x dcterms:source ?a ; schema:citation ?a . ?f dcterms:isPartOf ?a ; schema:isPartOf ?a }

# breaks: maxCount (and the figure is part of both)
INSERT { ?x dcterms:source ?other ; schema:citation ?other . ?f dcterms:isPartOf ?other ; schema:isPartOf ?other . ?other ?p ?o }
WHERE { ?x dcterms:source ?a ; schema:citation ?a . ?f dcterms:isPartOf ?a ; schema:isPartOf ?a . ?a ?p ?o . BIND (<https://identifiers.org/pmc/PMC1> AS ?other) }
