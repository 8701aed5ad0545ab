# base: linkset

# breaks: pattern
INSERT { ?x rdfs:seeAlso <https://identifiers.org/uniprot/Q14145> }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> }

# breaks: nodeKind
DELETE { ?x rdfs:seeAlso ?old }
INSERT { ?x rdfs:seeAlso ?new }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> ; rdfs:seeAlso ?old . BIND (STR(?old) AS ?new) }
