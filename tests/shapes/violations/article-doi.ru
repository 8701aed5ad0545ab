# base: core

# breaks: maxCount
INSERT { ?x schema:sameAs <https://doi.org/10.1000/182> }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: pattern (upper case)
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs <https://doi.org/10.1000/ABC> }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:sameAs ?old }

# breaks: nodeKind
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:sameAs ?old . BIND (STR(?old) AS ?new) }
