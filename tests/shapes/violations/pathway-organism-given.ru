# base: wp

# breaks: minCount
DELETE { ?x wp:organismName ?old }
WHERE { ?x a wp:Pathway . ?x wp:organismName ?old }
