# base: core

# breaks: minCount
DELETE { ?x rdfs:label ?old }
WHERE { ?x a pfocr:FamilyExpansion . ?x rdfs:label ?old }
