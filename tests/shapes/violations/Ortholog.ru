# base: core

# breaks: pattern
INSERT { <http://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "4790" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
