# base: core

# breaks: minCount
DELETE { ?x schema:name ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:name ?old }
