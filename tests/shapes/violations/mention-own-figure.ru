# base: core

# breaks: equals (another figure)
DELETE { ?x oa:hasTarget ?old }
INSERT { ?x oa:hasTarget <PMC10034769__other.html#figure> }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x oa:hasTarget ?old }

# breaks: equals (a record that is not described)
DELETE { ?x prov:wasDerivedFrom ?old }
INSERT { ?x prov:wasDerivedFrom <PMC10034769__other.html> }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x prov:wasDerivedFrom ?old }

# breaks: equals (no figure)
DELETE { ?x oa:hasTarget ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x oa:hasTarget ?old }

# breaks: equals (no record)
DELETE { ?x prov:wasDerivedFrom ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x prov:wasDerivedFrom ?old }
