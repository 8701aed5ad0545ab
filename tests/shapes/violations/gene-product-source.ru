# base: wp

# breaks: maxCount
INSERT { ?x dc:source "HGNC" }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" }

# breaks: hasValue
DELETE { ?x dc:source ?old }
INSERT { ?x dc:source "NCBI Gene" }
WHERE { ?x a wp:GeneProduct ; dcterms:identifier "9817" . ?x dc:source ?old }
