# base: core

# breaks: minCount
DELETE { ?x pfocr:figureNumber ?old }
WHERE { ?x a schema:ImageObject . ?x pfocr:figureNumber ?old }
