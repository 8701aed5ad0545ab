# base: core

# breaks: minCount
DELETE { ?x schema:datePublished ?old }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:datePublished ?old }
