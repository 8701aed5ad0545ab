# base: core

# breaks: minCount
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }

# breaks: maxCount
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "4790", "4791" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }

# breaks: datatype
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier 4790 }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }

# breaks: pattern
INSERT { <https://identifiers.org/ncbigene/4790> a obo:SO_0000704 ; dcterms:identifier "ncbigene:4790" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
