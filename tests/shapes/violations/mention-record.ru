# base: core

# breaks: maxCount
INSERT { ?x prov:wasDerivedFrom <PMC10034769__other.html> }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }
