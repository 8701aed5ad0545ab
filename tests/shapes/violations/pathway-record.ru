# base: wp

# breaks: nodeKind
DELETE { ?x dc:identifier ?old ; foaf:page ?old }
INSERT { ?x dc:identifier ?new ; foaf:page ?new }
WHERE { ?x a wp:Pathway ; dc:identifier ?old . BIND (STR(?old) AS ?new) }

# breaks: minCount
DELETE { ?x dc:identifier ?old ; foaf:page ?old }
WHERE { ?x a wp:Pathway ; dc:identifier ?old }

# breaks: pattern
DELETE { ?x dc:identifier ?old ; foaf:page ?old }
INSERT { ?x dc:identifier <F9> ; foaf:page <F9> }
WHERE { ?x a wp:Pathway ; dc:identifier ?old }

# breaks: maxCount
INSERT { ?x dc:identifier <PMC10034769__other.html> ; foaf:page <PMC10034769__other.html> }
WHERE { ?x a wp:Pathway }
