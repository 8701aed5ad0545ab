# base: core

# breaks: maxCount
INSERT { ?x prism:publicationName "another" }
WHERE { ?x a schema:ScholarlyArticle }
