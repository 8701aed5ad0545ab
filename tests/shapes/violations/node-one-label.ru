# base: wp

# breaks: maxCount
INSERT { ?x rdfs:label "another" }
WHERE { ?x a wp:DataNode ; dcterms:identifier "9817" }
