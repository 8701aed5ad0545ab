# base: core

# breaks: qualifiedMinCount
DELETE { ?x dcterms:identifier ?old }
WHERE { ?x a schema:ScholarlyArticle ; dcterms:identifier ?old FILTER (STRSTARTS(?old, "PMC")) }

# breaks: qualifiedMaxCount
INSERT { ?x dcterms:identifier "PMC1" }
WHERE { ?x a schema:ScholarlyArticle }
