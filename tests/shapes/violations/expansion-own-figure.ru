# base: core

# breaks: equals
DELETE { ?x oa:hasTarget ?old }
INSERT { ?x oa:hasTarget <PMC10034769__other.html#figure> }
WHERE { ?x a pfocr:FamilyExpansion . ?x oa:hasTarget ?old }
