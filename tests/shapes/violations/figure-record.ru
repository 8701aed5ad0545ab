# base: core

# breaks: minCount
INSERT { <PMC10034769__other.html#figure> ?p ?o }
WHERE { ?x a schema:ImageObject ; ?p ?o FILTER (?p NOT IN (dcterms:isPartOf, schema:isPartOf)) }

# breaks: maxCount
INSERT { ?other ?p ?o }
WHERE { ?x a schema:Dataset ; ?p ?o . BIND (<PMC10034769__other.html> AS ?other) }
