# base: core

# breaks: or (a disease that is not described)
INSERT { ?x oa:hasBody obo:DOID_1 }
WHERE { ?x a oa:Annotation ; pfocr:word "LPS" }

# breaks: or (a reference to a chemical)
INSERT { ?x oa:hasBody obo:CHEBI_26710 }
WHERE { ?x a oa:Annotation ; pfocr:word "LPS" }

# breaks: or (a reference without its class)
DELETE { obo:DOID_0060239 a owl:Class }
WHERE { obo:DOID_0060239 a owl:Class }

# breaks: or (a reference without its identifier)
DELETE { obo:DOID_0060239 dcterms:identifier ?id }
WHERE { obo:DOID_0060239 dcterms:identifier ?id }

# breaks: or (the word of a chemical)
DELETE { ?x dcterms:subject ?old }
INSERT { ?x dcterms:subject "Disease" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x dcterms:subject ?old }
