# base: core

# breaks: maxCount
INSERT { ?x dc:publisher "another" }
WHERE { ?x a schema:ScholarlyArticle }
