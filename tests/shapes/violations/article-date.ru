# base: core

# breaks: datatype
DELETE { ?x schema:datePublished ?old }
INSERT { ?x schema:datePublished "2023"^^xsd:gYear }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:datePublished ?old }

# breaks: maxCount
INSERT { ?x schema:datePublished "2022"^^schema:Date }
WHERE { ?x a schema:ScholarlyArticle }

# breaks: pattern
DELETE { ?x schema:datePublished ?old }
INSERT { ?x schema:datePublished "23"^^schema:Date }
WHERE { ?x a schema:ScholarlyArticle . ?x schema:datePublished ?old }
