# base: core

# breaks: maxCount
INSERT { ?x pfocr:expandedFrom ?other . ?other ?p ?o }
WHERE { ?x a oa:Annotation ; pfocr:expandedFrom ?f . ?f ?p ?o . BIND (<PMC10034769__other.html#x-0123456789abcdef> AS ?other) }

# breaks: class
DELETE { ?f a pfocr:FamilyExpansion }
WHERE { ?f a pfocr:FamilyExpansion }
