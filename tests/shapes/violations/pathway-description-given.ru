# base: wp

# breaks: minCount
DELETE { ?x dcterms:description ?old }
WHERE { ?x a wp:Pathway . ?x dcterms:description ?old }
