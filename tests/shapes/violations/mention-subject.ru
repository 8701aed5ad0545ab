# base: core

# breaks: minCount
DELETE { ?x dcterms:subject ?old }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x dcterms:subject ?old }

# breaks: maxCount
INSERT { ?x dcterms:subject "Gene" }
WHERE { ?x a oa:Annotation ; pfocr:word "Cancer" }

# breaks: in
DELETE { ?x dcterms:subject ?old }
INSERT { ?x dcterms:subject "Disorder" }
WHERE { ?x a oa:Annotation ; pfocr:word "Cancer" . ?x dcterms:subject ?old }

# breaks: in (tagged)
DELETE { ?x dcterms:subject ?old }
INSERT { ?x dcterms:subject "Disease"@en }
WHERE { ?x a oa:Annotation ; pfocr:word "Cancer" . ?x dcterms:subject ?old }
