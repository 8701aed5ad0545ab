# base: linkset

# breaks: pattern
INSERT { ?x wp:bdbUniprot <http://purl.uniprot.org/uniprot/Q14145> }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> }

# breaks: nodeKind
DELETE { ?x wp:bdbUniprot ?old }
INSERT { ?x wp:bdbUniprot ?new }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> ; wp:bdbUniprot ?old . BIND (STR(?old) AS ?new) }
