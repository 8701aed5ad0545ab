# base: core

# breaks: minCount
DELETE { ?x dcterms:issued ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x dcterms:issued ?old }
