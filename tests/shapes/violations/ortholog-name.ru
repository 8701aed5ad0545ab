# base: core

# breaks: equals
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "4790" ; rdfs:label "NFKB1" ; schema:name "EBP1" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
