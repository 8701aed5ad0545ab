# base: linkset

# breaks: minCount
DELETE { ?x owl:annotatedSource ?old }
WHERE { ?x a owl:Axiom ; owl:annotatedSource ?old }

# breaks: maxCount
INSERT { ?x owl:annotatedSource <https://identifiers.org/ncbigene/4790> }
WHERE { ?x a owl:Axiom }

# breaks: pattern
DELETE { ?x owl:annotatedSource ?old }
INSERT { ?x owl:annotatedSource <http://identifiers.org/ncbigene/4790> }
WHERE { ?x a owl:Axiom ; owl:annotatedSource ?old }
