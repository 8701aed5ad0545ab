# base: core

# breaks: pattern
INSERT { <http://identifiers.org/ncbigene/24498> obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
