# base: core

# breaks: pattern
INSERT { ?x obo:RO_HOM0000017 <http://identifiers.org/ncbigene/9817> }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }

# breaks: nodeKind
INSERT { ?x obo:RO_HOM0000017 "https://identifiers.org/ncbigene/9817" }
WHERE { ?x obo:RO_HOM0000017 <https://identifiers.org/ncbigene/3569> }
