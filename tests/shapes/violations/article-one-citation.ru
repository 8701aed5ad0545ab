# base: core

# breaks: maxCount
INSERT { ?x dcterms:bibliographicCitation "another" }
WHERE { ?x a schema:ScholarlyArticle }
