# base: core

# breaks: datatype
DELETE { ?x rdfs:label ?old ; pfocr:word ?old }
INSERT { ?x rdfs:label "Starch"@en ; pfocr:word "Starch"@en }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" ; pfocr:word ?old }

# breaks: minLength
DELETE { ?x rdfs:label ?old ; pfocr:word ?old }
INSERT { ?x rdfs:label "" ; pfocr:word "" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" ; pfocr:word ?old }

# breaks: maxCount
INSERT { ?x rdfs:label "Starch" ; pfocr:word "Starch" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }
