# base: core

# breaks: minCount
DELETE { ?x schema:url ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:url ?old }
