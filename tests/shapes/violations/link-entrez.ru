# base: linkset

# breaks: maxCount
INSERT { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/2475> }
WHERE { ?x wp:bdbEntrezGene ?g }

# breaks: pattern (http)
DELETE { ?x wp:bdbEntrezGene ?old }
INSERT { ?x wp:bdbEntrezGene <http://identifiers.org/ncbigene/9817> }
WHERE { ?x wp:bdbEntrezGene ?g . ?x wp:bdbEntrezGene ?old }

# breaks: nodeKind
DELETE { ?x wp:bdbEntrezGene ?old }
INSERT { ?x wp:bdbEntrezGene ?new }
WHERE { ?x wp:bdbEntrezGene ?g . ?x wp:bdbEntrezGene ?old . BIND (STR(?old) AS ?new) }
