# base: wp

# breaks: sparql (another label)
DELETE { ?x rdfs:label ?old }
INSERT { ?x rdfs:label "MTOR" }
WHERE { ?x wp:bdbHgncSymbol ?s . ?x rdfs:label ?old }
