# base: linkset

# breaks: minCount
DELETE { ?x owl:annotatedTarget ?old }
WHERE { ?x a owl:Axiom ; owl:annotatedTarget ?old }

# breaks: maxCount
INSERT { ?x owl:annotatedTarget <https://identifiers.org/ncbigene/4790> }
WHERE { ?x a owl:Axiom }

# breaks: pattern
DELETE { ?x owl:annotatedTarget ?old }
INSERT { ?x owl:annotatedTarget <http://identifiers.org/ncbigene/4790> }
WHERE { ?x a owl:Axiom ; owl:annotatedTarget ?old }
