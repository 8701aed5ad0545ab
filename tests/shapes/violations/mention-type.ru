# base: core

# breaks: hasValue
DELETE { ?x rdf:type ?old }
INSERT { ?x rdf:type oa:SpecificResource }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x rdf:type ?old }

# breaks: maxCount
INSERT { ?x rdf:type schema:Person }
WHERE { ?x a oa:Annotation }
