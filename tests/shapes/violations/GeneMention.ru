# base: core

# breaks: or (a gene that is not described)
INSERT { ?x oa:hasBody <https://identifiers.org/ncbigene/2475> }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: or (a form of other data sets)
INSERT { ?x oa:hasBody <http://identifiers.org/ncbigene/9817> }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: or (a text)
INSERT { ?x oa:hasBody "9817" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: or (a chemical)
INSERT { ?x oa:hasBody obo:CHEBI_28102 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" }

# breaks: or (the word of a chemical)
DELETE { ?x dcterms:subject ?old }
INSERT { ?x dcterms:subject "Gene" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" . ?x dcterms:subject ?old }
