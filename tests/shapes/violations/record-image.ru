# base: bare

# breaks: minCount
DELETE { ?x schema:image ?f ; schema:isBasedOn ?f . ?f ?p ?o }
WHERE { ?x schema:image ?f . ?f ?p ?o }

# breaks: maxCount
INSERT { ?x schema:image ?other ; schema:isBasedOn ?other . ?other ?p ?o }
WHERE { ?x a schema:Dataset ; schema:image ?f . ?f ?p ?o . BIND (<PMC10034769__other.html#figure> AS ?other) }

# breaks: class
# base: core
DELETE { ?f a schema:ImageObject }
WHERE { ?f a schema:ImageObject }
