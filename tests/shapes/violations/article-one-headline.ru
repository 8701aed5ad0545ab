# base: core

# breaks: maxCount
INSERT { ?x schema:headline "another" }
WHERE { ?x a schema:ScholarlyArticle }
