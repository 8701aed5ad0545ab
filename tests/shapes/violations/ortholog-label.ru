# base: core

# breaks: datatype
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "4790" ; rdfs:label "NFKB1"@en ; schema:name "NFKB1"@en }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }

# breaks: minLength
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "4790" ; rdfs:label "" ; schema:name "" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }

# breaks: maxCount
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "4790" ; rdfs:label "NFKB1", "EBP1" ; schema:name "NFKB1", "EBP1" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
