# base: linkset

# breaks: minCount
DELETE { ?x foaf:page ?old }
WHERE { ?x wp:bdbEntrezGene ?g . ?x foaf:page ?old }

# breaks: pattern
DELETE { ?x foaf:page ?old }
INSERT { ?x foaf:page <https://www.genenames.org/> }
WHERE { ?x wp:bdbEntrezGene ?g . ?x foaf:page ?old }

# breaks: nodeKind
DELETE { ?x foaf:page ?old }
INSERT { ?x foaf:page ?new }
WHERE { ?x wp:bdbEntrezGene ?g . ?x foaf:page ?old . BIND (STR(?old) AS ?new) }
