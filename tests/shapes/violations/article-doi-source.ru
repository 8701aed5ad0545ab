# base: core

# breaks: in
DELETE { ?x pfocr:doiSource ?old }
INSERT { ?x pfocr:doiSource "caption" }
WHERE { ?x a schema:ScholarlyArticle . ?x pfocr:doiSource ?old }
