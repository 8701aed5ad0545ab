# base: wp

# breaks: minCount
DELETE { ?x rdfs:label ?old }
WHERE { ?x a wp:DataNode ; dcterms:identifier "9817" . ?x rdfs:label ?old }
