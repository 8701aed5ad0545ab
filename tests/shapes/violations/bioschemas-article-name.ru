# base: core

# breaks: minCount
# also: article-name
DELETE { ?x schema:name ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:name ?old }
