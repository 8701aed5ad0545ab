# base: wp

# breaks: minCount
DELETE { ?x foaf:page ?old }
WHERE { ?x a wp:Metabolite . ?x foaf:page ?old }

# breaks: pattern
DELETE { ?x foaf:page ?old }
INSERT { ?x foaf:page <https://www.example.org/> }
WHERE { ?x a wp:Metabolite . ?x foaf:page ?old }

# breaks: nodeKind
DELETE { ?x foaf:page ?old }
INSERT { ?x foaf:page ?new }
WHERE { ?x a wp:Metabolite . ?x foaf:page ?old . BIND (STR(?old) AS ?new) }
