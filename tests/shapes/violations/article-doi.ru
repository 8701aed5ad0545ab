# base: core

# breaks: maxCount
INSERT { ?x schema:sameAs <https://identifiers.org/pubmed/1>, <https://identifiers.org/pubmed/2> }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: qualifiedMaxCount
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs <https://doi.org/10.1000/182> }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:sameAs ?old FILTER (STRSTARTS(STR(?old), "https://identifiers.org/pubmed/")) }

# breaks: pattern (upper case)
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs <https://doi.org/10.1000/ABC> }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:sameAs ?old }

# breaks: nodeKind
DELETE { ?x schema:sameAs ?old }
INSERT { ?x schema:sameAs ?new }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:sameAs ?old . BIND (STR(?old) AS ?new) }
