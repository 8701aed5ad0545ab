# base: core

# breaks: maxCount
INSERT { ?x schema:url <https://pmc.ncbi.nlm.nih.gov/articles/PMC1/figure/F1/> }
WHERE { ?x a schema:ImageObject }

# breaks: pattern (a double slash)
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url <https://www.ncbi.nlm.nih.gov//pmc/articles/PMC1/figure/F1/> }
WHERE { ?x a schema:ImageObject . ?x schema:url ?old }

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:ImageObject . ?x schema:url ?old . BIND (STR(?old) AS ?new) }
