# base: core

# breaks: maxCount
INSERT { ?x schema:url <https://pmc.ncbi.nlm.nih.gov/articles/PMC1/> }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: pattern
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url <https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1/> }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:url ?old }

# breaks: nodeKind
DELETE { ?x schema:url ?old }
INSERT { ?x schema:url ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:url ?old . BIND (STR(?old) AS ?new) }
