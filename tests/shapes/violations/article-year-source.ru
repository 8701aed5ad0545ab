# base: core

# breaks: in
DELETE { ?x pfocr:yearSource ?old }
INSERT { ?x pfocr:yearSource "year" }
WHERE { ?x a schema:ScholarlyArticle . ?x pfocr:yearSource ?old }
