# base: core

# breaks: or (a chemical that is not described)
INSERT { ?x oa:hasBody obo:CHEBI_99999 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (a reference without its identifier)
DELETE { obo:CHEBI_26710 dcterms:identifier ?id }
WHERE { obo:CHEBI_26710 dcterms:identifier ?id }

# breaks: or (a reference whose identifier is no number)
DELETE { obo:CHEBI_26710 dcterms:identifier ?id }
INSERT { obo:CHEBI_26710 dcterms:identifier "salt" }
WHERE { obo:CHEBI_26710 dcterms:identifier ?id }

# breaks: or (a reference whose identifier is no text)
DELETE { obo:CHEBI_26710 dcterms:identifier ?id }
INSERT { obo:CHEBI_26710 dcterms:identifier 26710 }
WHERE { obo:CHEBI_26710 dcterms:identifier ?id }

# breaks: or (a reference whose label is tagged)
DELETE { obo:CHEBI_26710 rdfs:label ?l }
INSERT { obo:CHEBI_26710 rdfs:label "salt"@en }
WHERE { obo:CHEBI_26710 rdfs:label ?l }

# breaks: or (a reference whose label is empty)
DELETE { obo:CHEBI_26710 rdfs:label ?l }
INSERT { obo:CHEBI_26710 rdfs:label "" }
WHERE { obo:CHEBI_26710 rdfs:label ?l }

# breaks: or (a reference without its class)
DELETE { obo:CHEBI_26710 a owl:Class }
WHERE { obo:CHEBI_26710 a owl:Class }

# breaks: or (the word of a gene)
DELETE { ?x dcterms:subject "Gene" ; ?count ?number ; pfocr:recordedSymbol ?symbol }
INSERT { ?x dcterms:subject "Chemical" }
WHERE { ?x a oa:Annotation ; pfocr:symbol "KEAP1" ; pfocr:recordedSymbol ?symbol ; ?count ?number FILTER (isNumeric(?number)) }

# breaks: or (a form of other data sets)
INSERT { ?x oa:hasBody <https://identifiers.org/mesh/D012965> }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (a reference to a disease)
INSERT { ?x oa:hasBody obo:DOID_0060239 }
WHERE { ?x a oa:Annotation ; pfocr:symbol "Amylose" }

# breaks: or (a withdrawn identifier that nothing has replaced)
DELETE { ?x dcterms:isReplacedBy ?new }
WHERE { ?x dcterms:isReplacedBy ?new }

# breaks: or (a withdrawn identifier without its class)
DELETE { ?x a skos:Concept }
WHERE { ?x dcterms:isReplacedBy ?new ; a skos:Concept }
