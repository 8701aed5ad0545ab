# base: wp

# breaks: equals
DELETE { ?x foaf:page ?old }
INSERT { ?x foaf:page <PMC10034769__other.html> }
WHERE { ?x a wp:Pathway . ?x foaf:page ?old }
