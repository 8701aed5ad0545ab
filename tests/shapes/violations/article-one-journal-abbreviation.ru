# base: core

# breaks: maxCount
INSERT { ?x pfocr:journalAbbreviation "another" }
WHERE { ?x a schema:ScholarlyArticle }
