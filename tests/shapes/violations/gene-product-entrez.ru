# base: wp

# breaks: equals
DELETE { ?x wp:bdbEntrezGene ?old }
INSERT { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/2475> }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" . ?x wp:bdbEntrezGene ?old }
