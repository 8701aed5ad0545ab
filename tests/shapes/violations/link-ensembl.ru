# base: linkset

# breaks: maxCount
INSERT { ?x wp:bdbEnsembl <https://identifiers.org/ensembl/ENSG00000198793> }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> }

# breaks: pattern
DELETE { ?x wp:bdbEnsembl ?old }
INSERT { ?x wp:bdbEnsembl <http://rdf.ebi.ac.uk/resource/ensembl/ENSG00000079999> }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> ; wp:bdbEnsembl ?old }

# breaks: nodeKind
DELETE { ?x wp:bdbEnsembl ?old }
INSERT { ?x wp:bdbEnsembl ?new }
WHERE { ?x wp:bdbEntrezGene <https://identifiers.org/ncbigene/9817> ; wp:bdbEnsembl ?old . BIND (STR(?old) AS ?new) }
