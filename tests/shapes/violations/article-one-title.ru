# base: core

# breaks: maxCount
INSERT { ?x rdfs:label "Another title." ; schema:name "Another title." }
WHERE { ?x a schema:ScholarlyArticle }
