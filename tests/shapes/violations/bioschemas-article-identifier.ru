# base: core

# breaks: minCount
DELETE { ?x schema:identifier ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:identifier ?old }
